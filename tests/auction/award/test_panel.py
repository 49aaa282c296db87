"""The panel: scores are combined as published, outliers are told and never dropped."""

from __future__ import annotations

from fractions import Fraction

import pytest

from auction.award.panel import Decisive, Outlier, combined, decisive, outliers
from auction.terms.plan import Panel


def scores(*given: str) -> list[Fraction]:
    """Scores, exactly."""
    return [Fraction(each) for each in given]


def test_three_scores_have_an_exact_mean() -> None:
    assert combined(Panel("mean", 3), scores("80", "85", "85")) == Fraction(250, 3)


def test_the_median_of_an_even_number_lies_between_the_middle_two() -> None:
    assert combined(Panel("median", 4), scores("1", "9", "4", "5")) == Fraction(9, 2)


def test_a_trimmed_mean_leaves_out_one_high_and_one_low() -> None:
    assert combined(Panel("trimmed", 5), scores("10", "1", "5", "6", "7")) == 6
    assert combined(Panel("trimmed", 5), scores("10", "10", "5", "6", "7")) == Fraction(23, 3)
    with pytest.raises(ValueError, match="at least 5"):
        combined(Panel("trimmed", 5), scores("1", "2", "3", "4"))


def test_a_consensus_is_what_was_agreed_and_nothing_else() -> None:
    assert combined(Panel("consensus", 2), scores("10", "90"), agreed=Fraction(70)) == 70
    with pytest.raises(ValueError, match="agreed"):
        combined(Panel("consensus", 2), scores("10", "90"))
    with pytest.raises(ValueError, match="nobody"):
        combined(Panel(), [])


def test_an_outlier_is_more_than_two_points_and_two_spreads_from_the_median() -> None:
    sheets = dict(zip("abcde", scores("8", "8", "7", "8", "5"), strict=True))
    assert outliers(sheets) == (Outlier("e", Fraction(5), Fraction(8)),)
    assert outliers({**sheets, "e": Fraction(6)}) == ()
    assert outliers(dict(zip("abc", scores("1", "5", "9"), strict=True))) == ()
    assert outliers({}) == ()


def test_leaving_one_evaluator_out_shows_who_decided_it() -> None:
    found = decisive(["x", "y"], "A", lambda name: "B" if name == "x" else "A")
    assert found == {"x": Decisive("B", True), "y": Decisive("A", False)}
