"""A lead fills the catalog, calls for needs, sees the roll-up, makes lots, and makes a draft of them."""

from __future__ import annotations

import random
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest_asyncio
from sqlalchemy import select

from auction.demand.call import EndCall
from auction.demand.lots import whole
from auction.demand.needs import NeedLine, StateNeeds
from auction.demand.organisation import ChangeProfile
from auction.demand.profile import ConsortiumProfile
from auction.demand.rollup import told, total
from auction.tender.solicitation import Solicitation, Vendor
from auction.tender.tender import DraftTender
from server import drafting
from server.demand.projection import DemandLists
from server.demand.reminding import due
from server.imports.sheet import Column, read_sheet
from server.people import register
from server.projections import Projections
from server.tables import EPOCH, CallDistrictRow, NoticeRow, RollupRow
from tests.server.callers import Guest
from tests.server.demand.needy import (
    CARD,
    GLUE,
    ITEMS,
    PAPER,
    PENS,
    call,
    catalog,
    confirm,
    line,
    send,
    state,
    tell,
)
from tests.server.house import House, opened


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A house with nothing in it."""
    async with opened(tmp_path) as running:
        yield running


async def follow(guest: Guest, path: str, **form: str | list[str]) -> str:
    """Send a form and read the page that it leads to."""
    answer = await guest.post(path, **form)
    assert answer.status_code == 303, answer.text
    return (await guest.get(answer.headers["location"])).text


# --- the catalog ---------------------------------------------------------------------------------------------------------


async def test_a_catalog_is_imported_and_the_same_sheet_changes_nothing(house: House) -> None:
    lead = await house.sign_in("p-lead")
    assert "The catalog is empty" in (await lead.get("/catalog")).text
    text = "Item,Description,Category,UOM,Packs\nP-1,Copy paper,Paper,rm,ctn = 10 ream; pallet = 400\nW-1,Pens,Writing,EA,\n"
    answer = await send(lead, "/catalog/import", "catalog.csv", text.encode())
    assert "Import done" in (await lead.get(answer.headers["location"])).text
    shown = (await lead.get("/catalog?q=copy")).text
    assert "carton = 10 ream; pallet = 400 ream" in shown and "Pens" not in shown
    before = house.told()
    answer = await send(lead, "/catalog/import", "catalog.csv", text.encode())
    assert "Nothing changed." in (await lead.get(answer.headers["location"])).text
    taken = await lead.get("/catalog/template.xlsx")
    answer = await send(lead, "/catalog/import", "catalog.xlsx", taken.content)
    assert answer.status_code == 303 and house.told() == before


async def test_every_fault_of_a_catalog_has_its_row_column_and_remedy(house: House) -> None:
    await catalog(house, [PAPER])
    lead = await house.sign_in("p-lead")
    pens = "W-1,Pens,Writing,each,\n"
    text = f"Item,Description,Category,Unit,Packs\nP-1,Paper,Paper,sheet,\nX 1,,Art,,box=ten\n{pens}{pens}"
    answer = await send(lead, "/catalog/import", "catalog.csv", text.encode())
    assert answer.status_code == 422
    for place, words in (
        ("row 2, Unit", "P-1 is counted in ream for good"),
        ("row 3, Item number", "must be 1 to 40"),
        ("row 3, Description", "must have 1 to 300"),
        ("row 3, Unit", "is no unit"),
        ("row 3, Packs", "is no pack; write one such as"),
        ("row 5, Item number", "names W-1 again, as row 4 does"),
    ):
        assert re.search(f'<span class="path">{place}</span>[^<]*{re.escape(words)}', answer.text), words
    assert list(house.parts.desk.state("catalog/c-lake").items) == ["P-1"]


async def test_an_item_is_added_changed_and_retired_and_a_stale_form_is_stopped(house: House) -> None:
    lead = await house.sign_in("p-lead")
    form = {"id": "G-1", "description": "Glue", "category": "Art", "unit": "btl", "packs": "case = 12"}
    assert "G-1 is added to the catalog" in await follow(lead, "/catalog/new", **form)
    again = await lead.post("/catalog/new", **form)
    assert again.status_code == 422 and "is in the catalog already" in again.text.lower()
    assert 'name="was" value="1"' in (await lead.get("/catalog/items/G-1")).text
    change = {"description": "White glue", "category": "Art", "packs": "", "was": "1"}
    assert "G-1 is changed" in await follow(lead, "/catalog/items/G-1", **change)
    stale = await lead.post("/catalog/items/G-1", **change | {"description": "Red glue"})
    assert stale.status_code == 422 and "Somebody else changed this item" in stale.text
    await follow(lead, "/catalog/items/G-1", **change | {"was": "2", "retired": "yes"})
    assert "White glue" not in (await lead.get("/catalog")).text
    assert "White glue" in (await lead.get("/catalog?retired=true")).text


async def test_a_search_takes_signs_for_what_they_are(house: House) -> None:
    await catalog(house)
    lead = await house.sign_in("p-lead")
    for q in ("%", "_", "' or 1=1 --", "!"):
        assert "Copy paper" not in (await lead.http.get("/catalog", params={"q": q})).text
    assert "Copy paper" in (await lead.http.get("/catalog", params={"q": "WHITE  copy"})).text


async def test_a_consortium_s_own_word_for_a_unit_is_read_in_sheets(house: House) -> None:
    await catalog(house)
    await call(house)
    lead, oak = await house.sign_in("p-lead"), await house.sign_in("p-oak")
    assert (await send(oak, "/needs/1/import", "a.csv", b"Item,Qty,Unit\nP-1,1,Crate\n")).status_code == 422
    await follow(lead, "/catalog/units", word="Crate", unit="ctn")
    assert (await send(oak, "/needs/1/import", "a.csv", b"Item,Qty,Unit\nP-1,1,Crate\n")).status_code == 303
    assert house.parts.desk.state("needs/1.d-oak").lines[1].unit == "carton"


# --- calls ---------------------------------------------------------------------------------------------------------------


async def test_a_lead_opens_a_call_and_its_districts_see_it(house: House) -> None:
    await catalog(house)
    lead, oak = await house.sign_in("p-lead"), await house.sign_in("p-oak")
    form = {"title": "Paper", "deadline": "2031-05-01T17:00", "zone": "America/Chicago", "reminders": "14, 7"}
    shown = await follow(lead, "/calls/new", **form, categories=["Paper"])
    assert "2 districts can state their needs" in shown and "5:00 PM CDT" in shown
    assert "Paper" in (await oak.get("/needs")).text
    assert "Pens" not in (await oak.get("/needs/1/items")).text
    called = house.parts.desk.state("call/1").called
    assert called.reminders == (14, 7) and called.categories == ("Paper",)


async def test_a_call_that_cannot_be_opened_names_every_fault_beside_its_field(house: House) -> None:
    lead = await house.sign_in("p-lead")
    form = {"title": " ", "deadline": "2031-11-02T01:30", "zone": "America/New_York", "reminders": "soon"}
    answer = await lead.post("/calls/new", **form)
    assert answer.status_code == 422
    for words in ("Must have 1 to 200 letters", "hour in which the clocks change", "Must be numbers of days"):
        assert words.lower() in answer.text.lower()
    past = await lead.post(
        "/calls/new", **form | {"title": "x", "deadline": "2020-01-01T01:30", "reminders": ""}
    )
    assert past.status_code == 422 and "Must be in the future" in past.text
    assert house.parts.journal.streams("call/") == []


async def test_a_deadline_is_moved_later_until_lots_are_made(house: House) -> None:
    await catalog(house)
    terms = await call(house)
    lead = await house.sign_in("p-lead")
    await state(house, terms, "d-oak", line(PAPER, "5"))
    assert (
        "later than the one before" in (await lead.post("/calls/1/extend", deadline="2020-01-01T10:00")).text
    )
    assert "The new deadline needs a date" in (await lead.post("/calls/1/extend", deadline="soon")).text
    await follow(lead, "/calls/1/end")
    await follow(lead, "/calls/1/extend", deadline="2031-05-01T17:00")
    assert house.parts.desk.state("call/1").ended_at is None
    await follow(lead, "/calls/1/end")
    await follow(lead, "/calls/1/changes/make", by="category")
    refused = await lead.post("/calls/1/extend", deadline="2032-05-01T17:00")
    assert refused.status_code == 422 and "give the lots up first" in refused.text


def test_a_reminder_is_due_on_its_day_and_none_from_before_the_call() -> None:
    deadline, opened_at = EPOCH + timedelta(days=100), EPOCH + timedelta(days=90)
    days = [14, 7, 2]

    def at(day: float) -> int | None:
        return due(deadline, days, opened_at, EPOCH + timedelta(days=day))

    assert [at(90.5), at(92), at(93), at(97), at(98), at(99), at(100)] == [None, None, 7, 7, 2, 2, None]


async def test_buyers_who_are_waited_for_are_reminded_once_a_day_and_once_on_each_day_of_the_call(
    house: House,
) -> None:
    await catalog(house)
    terms = await call(house, days=6, reminders=(14, 7, 2))
    await confirm(house, terms, "d-elm")
    lead = await house.sign_in("p-lead")
    assert "1 person is written to" in await follow(lead, "/calls/1/remind")
    assert "was reminded today already" in await follow(lead, "/calls/1/remind")
    assert await house.parts.reminders.when_due() == 0
    held = house.parts.reminders.__dict__
    now = held["_now"]
    held["_now"] = lambda: now() + timedelta(days=4, hours=1)
    assert [await house.parts.reminders.when_due() for _ in range(2)] == [1, 0]
    held["_now"] = now
    rows = await house.parts.database.read(lambda session: session.execute(select(NoticeRow)).scalars().all())
    mine = [row for row in rows if row.notice == "needs_due"]
    assert {row.address for row in mine} == {"p-oak@tenderbell.example"} and len(mine) == 2
    assert "Supplies 1" in mine[0].subject and "/needs/1" in mine[0].text


async def test_today_says_what_a_call_asks_of_each_role(house: House) -> None:
    await catalog(house)
    terms = await call(house)
    lead, oak = await house.sign_in("p-lead"), await house.sign_in("p-oak")
    assert "State your needs" in (await oak.get("/today")).text
    await state(house, terms, "d-oak", line(PAPER, "1"))
    assert "Confirm your needs" in (await oak.get("/today")).text
    await confirm(house, terms, "d-oak")
    assert "Supplies 1" not in (await oak.get("/today")).text
    assert "1 of 2 districts have not confirmed" in (await lead.get("/today")).text
    await tell(house, "call/1", EndCall(by="p-lead"))
    assert "Make lots of the needs" in (await lead.get("/today")).text
    await follow(lead, "/calls/1/changes/make", by="hand")
    assert "Make lots of the needs" not in (await lead.get("/today")).text
    far = await house.sign_in("p-far")
    assert "Supplies 1" not in (await far.get("/today")).text


# --- roll-up, lots, draft ------------------------------------------------------------------------------------------------


async def needed(house: House) -> None:
    """Two districts' needs, in different units and prices."""
    await catalog(house)
    terms = await call(house)
    await state(
        house,
        terms,
        "d-oak",
        line(PAPER, "100", "4.00"),
        line(PENS, "500"),
        line(CARD, "3", "2.00", ship_to="North School", needed_by="2031-08-15"),
        line(CARD, "2", "2.00", ship_to="South School", needed_by="2031-08-01"),
    )
    paper = NeedLine("P-1", "30", "carton", "10", paid="50.00", paid_unit="carton", paid_per="10")
    await state(house, terms, "d-elm", paper, line(GLUE, "7", "1.25"))
    await confirm(house, terms, "d-oak")
    await tell(house, "call/1", EndCall(by="p-lead"))


