"""A real browser and the real server on demonstration data."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

# How long a page may take to say what it must: two cores are shared with servers and other browsers.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)
CHROMIUM = next(
    (path for path in ("/usr/bin/chromium", "/usr/bin/google-chrome") if Path(path).exists()), None
)


def need_chromium() -> None:
    """Without Debian's chromium the journeys say so and are passed over, except where CI runs."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("chromium is absent: scripts/system-packages installs it")
        pytest.skip("chromium is absent: apt-get install chromium")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's chromium."""
    need_chromium()
    with sync_playwright() as driver:
        opened = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield opened
        opened.close()
