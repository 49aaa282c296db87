"""What every test run needs: browser tests go last, and say loudly when there is no browser for them."""

from __future__ import annotations

import os
import shutil
from typing import Any

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives a browser, and run its files last: Playwright's loop stays in the thread once it has begun.

    Workers take whole files, so that one browser test takes along all that stands beside it.
    """
    for item in items:
        if "playwright" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    late = {item.path for item in items if item.get_closest_marker("browser") is not None}
    items.sort(key=lambda item: (item.path in late, item.get_closest_marker("browser") is not None))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Without Chromium a browser test is skipped with its reason; in CI it fails."""
    if CHROMIUM is None and item.get_closest_marker("browser"):
        without_chromium(ci=os.environ.get("CI") == "true")


def without_chromium(*, ci: bool) -> None:
    """Fail or skip the running test."""
    if ci:
        pytest.fail("CI must run the browser tests, and there is no Chromium", pytrace=False)
    pytest.skip("NO CHROMIUM: this browser test did not run; `make chromium` installs one where it may")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the system's own Chromium; Playwright downloads nothing."""
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": ARGUMENTS}
