"""Sealed bids as their people live them, all in browsers: three officers accept, four vendors seal, two open, one is awarded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from bidders.box.state import Box
from server.app import clock
from server.login import COOKIE
from tests.browser.bid_page import filled, go_on, seal, send, ticked, withdraw
from tests.browser.conftest import Visit, visit
from tests.browser.consoles import Enter, accept, consoles, drill, make_key, release, signed_in
from tests.server.house import Threaded, in_thread
from tests.server.pages.solicitation.sealed import OFFICERS, sealed
from tests.server.sealed.committee import approved
from tests.server.sealed.scene import Clock

__all__ = ["visit"]
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
PRICES = {
    "v-ash": ("49", "79"),
    "v-birch": ("44", "71.50"),
    "v-cedar": ("10", "10"),
    "v-stranger": ("46", "72"),
}
"""Unit prices of ten cases of paper and five boxes of pens: 885.00, 797.50, 150.00 and 820.00."""
NEVER_SHOWN = ("Cedar Supply", "$885.00", "$150.00", "$15.00")
"""Who withdrew, and the totals that were replaced, withdrawn and late."""


@pytest.fixture(scope="module")
def time() -> Clock:
    """The clock of the whole story, put forward from day to day."""
    return Clock(clock())


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, time: Clock) -> Iterator[Threaded]:
    """A house with nothing in it, on the story's clock."""
    with in_thread(tmp_path_factory.mktemp("sealed"), now=time) as running:
        yield running


@pytest.fixture
def enter(browser: Browser, town: Threaded) -> Iterator[Enter]:
    """Open the officers' console."""
    with consoles(browser, town, on_time=True) as opened:
        yield opened


class Seat:
    """An officer at the console, with the recovery code on paper."""

    def __init__(self, town: Threaded, enter: Enter, person: str) -> None:
        self.town, self.person, self.page = town, person, enter(who=person)
        self.code = make_key(self.page)
        drill(self.page, self.code)

    def back(self) -> Page:
        """Sit down again, on whatever day it is."""
        signed_in(self.page.context, self.town, self.person)
        self.page.clock.set_fixed_time(self.town.house.parts.now())
        self.page.reload()
        return self.page


def box(town: Threaded) -> Box:
    """The bid box as it stands."""
    found: Box = town.house.parts.desk.state("box/1")
    return found


def statuses(town: Threaded, vendor: str) -> list[str]:
    """How a vendor's envelopes stand, the first version first."""
    return [each.status for each in box(town).envelopes.values() if each.vendor == vendor]


def renewed(page: Page, town: Threaded, who: str) -> None:
    """Sign in anew: the story's days are longer than a session."""
    token = town.call(town.house.session(who))
    page.context.add_cookies([{"name": COOKIE, "value": token, "url": town.house.origin}])


def pressed(page: Page, name: str, said: str) -> None:
    """Press a button and read what came of it."""
    page.get_by_role("button", name=name).click()
    expect(page.get_by_text(said).first).to_be_visible()


def test_from_the_committee_to_the_award(visit: Visit, enter: Enter, town: Threaded, time: Clock) -> None:
    lead, watching = visit("p-lead"), visit(None)
    town.call(_drafted(town))
    seats = [Seat(town, enter, each.person) for each in OFFICERS]
    _accepted(lead, seats)
    town.call(ticked(town))
    watching.goto("/events/1/opening")
    expect(watching.get_by_role("heading", name="Not opened yet")).to_be_visible()
    expect(watching.locator(".seat")).to_have_count(3)

    vendors = {each: visit(each) for each in PRICES}
    _sealed(vendors, town)
    lead.goto("/events/1/console")
    expect(lead.get_by_text("Nobody can see what was bid, by whom, or whether anybody has")).to_be_visible()
    watching.reload()
    assert not [page.url for page in (lead, watching) if "Supply" in page.locator("main").inner_text()]
    _late(vendors["v-stranger"], town, time)
    expect(watching.get_by_role("heading", name="Closed, waiting for the opening")).to_be_visible()

    _begun(lead, town, time)
    expect(watching.get_by_role("heading", name="The opening runs")).to_be_visible()
    _released(lead, watching, seats)
    _opened(lead, watching, town)
    _awarded(lead, visit("p-second"), visit(None))


async def _drafted(town: Threaded) -> None:
    """A draft that a second person has approved."""
    await approved(town.house, sealed(town.house.parts.now()))


def _accepted(lead: Page, seats: list[Seat]) -> None:
    """The lead sends it to the officers, all accept in the console, and only then the lead publishes."""
    lead.goto("/events/1/console")
    pressed(lead, "Send to the officers", "Sent. Each officer")
    for seat in seats:
        expect(lead.get_by_role("button", name="Publish the event")).to_have_count(0)
        accept(seat.back(), seat.code)
        lead.goto("/events/1/console")
    lead.get_by_role("button", name="Publish the event").click()
    expect(lead.get_by_role("heading", name="Bids are sealed")).to_be_visible()


