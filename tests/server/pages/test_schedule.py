"""A vendor prices a lot line by line, keeps the draft, signs and files it; nobody else sees or overwrites it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from openpyxl import Workbook, load_workbook

from auction.consequences import prepare
from auction.live.amendments import AcknowledgeAddendum, AmendRoom
from auction.live.room import TIME, Tick
from auction.tender.solicitation import Line, Lot
from auction.terms.schedule import LinePrice
from server.pages.showing import find
from tests.server.callers import Guest
from tests.server.house import House, event, lot, opened

pytestmark = pytest.mark.asyncio(loop_scope="module")
LATER = timedelta(days=3)
LINES = (
    Line("A", "Copy paper", "carton", "120", "41.85", or_equal=True),
    Line("B", "Pens, blue", "dozen", "40", "4.10", no_bid=True, alternates=True),
    Line("C", "Pencils", "each", "500"),
)
LOT = Lot("L1", "Supplies", ceiling="10000", lines=LINES)
FULL = {
    "line-0": "A",
    "unit_price-0": "41.90",
    "line-1": "B",
    "no_bid-1": "yes",
    "line-2": "C",
    "unit_price-2": ".08",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A house whose events each test makes for itself."""
    async with opened(tmp_path_factory.mktemp("schedules")) as running:
        yield running


async def scheduled(house: House, *lots: Lot, opens: timedelta = LATER, **more: Any) -> str:
    """An event that is still to open; its schedules are the opening bids."""
    document = msgspec.structs.replace(event(lots or (LOT,)), opening="schedules", **more)
    return await house.publish(document, opens=opens, wait=False)


def at(event_id: str, end: str = "") -> str:
    return f"/events/{event_id}/schedule/L1{end}"


async def mark(guest: Guest, event_id: str) -> str:
    """The fingerprint that the page to sign shows."""
    found = re.search(
        r'name="fingerprint" value="([0-9a-f]{64})"', (await guest.get(at(event_id, "/file"))).text
    )
    assert found is not None
    return found.group(1)


async def sign(guest: Guest, event_id: str) -> Any:
    return await guest.post(at(event_id, "/file"), sign="yes", fingerprint=await mark(guest, event_id))


async def test_a_draft_is_saved_and_found_again_by_a_colleague(house: House) -> None:
    event_id = await scheduled(house)
    preparer, owner = await house.sign_in("p-preparer"), await house.sign_in("p-ash")
    answer = await preparer.post(at(event_id), **FULL)
    assert answer.status_code == 303
    page = (await owner.get(at(event_id))).text
    assert 'value="41.90"' in page and "$5,028.00" in page and "by Pia Preparer" in page
    assert "$5,068.00" in page
    assert "3&nbsp;lines" in page


async def test_what_a_signer_files_is_in_the_room_with_a_receipt(house: House) -> None:
    event_id = await scheduled(house)
    signer = await house.sign_in("p-signer")
    await signer.post(at(event_id), **FULL)
    answer = await sign(signer, event_id)
    assert answer.status_code == 303
    filed = house.room(event_id).lots["L1"].schedules["v-ash"]
    assert filed == (LinePrice("A", "41.90"), LinePrice("B", None), LinePrice("C", "0.08"))
    page = (await signer.get(answer.headers["location"])).text
    assert "Receipt" in page and "Sid Signer" in page and "$5,068.00" in page and "the first" in page
    assert "Filed" in (await signer.get(f"/events/{event_id}/schedule")).text


async def test_a_form_to_file_sent_twice_files_once_and_a_change_files_again(house: House) -> None:
    event_id = await scheduled(house)
    owner = await house.sign_in("p-ash")
    await owner.post(at(event_id), **FULL)
    print_of = await mark(owner, event_id)
    for _ in range(2):
        await owner.post(at(event_id, "/file"), sign="yes", fingerprint=print_of)
    assert "the first" in (await owner.get(at(event_id, "/file"))).text
    kept = (await owner.get(at(event_id))).text
    version = re.search(r'name="version-0" value="(\d+)"', kept)
    assert version is not None
    await owner.post(at(event_id), **{"line-0": "A", "unit_price-0": "40", "version-0": version.group(1)})
    assert (await sign(owner, event_id)).status_code == 303
    assert "no. 2" in (await owner.get(at(event_id, "/file"))).text
    assert house.room(event_id).lots["L1"].schedules["v-ash"][0].unit_price == "40"


