"""Equal optima: whether another allocation costs the same, and which of them is taken.

Settled by fewer lots left over, fewer split lots, fewer vendors, more quality, and at last by lot, where there are numbers to
draw from. Two splits of the same lots among the same vendors that differ in percents alone are not told apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import lcm

import msgspec

from auction.award import draw
from auction.award.allocation import Allocation, cost
from auction.award.allocation_check import broken
from auction.award.allocation_model import AllocationModel
from auction.award.integer_model import Solver
from auction.award.market import Market

Costs = dict[int, int]


class Settled(msgspec.Struct, frozen=True):
    """The allocation taken, and whether others cost the same; None where that was not found out in time."""

    allocation: Allocation
    tie: bool | None


def settle(market: Market, allocation: Allocation, solver: Solver) -> Settled:
    """Look for an equal optimum beside a proven one, and settle between them all."""
    equals = Equals(market, allocation, solver)
    other = equals.another()
    if other is None:
        return Settled(allocation, equals.sure)
    equals.best = other
    for costs in equals.wishes():
        equals.improve(costs)
    if market.lots_drawn is not None:
        equals.draw(draw.order(market.lots_drawn, sorted(equals.choices)))
    return Settled(equals.best, True)


class Equals:
    """All allocations that cost the same as a proven optimum, narrowed one wish after another."""

    def __init__(self, market: Market, allocation: Allocation, solver: Solver) -> None:
        self.market, self.best, self._solver = market, allocation, solver
        self._cost = cost(market, allocation)
        self._whole = AllocationModel(market, with_winners=True)
        self.model = self._whole.model
        terms = {place: column.cost for place, column in enumerate(self.model.columns)}
        self.model.row("", terms, upper=self.model.units(self._cost))
        self.sure: bool | None = False
        self.choices = self._whole.taken | {
            f"{v}/{lot}": place for (v, lot), place in self._whole.used.items()
        }
        self._free()

    def another(self) -> Allocation | None:
        """An allocation that takes other offers or shares at the same cost; `sure` tells whether there is none."""
        chosen = self._chosen(self.best)
        terms = {place: (-1 if place in chosen else 1) for place in self.choices.values()}
        self.model.row("", terms, lower=1 - len(chosen))
        found = self._solve()
        self.model.rows.pop()
        return found

    def wishes(self) -> Iterator[Costs]:
        """What is preferred among equals, one after another, as what to make small."""
        yield dict.fromkeys(self._whole.left.values(), 1)
        yield dict.fromkeys(self._split(), 1)
        yield dict.fromkeys(self._whole.winners.values(), 1)
        yield self._quality()

    def improve(self, costs: Costs) -> None:
        """Make a wish as small as it can be, and hold the rest to it."""
        if not any(costs.values()):
            return
        for place, value in costs.items():
            self.model.columns[place].cost = value
        found = self._solver.solve(self.model)
        reached = self.model.worth(found.values) if found.status == "optimal" else None
        self._free()
        if reached is not None and self._exact(allocation := self._whole.allocation(found.values)):
            self.best = allocation
            self.model.row("", costs, upper=reached)

    def draw(self, order: tuple[str, ...]) -> None:
        """Take what is drawn first wherever it can be taken."""
        for name in order:
            place = self.choices[name]
            if place not in self._chosen(self.best):
                self.model.columns[place].cost = -1
                found = self._solve()
                self._free()
                if found is None or place not in self._chosen(found):
                    continue
                self.best = found
            self.model.row("", {place: 1}, lower=1)

    def _chosen(self, allocation: Allocation) -> set[int]:
        shares = {f"{vendor}/{lot}" for vendor, lot in allocation.shares}
        return {self.choices[name] for name in (*allocation.offers, *shares)}

    def _solve(self) -> Allocation | None:
        found = self._solver.solve(self.model)
        if found.status == "unknown":
            self.sure = None
        if not found.values:
            return None
        allocation = self._whole.allocation(found.values)
        return allocation if self._exact(allocation) else None

    def _exact(self, allocation: Allocation) -> bool:
        """Tell whether an allocation truly costs the same and keeps every rule."""
        return cost(self.market, allocation) == self._cost and not broken(self.market, allocation)

    def _free(self) -> None:
        for column in self.model.columns:
            column.cost = 0

    def _split(self) -> Iterator[int]:
        """A column for each lot that is shared by more than one vendor."""
        for lot in self.market.lots:
            sharing = [place for (_, name), place in self._whole.used.items() if name == lot.id]
            if len(sharing) > 1:
                split = self.model.column()
                self.model.row("", dict.fromkeys(sharing, 1) | {split: 1 - len(sharing)}, upper=1)
                yield split

    def _quality(self) -> Costs:
        """Quality as a cost below zero, in whole numbers."""
        whole = {self._whole.taken[offer.id]: -offer.quality for offer in self.market.offers}
        parts = {self._whole.percents[s.vendor, s.lot]: -s.quality / 100 for s in self.market.shares}
        earned: dict[int, Fraction] = whole | parts
        share = lcm(*(value.denominator for value in earned.values()))
        return {place: int(value * share) for place, value in earned.items()}
