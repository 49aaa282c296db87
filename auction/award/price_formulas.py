"""Price formulas: what a bid's evaluated price earns, in points, as an index, or as a price to compare.

Prices and quality are fractions. `relative_*`, `linear_*` from the lowest or between extremes, `mean_plus_minus` and
`utility_index` look at the other bids; the rest look at the bid alone, so that a loser's leaving cannot reorder anybody.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import msgspec

from auction.award.irrational import Log, Power, Value, enclose, log, plus, power, significant
from auction.terms.exact_numbers import HUNDRED, ONE, ZERO, write
from auction.terms.price_rule import POINTS, PriceRule, Rounding


class Field(msgspec.Struct, frozen=True):
    """What a formula may know of the admitted bids together; what it does not use is left at zero."""

    lowest: Fraction = ZERO
    highest: Fraction = ZERO
    mean: Fraction = ZERO
    best_quality: Fraction = ZERO


class Merit(msgspec.Struct, frozen=True):
    """What a bid's criteria came to: their sum, and the share of the whole, 0 to 1."""

    worth: Fraction = ZERO
    quality: Fraction = ZERO


class Score(msgspec.Struct, frozen=True):
    """A bid judged: the price compared, its points, the total, and the key by which bids are ranked, higher first."""

    evaluated_price: Fraction
    price_points: Value | None
    total: Value | None
    key: Value


USES: dict[str, tuple[str, ...]] = {
    "log": ("lowest",),
    "relative_lowest": ("lowest",),
    "linear_deviation_from_lowest": ("lowest",),
    "linear_zero_at_n_times_lowest": ("lowest",),
    "linear_min_max": ("lowest", "highest"),
    "mean_plus_minus": ("mean",),
    "utility_index": ("lowest", "best_quality"),
}
"""Which parts of the field each formula looks at."""


def score(rule: PriceRule, price: Fraction, merit: Merit, field: Field, most: Fraction) -> Score:
    """Judge one bid; `most` is what all criteria give together at the full score."""
    if rule.formula in POINTS:
        points = rounded(_POINTS[rule.formula](rule, price, field), rule.round)
        total = plus(points, merit.worth)
        return Score(price, points, total, total)
    if rule.formula in _INDEXES:
        index = _INDEXES[rule.formula](rule, price, merit, field)
        return Score(price, None, index, index)
    compared = _PRICES[rule.formula](rule, price, merit, most)
    return Score(compared, None, None, -compared)


def _given(value: Fraction | None) -> Fraction:
    """A parameter that the plan made sure of."""
    if value is None:
        raise ValueError("the plan lacks a parameter that its formula needs")
    return value


def _absolute_linear(rule: PriceRule, price: Fraction, field: Field) -> Fraction:
    upper, lower = _given(rule.upper), _given(rule.lower)
    return _given(rule.points) * min(ONE, max(ZERO, (upper - price) / (upper - lower)))


def _log(rule: PriceRule, price: Fraction, field: Field) -> Value:
    points = _given(rule.points)
    return log(points, points, price / field.lowest, _given(rule.a))


def _relative_lowest(rule: PriceRule, price: Fraction, field: Field) -> Fraction:
    return _given(rule.points) * field.lowest / price


def _linear_deviation(rule: PriceRule, price: Fraction, field: Field) -> Fraction:
    return max(ZERO, _given(rule.points) * (1 - (price - field.lowest) / field.lowest))


def _linear_zero_at_n(rule: PriceRule, price: Fraction, field: Field) -> Fraction:
    times = _given(rule.n)
    return max(ZERO, _given(rule.points) * (times * field.lowest - price) / ((times - 1) * field.lowest))


def _linear_min_max(rule: PriceRule, price: Fraction, field: Field) -> Fraction:
    spread = field.highest - field.lowest
    return _given(rule.points) * (field.highest - price) / spread if spread else _given(rule.points)


def _mean_plus_minus(rule: PriceRule, price: Fraction, field: Field) -> Fraction:
    return rule.base - HUNDRED * (price - field.mean) / field.mean


def _vfm_index(rule: PriceRule, price: Fraction, merit: Merit, field: Field) -> Value:
    return power(merit.quality, _given(rule.wq) / _given(rule.wp), price)


def _utility_index(rule: PriceRule, price: Fraction, merit: Merit, field: Field) -> Fraction:
    missing = (field.best_quality - merit.quality) * _given(rule.wq) / _given(rule.wp)
    return (1 - missing) / price * field.lowest


def _value_deduction(rule: PriceRule, price: Fraction, merit: Merit, most: Fraction) -> Fraction:
    return price - merit.worth


def _coefficient(rule: PriceRule, price: Fraction, merit: Merit, most: Fraction) -> Fraction:
    return price / (1 + (merit.worth / (1 - most) if rule.scaled else merit.worth))


def _ratio(rule: PriceRule, price: Fraction, merit: Merit, most: Fraction) -> Fraction:
    return price / merit.quality


_POINTS: dict[str, Callable[[PriceRule, Fraction, Field], Value]] = {
    "absolute_linear": _absolute_linear,
    "log": _log,
    "relative_lowest": _relative_lowest,
    "linear_deviation_from_lowest": _linear_deviation,
    "linear_zero_at_n_times_lowest": _linear_zero_at_n,
    "linear_min_max": _linear_min_max,
    "mean_plus_minus": _mean_plus_minus,
}
_INDEXES: dict[str, Callable[[PriceRule, Fraction, Merit, Field], Value]] = {
    "vfm_index": _vfm_index,
    "utility_index": _utility_index,
}
_PRICES: dict[str, Callable[[PriceRule, Fraction, Merit, Fraction], Fraction]] = {
    "value_deduction": _value_deduction,
    "coefficient": _coefficient,
    "ratio": _ratio,
}


def rounded(value: Value, rounding: Rounding | None) -> Value:
    """Round as the plan says, exactly; without a rule nothing is rounded."""
    if rounding is None:
        return value
    if isinstance(value, Log | Power):
        return _certain(value, rounding)
    scaled = value * 10**rounding.places
    whole = abs(scaled.numerator) // scaled.denominator
    rest = abs(scaled) - whole
    up = rest > Fraction(1, 2) or (rest == Fraction(1, 2) and (rounding.mode == "half_up" or whole % 2 == 1))
    return Fraction((whole + up) * (-1 if scaled < 0 else 1), 10**rounding.places)


def _certain(value: Log | Power, rounding: Rounding) -> Value:
    """Round an irrational number, which lies on no half: closer and closer until both ends round alike."""
    digits = 40
    while True:
        low, high = (rounded(each, rounding) for each in enclose(value, digits))
        if low == high:
            return low
        digits *= 2


def told(value: Value) -> str:
    """Write a result: exact where it is, else with 30 significant digits."""
    return write(value) if isinstance(value, Fraction) else significant(value)
