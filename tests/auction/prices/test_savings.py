"""Savings: exact sums of quantities at awarded prices against the prices last paid."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.prices.savings import (
    Quantity,
    Sum,
    by_size,
    fiscal_year,
    grouped,
    of,
    share,
    shown,
    size,
    total,
)

prices = st.integers(1, 10**9).map(lambda units: f"{units // 10**4}.{units % 10**4:04d}")
amounts = st.integers(1, 10**7).map(lambda units: f"{units // 1000}.{units % 1000:03d}")
quantities = st.builds(
    Quantity,
    district=st.sampled_from(("elm", "oak", "ash")),
    lot=st.sampled_from(("1.L1", "1.L2", "2.L1")),
    day=st.sampled_from(("2026-06-30", "2026-07-01")),
    quantity=amounts,
    unit_price=prices,
    baseline=st.none() | prices,
)
rows_of = st.lists(quantities, max_size=20)


@given(rows_of)
def test_the_districts_the_lots_and_the_days_each_add_up_to_the_whole(rows: list[Quantity]) -> None:
    whole = total(map(of, rows))
    for key in (lambda row: row.district, lambda row: row.lot, lambda row: row.day):
        assert total(grouped(rows, key).values()) == whole


@given(rows_of)
def test_a_sum_is_what_fractions_say(rows: list[Quantity]) -> None:
    known = [row for row in rows if row.baseline is not None]
    saved = sum(
        (Fraction(row.quantity) * (Fraction(row.baseline or 0) - Fraction(row.unit_price)) for row in known),
        Fraction(0),
    )
    spent = sum((Fraction(row.quantity) * Fraction(row.unit_price) for row in rows), Fraction(0))
    whole = total(map(of, rows))
    assert (Fraction(whole.saved, 10**12), Fraction(whole.spent, 10**12)) == (saved, spent)
    assert abs(Fraction(shown(whole.saved)) - saved) <= Fraction(1, 200)


@given(rows_of, st.randoms(use_true_random=False))
def test_the_order_of_the_lines_changes_nothing(rows: list[Quantity], random: object) -> None:
    mixed = list(rows)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert total(map(of, mixed)) == total(map(of, rows))


@given(rows_of, st.dictionaries(st.sampled_from(("elm", "oak")), st.integers(1, 30_000)))
def test_the_classes_of_districts_add_up_to_the_whole(rows: list[Quantity], students: dict[str, int]) -> None:
    districts = grouped(rows, lambda row: row.district)
    classes = by_size(districts, students)
    assert total(each.sum for each in classes) == total(districts.values())
    assert sum(each.districts for each in classes) == len(districts)


def test_a_line_without_a_price_last_paid_is_spent_and_never_saved() -> None:
    for baseline in (None, "0", "nonsense"):
        assert of(Quantity("elm", "1.L1", "2026-27", "3", "5.00", baseline)) == Sum(
            other=15 * 10**12, lines=1
        )


def test_what_became_dearer_is_counted_against_the_saving() -> None:
    dearer = of(Quantity("elm", "1.L1", "2026-27", "10", "11", "10"))
    assert (shown(dearer.saved), dearer.percent) == ("-10", "-10.0")


@pytest.mark.parametrize(
    ("amount", "written"),
    [(0, "0"), (5 * 10**9, "0.01"), (4_999_999_999, "0"), (-5 * 10**9, "-0.01"), (1_005 * 10**9, "1.01")],
)
def test_an_amount_is_rounded_to_a_cent_half_away_from_zero(amount: int, written: str) -> None:
    assert shown(amount) == written


def test_a_share_of_nothing_is_unknown() -> None:
    assert share(5, 0) is None
    assert (share(1, 3), share(2, 3), share(-1, 3), share(0, 3)) == ("33.3", "66.7", "-33.3", "0.0")


@pytest.mark.parametrize(
    ("day", "year"),
    [
        ("2026-06-30", "2025-26"),
        ("2026-07-01", "2026-27"),
        ("2027-01-15", "2026-27"),
        ("1999-08-01", "1999-00"),
    ],
)
def test_a_fiscal_year_begins_in_july_where_nothing_else_is_said(day: str, year: str) -> None:
    assert fiscal_year(date.fromisoformat(day)) == year


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [
        ("2026-08-31", 9, "2025-26"),
        ("2026-09-01", 9, "2026-27"),
        ("2026-12-31", 1, "2026"),
        ("2027-01-01", 1, "2027"),
        ("2026-11-30", 12, "2025-26"),
    ],
)
def test_a_fiscal_year_begins_with_the_month_that_is_said(day: str, month: int, year: str) -> None:
    assert fiscal_year(date.fromisoformat(day), month) == year


def test_a_small_district_has_fewer_than_fifteen_hundred_students() -> None:
    sizes = [size(each) for each in (0, 1_499, 1_500, 4_999, 5_000, None)]
    assert sizes == ["small", "small", "medium", "medium", "large", "unknown"]


def test_small_districts_see_their_part_of_the_saving_beside_their_part_of_the_students() -> None:
    rows = [
        Quantity("elm", "1.L1", "2026-27", "10", "8", "10"),
        Quantity("oak", "1.L1", "2026-27", "30", "8", "10"),
    ]
    small, large = by_size(grouped(rows, lambda row: row.district), {"elm": 1_000, "oak": 9_000})
    assert (small.name, small.of_saved, small.of_students, small.a_student) == (
        "small",
        "25.0",
        "10.0",
        "0.02",
    )
    assert (large.name, large.of_saved, large.of_students, large.a_student) == (
        "large",
        "75.0",
        "90.0",
        "0.01",
    )
