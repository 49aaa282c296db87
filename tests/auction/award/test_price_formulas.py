"""What each formula promises: who may reorder whom, exact numbers, and rounding where and only where it is published."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auction.award.irrational import Log, Power, Value, compare, log, power, significant
from auction.award.price_formulas import rounded
from auction.terms.exact_numbers import parse, write
from auction.terms.price_rule import FORMULAS, Rounding
from tests.auction.award.cases import evaluated

INDEPENDENT = ("value_deduction", "absolute_linear", "coefficient", "ratio", "vfm_index", "log")
DEPENDENT = tuple(name for name in FORMULAS if name not in INDEPENDENT)
PARAMETERS = {
    "points": "60",
    "n": "2",
    "base": "50",
    "upper": "1200",
    "lower": "300",
    "a": "4",
    "wq": "60",
    "wp": "40",
}
WORTHS = {"value_deduction": ("value", "300", 100), "coefficient": ("fmax", "0.3", 333)}

Drawn = list[tuple[int, int]]


def case(formula: str, drawn: Drawn) -> dict[str, Any]:
    """A case of bids with a price and a quality each."""
    worth, most, under = WORTHS.get(formula, ("weight", "40", 1))
    return {
        "price": {"formula": formula, **PARAMETERS},
        "criteria": [{"id": "quality", worth: most}],
        "bids": {
            f"B{n}": {"price": str(price), "scores": {"quality": write(Fraction(quality, under))}}
            for n, (price, quality) in enumerate(drawn)
        },
    }


def order(formula: str, drawn: Drawn) -> dict[tuple[str, str], int]:
    """How any two bids compare by rank."""
    ranks = evaluated(case(formula, drawn)).ranks
    return {
        (one, other): (ranks[one] > ranks[other]) - (ranks[one] < ranks[other])
        for one in ranks
        for other in ranks
    }


bids_drawn = st.lists(st.tuples(st.integers(250, 1300), st.integers(1, 99)), min_size=3, max_size=6)


@pytest.mark.parametrize("formula", INDEPENDENT)
@settings(deadline=None, max_examples=40)
@given(drawn=bids_drawn)
def test_a_formula_that_looks_at_the_bid_alone_never_reorders_two_bids_when_a_third_leaves(
    formula: str, drawn: Drawn
) -> None:
    with_all = order(formula, drawn)
    without_last = order(formula, drawn[:-1])
    assert all(with_all[pair] == compared for pair, compared in without_last.items())


REORDERED: dict[str, Drawn] = {
    "relative_lowest": [(100, 70), (130, 100), (60, 5)],
    "linear_deviation_from_lowest": [(1060, 7), (1230, 38), (650, 60)],
    "linear_zero_at_n_times_lowest": [(860, 44), (1170, 75), (450, 66)],
    "linear_min_max": [(670, 5), (750, 58), (1040, 94)],
    "mean_plus_minus": [(510, 11), (730, 95), (1130, 28)],
    "utility_index": [(1120, 52), (490, 21), (420, 64)],
}


@pytest.mark.parametrize("formula", DEPENDENT)
def test_a_formula_that_looks_at_the_others_can_reorder_two_bids_when_a_third_leaves(formula: str) -> None:
    drawn = REORDERED[formula]
    assert order(formula, drawn)["B0", "B1"] != order(formula, drawn[:-1])["B0", "B1"]


def test_one_bid_or_equal_prices_earn_all_points_between_extremes() -> None:
    for drawn in ([(500, 50)], [(500, 50), (500, 60)]):
        scores = evaluated(case("linear_min_max", list(drawn))).scores
        assert {score.price_points for score in scores.values()} == {Fraction(60)}


def test_between_published_prices_points_are_clipped_at_both() -> None:
    scores = evaluated(case("absolute_linear", [(1300, 50), (750, 50), (250, 50)])).scores
    assert [score.price_points for score in scores.values()] == [0, 30, 60]


def test_scaled_coefficients_divide_by_what_their_sum_leaves() -> None:
    said = case("coefficient", [(1000, 100)])
    said["criteria"] = [{"id": "quality", "fmax": "0.2"}]
    said["bids"]["B0"]["scores"] = {"quality": "0.1"}
    assert evaluated(said).scores["B0"].evaluated_price == Fraction(1000) / Fraction("1.1")
    said["price"]["scaled"] = True
    assert evaluated(said).scores["B0"].evaluated_price == Fraction(1000) / Fraction("1.125")


def test_an_irrational_result_has_thirty_digits_rightly_rounded() -> None:
    value = log(Fraction(60), Fraction(60), Fraction(13, 10), Fraction(4))
    assert isinstance(value, Log)
    with localcontext(prec=80):
        expected = 60 - 60 * Decimal("1.3").ln() / Decimal(4).ln()
    with localcontext(prec=30):
        assert significant(value) == str(+expected)


def test_what_is_rational_after_all_stays_exact() -> None:
    assert log(Fraction(60), Fraction(60), Fraction(2), Fraction(4)) == 30
    assert log(Fraction(60), Fraction(60), Fraction(9, 4), Fraction(27, 8)) == 20
    assert log(Fraction(60), Fraction(60), Fraction(1, 2), Fraction(4)) == 90
    assert power(Fraction(1, 4), Fraction(3, 2), Fraction(10)) == Fraction(1, 80)
    assert isinstance(power(Fraction(7, 10), Fraction(3, 2), Fraction(10)), Power)


@settings(deadline=None, max_examples=60)
@given(one=st.fractions(1, 9, max_denominator=50), other=st.fractions(1, 9, max_denominator=50))
def test_logarithms_are_compared_rightly_however_close(one: Fraction, other: Fraction) -> None:
    def value(ratio: Fraction, base: Fraction) -> Value:
        return log(base, Fraction(60), ratio, Fraction(4))

    # Equal but for a shift that a root of four makes exact.
    assert compare(value(one, Fraction(60)), value(one * 2, Fraction(90))) == 0
    assert compare(value(one, Fraction(60)), value(other, Fraction(60))) == (one < other) - (one > other)
    hair = Fraction(1, 10**90)
    assert compare(value(one, Fraction(60) + hair), value(one * 2, Fraction(90))) == 1


def test_points_are_rounded_where_published_halves_as_published() -> None:
    halves = [Fraction(5, 2), Fraction(7, 2), Fraction(-5, 2), Fraction(249, 100)]
    assert [rounded(each, Rounding(0, "half_up")) for each in halves] == [3, 4, -3, 2]
    assert [rounded(each, Rounding(0, "half_even")) for each in halves] == [2, 4, -2, 2]
    assert rounded(halves[0], None) == Fraction(5, 2)
    assert rounded(
        log(Fraction(60), Fraction(60), Fraction(13, 10), Fraction(4)), Rounding(2, "half_up")
    ) == Fraction("48.64")


@given(st.fractions(-(10**12), 10**12, max_denominator=10**6))
def test_a_number_is_read_as_it_was_written(value: Fraction) -> None:
    assert parse(write(value)) == value
