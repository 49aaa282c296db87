"""A lower bound that nobody needs a solver to believe: weak duality, reckoned in whole numbers from rounded multipliers.

For any multipliers of the rows, no choice within the columns' bounds that keeps the rows can cost less. Bad multipliers make a
weak bound, never a wrong one.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from auction.award.integer_model import Model, Row


def certified(model: Model, multipliers: Sequence[Fraction]) -> Fraction:
    """The bound in dollars: what every choice costs at least. Raises ValueError unless there is a multiplier for each row."""
    if len(multipliers) != len(model.rows):
        raise ValueError("needs one multiplier for each row")
    share = lcm(*(each.denominator for each in multipliers))
    reduced = [column.cost * share for column in model.columns]
    total = 0
    for row, multiplier in zip(model.rows, multipliers, strict=True):
        weight = multiplier.numerator * (share // multiplier.denominator)
        bound = _bound(row, weight)
        if weight and bound is not None:
            total += weight * bound
            for place, value in row.terms.items():
                reduced[place] -= weight * value
    total += sum(min(0, cost * column.upper) for cost, column in zip(reduced, model.columns, strict=True))
    # Every allocation costs whole units, so that the next whole unit is a bound too.
    return Fraction(-(-total // share), model.scale)


def _bound(row: Row, weight: int) -> int | None:
    """The side of the row that a multiplier of this sign leans on; None where it has none, and the multiplier counts nothing."""
    return row.lower if weight > 0 else row.upper
