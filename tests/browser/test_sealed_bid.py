"""A vendor's sealed bid in the browser: filled in, checked, sealed, sent, replaced and withdrawn, with a receipt each time."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.server.house import Threaded
from tests.server.sealed.scene import published


async def out(town: Threaded, **more: Any) -> str:
    """Publish a solicitation with sealed bids, and let the log hold it."""
    event_id = await published(town.house, **more)
    await town.house.parts.log.tick_now(town.house.parts.now())
    return event_id


@pytest.fixture
def event_id(town: Threaded) -> str:
    """A solicitation that takes sealed bids."""
    return town.call(out(town))


def filled(page: Page, event_id: str) -> None:
    """Fill in a good bid for both lots."""
    page.goto(f"/events/{event_id}/bid")
    expect(page.locator("[data-sealed-bid][data-ready]")).to_be_attached()
    page.locator("[id='unit_price-L1/A']").fill("41.50")
    page.locator("[id='unit_price-L1/B']").fill("8")
    page.get_by_label("I confirm this for my company.").check()


def seal(page: Page) -> None:
    """Go through the steps and send."""
    page.get_by_role("button", name="Check the bid").click()
    page.get_by_role("button", name="Go on to seal").click()
    page.get_by_role("button", name="Seal and send", exact=True).click()
    expect(page.locator("[data-x=outcome]")).to_contain_text("Your bid is in the box, sealed.")


def test_a_vendor_seals_a_bid_replaces_it_and_withdraws_it(
    visit: Visit, town: Threaded, event_id: str, tmp_path: Path
) -> None:
    page = visit("v-ash")
    filled(page, event_id)
    expect(page.locator("[data-total=L1]")).to_have_text("$455.00")
    seal(page)
    box = town.house.parts.desk.state(f"box/{event_id}")
    (one,) = box.envelopes.values()
    expect(page.locator("[data-x=outcome]")).to_contain_text(one.eid[:8])
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save the receipt").click()
    with zipfile.ZipFile(saved.value.path()) as packed:
        assert [name.rpartition(".")[2] for name in packed.namelist()] == ["promise"]
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save my own copy").click()
    (copy,) = json.loads(Path(saved.value.path()).read_text())
    assert copy["envelope"] == town.house.parts.store.envelope(one.eid)
    assert dict(copy["bid"]["fields"])["total"] == {"amount": "455.00"}
    page.get_by_role("button", name="1. Fill in").click()
    page.locator("[id='unit_price-L1/A']").fill("40")
    seal(page)
    assert [each.status for each in box.envelopes.values()] == ["superseded", "current"]
    page.get_by_role("button", name="Withdraw my bid").click()
    page.get_by_role("dialog").get_by_role("button", name="Withdraw my bid").click()
    expect(page.locator(".own-bid")).to_contain_text("Your bid is withdrawn.")
    assert [each.status for each in box.envelopes.values()] == ["superseded", "withdrawn"]
