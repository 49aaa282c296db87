"""A district states its needs: by form, by sheet, or with last time's; until it confirms, and until the deadline."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from auction.demand.call import EndCall
from auction.demand.needs import StateNeeds
from server.demand.jobs import Jobs
from tests.server.demand.needy import (
    CARD,
    PAPER,
    PENS,
    call,
    catalog,
    confirm,
    line,
    send,
    sheet,
    state,
    tell,
)
from tests.server.house import House, opened

NEXT = "2031-08-15"


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A house with a catalog and an open call."""
    async with opened(tmp_path) as running:
        await catalog(running)
        await call(running)
        yield running


def lines(house: House, district: str = "d-oak", id: str = "1") -> dict[int, tuple[str, str, str, str]]:
    """What stands in the journal."""
    held = house.parts.desk.state(f"needs/{id}.{district}").lines
    return {n: (each.item, each.quantity, each.unit, each.ship_to) for n, each in held.items()}


async def test_a_buyer_finds_the_call_and_states_a_need_in_cartons(house: House) -> None:
    oak = await house.sign_in("p-oak")
    assert "Supplies 1" in (await oak.get("/needs")).text
    page = await oak.get("/needs/1")
    assert "How would you like to begin?" in page.text
    assert "Copy paper, white" in (await oak.get("/needs/1/items?q=white paper")).text
    answer = await oak.post(
        "/needs/1/items/P-1", quantity="1,200", unit="carton", paid="$41.50", paid_unit="carton"
    )
    assert answer.status_code == 303
    shown = (await oak.get(answer.headers["location"])).text
    assert "1200 carton of Copy paper, white are stated" in shown
    assert "12,000 ream" in shown and "$41.50" in shown
    assert lines(house) == {1: ("P-1", "1200", "carton", "")}


async def test_every_fault_of_a_line_stands_beside_its_field_and_the_form_is_filled_again(
    house: House,
) -> None:
    oak = await house.sign_in("p-oak")
    answer = await oak.post(
        "/needs/1/items/P-1", quantity="-3", unit="bushel", needed_by="2020-01-01", paid="free"
    )
    assert answer.status_code == 422
    for words in ("Is negative (-3)", "“bushel” is no unit of P-1", "lies in the past", "“free” is no price"):
        assert words in answer.text
    assert 'value="-3"' in answer.text and 'aria-describedby="quantity-fault' in answer.text
    assert lines(house) == {}


async def test_a_line_is_changed_and_taken_out_and_a_stale_form_overwrites_nothing(house: House) -> None:
    oak = await house.sign_in("p-oak")
    await oak.post("/needs/1/items/P-1", quantity="5", unit="ream")
    form = (await oak.get("/needs/1/lines/1")).text
    was = re.search(r'name="was" value="([^"]*)"', form)
    assert was is not None
    given = {"quantity": "7", "unit": "ream", "was": was[1]}
    assert (await oak.post("/needs/1/lines/1", **given)).status_code == 303
    assert lines(house) == {1: ("P-1", "7", "ream", "")}
    stale = await oak.post("/needs/1/lines/1", **given | {"quantity": "9"})
    assert stale.status_code == 422 and "Somebody else changed this line" in stale.text
    assert lines(house) == {1: ("P-1", "7", "ream", "")}
    was = re.search(r'name="was" value="([^"]*)"', stale.text)
    assert was is not None
    await oak.post("/needs/1/lines/1", **given | {"was": was[1], "out": "yes"})
    assert lines(house) == {}
    assert (await oak.get("/needs/1/lines/1")).status_code == 404


async def test_a_sheet_is_taken_and_the_same_sheet_again_changes_nothing(house: House) -> None:
    oak, body = (
        await house.sign_in("p-oak"),
        sheet(
            ("P-1", 12, "ctn", "North School", NEXT, 41.5, "carton"),
            ("w-1", "2,000", "", "", "8/15/2031", "", ""),
            ("Card stock, blue", "", "", "", "", "", ""),
        ),
    )
    answer = await send(oak, "/needs/1/import", "needs.xlsx", body)
    assert answer.status_code == 303
    told = (await oak.get(answer.headers["location"])).text
    assert "Import done" in told and "1 rows without a quantity were passed over" in told
    assert lines(house) == {1: ("P-1", "12", "carton", "North School"), 2: ("W-1", "2000", "each", "")}
    before = house.told()
    again = await send(oak, "/needs/1/import", "needs.xlsx", body)
    told = (await oak.get(again.headers["location"])).text
    assert "Nothing changed." in told and "All 2 lines stood as in this sheet already" in told
    assert house.told() == before