async def test_the_roll_up_sums_in_the_base_unit_and_shows_how_the_baseline_comes_about(house: House) -> None:
    await needed(house)
    lead = await house.sign_in("p-lead")
    shown = (await lead.get("/calls/1/items")).text
    assert "$4.75" in shown and "$1,900.00" in shown and "rounded up to four decimals" in shown
    one = (await lead.get("/calls/1/items/P-1")).text
    assert "Elm District" in one and "30 carton" in one and "$50.00" in one and "$5.00" in one
    largest = (await lead.get("/calls/1/items?sort=value")).text
    assert largest.index("Copy paper") < largest.index("Card stock") < largest.index("Pens")


async def test_the_roll_up_is_taken_out_with_a_column_for_each_district(house: House) -> None:
    await needed(house)
    lead = await house.sign_in("p-lead")
    taken = (await lead.get("/calls/1/items.xlsx")).content
    wanted = [
        Column(name, (name,))
        for name in ("Item number", "Needed", "Baseline", "Elm District", "Oak District")
    ]
    rows = {
        row.cells["Item number"]: tuple(row.cells.values())[1:] for row in read_sheet("a.xlsx", taken, wanted)
    }
    assert rows["P-1"] == ("400", "4.75", "300", "100") and rows["P-2"] == ("5", "2", "", "5")
    assert rows["W-1"] == ("500", "", "", "500")
    far = await house.sign_in("p-far")
    assert (await far.get("/calls/1/items.xlsx")).status_code == 404


