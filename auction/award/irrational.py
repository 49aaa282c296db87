"""Results that no fraction can hold, logarithms and powers, kept as what they are and rounded only when the rounding is certain.

Each is enclosed between two fractions, ever closer, until the question has one answer. What happens to be rational is recognized
first and stays exact, so that no enclosure is asked to decide an exact half.
"""

from __future__ import annotations

from decimal import MAX_EMAX, MIN_EMIN, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import product

import msgspec

from auction.award.roots import exact_root, primitive
from auction.terms.exact_numbers import ONE, ZERO

SIGNIFICANT = 30
FIRST = 40
"""The digits that the first enclosure is reckoned with; each further one has twice as many."""
Pair = tuple[Fraction, Fraction]


class Log(msgspec.Struct, frozen=True):
    """base − weight · ln(ratio) / ln(a), irrational."""

    base: Fraction
    weight: Fraction
    ratio: Fraction
    a: Fraction


class Power(msgspec.Struct, frozen=True):
    """quality ^ exponent / cost, irrational."""

    quality: Fraction
    exponent: Fraction
    cost: Fraction


Value = Fraction | Log | Power


def log(base: Fraction, weight: Fraction, ratio: Fraction, a: Fraction) -> Fraction | Log:
    """base − weight · ln(ratio) / ln(a), as a fraction where it is one; `ratio` is above 0 and `a` above 1."""
    if ratio == ONE or not weight:
        return base
    (root, times), (other, others) = primitive(ratio), primitive(a)
    if root == other:
        return base - weight * Fraction(times, others)
    if root == 1 / other:
        return base + weight * Fraction(times, others)
    return Log(base, weight, ratio, a)


def power(quality: Fraction, exponent: Fraction, cost: Fraction) -> Fraction | Power:
    """quality ^ exponent / cost, as a fraction where it is one; `quality` from 0 to 1, `exponent` and `cost` above 0."""
    root = exact_root(quality, exponent.denominator)
    if root is None:
        return Power(quality, exponent, cost)
    return root**exponent.numerator / cost


def plus(value: Value, more: Fraction) -> Value:
    """Add a fraction to a fraction or a logarithm."""
    if isinstance(value, Power):
        raise TypeError("powers are never added to")
    return (
        Log(value.base + more, value.weight, value.ratio, value.a) if isinstance(value, Log) else value + more
    )


def compare(one: Value, other: Value) -> int:
    """Say which is greater: 1, 0 or −1, always rightly; logarithms share their weight and base."""
    if isinstance(one, Fraction) and isinstance(other, Fraction):
        return (one > other) - (one < other)
    apart = _apart(enclose(one, FIRST), enclose(other, FIRST))
    return apart or _closely(one, other)


def _closely(one: Value, other: Value) -> int:
    """Compare what the first enclosure could not tell apart."""
    if _equal(one, other):
        return 0
    digits = FIRST
    while True:
        digits *= 2
        if apart := _apart(enclose(one, digits), enclose(other, digits)):
            return apart


def _equal(one: Value, other: Value) -> bool:
    if isinstance(one, Log) and isinstance(other, Log):
        return log(one.base - other.base, one.weight, one.ratio / other.ratio, one.a) == ZERO
    if isinstance(one, Power) and isinstance(other, Power):
        over, under = one.exponent.numerator, one.exponent.denominator
        return one == other or ((one.quality / other.quality) ** over == (one.cost / other.cost) ** under)
    return False


def _apart(one: Pair, other: Pair) -> int:
    return (one[0] > other[1]) - (one[1] < other[0])


@lru_cache(8_192)
def enclose(value: Value, digits: int) -> Pair:
    """Two fractions with the value between them, about so many digits close."""
    if isinstance(value, Fraction):
        return value, value
    if isinstance(value, Log):
        low, high = _times(_ln(value.ratio, digits), _inverse(_ln(value.a, digits)))
        return value.base - value.weight * high, value.base - value.weight * low
    low, high = (each * value.exponent for each in _ln(value.quality, digits))
    below, above = _context(digits, ROUND_FLOOR), _context(digits, ROUND_CEILING)
    least = below.exp(below.divide(Decimal(low.numerator), Decimal(low.denominator)))
    most = above.exp(above.divide(Decimal(high.numerator), Decimal(high.denominator)))
    return _about(least, digits)[0] / value.cost, _about(most, digits)[1] / value.cost


def _about(value: Decimal, digits: int) -> Pair:
    """A result that was rounded to so many digits, with room for more than its last one."""
    room = abs(Fraction(value)) / 10 ** (digits - 2)
    return Fraction(value) - room, Fraction(value) + room


def _context(digits: int, rounding: str = ROUND_HALF_EVEN) -> Context:
    return Context(prec=digits, rounding=rounding, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[])


@lru_cache(8_192)
def _ln(value: Fraction, digits: int) -> Pair:
    """Enclose ln: of the two whole numbers, each within one unit of its last digit, until the sign is known."""
    context = _context(digits)
    over, under = (context.ln(Decimal(each)) for each in (value.numerator, value.denominator))
    (over_low, over_high), (under_low, under_high) = _about(over, digits), _about(under, digits)
    low, high = over_low - under_high, over_high - under_low
    return (low, high) if (low > 0) == (high > 0) or value == ONE else _ln(value, 2 * digits)


def _times(one: Pair, other: Pair) -> Pair:
    corners = [x * y for x, y in product(one, other)]
    return min(corners), max(corners)


def _inverse(pair: Pair) -> Pair:
    return 1 / pair[1], 1 / pair[0]


def significant(value: Log | Power, places: int = SIGNIFICANT) -> str:
    """Write so many significant digits, half-even, which for an irrational number is simply the nearest."""
    digits = FIRST
    while True:
        low, high = (_rounded(each, places) for each in enclose(value, digits))
        if low == high:
            return f"{low:f}"
        digits *= 2


def _rounded(value: Fraction, places: int) -> Decimal:
    return _context(places).divide(Decimal(value.numerator), Decimal(value.denominator))
