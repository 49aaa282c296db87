"""The roll-up: what all districts need of one item, summed exactly, and the baseline from the prices they last paid.

Sums can be added to and taken from line by line, in any order, and come to the same: nothing is rounded before the end.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import msgspec

from auction.demand.needs import NeedLine
from auction.money import MICROS, ceil_div, exact

STEP = 100
"""Millionths that a baseline is a multiple of: four decimals."""
FORMULA = (
    "The baseline is the mean of the unit prices last paid, each weighted with the quantity needed: "
    "sum of (quantity × price last paid) ÷ sum of those quantities, over all lines with a price, "
    "rounded up to four decimals."
)


class Sum(msgspec.Struct, frozen=True):
    """What lines of one item come to: the quantity, the part of it with a price last paid, and what that part cost.

    Quantities are in millionths of the base unit, `spend` in millionths of the currency unit; it is exact.
    """

    quantity: int = 0
    priced: int = 0
    spend: Fraction = Fraction(0)
    lines: int = 0

    def plus(self, line: NeedLine, sign: int = 1) -> Sum:
        """With one line more, or one less where the sign is -1."""
        spend = line.spend
        return Sum(
            self.quantity + sign * line.base,
            self.priced + (sign * line.base if spend is not None else 0),
            self.spend + (sign * spend if spend is not None else 0),
            self.lines + sign,
        )

    @property
    def baseline(self) -> int | None:
        """The weighted mean of the prices last paid, in millionths, rounded up to four decimals; None without a price."""
        if not self.priced:
            return None
        mean = Fraction(self.spend * MICROS, self.priced)
        return ceil_div(mean.numerator, mean.denominator * STEP) * STEP

    @property
    def value(self) -> int | None:
        """The whole quantity at the baseline, in millionths rounded up."""
        baseline = self.baseline
        return None if baseline is None else ceil_div(self.quantity * baseline, MICROS)


def total(lines: Iterable[NeedLine]) -> Sum:
    """Sum lines of one item."""
    made = Sum()
    for line in lines:
        made = made.plus(line)
    return made


def told(amount: int | None) -> str | None:
    """An amount or quantity of millionths as a decimal string."""
    return None if amount is None else exact(amount)