async def test_a_preparer_does_not_file(house: House) -> None:
    event_id = await scheduled(house)
    preparer = await house.sign_in("p-preparer")
    await preparer.post(at(event_id), **FULL)
    page = (await preparer.get(at(event_id, "/file"))).text
    assert "A signer files it" in page and 'name="sign"' not in page
    answer = await preparer.post(at(event_id, "/file"), sign="yes", fingerprint="0" * 64)
    assert answer.status_code == 403
    assert not house.room(event_id).lots["L1"].schedules


async def test_only_what_was_read_is_signed(house: House) -> None:
    event_id = await scheduled(house)
    owner, preparer = await house.sign_in("p-ash"), await house.sign_in("p-preparer")
    await owner.post(at(event_id), **FULL)
    seen = await mark(owner, event_id)
    await preparer.post(at(event_id), **{"line-0": "A", "unit_price-0": "1", "version-0": "9"})
    answer = await owner.post(at(event_id, "/file"), sign="yes", fingerprint=seen)
    assert answer.status_code == 422 and "changed since you looked" in answer.text
    unticked = await owner.post(at(event_id, "/file"), fingerprint=await mark(owner, event_id))
    assert unticked.status_code == 422
    assert not house.room(event_id).lots["L1"].schedules


async def test_a_colleagues_price_is_not_overwritten_silently(house: House) -> None:
    event_id = await scheduled(house)
    one, other = await house.sign_in("p-ash"), await house.sign_in("p-preparer")
    await one.post(at(event_id), **{"line-0": "A", "unit_price-0": "41"})
    answer = await other.post(
        at(event_id), **{"line-0": "A", "unit_price-0": "42", "line-2": "C", "unit_price-2": "1"}
    )
    assert answer.status_code == 422
    assert "Ash saved 41" in answer.text and 'value="42"' in answer.text
    page = (await one.get(at(event_id))).text
    assert 'value="41"' in page and 'name="unit_price-2" value="1"' in page
    version = re.search(r'name="version-0" value="(\d+)"', answer.text)
    assert version is not None
    again = await other.post(
        at(event_id), **{"line-0": "A", "unit_price-0": "42", "version-0": version.group(1)}
    )
    assert again.status_code == 303 and 'value="42"' in (await one.get(at(event_id))).text


async def test_lines_saved_as_they_are_typed_say_how_the_draft_stands(house: House) -> None:
    event_id = await scheduled(house)
    one, other = await house.sign_in("p-ash"), await house.sign_in("p-preparer")
    told = (await one.post(at(event_id, "/rows"), **{"line-0": "A", "unit_price-0": "41.905"})).json()
    assert told["sum"]["total"] == "5028.60" and told["sum"]["open"] == 2
    assert told["lines"][0]["extension"] == "5028.6" and not told["conflicts"]
    wrong = {"line-0": "A", "unit_price-0": "4,19", "version-0": str(told["lines"][0]["version"])}
    told = (await one.post(at(event_id, "/rows"), **wrong)).json()
    assert "unit_price" in told["lines"][0]["faults"] and told["sum"]["faulty"] == 1
    late = (await other.post(at(event_id, "/rows"), **{"line-0": "A", "unit_price-0": "7"})).json()
    assert late["conflicts"][0]["said"] == "4,19" and late["conflicts"][0]["by"] == "Ash"
    news = (
        await other.post(at(event_id, "/rows"), **{"line-1": "B", "unit_price-1": "7", "since": "0"})
    ).json()
    assert [each["line"] for each in news["news"]] == ["A"]


