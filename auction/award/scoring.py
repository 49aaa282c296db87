"""The evaluation of bids, whole: who is admitted, what each earns, who is first, and what would change without a loser."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

import msgspec

from auction.award import life_cycle
from auction.award.bids import Bid
from auction.award.criteria import shortfall
from auction.award.draw import Draw
from auction.award.price_formulas import Score
from auction.award.standing import Standings
from auction.award.ties import Group, settle
from auction.terms.plan import Plan

LOW_SHARE, LOW_LEAST = Fraction(1, 2), 3
"""A bid below half the median of the others is flagged as abnormally low, where at least three are admitted."""


class Withdrawal(msgspec.Struct, frozen=True):
    """Who would win without a loser, None while a tie stays open, and whether that is somebody else."""

    winner: str | None
    changes: bool


class Evaluation(msgspec.Struct, frozen=True):
    """What an evaluation found; `refused` holds the bids that are not ranked, each with its reason."""

    scores: dict[str, Score]
    ranks: dict[str, int]
    refused: dict[str, str]
    winner: Bid | None
    tie: tuple[str, ...]
    withdrawal: dict[str, Withdrawal]
    flags: tuple[str, ...]


def evaluate(plan: Plan, bids: Sequence[Bid], lots: Draw | None = None) -> Evaluation:
    """Evaluate bids by a plan; raises nothing on bids that were read by it."""
    refused = {bid.id: reason for bid in bids if (reason := bid.disqualified or shortfall(plan, bid.scores))}
    admitted = tuple(bid for bid in bids if bid.id not in refused)
    if not admitted:
        return Evaluation({}, {}, refused, None, (), {}, ())
    standings = Standings(plan, admitted)
    groups = standings.ranked()
    settled = [each for group in groups for each in settle(plan, group, lots)]
    first = settled[0]
    return Evaluation(
        scores=standings.scores(),
        ranks=_ranks(settled),
        refused=refused,
        winner=first[0] if len(first) == 1 else None,
        tie=tuple(bid.id for bid in groups[0]) if len(groups[0]) > 1 else (),
        withdrawal=dict(_withdrawals(standings, first, lots)),
        flags=tuple(_flags(plan, admitted)),
    )


def _ranks(settled: Sequence[Group]) -> dict[str, int]:
    """Ranks from 1; equals share one and the next is counted past them."""
    found: dict[str, int] = {}
    for group in settled:
        found |= dict.fromkeys((bid.id for bid in group), len(found) + 1)
    return found


def _withdrawals(standings: Standings, first: Group, lots: Draw | None) -> Iterator[tuple[str, Withdrawal]]:
    """Think each loser away; while the first place is tied, none of those who share it is a loser."""
    winner, leading = first[0].id if len(first) == 1 else None, {bid.id for bid in first}
    for bid in standings.bids:
        if bid.id not in leading:
            best = settle(standings.plan, standings.leaders(bid.id), lots)[0]
            then = best[0].id if len(best) == 1 else None
            yield bid.id, Withdrawal(then, then != winner)


def _flags(plan: Plan, admitted: Sequence[Bid]) -> Iterator[str]:
    """What a person has to look at: one bid alone, identical ones, and very low ones."""
    if len(admitted) == 1:
        yield "lone_bid"
    offers = Counter((bid.offered, bid.facts.get("opex")) for bid in admitted)
    if any(count > 1 for count in offers.values()):
        yield "identical_bids"
    yield from (f"abnormally_low:{name}" for name in _low(plan, admitted))


def _low(plan: Plan, admitted: Sequence[Bid]) -> Iterator[str]:
    """The bids below half the median of the others; prices before preferences."""
    costs = [(life_cycle.cost(plan.life_cycle, bid.price, bid.facts), bid.id) for bid in admitted]
    ranked = sorted(cost for cost, _ in costs)
    for cost, name in costs if len(costs) >= LOW_LEAST else ():
        if cost < LOW_SHARE * _median_without(ranked, bisect_left(ranked, cost)):
            yield name


def _median_without(ranked: Sequence[Fraction], place: int) -> Fraction:
    """The median of figures in order, with one of them left out."""
    left = len(ranked) - 1
    middle = [each if each < place else each + 1 for each in ((left - 1) // 2, left // 2)]
    return (ranked[middle[0]] + ranked[middle[1]]) / 2
