"""Indifference: where a formula weighs price and quality along a line, the line on which a bid would compare like the first.

A line says which price each quality would have made up for; above it or to its left a bid would have come first.
"""

from __future__ import annotations

from fractions import Fraction

import msgspec

from auction.award.scoring import Evaluation
from auction.terms.exact_numbers import HUNDRED, ONE, ZERO
from auction.terms.plan import Plan
from auction.terms.price_rule import POINTS, PriceRule
from server.pages.panel.axes import Axis

Point = tuple[Fraction, Fraction]
"""A price and a quality, as a plot's axes have them."""


class Even(msgspec.Struct, frozen=True):
    """A line: `price` at no quality, and `slope`, so much more for each unit of quality; it holds between two prices."""

    price: Fraction
    slope: Fraction
    lowest: Fraction | None = None
    highest: Fraction | None = None

    def within(self, prices: Axis, qualities: Axis) -> tuple[Point, Point] | None:
        """Both ends of the line inside two axes; None where it lies outside."""
        low = max(prices.low, self.at(qualities.low), prices.low if self.lowest is None else self.lowest)
        high = min(
            prices.high, self.at(qualities.high), prices.high if self.highest is None else self.highest
        )
        return ((low, self.quality(low)), (high, self.quality(high))) if low < high else None

    def at(self, quality: Fraction) -> Fraction:
        """The price that a quality makes up for."""
        return self.price + self.slope * quality

    def quality(self, price: Fraction) -> Fraction:
        """The quality that makes up for a price."""
        return (price - self.price) / self.slope


def quality(plan: Plan, worth: Fraction) -> Fraction:
    """What the criteria came to, as a plot shows it: points, money or coefficients; per cent where only the share counts."""
    return worth * HUNDRED / (plan.most or ONE) if shares(plan) else worth


def shares(plan: Plan) -> bool:
    """Tell whether a formula knows quality only as a share of the whole."""
    return plan.price.formula in ("ratio", "vfm_index", "utility_index")


def even(plan: Plan, found: Evaluation) -> Even | None:
    """The line through the first bid; None where nobody is first, or the formula knows no such line."""
    first = next((name for name, rank in found.ranks.items() if rank == 1), None)
    if first is None or plan.preferences or plan.life_cycle is not None:
        return None
    score = found.scores[first]
    if plan.price.formula == "absolute_linear":
        return _in_points(plan.price, score.total)
    return None if plan.price.formula in POINTS else _compared(plan, score.evaluated_price)


def _compared(plan: Plan, price: Fraction) -> Even | None:
    """A line of one compared price; without a price there is none."""
    if plan.price.formula == "value_deduction":
        return Even(price, ONE)
    if plan.price.formula == "coefficient":
        return Even(price, price / (1 - plan.most) if plan.price.scaled else price)
    return Even(ZERO, price / HUNDRED) if plan.price.formula == "ratio" else None


def _in_points(rule: PriceRule, total: object) -> Even | None:
    """A line of one total of points, as far as the price earns some but not all; rounded points lie on none."""
    if rule.round is not None or not isinstance(total, Fraction):
        return None
    assert rule.upper is not None
    assert rule.lower is not None
    assert rule.points is not None
    slope = (rule.upper - rule.lower) / rule.points
    return Even(rule.upper - total * slope, slope, rule.lower, rule.upper)
