"""The price book: awarded lines against what was paid before, added up exactly."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.prices.book import PriceLine, Saving, against, line_saving, lines, need, totals, worth
from auction.tender.solicitation import Line, Lot, Need
from auction.terms.schedule import LinePrice

PAPER = Line("1", "Copy paper", "carton", "120.5", "41.9", needs=(Need("elm", "100.5"), Need("oak", "20")))
TONER = Line("2", "Toner", "each", "3", None)
INK = Line("3", "Ink", "each", "10", "1.00")
LOT = Lot("L1", "Paper and toner", lines=(PAPER, TONER, INK))
PRICES = (LinePrice("1", "40.00"), LinePrice("2", None), LinePrice("3", "1.10"))


def test_each_awarded_line_stands_in_the_book_and_no_bids_are_left_out() -> None:
    rows = lines(LOT, PRICES, "4831.00")
    assert [(row.line, row.unit_price, row.baseline) for row in rows] == [
        ("1", "40.00", "41.9"),
        ("3", "1.10", "1.00"),
    ]


def test_a_lot_without_line_prices_is_one_item_at_its_amount() -> None:
    assert lines(LOT, (), "4831.00") == (PriceLine("", "Paper and toner", "lot", "1", "4831.00"),)


def test_a_district_sees_what_it_stated_itself() -> None:
    row = lines(LOT, PRICES, "0")[0]
    assert [need(row, district) for district in (None, "elm", "oak", "ash")] == ["120.5", "100.5", "20", None]


@given(st.lists(st.tuples(st.integers(1, 10**9), st.integers(1, 10**9)), max_size=5))
def test_a_sum_is_never_below_the_exact_one_and_less_than_a_cent_above(rows: list[tuple[int, int]]) -> None:
    texts = [(f"{much}.5", f"{price // 10**4}.{price % 10**4:04d}") for much, price in rows]
    exact = sum((Fraction(much) * Fraction(price) for much, price in texts), Fraction(0))
    total = worth(texts)
    assert total % 10_000 == 0
    assert 0 <= Fraction(total, 10**6) - exact < Fraction(1, 100)


@pytest.mark.parametrize(
    ("before", "now", "percent"),
    [
        (1000, 955, "4.5"),
        (1000, 1045, "-4.5"),
        (3, 2, "33.3"),
        (3, 1, "66.7"),
        (2000, 1999, "0.1"),
        (1000, 1000, "0.0"),
    ]
    + [(10_000, 10_001, "0.0"), (1, 0, "100.0")],
)
def test_a_saving_in_per_cent_has_one_decimal_rounded_half_away_from_zero(
    before: int, now: int, percent: str
) -> None:
    saving = Saving(before, now)
    assert (saving.saved, saving.percent) == (before - now, percent)


def test_nothing_is_held_against_a_price_that_is_not_known() -> None:
    assert against(None, 5) is against(0, 5) is against(5, None) is None
    assert line_saving(PriceLine("2", "Toner", "each", "3", "5")) is None
    assert line_saving(PriceLine("1", "Paper", "each", "3", "5", "4")) == Saving(4_000_000, 5_000_000)


def test_totals_count_all_lines_and_save_only_on_those_paid_for_before() -> None:
    rows = [(row, need(row, None)) for row in lines(LOT, PRICES, "0")] + [
        (PriceLine("9", "Glue", "each", "2", "3"), "2")
    ]
    told = totals(rows)
    assert (told.lines, told.dearer, told.value) == (3, 1, "4837")
    assert told.saving == Saving(5_058_950_000, 4_831_000_000)


def test_lines_of_which_nothing_is_needed_are_listed_and_not_added() -> None:
    told = totals([(row, need(row, "ash")) for row in lines(LOT, PRICES, "0")])
    assert (told.lines, told.value, told.saving) == (2, None, None)