async def test_a_draft_with_gaps_or_above_the_ceiling_is_not_filed(house: House) -> None:
    event_id = await scheduled(house)
    owner = await house.sign_in("p-ash")
    await owner.post(at(event_id), **{"line-0": "A", "unit_price-0": "41.90"})
    page = (await owner.get(at(event_id, "/file"))).text
    assert "2&nbsp;lines without a price" in page
    answer = await sign(owner, event_id)
    assert answer.status_code == 422
    high = FULL | {"unit_price-0": "90", "version-0": "9"}
    await owner.post(at(event_id), **high)
    assert "above the ceiling" in (await owner.get(at(event_id, "/file"))).text
    assert (await sign(owner, event_id)).status_code == 422
    assert not house.room(event_id).lots["L1"].schedules


async def test_schedules_are_frozen_when_the_lot_opens(house: House) -> None:
    event_id = await scheduled(house)
    owner = await house.sign_in("p-ash")
    await owner.post(at(event_id), **FULL)
    await sign(owner, event_id)
    await house.parts.desk.submit(
        f"room/{event_id}", Tick(by=TIME), house.parts.now() + LATER + timedelta(minutes=1)
    )
    assert (await owner.post(at(event_id), **FULL)).status_code == 409
    assert (await owner.post(at(event_id, "/rows"), **FULL)).status_code == 409
    page = (await owner.get(at(event_id))).text
    assert "it is final" in page and 'type="submit" name="then"' not in page
    assert house.room(event_id).lots["L1"].standing["v-ash"].amount == 5_068_000_000


async def test_nobody_sees_another_vendors_schedule(house: House) -> None:
    event_id = await scheduled(house)
    ash = await house.sign_in("p-ash")
    await ash.post(at(event_id), **(FULL | {"unit_price-0": "43.21"}))
    await sign(ash, event_id)
    birch = await house.sign_in("v-birch")
    for path in (at(event_id), at(event_id, "/file"), f"/events/{event_id}/schedule"):
        page = await birch.get(path)
        assert page.status_code == 200 and "43.21" not in page.text and "Ash" not in page.text
    sheet = load_workbook(BytesIO((await birch.get(at(event_id, "/template/xlsx"))).content))
    assert "43.21" not in str([[cell.value for cell in row] for row in sheet.active.rows])  # type: ignore[union-attr]
    stranger = await house.sign_in("v-stranger")
    for path in (
        at(event_id),
        at(event_id, "/file"),
        at(event_id, "/template/csv"),
        f"/events/{event_id}/schedule",
    ):
        assert (await stranger.get(path)).status_code == 403
    for end in ("", "/rows", "/upload", "/paste", "/file"):
        assert (await stranger.post(at(event_id, end), **FULL)).status_code == 403
    assert (await ash.get(f"/events/{event_id}/schedule/L9")).status_code == 404


# --- spreadsheets --------------------------------------------------------------------------------------------------------


async def bring(guest: Guest, event_id: str, name: str, body: bytes) -> Any:
    return await guest.http.post(
        at(event_id, "/upload"), data={"csrf": guest.csrf}, files={"file": (name, body)}
    )


def workbook(body: bytes, **cells: object) -> bytes:
    """Fill cells of a template, as a spreadsheet program would."""
    book = load_workbook(BytesIO(body))
    assert isinstance(book, Workbook) and book.active is not None
    for place, value in cells.items():
        book.active[place] = value  # type: ignore[index]
    out = BytesIO()
    book.save(out)
    return out.getvalue()


async def test_the_template_filled_in_becomes_the_draft(house: House) -> None:
    event_id = await scheduled(house)
    owner = await house.sign_in("p-ash")
    template = (await owner.get(at(event_id, "/template/xlsx"))).content
    filled = workbook(template, E2=41.9, F3="yes", H4="box", I4=12, J4=0.96)
    answer = await bring(owner, event_id, "prices.xlsx", filled)
    assert answer.status_code == 303, answer.text
    page = (await owner.get(answer.headers["location"])).text
    assert "3 lines are in the draft" in page and "$5,068.00" in page and "42 × box of 12" in page
    again = await bring(owner, event_id, "prices.xlsx", filled)
    assert "all were so already" in (await owner.get(again.headers["location"])).text