async def test_a_district_that_joined_since_is_asked_too(house: House) -> None:
    await catalog(house)
    await call(house, districts=("d-oak",))
    lead, elm = await house.sign_in("p-lead"), await house.sign_in("p-elm")
    assert (await elm.get("/needs/1")).status_code == 404
    assert "joined since" in (await lead.get("/calls/1")).text
    assert "1 more district can state" in await follow(lead, "/calls/1/ask")
    assert (await elm.get("/needs/1")).status_code == 200
    assert "joined since" not in (await lead.get("/calls/1")).text


async def test_lots_are_made_split_moved_and_merged_and_every_quantity_stays(house: House) -> None:
    await needed(house)
    lead = await house.sign_in("p-lead")
    shown = await follow(lead, "/calls/1/changes/make", by="category")
    assert re.findall(r'href="/calls/1/lots/(L\d)"', shown) == ["L1", "L2", "L3"]
    plan = house.parts.desk.state("lots/1")
    everything = whole(plan)
    await follow(lead, "/calls/1/changes/split", lot="L2", districts=["d-elm"], title="Paper, east")
    assert "1 item" in (await lead.get("/calls/1/lots/L4")).text.replace("&nbsp;", " ")
    assert "Card stock" not in (await lead.get("/calls/1/lots/L4")).text
    assert "$1,425.00" in (await lead.get("/calls/1/lots")).text
    await follow(lead, "/calls/1/changes/move", lot="L3", items=["W-1"], to="L1")
    moved = await follow(lead, "/calls/1/changes/rename", lot="L1", title="Art and writing")
    assert "Art and writing" in moved and (await lead.get("/calls/1/lots/L3")).status_code == 404
    await follow(lead, "/calls/1/changes/merge", lots=["L2", "L4"])
    assert whole(house.parts.desk.state("lots/1")) == everything
    stale = await lead.post("/calls/1/changes/merge", lots=["L1", "L2"], seen="1")
    assert "Somebody else changed the lots" in (await lead.get(stale.headers["location"])).text
    assert len(house.parts.desk.state("lots/1").lots) == 2