async def test_one_fault_keeps_the_whole_sheet_out_and_every_fault_has_its_place(house: House) -> None:
    oak, body = (
        await house.sign_in("p-oak"),
        sheet(
            ("P-1", 12, "ream", "", "", "", ""),
            ("P-1", -4, "ream", "North", "", "", ""),
            ("P-9", 1, "", "", "", "", ""),
            ("W-1", 1, "bx", "", "", "", ""),
            ("W-1", 1, "boxs", "South", "", "", ""),
            ("P-1", 3, "ream", "", "", "", ""),
            ("A-1", "many", "", "", "someday", "0", ""),
        ),
    )
    answer = await send(oak, "/needs/1/import", "needs.xlsx", body)
    assert answer.status_code == 422
    for place, words in (
        ("row 3, Quantity", "is negative (-4)"),
        ("row 4, Item number", "is not in the catalog; did you mean P-"),
        ("row 6, Unit", "is no unit of W-1, which comes in each, box"),
        ("row 6, Unit", "did you mean box?"),
        ("row 7, Item number", "names P-1 again, as row 2 does"),
        ("row 8, Quantity", "is no quantity"),
        ("row 8, Needed by", "is no date"),
        ("row 8, Last price paid", "is no price above zero"),
    ):
        assert re.search(f'<span class="path">{place}</span>[^<]*{re.escape(words)}', answer.text), words
    assert lines(house) == {}


async def test_a_zero_takes_a_line_out_and_a_whole_sheet_takes_out_what_it_does_not_name(
    house: House,
) -> None:
    oak = await house.sign_in("p-oak")
    await send(oak, "/needs/1/import", "a.csv", b"Item,Qty\nP-1,1\nP-2,2\nW-1,3\n")
    await send(oak, "/needs/1/import", "a.csv", b"Item,Qty\nP-1,0\n")
    assert [row[0] for row in lines(house).values()] == ["P-2", "W-1"]
    answer = await send(oak, "/needs/1/import", "a.csv", b"Item,Qty\nW-1,4\n", whole="yes")
    assert "Taken out" in (await oak.get(answer.headers["location"])).text
    assert list(lines(house).values()) == [("W-1", "4", "each", "")]


async def test_a_sheet_that_was_taken_can_be_sent_back_and_changes_nothing(house: House) -> None:
    oak = await house.sign_in("p-oak")
    await send(
        oak,
        "/needs/1/import",
        "a.csv",
        f"Item,Qty,Ship to,Need by\nP-1,1,North,{NEXT}\nP-1,2,South,\n".encode(),
    )
    taken = await oak.get("/needs/1/template.xlsx")
    assert taken.headers["content-type"].endswith("spreadsheetml.sheet")
    before = house.told()
    answer = await send(oak, "/needs/1/import", "b.xlsx", taken.content)
    assert answer.status_code == 303 and house.told() == before
    assert "2 rows without" not in (await oak.get(answer.headers["location"])).text