async def test_every_fault_of_a_file_is_named_with_its_row_and_nothing_is_taken(house: House) -> None:
    event_id = await scheduled(house)
    owner = await house.sign_in("p-ash")
    rows = [
        "Line,Unit price,No bid,Extension",
        "A,41.90,,5000.00",
        "B,,maybe,",
        "Z,1,,",
        "C,0.00001,,",
        "A,1,,",
    ]
    answer = await bring(owner, event_id, "prices.csv", "\n".join(rows).encode())
    assert answer.status_code == 422
    for said in ("row 2, Extension", "120 × 41.90, which is 5028", "row 3, No bid", "row 4, Line", "row 5, Unit price",
                 "row 6, Line", "stands in row 2 already"):  # fmt: skip
        assert said in answer.text
    assert "Nothing saved yet" in answer.text


@pytest.mark.parametrize(
    "text",
    ["A\t41.90\nC\t0.08\nB\t\n", "Line\tUnit price\tNo bid\nA\t$41.90\t\nB\t\tyes\nC\t0.08\t\n"],
)
async def test_rows_pasted_from_a_spreadsheet_are_taken(house: House, text: str) -> None:
    event_id = await scheduled(house)
    owner = await house.sign_in("p-ash")
    answer = await owner.post(at(event_id, "/paste"), rows=text)
    assert answer.status_code == 303, answer.text
    assert "$5,068.00" in (await owner.get(answer.headers["location"])).text


async def test_literature_is_the_vendors_until_the_schedule_is_filed_then_the_consortiums_too(
    house: House,
) -> None:
    event_id = await scheduled(house)
    owner, lead, other = (
        await house.sign_in("p-ash"),
        await house.sign_in("p-lead"),
        await house.sign_in("v-birch"),
    )
    form = FULL | {"kind-0": "equal", "brand-0": "Acme", "model-0": "P-20", "attach": "0", "csrf": owner.csrf}
    sent = {"file-0": ("data sheet.pdf", b"%PDF-1.7 a data sheet")}
    answer = await owner.http.post(at(event_id), data=form, files=sent)
    assert answer.status_code == 303
    found = re.search(r'href="(/files/[^"]+)"', (await owner.get(at(event_id))).text)
    assert found is not None and "data%20sheet.pdf" in found.group(1)
    told = {
        who: (await each.get(found.group(1))).status_code
        for who, each in (("own", owner), ("lead", lead), ("other", other))
    }
    assert told == {"own": 200, "lead": 404, "other": 404}
    await sign(owner, event_id)
    assert (await lead.get(found.group(1))).status_code == 200
    assert (await other.get(found.group(1))).status_code == 404
    offer = house.room(event_id).lots["L1"].schedules["v-ash"][0].offer
    assert offer is not None and (offer.kind, offer.brand) == ("equal", "Acme")


async def test_literature_is_taken_away_again_and_the_line_stays(house: House) -> None:
    event_id = await scheduled(house)
    owner = await house.sign_in("p-ash")
    form = {"line-1": "B", "alternate_price-1": "3", "alternate_brand-1": "Acme", "alternate_model-1": "X"}
    sent = {"file-second-1": ("x.pdf", b"%PDF-1.7 x")}
    await owner.http.post(at(event_id), data=form | {"attach": "second-1", "csrf": owner.csrf}, files=sent)
    page = (await owner.get(at(event_id))).text
    assert "x.pdf" in page
    seen = re.search(r'name="version-1" value="(\d+)"', page)
    assert seen is not None
    await owner.post(at(event_id), **form, **{"version-1": seen.group(1), "attach": "drop-second-1"})
    page = (await owner.get(at(event_id))).text
    assert "x.pdf" not in page and 'value="Acme"' in page


