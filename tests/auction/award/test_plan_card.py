"""The plan card says what the plan says, and its example is worked out by the plan."""

from __future__ import annotations

from fractions import Fraction

import pytest

from auction.award.plan_card import card, rounded
from auction.terms.plan import parse
from tests.auction.award.panels import PLAN


def told(**changes: object) -> str:
    """The whole card as one text."""
    return " ".join(line for section in card(parse(PLAN | changes)) for line in section.sentences)


def test_without_a_plan_the_lowest_price_decides() -> None:
    assert "the lowest total comes first" in card(None)[0].sentences[0]


def test_every_weight_scale_threshold_and_rule_is_told() -> None:
    for said in (
        "The price earns at most 60 points.",
        "Service: at most 30 points. Scored from 0 to 100. Below 50 a bid is out.",
        "Delivery: at most 10 points. Scored in whole steps from 0 to 5.",
        "At least 3 evaluators score.",
        "Their scores become one by the mean.",
        "Evaluators know bidders as A, B, C until the scores are locked.",
        "The higher quality goes first.",
    ):
        assert said in told()


def test_the_example_is_the_plans_own_arithmetic() -> None:
    assert (
        "Bid X asks 100,000 and earns 90 % of each criterion. That is 54 points for the price and 36 for quality: 90."
        in told()
    )
    assert (
        "Bid Y asks 90,000 and earns 70 % of each criterion. That is 60 points for the price and 28 for quality: 88."
        in told()
    )
    assert "Bid X comes first." in told()


@pytest.mark.parametrize(
    ("price", "worth"),
    [
        ({"formula": "value_deduction"}, {"value": "5000"}),
        ({"formula": "coefficient"}, {"fmax": "0.2"}),
        ({"formula": "ratio"}, {"weight": "100"}),
        ({"formula": "vfm_index", "wq": "1", "wp": "1"}, {"weight": "100"}),
        ({"formula": "log", "points": "50", "a": "2"}, {"weight": "50"}),
        ({"formula": "absolute_linear", "points": "50", "upper": "900", "lower": "500"}, {"weight": "50"}),
        ({"formula": "linear_zero_at_n_times_lowest", "points": "50", "n": "2"}, {"weight": "50"}),
        ({"formula": "linear_deviation_from_lowest", "points": "50"}, {"weight": "50"}),
    ],
    ids=lambda each: str(each.get("formula", "")) if isinstance(each, dict) else "",
)
def test_every_formula_has_an_example(price: dict[str, str], worth: dict[str, str]) -> None:
    said = told(price=price, criteria=[{"id": "Service", **worth}])
    assert "comes first" in said and "Bid Y asks" in said


def test_numbers_are_rounded_for_reading_halves_up() -> None:
    given = [
        Fraction(200, 3),
        Fraction(3, 200),
        Fraction(-5, 2),
        Fraction(0),
        Fraction(123456),
        Fraction(1, 3000),
    ]
    assert [rounded(each) for each in given] == ["66.67", "0.02", "-2.5", "0", "123,456", "0.00033333"]