async def test_a_large_sheet_shows_how_far_it_is_without_scripts(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.demand.jobs.PATIENCE_S", 0)
    oak = await house.sign_in("p-oak")
    answer = await send(oak, "/needs/1/import", "a.csv", b"Item,Qty\nP-1,1\n")
    going = await oak.get(answer.headers["location"])
    assert going.status_code == 200
    if going.headers.get("refresh"):
        assert "This page looks again by itself" in going.text
    while "Import done" not in going.text:
        going = await oak.get(answer.headers["location"])
    assert "refresh" not in going.headers
    elm = await house.sign_in("p-elm")
    assert (await elm.get(answer.headers["location"])).status_code == 404


async def test_a_fault_of_our_own_keeps_nothing_and_says_so() -> None:
    async def broken(job: object) -> None:
        raise RuntimeError("x")

    job = await Jobs(lambda n: bytes(n)).start("d-oak", "a.csv", "/needs/1", broken)
    assert job.step == "faulty" and "nothing of it was kept" in job.faults[0].message


async def test_what_is_confirmed_stays_until_it_is_opened_again(house: House) -> None:
    oak = await house.sign_in("p-oak")
    await oak.post("/needs/1/items/P-1", quantity="5", unit="ream")
    answer = await oak.post("/needs/1/confirm")
    assert "Your needs are confirmed" in (await oak.get(answer.headers["location"])).text
    refused = await oak.post("/needs/1/items/P-2", quantity="5", unit="pack")
    assert refused.status_code == 422 and "confirmed as final" in refused.text
    await oak.post("/needs/1/reopen")
    assert (await oak.post("/needs/1/items/P-2", quantity="5", unit="pack")).status_code == 303


async def test_after_the_end_nothing_is_taken_any_more(house: House) -> None:
    oak = await house.sign_in("p-oak")
    await tell(house, "call/1", EndCall(by="p-lead"))
    assert "The call is over" in (await oak.get("/needs/1")).text
    refused = await oak.post("/needs/1/items/P-1", quantity="5", unit="ream")
    assert refused.status_code == 422 and "ask the lead to extend" in refused.text
    sheet_refused = await send(oak, "/needs/1/import", "a.csv", b"Item,Qty\nP-1,1\n")
    assert sheet_refused.status_code == 422 and "ask the lead to extend" in sheet_refused.text
    assert lines(house) == {}


async def test_last_time_s_needs_are_a_beginning_without_their_dates(house: House) -> None:
    terms = await call(house, "2", title="Supplies next year")
    await state(house, terms, "d-oak", line(PAPER, "5", "4.20", needed_by=NEXT), line(CARD, "2"), id="2")
    await call(house, "3", title="Only paper", categories=("Paper",))
    oak = await house.sign_in("p-oak")
    assert "Copies your lines of “Supplies next year”" in (await oak.get("/needs/3")).text
    answer = await oak.post("/needs/3/copy")
    assert "2 lines are copied" in (await oak.get(answer.headers["location"])).text
    copied = house.parts.desk.state("needs/3.d-oak").lines[1]
    assert (copied.item, copied.paid, copied.needed_by) == ("P-1", "4.20", "")


async def test_an_item_outside_the_call_is_refused_by_form_and_by_sheet(house: House) -> None:
    await call(house, "2", categories=("Paper",))
    oak = await house.sign_in("p-oak")
    assert (await oak.get("/needs/2/items/W-1")).status_code == 404
    answer = await send(oak, "/needs/2/import", "a.csv", b"Item,Qty\nW-1,1\n")
    assert "W-1 (Writing) is not part of this call" in answer.text


async def test_long_lists_have_pages_with_addresses_that_stay(house: House) -> None:
    oak = await house.sign_in("p-oak")
    rows = "".join(f"P-1,1,School {n:03}\n" for n in range(120))
    await send(oak, "/needs/1/import", "a.csv", f"Item,Qty,Ship to\n{rows}".encode())
    first, third = await oak.get("/needs/1"), await oak.get("/needs/1?page=3")
    assert "School 000" in first.text and "School 050" not in first.text and "1 to 50 of 120" in first.text
    assert "School 119" in third.text and 'href="/needs/1?page=2"' in third.text
    assert "School 119" in (await oak.get("/needs/1?page=99")).text


# --- tenants ------------------------------------------------------------------------------------------------------------


async def test_a_district_sees_and_changes_its_own_needs_alone(house: House) -> None:
    terms = await call(house, "2", districts=("d-elm",))
    await state(house, terms, "d-elm", line(PENS, "77777"), id="2")
    oak = await house.sign_in("p-oak")
    for path in ("", "/items", "/items/P-1", "/lines/1", "/import", "/template.xlsx"):
        assert (await oak.get(f"/needs/2{path}")).status_code == 404, path
    for path in ("/confirm", "/items/P-1", "/lines/1"):
        assert (await oak.post(f"/needs/2{path}", quantity="1", unit="ream")).status_code == 404, path
    assert (await send(oak, "/needs/2/import", "a.csv", b"Item,Qty\nP-1,1\n")).status_code == 404
    assert "Supplies 2" not in (await oak.get("/needs")).text
    assert len(house.parts.desk.state("needs/2.d-elm").lines) == 1


async def test_another_consortium_s_call_is_not_there(house: House) -> None:
    fir, far = await house.sign_in("p-fir"), await house.sign_in("p-far")
    for path in ("", "/benefit", "/items", "/template.xlsx"):
        assert (await fir.get(f"/needs/1{path}")).status_code == 404, path
    for path in ("", "/items", "/items/P-1", "/lots", "/lots/L1", "/benefit"):
        assert (await far.get(f"/calls/1{path}")).status_code == 404, path
    for path in (
        "/calls/1/end",
        "/calls/1/extend",
        "/calls/1/remind",
        "/calls/1/changes/make",
        "/calls/1/changes/draft",
    ):
        assert (await far.post(path, lots="L1")).status_code == 404, path
    assert house.parts.desk.state("call/1").ended_at is None
    assert "Copy paper" not in (await far.get("/catalog")).text
    assert (await far.get("/catalog/items/P-1")).status_code == 404
    assert "Supplies 1" not in (await far.get("/calls")).text


async def test_a_district_that_confirmed_nothing_needed_is_not_waited_for(house: House) -> None:
    lead, oak = await house.sign_in("p-lead"), await house.sign_in("p-oak")
    await oak.post("/needs/1/confirm")
    shown = (await lead.get("/calls/1")).text
    assert "Confirmed" in shown and re.search(r"1 <span[^>]*>of 2", shown)


@pytest.mark.parametrize("late", [timedelta(microseconds=1), timedelta(days=1)])
async def test_the_deadline_is_kept_to_the_moment(house: House, late: timedelta) -> None:
    terms = await call(house, "2")
    command = StateNeeds(by="p-oak", terms=terms, lines=(line(PAPER, "1"),))
    outcome = await house.parts.desk.submit("needs/2.d-oak", command, terms.deadline + late)
    assert getattr(outcome.answer, "code", "") == "CLOSED"
    outcome = await house.parts.desk.submit("needs/2.d-oak", command, terms.deadline)
    assert getattr(outcome.answer, "added", 0) == 1
    await confirm(house, terms, "d-elm", "2")
