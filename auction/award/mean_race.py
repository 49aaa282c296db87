"""Who leads around the mean price when one bid is thought away: the same comparison as in fractions, in whole numbers.

With prices p and worths w over common denominators, a sum S of n prices, a bid's total is base + 100 − 100·n·p/S + w. Multiplied
by what all totals share, that is a whole number; rounded price points are one too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import lcm

from auction.terms.price_rule import PriceRule, Rounding


class MeanRace:
    """The bids of one footing, their prices and worths as whole numbers."""

    def __init__(
        self, rule: PriceRule, prices: Mapping[str, Fraction], worths: Mapping[str, Fraction]
    ) -> None:
        self._rule, self._names = rule, tuple(prices)
        self._prices, _ = _whole([prices[name] for name in self._names])
        self._worths, self._share = _whole([worths[name] for name in self._names])
        self._sum = sum(self._prices)

    def leaders(self, without: str) -> frozenset[str]:
        """The names that lead, all equal, without one of them."""
        out = self._names.index(without)
        total = self._key(self._sum - self._prices[out], len(self._names) - 1)
        keys = [total(price, worth) for price, worth in zip(self._prices, self._worths, strict=True)]
        keys[out] = min(keys) - 1
        best = max(keys)
        return frozenset(name for name, key in zip(self._names, keys, strict=True) if key == best)

    def _key(self, summed: int, count: int) -> Callable[[int, int], int]:
        """How a total is compared, given the sum and number of the prices left; a greater key is a better bid."""
        if self._rule.round is None:
            slope = 100 * count * self._share
            return lambda price, worth: worth * summed - slope * price
        return _rounded_key(self._rule.base + 100, self._rule.round, summed, count, self._share)


def _rounded_key(
    top: Fraction, rounding: Rounding, summed: int, count: int, share: int
) -> Callable[[int, int], int]:
    """The same, with the price points rounded to places before the worth is added."""
    tens: int = 10**rounding.places
    under = summed * top.denominator
    over, slope = top.numerator * summed * tens, 100 * count * top.denominator * tens
    to_even = rounding.mode == "half_even"

    def key(price: int, worth: int) -> int:
        scaled = over - slope * price
        whole, rest = divmod(abs(scaled), under)
        up = 2 * rest > under or (2 * rest == under and (not to_even or whole % 2 == 1))
        points = whole + up if scaled >= 0 else -(whole + up)
        return points * share + worth * tens

    return key


def _whole(figures: list[Fraction]) -> tuple[list[int], int]:
    """Bring fractions over one denominator."""
    share = lcm(*(figure.denominator for figure in figures))
    return [figure.numerator * (share // figure.denominator) for figure in figures], share