async def test_all_that_a_search_finds_is_moved_at_once(house: House) -> None:
    await needed(house)
    lead = await house.sign_in("p-lead")
    await follow(lead, "/calls/1/changes/make", by="hand")
    await follow(lead, "/calls/1/changes/move", lot="L1", q="paper", every="yes", title="Paper")
    lots = house.parts.desk.state("lots/1").lots
    assert sorted(lots["L2"].blocks[0].items) == ["P-1", "P-2"] and lots["L2"].title == "Paper"


async def test_a_draft_holds_every_district_s_quantity_place_and_day(house: House) -> None:
    await needed(house)
    lead = await house.sign_in("p-lead")
    await follow(lead, "/calls/1/changes/make", by="category")
    answer = await lead.post("/calls/1/changes/draft", lots=["L2", "L3"])
    assert answer.headers["location"] == "/events/1/console"
    document = house.parts.desk.state("tender/1").document
    assert document.owner == "c-lake" and [lot.title for lot in document.lots] == ["Paper", "Writing"]
    paper, card = document.lots[0].lines
    assert (paper.item, paper.quantity, paper.unit, paper.baseline) == ("P-1", "400", "ream", "4.75")
    assert {need.district: need.quantity for need in paper.needs} == {"d-oak": "100", "d-elm": "300"}
    assert (card.quantity, card.baseline) == ("5", "2")
    assert [(need.ship_to, need.needed_by) for need in card.needs] == [
        ("North School; South School", "2031-08-01")
    ]
    assert {district.id for district in document.districts} == {"d-oak", "d-elm"}
    assert (document.jurisdiction, document.zone) == (
        "",
        "America/New_York",
    )  # The call's, as no profile is kept.
    assert (await lead.get("/events/1/console")).status_code == 200
    assert "Event 1" in (await lead.get("/calls/1/lots")).text


