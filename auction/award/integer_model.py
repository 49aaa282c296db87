"""An integer program in whole numbers, and what is asked of whoever solves it.

Every column runs from 0 to its upper bound; every row lies between its bounds. Costs are whole units of `scale` to the dollar, so
that whatever a solver answers can be reckoned again without rounding.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import lcm
from typing import Literal, Protocol

import msgspec

Status = Literal["optimal", "feasible", "infeasible", "unknown"]


class Column(msgspec.Struct):
    """A quantity to be chosen: from 0 to `upper`, in whole steps unless it only follows from others."""

    upper: int = 1
    cost: int = 0
    whole: bool = True


class Row(msgspec.Struct):
    """A condition on some columns, with the name of the rule that asks for it."""

    rule: str
    terms: dict[int, int]
    lower: int | None = None
    upper: int | None = None


class Model(msgspec.Struct):
    """Columns and rows; minimise the sum of cost times column."""

    scale: int
    columns: list[Column] = msgspec.field(default_factory=list)
    rows: list[Row] = msgspec.field(default_factory=list)

    def column(self, upper: int = 1, cost: int = 0, whole: bool = True) -> int:
        """Add a column and return its place."""
        self.columns.append(Column(upper, cost, whole))
        return len(self.columns) - 1

    def row(
        self,
        rule: str,
        terms: Mapping[int, Fraction | int],
        lower: Fraction | int | None = None,
        upper: Fraction | int | None = None,
    ) -> None:
        """Add a row; fractions are brought to whole numbers together."""
        given = {*terms.values(), *(bound for bound in (lower, upper) if bound is not None)}
        share = lcm(*(each.denominator for each in given))
        self.rows.append(
            Row(
                rule,
                {place: int(each * share) for place, each in terms.items() if each},
                None if lower is None else int(lower * share),
                None if upper is None else int(upper * share),
            )
        )

    def units(self, amount: Fraction) -> int:
        """An amount in dollars as whole units; raises ValueError where it is none."""
        scaled = amount * self.scale
        if scaled.denominator != 1:
            raise ValueError(f"{amount} is not a whole number of units")
        return scaled.numerator

    def worth(self, values: tuple[int, ...]) -> int:
        """The cost of a choice, in units."""
        return sum(column.cost * value for column, value in zip(self.columns, values, strict=True))


class Solution(msgspec.Struct, frozen=True):
    """What a solver found: a value for each column, rounded where it is whole, and a bound in units that it claims."""

    status: Status
    values: tuple[int, ...] = ()
    bound: Fraction | None = None


class Solver(Protocol):
    """Whoever solves integer programs, within a time of its own."""

    def solve(self, model: Model) -> Solution:
        """Find a cheapest choice, or the cheapest found in time."""

    def multipliers(self, model: Model) -> tuple[Fraction, ...]:
        """A number for each row from the relaxed program, rounded; empty when there was no time."""

    def briefly(self) -> Solver:
        """A solver with a little of the time that is left, for questions beside the main one."""
