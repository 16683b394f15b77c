"""The benchmarks answer as promised: one JSON object, whose figures say their unit."""

import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.engines import START

from tests.prepared import migrated

ROOT = Path(__file__).resolve().parents[1]


def run(*words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    environment[START] = str(migrated())
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_without_a_name_the_benchmarks_are_listed() -> None:
    listed = run()
    assert listed.returncode == 0, listed.stderr
    assert "sandbox" in listed.stdout


def test_sandbox_prints_one_json_object() -> None:
    done = run("sandbox", "--size", "1", "--json")
    assert done.returncode == 0, done.stderr
    measured = json.loads(done.stdout)
    assert set(measured) == {"name", "size", "engine", "machine", "figures"}
    assert (measured["name"], measured["size"], measured["engine"]) == ("sandbox", 1, "sqlite")
    assert measured["figures"]["copies_per_s"] > 0
    assert measured["figures"]["rows_per_s"] > 0