async def drafted(house: House, state: str, zone: str) -> Solicitation:
    """The draft of a consortium that said this of itself."""
    await needed(house)
    wish = ChangeProfile(by="p-admin", profile=ConsortiumProfile(state, zone), version=0)
    await register.tell(house.parts, "c-lake", wish)
    lead = await house.sign_in("p-lead")
    await follow(lead, "/calls/1/changes/make", by="category")
    await lead.post("/calls/1/changes/draft", lots=["L2"])
    found: Solicitation = house.parts.desk.state("tender/1").document
    return found


async def test_a_draft_of_lots_has_the_state_and_the_zone_of_its_consortium(house: House) -> None:
    document = await drafted(house, "US-PA", "America/Chicago")
    assert (document.jurisdiction, document.zone) == ("US-PA", "America/Chicago")


async def test_a_draft_of_lots_names_no_state_that_has_no_law_on_record(house: House) -> None:
    document = await drafted(house, "US-WY", "America/Denver")
    assert (document.jurisdiction, document.zone) == ("", "America/Denver")
    lead = await house.sign_in("p-lead")
    assert (await lead.get("/events/1/draft/law")).status_code == 200


async def test_a_lot_of_some_districts_holds_their_needs_alone(house: House) -> None:
    await needed(house)
    lead = await house.sign_in("p-lead")
    await follow(lead, "/calls/1/changes/make", by="category")
    await follow(lead, "/calls/1/changes/split", lot="L2", districts=["d-elm"], title="Paper, east")
    await lead.post("/calls/1/changes/draft", lots=["L2", "L4"])
    west, east = house.parts.desk.state("tender/1").document.lots
    assert [(line.item, line.quantity) for line in west.lines] == [("P-1", "100"), ("P-2", "5")]
    assert [(line.item, line.quantity, line.needs[0].district) for line in east.lines] == [
        ("P-1", "300", "d-elm")
    ]
    assert west.lines[0].baseline == east.lines[0].baseline == "4.75"


async def test_sums_that_were_changed_line_by_line_are_those_of_all_lines(house: House) -> None:
    await catalog(house)
    terms, draw = await call(house), random.Random(7)
    for _ in range(14):
        district = draw.choice(["d-oak", "d-elm"])
        lines = tuple(
            line(
                item,
                str(draw.randint(1, 9)),
                draw.choice([None, "4.21", "0.3333"]),
                ship_to=draw.choice(["", "N"]),
            )
            for item in draw.sample(ITEMS, 2)
        )
        wish = StateNeeds(by="p", terms=terms, lines=lines, whole=draw.random() < 0.4)
        await tell(house, f"needs/1.{district}", wish)
    for district, last in (("d-oak", (line(PAPER, "2", "4.10"), line(PENS, "3"))), ("d-elm", ())):
        await tell(house, f"needs/1.{district}", StateNeeds(by="p", terms=terms, lines=last, whole=True))
    stated = {
        each: list(house.parts.desk.state(f"needs/1.{each}").lines.values()) for each in ("d-oak", "d-elm")
    }
    every = [each for mine in stated.values() for each in mine]
    want = {each.item: total([other for other in every if other.item == each.item]) for each in every}
    rows = await house.parts.database.read(lambda session: session.execute(select(RollupRow)).scalars().all())
    assert {
        row.item_id: (row.quantity, row.priced, Fraction(row.spend), row.lines, row.baseline) for row in rows
    } == {
        item: (each.quantity, each.priced, each.spend, each.lines, told(each.baseline))
        for item, each in want.items()
    }
    districts = await house.parts.database.read(
        lambda session: session.execute(select(CallDistrictRow)).scalars().all()
    )
    assert {row.district_id: (row.lines, Fraction(row.spend)) for row in districts} == {
        name: (len(mine), sum((each.spend or Fraction(0) for each in mine), Fraction(0)))
        for name, mine in stated.items()
    }


