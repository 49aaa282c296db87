"""The evaluation once more, as slowly and plainly as it can be said: every withdrawal is a whole new evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cmp_to_key

from auction.award import life_cycle
from auction.award.bids import Bid
from auction.award.criteria import merit
from auction.award.draw import Draw
from auction.award.irrational import Value, compare
from auction.award.preferences import Lows, edited
from auction.award.price_formulas import Field, score
from auction.award.ties import settle
from auction.terms.plan import Plan


def keys(plan: Plan, bids: Sequence[Bid]) -> dict[str, Value]:
    """What each bid is ranked by, every number looked up anew."""
    costs = {bid.id: life_cycle.cost(plan.life_cycle, bid.price, bid.facts) for bid in bids}
    flags = {bid.id: bid.flags for bid in bids}
    footings = [Lows(each, costs, flags).footing() for each in plan.preferences]
    prices = {bid.id: edited(costs[bid.id], bid.flags, plan.preferences, footings) for bid in bids}
    merits = {bid.id: merit(plan, bid.scores) for bid in bids}
    field = Field(
        min(prices.values()),
        max(prices.values()),
        sum(prices.values()) / len(prices),  # type: ignore[arg-type]
        max(each.quality for each in merits.values()),
    )
    return {name: score(plan.price, prices[name], merits[name], field, plan.most).key for name in prices}


def winner(plan: Plan, bids: Sequence[Bid], lots: Draw | None) -> tuple[str | None, set[str]]:
    """Who wins, None while a tie stays open, and who shares the first place then."""
    found = keys(plan, bids)
    best = max(found.values(), key=cmp_to_key(compare))
    first = settle(plan, [bid for bid in bids if compare(found[bid.id], best) == 0], lots)[0]
    return (first[0].id if len(first) == 1 else None), {bid.id for bid in first}


def withdrawals(plan: Plan, bids: Sequence[Bid], lots: Draw | None) -> dict[str, str | None]:
    """Who would win without each loser."""
    _, leading = winner(plan, bids, lots)
    return {
        out.id: winner(plan, [bid for bid in bids if bid.id != out.id], lots)[0]
        for out in bids
        if out.id not in leading
    }
