"""The officers' console in a browser: the way in, and what an officer does there, from the key to the release."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from server.login import COOKIE
from tests.browser.conftest import watched
from tests.server.house import Threaded

ME = "p-oak"
CODE = re.compile(r"(?:[0-9A-Z]{4}-){6}[0-9A-Z]{4}")
Enter = Callable[..., Page]


@contextmanager
def consoles(browser: Browser, town: Threaded, on_time: bool = False) -> Iterator[Enter]:
    """Open the console of a solicitation as an officer; in the end no page had anything to complain of.

    Every request is kept in `seen`. `on_time` gives the browser the server's own time, as one whose clock is right.
    """
    contexts, complaints = [], list[str]()

    def opened(event_id: str = "1", seen: list[str] | None = None, who: str = ME, **options: Any) -> Page:
        context = browser.new_context(base_url=town.house.parts.settings.officers, **options)
        contexts.append(context)
        signed_in(context, town, who)
        page = watched(context.new_page(), complaints.append)
        if seen is not None:
            page.on("request", lambda request: seen.append(said(request)))
        if on_time:
            page.clock.set_fixed_time(town.house.parts.now())
        page.goto(f"/officers/{event_id}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def signed_in(context: BrowserContext, town: Threaded, who: str) -> None:
    """Give a browser a new session at the console's host."""
    token = town.call(town.house.session(who))
    context.add_cookies([{"name": COOKIE, "value": token, "url": town.house.parts.settings.officers}])


def said(request: Request) -> str:
    """Everything that a request says."""
    return f"{request.url} {json.dumps(request.headers)} {request.post_data or ''}"


def make_key(page: Page) -> str:
    """Make a key, and read the code."""
    page.get_by_role("button", name="Make my key").click()
    code = page.locator("[data-code]")
    expect(code).to_have_text(CODE)
    return code.inner_text()


def drill(page: Page, code: str) -> None:
    """Put the code on paper, and type it back."""
    page.get_by_role("button", name="I have it on paper").click()
    page.locator("#drill-code").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="Try my code").click()
    expect(page.get_by_text("Your key is made, and your recovery code opens it.")).to_be_visible()


def unlock(page: Page, code: str) -> None:
    """Type the code."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Recovery code").fill(code)
    dialog.get_by_role("button", name="Unlock").click()


def accept(page: Page, code: str) -> None:
    """Accept what is put before the officers."""
    page.get_by_role("button", name="Accept with my key").click()
    unlock(page, code)
    expect(page.get_by_text("You have accepted.").first).to_be_visible()


def release(page: Page, code: str) -> None:
    """Let the browser check the close, and release one's own shares."""
    page.get_by_role("button", name="Check everything").click()
    unlock(page, code)
    page.get_by_role("button", name="Release my shares").click()
    expect(page.get_by_text("You have released your shares of this stage.")).to_be_visible()
