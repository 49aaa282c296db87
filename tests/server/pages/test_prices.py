"""The price book: what was awarded is found as one types, with what it saves and who may order it."""

from __future__ import annotations

import pytest

from tests.server.house import House
from tests.server.pages.showcase import finished


async def test_every_awarded_line_stands_in_the_price_book(house: House) -> None:
    await finished(house)
    prices = (await (await house.sign_in(None)).get("/prices")).text
    for told in ("Paper of L1", "Pens of L1", "Paper of L2", "Ash Supply", "Birch Supply", "40.50", "44.00"):
        assert told in prices
    assert "Oak District" not in prices and "/lists/add" not in prices


async def test_a_district_sees_its_own_needs_and_what_it_saves_on_them(house: House) -> None:
    await finished(house)
    oak = (await (await house.sign_in("p-oak")).get("/prices")).text
    elm = (await (await house.sign_in("p-elm")).get("/prices")).text
    assert "Oak District" in oak and "Elm District" in elm
    assert "You save" in oak and 'value="6"' in oak and 'value="4"' in elm
    assert "$220.50" in oak and "$62.00" in elm


@pytest.mark.parametrize(
    ("q", "found", "left_out"),
    [
        ("pens birch", "Pens of L2", "Pens of L1"),
        ("PAP", "Paper of L1", "Pens of L1"),
        ("aper", "Paper of L1", "Pens of L1"),
        ("papre", "Paper of L1", "Pens of L1"),
        ("2026-001-l2", "Paper of L2", "Paper of L1"),
        ('"pens" ash', "Pens of L1", "Pens of L2"),
    ],
)
async def test_words_are_found_by_their_beginning_their_parts_and_their_nearest_spelling(
    house: House, q: str, found: str, left_out: str
) -> None:
    await finished(house)
    page = (await (await house.sign_in(None)).http.get("/prices", params={"q": q})).text
    rows = page.partition('id="price-rows"')[2].replace("<mark>", "").replace("</mark>", "")
    assert found in rows and left_out not in rows.replace("Lot L", "")


@pytest.mark.parametrize(
    "q", ["zebra", "*", "AND", "NEAR(", '"', "x" * 5_000, "a OR b", "description:paper", "\0", "%"]
)
async def test_whatever_is_typed_is_answered_with_a_page(house: House, q: str) -> None:
    await finished(house)
    answer = await (await house.sign_in(None)).http.get("/prices", params={"q": q})
    assert answer.status_code == 200


async def test_htmx_is_answered_with_the_rows_alone(house: House) -> None:
    await finished(house)
    guest = await house.sign_in(None)
    part = await guest.http.get("/prices?q=paper", headers={"hx-request": "true"})
    assert "<html" not in part.text and "<mark>Paper</mark> of L1" in part.text


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 4),
        ("vendor=v-ash", 2),
        ("unit=box", 2),
        ("contract=2026-001-L1&unit=case", 1),
        ("term=over", 0),
        ("term=upcoming", 0),
        ("term=all&vendor=v-birch", 2),
        ("term=nonsense&sort=nonsense&page=-5", 4),
        ("page=99", 4),
        ("category=fish", 0),
    ],
)
async def test_filters_leave_what_fits(house: House, query: str, count: int) -> None:
    await finished(house)
    page = (await (await house.sign_in(None)).get(f"/prices?{query}")).text
    assert page.count('class="price-item"') == count


@pytest.mark.parametrize(
    ("sort", "first"),
    [("name", "Paper of L1"), ("price", "Paper of L1"), ("dear", "Pens of L2"), ("saved", "Pens of L1")],
)
async def test_prices_are_sorted_with_and_without_words(house: House, sort: str, first: str) -> None:
    await finished(house)
    guest = await house.sign_in(None)
    for query in (f"sort={sort}", f"sort={sort}&q=l"):
        page = (await guest.get(f"/prices?{query}")).text.replace("<mark>", "").replace("</mark>", "")
        assert page.partition('class="price-item"')[2].partition(">")[2].startswith(first), query


async def test_only_what_a_district_stated_is_shown_where_it_asks_so(house: House) -> None:
    await finished(house)
    elm = await house.sign_in("p-elm")
    page = (await elm.get("/prices?mine=1")).text
    assert "Paper of L1" in page and "Pens of L1" not in page


async def test_another_consortiums_prices_are_shown_on_request_and_cannot_be_ordered(house: House) -> None:
    await finished(house)
    fir = await house.sign_in("p-fir")
    assert "Paper of L1" not in (await fir.get("/prices")).text
    page = (await fir.get("/prices?of=all")).text
    assert "Paper of L1" in page and "not a member of the consortium" in page
    assert "/lists/add" not in page.partition('id="price-rows"')[2]
