"""Units: a word means what people mean by it, and a ratio is exact."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.demand.units import FIXED, SYNONYMS, canonical, fixed, nearest, ratio, related


@pytest.mark.parametrize(
    ("word", "unit"),
    [
        ("EA", "each"),
        (" Ctn. ", "carton"),
        ("pkg", "pack"),
        ("Reams", "ream"),
        ("dz.", "dozen"),
        ("Crate", "crate"),
    ],
)
def test_a_word_means_its_unit_whatever_its_case_and_signs(word: str, unit: str) -> None:
    assert canonical(word) == unit


def test_a_consortium_s_own_word_comes_first() -> None:
    assert canonical("CT", {"ct": "count"}) == "count"


def test_no_word_means_two_units() -> None:
    words = [word for unit, more in SYNONYMS.items() for word in (unit, *more)]
    assert len(words) == len(set(words))
    assert {unit for pair in FIXED for unit in pair} <= SYNONYMS.keys()


@pytest.mark.parametrize(
    ("text", "value"),
    [("10", 10), ("0.5", Fraction(1, 2)), ("5/12", Fraction(5, 12)), ("5 / 12", Fraction(5, 12))],
)
def test_a_ratio_is_read_exactly(text: str, value: Fraction) -> None:
    assert ratio(text) == value


@pytest.mark.parametrize("text", ["", "0", "0.0", "1/0", "-1", "1e3", "ten", "1,000", "١", "1" * 10])
def test_what_is_no_ratio_above_zero_is_none(text: str) -> None:
    assert ratio(text) is None


@given(st.sampled_from(sorted(FIXED)))
def test_a_fixed_ratio_holds_both_ways(pair: tuple[str, str]) -> None:
    one, other = pair
    there, back = fixed(one, other), fixed(other, one)
    assert there is not None and back is not None and there * back == 1
    assert one in related(other) and other in related(one)


def test_the_nearest_unit_is_one_of_those_that_would_do() -> None:
    assert nearest("cartn", ["carton", "ream"]) == "carton"
    assert nearest("bxs", ["box", "each"]) == "box"
    assert nearest("zzzzzz", ["box", "each"]) is None
