"""What browser tests share: one house with an event in every state, and visitors whose pages must stay free of faults."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from server.login import COOKIE
from tests.browser import scene
from tests.server.house import Threaded, in_thread

expect.set_options(timeout=15_000)
LIVE = '[data-connection][data-state="live"]'


class Visit(Protocol):
    """Open a browser of somebody's own."""

    def __call__(self, who: str | None = None, elsewhere: Threaded | None = None, **options: Any) -> Page:
        """A fresh page; `who` is a person or a vendor, None the public; `options` are the browser context's."""


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Threaded]:
    """A server that all browser tests share; each publishes events of its own."""
    with in_thread(tmp_path_factory.mktemp("town"), demo=True) as running:
        yield running


@pytest.fixture(scope="session")
def scenes(town: Threaded) -> dict[str, str]:
    """The ids of events in every state, for tests that only look."""
    return town.call(scene.every(town.house))


@pytest.fixture
def visit(browser: Browser, town: Threaded) -> Iterator[Visit]:
    """Let somebody in, and in the end see that no page of theirs had anything to complain of."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def enter(who: str | None = None, elsewhere: Threaded | None = None, **options: Any) -> Page:
        place = elsewhere or town
        context = browser.new_context(base_url=place.house.origin, **options)
        contexts.append(context)
        if who is not None:
            token = place.call(place.house.session(who))
            context.add_cookies([{"name": COOKIE, "value": token, "url": place.house.origin}])
        return watched(context.new_page(), complaints.append)

    yield enter
    for context in contexts:
        context.close()
    assert complaints == []


def watched(page: Page, complain: Callable[[str], None]) -> Page:
    """Note every error and every breach of the content policy; a page that says no, and a broken line, are none."""
    expected = ("Failed to load resource", "WebSocket connection to")

    def hear(said: ConsoleMessage) -> None:
        if said.type in ("error", "warning") and not said.text.startswith(expected):
            complain(said.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: complain(str(error)))
    return page