async def test_a_line_s_further_fields_are_shown_when_they_are_asked_for(house: House) -> None:
    event_id = await scheduled(house)
    owner = await house.sign_in("p-ash")
    assert "pack_size-0" not in (await owner.get(at(event_id))).text.partition("<template")[0]
    answer = await owner.post(at(event_id), more="A", **{"line-0": "A", "unit_price-0": "41.90"})
    assert answer.headers["location"].endswith("more=A#line-A")
    page = (await owner.get(answer.headers["location"])).text.partition("<template")[0]
    assert "pack_size-0" in page and "pack_size-1" not in page and 'value="41.90"' in page


async def test_an_addendum_makes_a_filed_schedule_wait_until_it_is_filed_again(house: House) -> None:
    event_id = await scheduled(house)
    signer = await house.sign_in("p-signer")
    await signer.post(at(event_id), **FULL)
    await sign(signer, event_id)
    document, room = find(house.parts, event_id).document, house.room(event_id)
    plan = prepare(document, "p-lead", room.seed, document.number)
    order = AmendRoom(by="p-lead", number=1, plan=plan)
    await house.parts.desk.submit(f"room/{event_id}", order, house.parts.now())
    page = (await signer.get(at(event_id))).text
    assert "no longer counts" in page and "changed by an addendum" in page
    assert "File again" in (await signer.get(f"/events/{event_id}/schedule")).text
    refused = await sign(signer, event_id)
    assert refused.status_code == 422 and "Acknowledge it first" in refused.text
    read = AcknowledgeAddendum(by="v-ash", number=1, person="p-signer")
    await house.parts.desk.submit(f"room/{event_id}", read, house.parts.now())
    assert (await sign(signer, event_id)).status_code == 303
    assert "no. 2" in (await signer.get(at(event_id, "/file"))).text


async def test_a_file_that_lies_about_its_type_is_not_attached(house: House) -> None:
    event_id = await scheduled(house)
    owner = await house.sign_in("p-ash")
    form = FULL | {"attach": "0", "csrf": owner.csrf}
    answer = await owner.http.post(at(event_id), data=form, files={"file-0": ("sheet.pdf", b"MZ not a pdf")})
    assert answer.status_code == 422 and "something else" in answer.text
    assert 'value="41.90"' in (await owner.get(at(event_id))).text


async def test_a_lot_of_two_thousand_lines_is_shown_fifty_at_a_time(house: House) -> None:
    lines = tuple(Line(f"N{n}", f"Thing {n}", "each", "10", no_bid=True) for n in range(1, 2001))
    event_id = await scheduled(house, Lot("L1", "Everything", lines=lines))
    owner = await house.sign_in("p-ash")
    page = (await owner.get(at(event_id, "?page=40"))).text
    assert page.count("data-line=") == 50 and "Thing 2000" in page and "Page 40 of 40" in page
    rows = "\n".join(["Line,Unit price", *(f"N{n},1.25" for n in range(1, 2000))])
    answer = await bring(owner, event_id, "prices.csv", rows.encode())
    assert answer.status_code == 303
    open_ones = (await owner.get(at(event_id, "?show=open"))).text
    assert open_ones.count("data-line=") == 1 and "Thing 2000" in open_ones and "$24,987.50" in open_ones


async def test_a_vendor_admitted_to_one_lot_sees_no_schedule_of_the_other(house: House) -> None:
    vendors = msgspec.structs.replace(event().vendors[0], lots=("L1",)), *event().vendors[1:]
    event_id = await house.publish(event((LOT, lot("L2")), vendors), opens=LATER, wait=False)
    ash = await house.sign_in("p-ash")
    assert (await ash.get(f"/events/{event_id}/schedule/L2")).status_code == 403
    assert "Lot L2" not in (await ash.get(f"/events/{event_id}/schedule")).text
