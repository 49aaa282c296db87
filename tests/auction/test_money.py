"""Money is exact: what is read is what is shown, and nothing but a plain decimal above zero is an amount."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.money import (
    MICROS,
    ceil_div,
    ceil_tick,
    decimals_of,
    exact,
    floor_tick,
    parse_amount,
    parse_decimal,
    show,
)

TICKS = st.sampled_from([1, 10, 10_000, 250_000, 500_000, MICROS, 5 * MICROS, 25 * MICROS])
MOST = 10**12 * MICROS - 1
sizes = st.integers(1, MOST)


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("1", 1_000_000),
        ("0.000001", 1),
        ("95.00", 95_000_000),
        ("95.000000", 95_000_000),
        ("999999999999.999999", MOST),
        ("0.10", 100_000),
    ],
)
def test_a_plain_decimal_above_zero_is_an_amount(text: str, micros: int) -> None:
    assert parse_amount(text) == micros


@pytest.mark.parametrize(
    "value",
    [
        "",
        "0",
        "0.00",
        "-1",
        "+1",
        "01",
        "1.",
        ".5",
        "1e3",
        "1,5",
        "1_000",
        " 1",
        "1 ",
        "1\n",
        "NaN",
        "Infinity",
    ]
    + ["1000000000000", "1.0000000", "0x1", "１", "٣", "1/2", 95, 95.5, True, False, None, [], {}, b"1"],
)
def test_nothing_else_is_an_amount(value: object) -> None:
    assert parse_amount(value) is None


@given(sizes)
def test_every_amount_is_read_back_as_it_was_written(micros: int) -> None:
    assert parse_amount(exact(micros)) == micros


@given(st.integers(0, 10**12), TICKS)
def test_an_amount_on_the_tick_is_shown_with_the_decimals_of_the_tick_and_read_back(
    units: int, tick: int
) -> None:
    micros = units * tick
    shown = show(micros, tick)
    assert Fraction(shown) == Fraction(micros, MICROS)
    assert len(shown.partition(".")[2]) == decimals_of(tick)


@pytest.mark.parametrize(
    ("tick", "shown"),
    [(10_000, "95.00"), (250_000, "95.00"), (500_000, "95.0"), (MICROS, "95"), (1, "95.000000")],
)
def test_the_decimals_shown_are_those_of_the_tick(tick: int, shown: str) -> None:
    assert show(95 * MICROS, tick) == shown


def test_a_negative_amount_keeps_its_sign_where_it_is_shown() -> None:
    assert show(-50_000, 10_000) == "-0.05"
    assert exact(-50_000) == "-0.05"


@given(st.integers(-(10**18), 10**18), TICKS)
def test_floor_and_ceiling_lie_on_the_tick_next_to_the_amount(micros: int, tick: int) -> None:
    low, high = floor_tick(micros, tick), ceil_tick(micros, tick)
    assert low <= micros <= high
    assert low % tick == high % tick == 0
    assert high - low == (0 if micros % tick == 0 else tick)


@given(st.integers(-(10**18), 10**18), st.integers(1, 10**9))
def test_dividing_up_is_never_below_the_exact_quotient_and_less_than_one_above(over: int, under: int) -> None:
    assert 0 <= ceil_div(over, under) - Fraction(over, under) < 1


@given(st.integers(-(10**18), 10**18), st.integers(0, 12))
def test_a_decimal_is_read_back_as_it_was_written(number: int, places: int) -> None:
    if abs(number) < 10 ** (12 + places):
        assert parse_decimal(exact(number, places), places) == number


@pytest.mark.parametrize("value", ["1.001", "-0", "-0.00", "--1", "1e2", "", None, 1, 1.5, True, "1" * 13])
def test_what_has_more_decimals_or_is_no_number_is_no_decimal(value: object) -> None:
    assert parse_decimal(value, 2) is None


def test_trailing_zeros_are_fine() -> None:
    assert parse_decimal("1.2500000", 2) == 125
    assert parse_decimal("-3.50", 6) == -3_500_000
