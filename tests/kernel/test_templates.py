"""What every template of every application must respect."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

import acquis
from acquis.kernel import icons

SOURCE = Path(acquis.__file__).parent
ROOT = SOURCE.parents[1]
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
STYLES = sorted((SOURCE / "kernel/static/kernel").glob("*.css"))

INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\sstyle=|\son[a-z]+\s*=\s*[\"']|href=[\"']javascript:",
    re.IGNORECASE,
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_inline_script_or_style(path):
    assert INLINE.findall(path.read_text()) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_static_file_that_is_named_exists(path):
    for name in re.findall(r"{% static ['\"]([^'\"]+)['\"] %}", path.read_text()):
        assert finders.find(name), name


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_drawing_that_is_named_exists(path):
    used = re.findall(r"{% icon ['\"]([^'\"]+)['\"]", path.read_text())
    assert set(used) <= icons.names()


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_every_file_that_a_style_names_exists(path):
    for name in re.findall(r"url\(\"([^\"]+)\"\)", path.read_text()):
        assert (path.parent / name.replace("%40", "@")).exists(), name


def test_the_sprite_holds_exactly_the_listed_drawings():
    sprite = (SOURCE / "kernel/static" / icons.SPRITE).read_text()
    assert set(re.findall(r'<symbol id="([^"]+)"', sprite)) == icons.names()


def test_the_lock_file_names_no_registry():
    assert "resolved" not in (ROOT / "package-lock.json").read_text()


# Whoever works on the scripts has node; the journeys run them in a browser for everyone.
if shutil.which("node"):

    def test_scripts_pass_their_own_tests():
        done = subprocess.run(
            ["node", "--test", "tests/kernel/static/"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
