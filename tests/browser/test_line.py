"""The line to the server: what the page says when it breaks, that it comes back by itself, and whose clock counts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.browser import scene
from tests.browser.conftest import Visit
from tests.browser.test_bidding import field, place, room, x
from tests.server.house import Threaded, in_thread


@pytest.fixture
def event_id(town: Threaded) -> str:
    """An open event of this test's own, without bids."""
    return town.call(town.house.publish(scene.lively("A fresh event", overtime=scene.LATE)))


def seconds_of(text: str) -> int:
    """What a countdown shows, in seconds."""
    parts = [int(each) for each in text.split(":")]
    return sum(part * 60**power for power, part in enumerate(reversed(parts)))


@pytest.mark.parametrize("lost", ["the bid", "its answer"])
def test_a_bid_is_lost_with_the_line_and_counts_once(
    visit: Visit, town: Threaded, event_id: str, lost: str
) -> None:
    page = visit("v-ash")
    cut: list[str] = []

    def carry(line: WebSocketRoute) -> None:
        server = line.connect_to_server()
        mine: list[str] = []

        def to_server(text: str | bytes) -> None:
            breaks = json.loads(text)["k"] == "bid" and not cut
            if breaks:
                cut.append(lost)
                mine.append(lost)
            if not breaks or lost == "its answer":
                server.send(text)
            if breaks:
                line.close(code=4413)

        line.on_message(to_server)
        server.on_message(lambda text: None if mine else line.send(text))

    page.route_web_socket("**/socket?as=vendor", carry)
    room(page, event_id)
    place(page, "96000")
    expect(x(page, "outcome-words")).to_contain_text("Taken · 1st: $96,000.00")
    expect(page.locator('[data-band="line"]')).to_be_hidden()
    expect(page.locator("[data-ledger] > li").filter(has_text="$96,000.00")).to_have_count(1)
    assert cut == [lost]
    assert town.house.room(event_id).lots["L1"].bids == {"v-ash": 1}


def test_a_broken_line_says_so_and_comes_back_by_itself(visit: Visit, event_id: str) -> None:
    page = visit("v-ash")
    lines: list[WebSocketRoute] = []
    away: list[bool] = []

    def carry(line: WebSocketRoute) -> None:
        if away:
            line.close(code=4503)
            return
        lines.append(line)
        line.connect_to_server()

    page.route_web_socket("**/socket?as=vendor", carry)
    room(page, event_id)
    field(page).fill("97000")
    away.append(True)
    lines[-1].close(code=4503)
    band = page.locator('[data-band="line"]')
    expect(band).to_contain_text("The server is restarting. Trying again by itself.")
    expect(page.locator("[data-connection]")).to_contain_text("Reconnecting")
    field(page).press("Enter")
    expect(x(page, "outcome-words")).to_contain_text("Not sent: there is no connection.")
    expect(field(page)).to_have_value("97000")
    away.clear()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(band).to_be_hidden()
    place(page, "97000")
    expect(x(page, "rank")).to_have_text("1st")


def test_a_line_on_which_nothing_is_heard_is_noticed(visit: Visit, event_id: str) -> None:
    page = visit("v-ash")
    quiet: list[bool] = []
    swallowed: list[str] = []

    def carry(line: WebSocketRoute) -> None:
        server = line.connect_to_server()
        server.on_message(lambda text: swallowed.append(str(text)) if quiet else line.send(text))

    page.route_web_socket("**/socket?as=vendor", carry)
    room(page, event_id)
    quiet.append(True)
    band = page.locator('[data-band="line"]')
    expect(band).to_contain_text("No connection. What you see may be out of date.")
    while not any('"welcome"' in text for text in swallowed):
        page.wait_for_timeout(50)
    # The second line lost its welcome, and is heard from now on: it must not pass for a good one.
    quiet.clear()
    expect(band).to_be_hidden()


def test_signing_out_in_another_window_closes_the_room_with_a_clear_word(visit: Visit, event_id: str) -> None:
    page = room(visit("v-ash"), event_id)
    other = page.context.new_page()
    other.goto("/")
    other.get_by_role("button", name="Sign out").click()
    band = page.locator('[data-band="line"]')
    expect(band).to_contain_text("Your session has ended, so nothing more is sent or shown.")
    expect(page.locator("[data-bid]")).to_be_hidden()
    band.get_by_role("link", name="Sign in again").click()
    expect(page).to_have_url(re.compile(r"/sign-in\?next=%2Fevents%2F\d+%2Froom"))


@pytest.mark.parametrize("wrong", [timedelta(hours=-7), timedelta(days=2)])
def test_the_countdown_is_right_under_a_wrong_clock(
    visit: Visit, town: Threaded, event_id: str, wrong: timedelta
) -> None:
    page = visit("v-ash")
    page.clock.set_system_time(town.house.parts.now() + wrong)
    room(page, event_id)
    shown = seconds_of(x(page, "left").text_content() or "")
    due = (town.house.room(event_id).lots["L1"].closes - town.house.parts.now()).total_seconds()
    assert -1 < shown - due < 4


@pytest.fixture
def hut(tmp_path: Path) -> Iterator[Threaded]:
    """A server of this test's own, with nothing in it."""
    with in_thread(tmp_path) as running:
        yield running


def test_an_empty_house_says_what_will_come(visit: Visit, hut: Threaded) -> None:
    page = visit("p-lead", hut)
    page.goto("/")
    expect(page.get_by_role("main")).to_contain_text("No events yet")
    page.goto("/prices")
    expect(page.get_by_role("main")).to_contain_text("Nothing is awarded yet")
    assert page.goto("/demo").status == 404  # type: ignore[union-attr]
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page")
