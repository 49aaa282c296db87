"""What a vendor typed is read as it stands: a price, a no-bid, nothing yet, or faults that say what would do."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.terms.entries import Entry, cut, plain_number, read, read_line
from auction.terms.offers import Alternate, Offer
from auction.terms.packs import Pack
from auction.terms.schedule import LinePrice, LotLine, extended_total, faults, scale

PAPER = LotLine("paper", "120", 4, or_equal=True)
TONER = LotLine("toner", "3", 2, no_bid=True, alternates=True)
CENT = 10_000


def fields(line: LotLine, entry: Entry) -> list[str]:
    return [fault.path for fault in read_line(line, entry).faults]


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        (" $1,234.50 ", "1234.50"), ("12", "12"), (".5", "0.5"), ("007.10", "7.10"), ("5.", "5"),
        ("1,234,567", "1234567"), ("1,5", "1,5"), ("12,34.5", "12,34.5"), ("1e3", "1e3"), ("", ""), ("$", ""),
        (".", "."), ("-5", "-5"), ("٣", "٣"),
    ],
)  # fmt: skip
def test_a_typed_number_loses_only_what_does_not_count(typed: str, plain: str) -> None:
    assert plain_number(typed) == plain


def test_an_empty_line_is_missing_and_no_fault() -> None:
    told = read((PAPER, TONER), {})
    assert told.missing == ("paper", "toner") and not told.faults and not told.prices


def test_a_pack_alone_gives_the_unit_price() -> None:
    told = read_line(PAPER, Entry(pack_size="12", pack_price="34.20", pack_name="carton"))
    assert told.price == LinePrice("paper", "2.85", Offer(pack=Pack("12", "34.20", "carton")))
    assert Fraction(told.extension, 10**12) == 342


def test_a_pack_price_follows_from_its_size_where_it_is_not_given() -> None:
    told = read_line(PAPER, Entry(unit_price="2.85", pack_size="12"))
    assert told.price is not None and told.price.offer is not None
    assert told.price.offer.pack == Pack("12", "34.2")


def test_a_pack_that_is_not_exact_names_the_two_prices_that_are() -> None:
    found = read_line(PAPER, Entry(pack_size="12", pack_price="34.25")).faults
    assert [fault.path for fault in found] == ["pack_price"]
    assert "34.2492 (2.8541 each)" in found[0].message and "34.2504 (2.8542 each)" in found[0].message


def test_where_pack_and_unit_price_disagree_the_fault_names_both() -> None:
    found = read_line(PAPER, Entry(unit_price="3", pack_size="12", pack_price="34.20")).faults
    assert [fault.path for fault in found] == ["pack_price"]
    assert "2.85 each" in found[0].message and "the unit price is 3" in found[0].message
    assert "the pack is 36" in found[0].message


def test_where_extension_and_unit_price_disagree_the_unit_price_counts_and_the_fault_names_both() -> None:
    told = read_line(PAPER, Entry(unit_price="2.85", extension="$343.00"))
    assert [fault.path for fault in told.faults] == ["extension"]
    assert "343.00" in told.faults[0].message and "120 × 2.85, which is 342" in told.faults[0].message
    assert told.price is not None and told.price.unit_price == "2.85"


@pytest.mark.parametrize("typed", ["342", "342.00", "342.004", " 342 ", ""])
def test_an_extension_that_agrees_to_the_cent_is_no_fault(typed: str) -> None:
    assert not fields(PAPER, Entry(unit_price="2.85", extension=typed))


@pytest.mark.parametrize(
    ("line", "entry", "expected"),
    [
        (PAPER, Entry(unit_price="0"), ["unit_price"]),
        (PAPER, Entry(unit_price="1.00005"), ["unit_price"]),
        (PAPER, Entry(unit_price="twelve"), ["unit_price"]),
        (PAPER, Entry(no_bid=True), ["no_bid"]),
        (TONER, Entry(no_bid=True, unit_price="1"), ["unit_price"]),
        (PAPER, Entry(unit_price="1", alternate_price="2"), ["alternate_price"]),
        (TONER, Entry(unit_price="1", alternate_price="2"), ["alternate_brand", "alternate_model"]),
        (TONER, Entry(no_bid=True, alternate_brand="A", alternate_model="B"), ["alternate_price"]),
        (TONER, Entry(unit_price="1", kind="equal", brand="A", model="B"), ["kind"]),
        (PAPER, Entry(unit_price="1", kind="equal"), ["brand", "model"]),
        (PAPER, Entry(unit_price="1", pack_size="0", pack_price="3"), ["pack_size"]),
        (PAPER, Entry(unit_price="1", pack_price="3"), ["pack_size"]),
        (PAPER, Entry(unit_price="1", pack_size="x"), ["pack_size"]),
        (PAPER, Entry(pack_size="12"), ["pack_price"]),
        (PAPER, Entry(unit_price="1", brand="x" * 121), ["brand"]),
    ],
)
def test_each_fault_stands_beside_its_field(line: LotLine, entry: Entry, expected: list[str]) -> None:
    assert fields(line, entry) == expected


def test_a_no_bid_where_it_is_allowed_is_a_line_without_a_price() -> None:
    assert read_line(TONER, Entry(no_bid=True)).price == LinePrice("toner", None)


def test_a_second_offer_counts_in_no_total_and_may_stand_beside_a_no_bid() -> None:
    second = Alternate("2.50", "Acme", "X-1")
    typed = {"alternate_price": "2.50", "alternate_brand": "Acme", "alternate_model": "X-1"}
    priced = read_line(TONER, Entry(unit_price="4", **typed))
    assert priced.price == LinePrice("toner", "4", alternate=second) and priced.extension == 12 * 10**12
    refused = read_line(TONER, Entry(no_bid=True, **typed))
    assert refused.price == LinePrice("toner", None, alternate=second) and not refused.extension
    assert faults((TONER, PAPER), (LinePrice("paper", "1"), refused.price)) == []


def test_a_pack_on_offer_costs_less_when_the_line_is_scaled_down() -> None:
    offer = Offer(pack=Pack("12", "34.2"))
    (scaled,) = scale((PAPER,), (LinePrice("paper", "2.85", offer),), 171_000_000, CENT)
    assert scaled == LinePrice("paper", "1.425", Offer(pack=Pack("12", "17.1")))


def test_what_is_kept_is_cut_and_an_unknown_kind_is_as_asked() -> None:
    entry = cut({"unit_price": " 5 ", "no_bid": "", "kind": "odd", "brand": "b" * 500, "else": "x"})
    assert (
        entry.unit_price == "5" and not entry.no_bid and entry.kind == "as_asked" and len(entry.brand) == 200
    )


prices = st.decimals("0.0001", "99999", places=4).map(lambda price: format(price, "f"))


@given(st.lists(st.tuples(st.integers(1, 10**7), prices), min_size=1, max_size=8))
def test_what_is_read_without_fault_is_filed_without_fault_and_extends_to_the_same_total(
    rows: list[tuple[int, str]],
) -> None:
    lines = tuple(LotLine(f"n{at}", f"{much // 100}.{much % 100:02d}") for at, (much, _) in enumerate(rows))
    told = read(lines, {f"n{at}": Entry(unit_price=price) for at, (_, price) in enumerate(rows)})
    assert not told.faults and not told.missing
    assert faults(lines, told.prices) == []
    whole = extended_total(lines, told.prices, CENT)
    assert 0 <= Fraction(whole, 10**6) - Fraction(told.worth, 10**12) < Fraction(1, 100)


junk = st.text(alphabet="0123456789.,$ -+eE=\t x٣\0", max_size=14)


@given(
    st.builds(Entry, unit_price=junk, extension=junk, pack_size=junk, pack_price=junk, no_bid=st.booleans())
)
def test_nothing_that_can_be_typed_breaks_the_reading(entry: Entry) -> None:
    for line in (PAPER, TONER):
        told = read_line(line, entry)
        if told.price is not None and not told.faults:
            assert faults((line,), (told.price,)) in ([], faults((line,), (LinePrice(line.id, None),)))
