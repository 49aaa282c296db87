"""The roll-up: sums are exact in any order, and the baseline is the weighted mean rounded up once."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from auction.demand.needs import NeedLine
from auction.demand.rollup import Sum, told, total

LINES = st.builds(
    NeedLine,
    item=st.just("A"),
    quantity=st.integers(1, 10**9).map(lambda each: f"{each / 100:.2f}"),
    unit=st.just("each"),
    per=st.sampled_from(["1", "10", "12"]),
    paid=st.none() | st.integers(1, 10**9).map(lambda each: f"{each // 10000}.{each % 10000:04}"),
    paid_per=st.sampled_from(["1", "10", "12", "7"]),
)


def test_the_baseline_is_the_mean_of_the_prices_weighted_with_the_quantities() -> None:
    lines = [
        NeedLine("A", "100", "ream", paid="4.00"),
        NeedLine("A", "30", "carton", "10", paid="50", paid_unit="carton", paid_per="10"),
        NeedLine("A", "600", "ream"),
    ]
    whole = total(lines)
    assert (told(whole.quantity), told(whole.priced), told(whole.baseline)) == ("1000", "400", "4.75")
    assert told(whole.value) == "4750"


def test_the_baseline_is_rounded_up_to_four_decimals_once() -> None:
    assert told(total([NeedLine("A", "1", "each", paid="1", paid_per="3")]).baseline) == "0.3334"
    assert total([NeedLine("A", "1", "each")]).baseline is None
    assert Sum().baseline is None and Sum().value is None


@given(st.lists(LINES, max_size=8), st.randoms(use_true_random=False))
def test_sums_are_the_same_in_any_order_and_what_is_taken_away_is_gone(
    lines: list[NeedLine], random: object
) -> None:
    whole = total(lines)
    mixed = list(lines)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert total(mixed) == whole
    for line in mixed:
        whole = whole.plus(line, -1)
    assert whole == Sum(0, 0, Fraction(0), 0)


@given(st.lists(LINES, min_size=1, max_size=8))
def test_the_baseline_lies_between_the_lowest_and_the_highest_price(lines: list[NeedLine]) -> None:
    prices = [line.price for line in lines if line.price is not None]
    baseline = total(lines).baseline
    if prices:
        assert baseline is not None and min(prices) <= baseline < max(prices) + 100
    else:
        assert baseline is None
