"""Sealed bids as their people live them: accepted by three officers, sealed by four vendors, opened before a witness, awarded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bidders.box.words import Box
from server.app import clock
from server.login import COOKIE
from tests.browser.conftest import Visit, visit
from tests.server.house import Threaded, in_thread
from tests.server.pages.solicitation.sealed import OFFICERS, sealed
from tests.server.sealed.committee import Officer, approved, at_console
from tests.server.sealed.scene import Clock, Vendor, vendor

__all__ = ["visit"]
SECOND = timedelta(seconds=1)


@pytest.fixture(scope="module")
def time() -> Clock:
    """The clock of the whole story, put forward from day to day."""
    return Clock(clock())


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, time: Clock) -> Iterator[Threaded]:
    """A house with nothing in it, on the story's clock."""
    with in_thread(tmp_path_factory.mktemp("sealed"), demo=True, now=time) as running:
        yield running


def box(town: Threaded) -> Box:
    """The bid box as it stands."""
    found: Box = town.house.parts.desk.state("box/1")
    return found


def renewed(page: Page, town: Threaded, who: str) -> None:
    """Sign in anew: the story's days are longer than a session."""
    token = town.call(town.house.session(who))
    page.context.add_cookies([{"name": COOKIE, "value": token, "url": town.house.origin}])


def pressed(page: Page, name: str, said: str) -> None:
    """Press a button and read what came of it."""
    page.get_by_role("button", name=name).click()
    expect(page.get_by_text(said).first).to_be_visible()


def test_from_the_committee_to_the_award(visit: Visit, town: Threaded, time: Clock) -> None:
    lead, watching = visit("p-lead"), visit(None)
    town.call(_drafted(town))
    officers = [town.call(at_console(town.house, each.person)) for each in OFFICERS]
    _accepted(lead, town, officers)
    watching.goto("/events/1/opening")
    expect(watching.get_by_role("heading", name="Not opened yet")).to_be_visible()
    expect(watching.locator(".seat")).to_have_count(3)

    vendors = town.call(_bids(town))
    lead.goto("/events/1/console")
    expect(lead.get_by_text("Nobody can see what was bid, by whom, or whether anybody has")).to_be_visible()
    town.call(_closed(town, time, vendors))
    expect(watching.get_by_role("heading", name="Closed, waiting for the opening")).to_be_visible()

    opens = town.house.parts.desk.state("tender/1").document.sealing.opens
    time.jump(opens + SECOND)
    renewed(lead, town, "p-lead")
    lead.goto("/events/1/console")
    lead.get_by_label("Witness’s name").fill("Wanda Witness")
    pressed(lead, "Begin the opening", "The opening has begun.")
    expect(watching.get_by_role("heading", name="The opening runs")).to_be_visible()
    _opened(lead, watching, town, officers)
    _awarded(lead, visit("p-second"), visit(None))


async def _drafted(town: Threaded) -> None:
    """A draft that a second person has approved."""
    await approved(town.house, sealed(town.house.parts.now()))


def _accepted(lead: Page, town: Threaded, officers: list[Officer]) -> None:
    """Officers make keys, the lead sends them the solicitation, all accept, the lead publishes."""

    async def keys() -> None:
        for each in officers:
            assert (await each.make_key()).status_code == 200
            assert (await each.drill()).status_code == 200

    async def accept() -> None:
        for each in officers:
            assert (await each.accept()).status_code == 200

    town.call(keys())
    lead.goto("/events/1/console")
    pressed(lead, "Send to the officers", "Sent. Each officer")
    town.call(accept())
    lead.reload()
    lead.get_by_role("button", name="Publish the event").click()
    expect(lead.get_by_role("heading", name="Bids are sealed")).to_be_visible()


async def _bids(town: Threaded) -> dict[str, Vendor]:
    """Four vendors seal: one replaces its bid, one withdraws it, and one will be late."""
    names = ("v-ash", "v-birch", "v-cedar", "v-stranger")
    vendors = {each: await vendor(town.house, "1", each) for each in names}
    assert (await vendors["v-ash"].submit(1, "49.00", "79.00")).status_code == 200
    assert (await vendors["v-ash"].submit(2, "45.00", "70.00")).status_code == 200
    assert (await vendors["v-birch"].submit(1, "44.00", "71.50")).status_code == 200
    assert (await vendors["v-cedar"].submit(1, "10.00", "10.00")).status_code == 200
    gone = [each.eid for each in vendors["v-cedar"].box.envelopes.values() if each.vendor == "v-cedar"]
    assert (await vendors["v-cedar"].withdraw(*gone)).status_code == 200
    return vendors


async def _closed(town: Threaded, time: Clock, vendors: dict[str, Vendor]) -> None:
    """Bids are due; whoever comes a second later is refused, and the close is published in the log."""
    due: datetime = town.house.parts.desk.state("tender/1").document.closes
    time.jump(due + SECOND)
    late = await vendor(town.house, "1", "v-stranger", registered=False)
    answer = await late.submit(1, "1.00", "1.00")
    assert answer.status_code == 422 and answer.json()["reason"] == "late"
    await town.house.until(lambda: town.house.parts.desk.state("box/1").closed is not None)
    await town.house.parts.log.tick_now(town.house.parts.now())


def _opened(lead: Page, watching: Page, town: Threaded, officers: list[Officer]) -> None:
    """Two officers release, seen by whoever watches; then everything is opened at once."""

    async def release(officer: Officer) -> None:
        fresh = await at_console(town.house, officer.person)
        fresh.keys = officer.keys
        answer = await fresh.release(town.house)
        assert answer.status_code == 200, answer.text

    town.call(release(officers[0]))
    expect(watching.locator(".seat-done")).to_have_count(1)
    expect(watching.get_by_text("1 more officer must release")).to_have_count(2)
    lead.reload()
    expect(lead.get_by_role("button", name="Open the envelopes")).to_have_count(0)
    town.call(release(officers[2]))
    expect(lead.get_by_role("button", name="Open the envelopes")).to_be_visible()
    pressed(lead, "Open the envelopes", "Opened. The results stand below")
    expect(watching.get_by_role("heading", name="Opened", exact=True)).to_be_visible()
    first = watching.locator(".tabulation").first.locator("tbody tr").first
    expect(first).to_contain_text("Birch Supply")
    expect(first).to_contain_text("$797.50")
    expect(first).to_contain_text("lowest")
    shown = watching.locator("[data-opening]").inner_text()
    assert "Wanda Witness" in shown and "$800.00" in shown
    assert not {"Cedar Supply", "Stranger Supply", "$845.00"} & set(_words(shown))
    assert {each.status for each in box(town).envelopes.values()} == {"current", "superseded", "withdrawn"}


def _words(shown: str) -> list[str]:
    return [word for word in ("Cedar Supply", "Stranger Supply", "$845.00", "$885.00") if word in shown]


def _awarded(lead: Page, second: Page, anybody: Page) -> None:
    """The lead proposes the lowest, a second person confirms, and everybody reads it."""
    lead.goto("/events/1/console")
    lead.get_by_label("Reason").first.fill("The lowest total; references were checked.")
    pressed(lead, "Propose the award of Lot L1", "Proposed: Birch Supply")
    second.goto("/events/1/award")
    pressed(second, "Confirm the award", "Awarded to Birch Supply at $797.50.")
    anybody.goto("/events/1")
    expect(anybody.get_by_text("The lowest total; references were checked.")).to_be_visible()


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
