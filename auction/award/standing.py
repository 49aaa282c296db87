"""Standings: the admitted bids judged together, and who would lead without one of them.

Only a few bids matter to the others: the lowest, the highest, the best in quality, those that a preference is counted from.
Without any other bid all scores stay as they are, so that a table of withdrawals needs few evaluations; only a mean moves with
every bid, and there whole numbers are compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cmp_to_key

import msgspec

from auction.award import life_cycle
from auction.award.bids import Bid
from auction.award.criteria import merit
from auction.award.ends import Ends
from auction.award.irrational import compare
from auction.award.mean_race import MeanRace
from auction.award.preferences import Footing, Lows, edited
from auction.award.price_formulas import USES, Field, Score, score
from auction.terms.plan import Plan

Footings = tuple[Footing, ...]
Ranked = tuple[tuple[Bid, ...], ...]
"""Bids in groups of equals, best first."""


class Prices(msgspec.Struct, frozen=True):
    """The evaluated prices on one footing, and their ends."""

    each: dict[str, Fraction]
    ends: Ends
    mean: MeanRace | None


class Standings:
    """The admitted bids of one evaluation; every set of circumstances is judged once."""

    def __init__(self, plan: Plan, bids: Sequence[Bid]) -> None:
        self.plan, self.bids = plan, tuple(bids)
        self._costs = {bid.id: life_cycle.cost(plan.life_cycle, bid.price, bid.facts) for bid in bids}
        self._flags = {bid.id: bid.flags for bid in bids}
        self._merits = {bid.id: merit(plan, bid.scores) for bid in bids}
        self._qualities = Ends({name: each.quality for name, each in self._merits.items()})
        self._lows = [Lows(each, self._costs, self._flags) for each in plan.preferences]
        self._prices: dict[Footings, Prices] = {}
        self._judged: dict[tuple[Footings, Field], dict[str, Score]] = {}
        self._ranked: dict[tuple[Footings, Field], Ranked] = {}

    def scores(self) -> dict[str, Score]:
        """Every bid's score, with all of them in."""
        return self._scores(*self._circumstances(None))

    def ranked(self) -> Ranked:
        """All bids in groups of equals, best first."""
        return self._ranking(*self._circumstances(None))

    def leaders(self, without: str) -> tuple[Bid, ...]:
        """The bids that would lead, all equal, if one had not been made; there must be another."""
        footings, field = self._circumstances(without)
        race = self._priced(footings).mean
        if race is not None:
            first = race.leaders(without)
            return tuple(bid for bid in self.bids if bid.id in first)
        for group in self._ranking(footings, field):
            if left := tuple(bid for bid in group if bid.id != without):
                return left
        raise ValueError("nobody is left to lead")

    def _circumstances(self, without: str | None) -> tuple[Footings, Field]:
        footings = tuple(each.footing(without) for each in self._lows)
        return footings, self._field(self._priced(footings).ends, without)

    def _field(self, ends: Ends, without: str | None) -> Field:
        uses = USES.get(self.plan.price.formula, ())
        known = {name: getattr(ends, name)(without) for name in uses if name != "best_quality"}
        if "best_quality" in uses:
            known["best_quality"] = self._qualities.highest(without)
        return Field(**known)

    def _priced(self, footings: Footings) -> Prices:
        if footings not in self._prices:
            each = {
                name: edited(cost, self._flags[name], self.plan.preferences, footings)
                for name, cost in self._costs.items()
            }
            averaged = self.plan.price.formula == "mean_plus_minus"
            race = (
                MeanRace(self.plan.price, each, {n: m.worth for n, m in self._merits.items()})
                if averaged
                else None
            )
            self._prices[footings] = Prices(each, Ends(each), race)
        return self._prices[footings]

    def _scores(self, footings: Footings, field: Field) -> dict[str, Score]:
        key = footings, field
        if key not in self._judged:
            rule, most, prices = self.plan.price, self.plan.most, self._priced(footings).each
            self._judged[key] = {
                name: score(rule, prices[name], each, field, most) for name, each in self._merits.items()
            }
        return self._judged[key]

    def _ranking(self, footings: Footings, field: Field) -> Ranked:
        key = footings, field
        if key not in self._ranked:
            scores = self._scores(footings, field)
            self._ranked[key] = _grouped(self.bids, scores)
        return self._ranked[key]


def _grouped(bids: Sequence[Bid], scores: dict[str, Score]) -> Ranked:
    """Sort by key, best first, and put equals together in the order they were given."""

    def better(one: Bid, other: Bid) -> int:
        return compare(scores[other.id].key, scores[one.id].key)

    groups: list[list[Bid]] = []
    for bid in sorted(bids, key=cmp_to_key(better)):
        if groups and not compare(scores[groups[-1][0].id].key, scores[bid.id].key):
            groups[-1].append(bid)
        else:
            groups.append([bid])
    return tuple(tuple(group) for group in groups)
