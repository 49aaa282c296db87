"""A district's shopping lists: from the price book to the order, and nobody else's eyes."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook

from auction.tender.solicitation import Contract
from auction.terms.schedule import LinePrice
from server import drafting
from tests.server.callers import Guest
from tests.server.house import House, event
from tests.server.pages.showcase import PRICES, finished, followed

PAPER, PENS = "1/L1/A", "1/L1/B"


async def awarded(house: House, **changes: object) -> None:
    """An event of one awarded lot, published with changes of its document."""
    document = replace(event(ceiling="1000"), opening="schedules", **changes)
    event_id = await house.publish(document, opens=timedelta(minutes=10), wait=False)
    for vendor, (paper, pens) in PRICES.items():
        for lot in ("L1", "L2"):
            lines = [LinePrice("A", paper), LinePrice("B", pens)]
            await drafting.file_schedule(house.parts, event_id, vendor, lot, lines)
    await house.end(event_id)
    await drafting.award(house.parts, event_id, "L1", "v-birch", "Lowest.", "p-lead", "p-second")


async def add(guest: Guest, item: str, much: str, number: str = "", back: str = "/prices") -> str:
    return await followed(guest, "/lists/add", item=item, quantity=much, list=number, back=back)


async def test_a_clerk_puts_items_on_a_list_orders_it_and_it_counts_as_bought(house: House) -> None:
    await finished(house)
    oak = await house.sign_in("p-oak")
    page = await add(oak, PAPER, "6", back="/prices?q=paper")
    year = f"{house.parts.now():%Y}"
    number = f"SL-{year}-0001"
    assert f"6 × Paper of L1: on {number}." in page and 'value="paper"' in page
    await add(oak, PENS, "2", number)
    page = (await oak.get(f"/lists/{number}")).text
    assert "$243.00" in page and "$126.00" in page and "$369.00" in page
    form = {f"quantity:{PAPER}": "10", f"note:{PAPER}": "Gym", f"quantity:{PENS}": "2", f"note:{PENS}": ""}
    assert "Saved." in await followed(oak, f"/lists/{number}/save", **form)
    today = house.parts.now().date() - timedelta(days=1)
    page = await followed(oak, f"/lists/{number}/order", on=today.isoformat(), reference="PO 7")
    assert "counts as bought" in page and "PO 7" in page and "$531.00" in page
    assert "Save quantities" not in page
    overview = (await oak.get("/lists")).text
    assert "Ordered" in overview and "PO 7" in overview
    page = await followed(oak, f"/lists/{number}/reopen", reason="Never sent.")
    assert "Save quantities" in page


async def test_a_list_is_exported_with_its_columns_as_numbers_and_text(house: House) -> None:
    await finished(house)
    oak = await house.sign_in("p-oak")
    await followed(oak, "/lists", title="=Paper", ship_to="@Main office")
    number = f"SL-{house.parts.now():%Y}-0001"
    await add(oak, PAPER, "6", number)
    answer = await oak.get(f"/lists/{number}/list.csv")
    assert answer.headers["content-disposition"] == f'attachment; filename="{number}.csv"'
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] | {"contract": "", "vendor": ""} == {
        "list": number,
        "line": "1",
        "contract": "",
        "vendor": "",
        "item": PAPER,
        "description": "Paper of L1",
        "unit": "case",
        "quantity": "6",
        "unit_price": "40.5",
        "extended": "243.00",
        "currency": "USD",
        "ship_to": "'@Main office",
        "note": "",
    }
    book = load_workbook(BytesIO((await oak.get(f"/lists/{number}/list.xlsx")).content))
    cells = [cell.value for cell in list(book.active.rows)[1]]
    assert cells[7:10] == [6, 40.5, 243]


async def test_lists_are_the_districts_own(house: House) -> None:
    await finished(house)
    oak, elm = await house.sign_in("p-oak"), await house.sign_in("p-elm")
    await followed(oak, "/lists", title="Secret plans", ship_to="")
    number = f"SL-{house.parts.now():%Y}-0001"
    assert "Secret plans" not in (await elm.get("/lists")).text
    for path in (f"/lists/{number}", f"/lists/{number}/list.csv", f"/lists/{number}/list.xlsx"):
        assert (await elm.get(path)).status_code == 404
    assert (await elm.post(f"/lists/{number}/discard")).status_code == 404
    assert (await elm.post("/lists/add", item=PAPER, quantity="1", list=number)).status_code == 404
    for who in ("p-lead", "p-second", "p-auditor", "v-ash", None):
        answer = await (await house.sign_in(who)).get(f"/lists/{number}")
        assert answer.status_code in (303, 403) and "Secret plans" not in answer.text
    await followed(elm, "/lists", title="Of Elm", ship_to="")
    assert "Of Elm" in (await elm.get(f"/lists/{number}")).text


async def test_another_consortiums_price_is_not_put_on_a_list(house: House) -> None:
    await finished(house)
    fir = await house.sign_in("p-fir")
    assert "not a member of the consortium" in await add(fir, PAPER, "1")
    assert "No lists yet" in (await fir.get("/lists")).text


async def test_on_a_roster_only_those_who_stated_a_need_may_order(house: House) -> None:
    lots = tuple(
        replace(
            lot,
            lines=tuple(
                replace(line, quantity=line.needs[0].quantity, needs=line.needs[:1]) for line in lot.lines
            ),
        )
        for lot in event().lots
    )
    await awarded(house, ordering="roster", lots=lots)
    oak, elm = await house.sign_in("p-oak"), await house.sign_in("p-elm")
    assert "Only districts that stated a need of this lot may order" in (await elm.get("/prices")).text
    assert "Only districts that stated a need" in await add(elm, PAPER, "1")
    assert "on SL-" in await add(oak, PAPER, "1")


async def test_under_a_members_contract_every_member_may_order(house: House) -> None:
    lots = tuple(
        replace(lot, lines=tuple(replace(line, needs=()) for line in lot.lines)) for lot in event().lots
    )
    await awarded(house, ordering="members", lots=lots)
    assert "on SL-" in await add(await house.sign_in("p-elm"), PAPER, "1")


async def test_a_contract_that_is_over_or_to_come_is_found_on_request_and_not_ordered(house: House) -> None:
    day = house.parts.now().date()
    later = (day + timedelta(days=40)).isoformat()
    await awarded(house, contract=Contract("C-9", starts=later, minimum_order="100.00", freight="Prepaid"))
    oak = await house.sign_in("p-oak")
    assert "Paper of L1" not in (await oak.get("/prices")).text
    assert "has not begun yet" in (await oak.get("/prices?term=upcoming")).text
    assert "has not begun yet" in await add(oak, PAPER, "1")


async def test_what_lacks_to_the_minimum_order_is_said(house: House) -> None:
    await awarded(house, contract=Contract("C-9", minimum_order="100.00", freight="Prepaid"))
    oak = await house.sign_in("p-oak")
    await add(oak, PAPER, "1")
    page = (await oak.get(f"/lists/SL-{house.parts.now():%Y}-0001")).text
    assert "below the minimum order of $100.00" in page and "Prepaid" in page and "Contract C-9" in page


@pytest.mark.parametrize("much", ["", "0", "-1", "ten", "1e9", "1.2345"])
async def test_a_quantity_that_is_none_is_named_beside_its_line_and_nothing_is_saved(
    house: House, much: str
) -> None:
    await finished(house)
    oak = await house.sign_in("p-oak")
    assert "Not added." in await add(oak, PAPER, much)
    assert "No lists yet" in (await oak.get("/lists")).text
    await add(oak, PAPER, "5")
    number = f"SL-{house.parts.now():%Y}-0001"
    await add(oak, PENS, "2", number)
    answer = await oak.post(f"/lists/{number}/save", **{f"quantity:{PAPER}": much, f"quantity:{PENS}": "9"})
    assert answer.status_code == 422 and "Nothing was saved" in answer.text and 'value="9"' in answer.text
    assert house.parts.desk.state(f"list/d-oak.{number[3:]}").lines[PENS].quantity == "2"


@pytest.mark.parametrize(
    "back", ["https://evil.example", "//evil.example", "/prices\r\nx: y", "/account", "/prices?q=é"]
)
async def test_a_form_leads_back_to_the_price_book_alone(house: House, back: str) -> None:
    await finished(house)
    oak = await house.sign_in("p-oak")
    answer = await oak.post("/lists/add", item=PAPER, quantity="1", list="", back=back)
    assert answer.status_code == 303 and answer.headers["location"].startswith("/prices?note=")


@pytest.mark.parametrize("item", ["1/L1", "1/L1/Z", "99/L1/A", "x" * 500, "1/../A"])
async def test_an_item_that_is_not_there_is_not_put_on_a_list(house: House, item: str) -> None:
    await finished(house)
    assert "no such item" in await add(await house.sign_in("p-oak"), item, "1")


async def test_enter_in_a_quantity_without_scripts_adds_nothing_and_says_what_to_press(house: House) -> None:
    await finished(house)
    assert "Choose “Add” beside the item" in await add(await house.sign_in("p-oak"), "", "1")


async def test_a_list_begun_without_a_name_says_so_and_keeps_what_was_typed(house: House) -> None:
    oak = await house.sign_in("p-oak")
    answer = await oak.post("/lists", title=" ", ship_to="Main office")
    assert (
        answer.status_code == 422 and "Give the list a name" in answer.text and "Main office" in answer.text
    )


async def test_a_list_thrown_away_is_gone(house: House) -> None:
    oak = await house.sign_in("p-oak")
    await followed(oak, "/lists", title="A mistake", ship_to="")
    number = f"SL-{house.parts.now():%Y}-0001"
    assert "was thrown away" in await followed(oak, f"/lists/{number}/discard")
    assert (await oak.get(f"/lists/{number}")).status_code == 404
    await followed(oak, "/lists", title="The next", ship_to="")
    assert "The next" in (await oak.get(f"/lists/SL-{house.parts.now():%Y}-0002")).text
