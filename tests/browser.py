"""The browser that tests drive: a Chromium of the machine (`PIPELINE_CHROMIUM`, or on the PATH), or Playwright's own.

Without one, a test that needs it is skipped with a line that says what to install; under `CI=true` it fails.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--no-first-run")  # fmt: skip
MISSING = (
    "needs a Chromium: install the Debian package chromium, or run `playwright install chromium`, or name one in the "
    "environment variable PIPELINE_CHROMIUM"
)


@contextmanager
def chromium(*more_flags: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_executable(playwright), args=[*FLAGS, *more_flags])
        try:
            yield browser
        finally:
            browser.close()


def follow(link_or_button: Locator) -> None:
    """Click what leads to another page, and wait until that page stands whole.

    A click alone comes back as soon as the browser knows of it: what looks next may see the page that goes, or one
    that is only half there.
    """
    with link_or_button.page.expect_event("load"):
        link_or_button.click()


def _executable(playwright: Playwright) -> str:
    candidates = [os.environ.get("PIPELINE_CHROMIUM"), *map(shutil.which, NAMES), playwright.chromium.executable_path]
    for candidate in candidates:
        if candidate and Path(candidate).is_file():
            return candidate
    if os.environ.get("CI") == "true":
        pytest.fail(MISSING)
    pytest.skip(MISSING)
