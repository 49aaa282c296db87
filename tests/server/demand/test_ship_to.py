"""A district's addresses in its needs: chosen, imported by any name, and shown whole wherever needs are read."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from auction.demand.call import EndCall
from auction.demand.organisation import ChangeProfile
from auction.demand.profile import DistrictProfile, ShipTo
from server.people import register
from tests.server.demand.needy import CARD, PAPER, PENS, call, catalog, line, send, sheet, state, tell
from tests.server.house import House, opened

SCHOOL = ShipTo("S1", "High School", "12 Main St", "Ithaca", "NY", "14850")
DEPOT = ShipTo("S2", "Depot", "3 Dock Rd", "Ithaca", "NY", "14850")
DEPOT_WORDS = "Depot, 3 Dock Rd, Ithaca, NY 14850"


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A house with a catalog, an open call, old free text of one district, and then that district's addresses."""
    async with opened(tmp_path) as running:
        await catalog(running)
        terms = await call(running)
        await state(running, terms, "d-oak", line(PENS, "5", ship_to="Old Gym"))
        await keep(running, DistrictProfile("US-NY", 1200, 7, (SCHOOL, DEPOT), "S2"))
        yield running


async def keep(house: House, profile: DistrictProfile, version: int = 0) -> None:
    """Keep a district's profile."""
    await register.tell(house.parts, "d-oak", ChangeProfile(by="p-oak", profile=profile, version=version))


def stated(house: House) -> dict[str, str]:
    """Each item with where it goes, as the journal has it."""
    return {each.item: each.ship_to for each in house.parts.desk.state("needs/1.d-oak").lines.values()}


async def test_the_form_offers_the_addresses_with_the_usual_one_chosen_and_keeps_the_id(house: House) -> None:
    oak = await house.sign_in("p-oak")
    shown = (await oak.get("/needs/1/items/P-1")).text
    assert re.findall(r'<option value="(S\d)"( selected)?>', shown) == [("S1", ""), ("S2", " selected")]
    await oak.post("/needs/1/items/P-1", quantity="3", unit="ream", ship_to="S2")
    assert stated(house) == {"W-1": "Old Gym", "P-1": "S2"}
    shown = (await oak.get("/needs/1")).text
    assert DEPOT_WORDS in shown and "Old Gym" in shown
    refused = await oak.post("/needs/1/items/P-2", quantity="3", unit="pack", ship_to="Nowhere")
    assert refused.status_code == 422 and "none of your addresses; give S1 (High School), S2" in refused.text


async def test_a_line_of_old_free_text_is_changed_without_choosing_an_address(house: House) -> None:
    oak = await house.sign_in("p-oak")
    shown = (await oak.get("/needs/1/lines/1")).text
    assert '<option value="Old Gym" selected>Old Gym' in shown
    was = re.search(r'name="was" value="([^"]*)"', shown)
    assert was is not None
    sent = {"quantity": "6", "unit": "each", "ship_to": "Old Gym", "paid_unit": "each", "was": was[1]}
    assert (await oak.post("/needs/1/lines/1", **sent)).status_code == 303
    assert stated(house) == {"W-1": "Old Gym"}


async def test_a_sheet_names_addresses_as_it_likes_and_is_sent_back_without_a_change(house: House) -> None:
    oak = await house.sign_in("p-oak")
    rows = (
        ("P-1", 1, "", "depot"),
        ("P-2", 2, "", "12 Main St"),
        ("A-1", 3, "", ""),
        ("W-1", 5, "", "Old Gym"),
    )
    body = sheet(*rows, headings=("Item number", "Quantity", "Unit", "Ship to"))
    answer = await send(oak, "/needs/1/import", "needs.xlsx", body)
    assert "Import done" in (await oak.get(answer.headers["location"])).text
    assert stated(house) == {"W-1": "Old Gym", "P-1": "S2", "P-2": "S1", "A-1": "S2"}
    taken = (await oak.get("/needs/1/template.xlsx?lines=own")).content
    await keep(house, DistrictProfile("US-NY", 1200, 7, (SCHOOL, DEPOT), "S1"), 1)
    before = house.told()
    for again in (taken, body):
        answer = await send(oak, "/needs/1/import", "needs.xlsx", again)
        assert "Nothing changed." in (await oak.get(answer.headers["location"])).text
    assert house.told() == before


async def test_a_place_that_is_not_known_is_a_fault_with_its_row_its_column_and_the_known_ones(
    house: House,
) -> None:
    oak = await house.sign_in("p-oak")
    body = sheet(("P-1", 1, "Gym"), ("P-2", 1, "S1"), headings=("Item number", "Quantity", "School"))
    answer = await send(oak, "/needs/1/import", "needs.xlsx", body)
    assert answer.status_code == 422 and "row 2, Ship to" in answer.text
    assert "give S1 (High School), S2 (Depot)" in answer.text and stated(house) == {"W-1": "Old Gym"}


async def test_leads_and_drafts_read_the_whole_address(house: House) -> None:
    lead, oak = await house.sign_in("p-lead"), await house.sign_in("p-oak")
    for item, place in ((PAPER, "S2"), (CARD, "S1")):
        await oak.post(f"/needs/1/items/{item.id}", quantity="3", unit=item.unit, ship_to=place)
    await tell(house, "call/1", EndCall(by="p-lead"))
    assert f"to {DEPOT_WORDS}" in (await lead.get("/calls/1/items/P-1")).text
    assert "to Old Gym" in (await lead.get("/calls/1/items/W-1")).text
    await lead.post("/calls/1/changes/make", by="hand")
    await lead.post("/calls/1/changes/draft", lots=["L1"])
    lines = house.parts.desk.state("tender/1").document.lots[0].lines
    assert {each.item: each.needs[0].ship_to for each in lines} == {
        "P-1": DEPOT_WORDS,
        "P-2": "High School, 12 Main St, Ithaca, NY 14850",
        "W-1": "Old Gym",
    }
    assert DEPOT_WORDS in (await lead.get("/events/1/lots/L1")).text


async def test_a_corrected_address_is_read_everywhere_at_once(house: House) -> None:
    oak = await house.sign_in("p-oak")
    await oak.post("/needs/1/items/P-1", quantity="3", unit="ream", ship_to="S2")
    assert DEPOT_WORDS in (await oak.get("/needs/1")).text
    moved = ShipTo("S2", "New depot", "7 Quay", "Ithaca", "NY", "14850")
    await keep(house, DistrictProfile("US-NY", 1200, 7, (SCHOOL, moved), "S2"), 1)
    shown = (await oak.get("/needs/1")).text
    assert "New depot, 7 Quay" in shown and DEPOT_WORDS not in shown


async def test_a_buyer_chooses_the_usual_place(house: House) -> None:
    oak = await house.sign_in("p-oak")
    answer = await oak.post("/district/addresses/S1", do="usual")
    assert "S1) is the usual place" in (await oak.get(answer.headers["location"])).text
    shown = (await oak.get("/needs/1/items/P-1")).text
    assert '<option value="S1" selected>' in shown