async def test_a_published_lot_is_frozen_and_the_rest_goes_on(house: House) -> None:
    await needed(house)
    lead = await house.sign_in("p-lead")
    await follow(lead, "/calls/1/changes/make", by="category")
    await lead.post("/calls/1/changes/draft", lots=["L2"])
    at = house.parts.now() + timedelta(hours=1)
    await drafting.publish(house.parts, await vendors(house), "p-lead", at, at + timedelta(hours=1))
    assert "This lot is published" in (await lead.get("/calls/1/lots/L2")).text
    said = await follow(lead, "/calls/1/changes/move", lot="L2", items=["P-1"], to="L1")
    assert "stands in a published event" in said
    said = await follow(lead, "/calls/1/changes/drop")
    assert "stands in a published event" in said
    said = await follow(lead, "/calls/1/changes/draft", lots=["L2"])
    assert "Choose at least one lot that does not stand" in said
    assert "The lot has its new title" in await follow(
        lead, "/calls/1/changes/rename", lot="L1", title="Arts"
    )


async def vendors(house: House) -> str:
    """Give the draft vendors, so that it can be published."""
    document = house.parts.desk.state("tender/1").document
    named = tuple(Vendor(each, each) for each in ("v-ash", "v-birch"))
    made = msgspec.structs.replace(document, vendors=named, jurisdiction="US-XL", category="supplies")
    await drafting.tell(house.parts, "tender/1", DraftTender(by="p-lead", document=made))
    return "1"


async def test_the_benefit_is_shown_by_size_and_a_district_sees_no_other_s_figures(house: House) -> None:
    await needed(house)
    lead, oak = await house.sign_in("p-lead"), await house.sign_in("p-oak")
    shown = (await lead.get("/calls/1/benefit")).text
    assert "$300.00" in shown and "Enrolment not known" in shown
    own = (await oak.get("/needs/1/benefit")).text
    assert "$0.00" in own and "$410.00" in own and "$300.00" not in own and "$1,500.00" not in own


async def test_second_leads_and_auditors_look_and_change_nothing(house: House) -> None:
    await needed(house)
    for who in ("p-second", "p-auditor"):
        guest = await house.sign_in(who)
        for path in ("/calls", "/calls/1", "/calls/1/items", "/calls/1/lots", "/catalog", "/catalog/units"):
            page = await guest.get(path)
            assert page.status_code == 200, path
            assert 'method="post" action="/ca' not in page.text, path
        assert (await guest.post("/calls/1/changes/make", by="category")).status_code == 403
        assert (await guest.get("/needs")).headers["location"] == "/calls"


async def test_the_lists_are_the_same_when_they_are_made_anew(house: House) -> None:
    """Whatever was changed line by line adds up to what the journal says."""
    await needed(house)
    lead = await house.sign_in("p-lead")
    await follow(lead, "/calls/1/changes/make", by="category")
    await follow(lead, "/calls/1/changes/split", lot="L2", districts=["d-elm"], title="Paper, east")
    pages = [
        "/calls/1",
        "/calls/1/items",
        "/calls/1/lots",
        "/calls/1/lots/L2",
        "/calls/1/lots/L4",
        "/catalog",
    ]
    before = [(await lead.get(path)).text for path in pages]
    await anew(house)
    assert [(await lead.get(path)).text for path in pages] == before
    assert len(ITEMS) == 4


async def anew(house: House) -> None:
    """Empty the lists and read the journal once more."""
    raised = DemandLists()
    raised.version += 1
    fresh = Projections(house.parts.database, house.parts.journal, [raised])
    await fresh.open()
    await fresh.close()
    house.parts.shelf.__dict__["_kept"].clear()