def _sealed(vendors: dict[str, Page], town: Threaded) -> None:
    """Four vendors seal; one replaces its bid, and one withdraws it."""
    for each, page in vendors.items():
        filled(page, "1", *PRICES[each])
        seal(page)
    filled(vendors["v-ash"], "1", "45", "70")
    seal(vendors["v-ash"])
    withdraw(vendors["v-cedar"])
    assert statuses(town, "v-ash") == ["superseded", "current"]
    assert statuses(town, "v-cedar") == ["withdrawn"]


def _late(vendor: Page, town: Threaded, time: Clock) -> None:
    """A vendor finds a lower price in the last minutes, and sends it a second too late: its first bid stands."""
    due: datetime = town.house.parts.desk.state("tender/1").document.closes
    time.jump(due - 10 * MINUTE)
    renewed(vendor, town, "v-stranger")
    filled(vendor, "1", "1", "1")
    go_on(vendor)
    time.jump(due + SECOND)
    send(vendor, "It arrived after bids were due.")
    town.call(town.house.until(lambda: box(town).closed is not None))
    town.call(ticked(town))
    assert statuses(town, "v-stranger") == ["current"]


def _begun(lead: Page, town: Threaded, time: Clock) -> None:
    """The time of the opening has come; the lead begins it before a witness."""
    time.jump(town.house.parts.desk.state("tender/1").document.sealing.opens + SECOND)
    renewed(lead, town, "p-lead")
    lead.goto("/events/1/console")
    lead.get_by_label("Witness’s name").fill("Wanda Witness")
    pressed(lead, "Begin the opening", "The opening has begun.")


def _released(lead: Page, watching: Page, seats: list[Seat]) -> None:
    """Two officers check the close and release, seen by whoever watches; one alone opens nothing."""
    first, _, last = seats
    release(first.back(), first.code)
    expect(watching.locator(".seat-done")).to_have_count(1)
    expect(watching.get_by_text("1 more officer must release")).to_have_count(2)
    lead.goto("/events/1/console")
    expect(lead.get_by_role("button", name="Open the envelopes")).to_have_count(0)
    release(last.back(), last.code)


def _opened(lead: Page, watching: Page, town: Threaded) -> None:
    """Everything is opened at once, and the public reads totals of what counts, and of nothing else."""
    pressed(lead, "Open the envelopes", "Opened. The results stand below")
    expect(watching.get_by_role("heading", name="Opened", exact=True)).to_be_visible()
    rows = watching.locator(".tabulation").first.locator("table").first.locator("tbody tr")
    for row, words in enumerate(
        (("Birch", "$797.50", "lowest"), ("Ash", "$800.00"), ("Stranger", "$820.00"))
    ):
        for word in words:
            expect(rows.nth(row)).to_contain_text(word)
    expect(rows).to_have_count(3)
    shown = watching.locator("[data-opening]").inner_text()
    assert "Wanda Witness" in shown
    assert not [word for word in NEVER_SHOWN if word in shown]
    assert {each.status for each in box(town).envelopes.values()} == {"current", "superseded", "withdrawn"}


def _awarded(lead: Page, second: Page, anybody: Page) -> None:
    """The lead proposes the lowest, a second person confirms, and everybody reads it among the results."""
    lead.get_by_label("Reason").first.fill("The lowest total; references were checked.")
    pressed(lead, "Propose the award of Lot L1", "Proposed: Birch Supply")
    second.goto("/events/1/award")
    pressed(second, "Confirm the award", "Awarded to Birch Supply at $797.50.")
    anybody.goto("/events/1/results")
    row = anybody.get_by_role("row").filter(has_text="Lot L1")
    for word in ("Birch Supply", "$797.50", "The lowest total; references were checked."):
        expect(row).to_contain_text(word)


def test_the_pages_of_an_opening_have_no_fault_that_axe_finds(visit: Visit, town: Threaded) -> None:
    axe: Any = pytest.importorskip("axe_playwright_python.sync_playwright")
    for who, address in ((None, "/events/1/opening"), (None, "/events/1"), ("p-lead", "/events/1/console")):
        for size in ({"width": 1440, "height": 900}, {"width": 390, "height": 844}):
            for scheme in ("light", "dark"):
                page = visit(who, viewport=size, color_scheme=scheme)
                page.goto(address)
                found = axe.Axe().run(page).response["violations"]
                assert not found, (
                    address,
                    size,
                    scheme,
                    [each["id"] for each in found],
                    found[0]["nodes"][0]["html"],
                )
                assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
