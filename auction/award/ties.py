"""Ties: bids that nothing tells apart are put in order by the published rules, the last of which draws lots."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from auction.award import draw
from auction.award.bids import Bid
from auction.award.criteria import merit
from auction.award.draw import Draw
from auction.terms.exact_numbers import ZERO
from auction.terms.plan import Plan

Group = tuple[Bid, ...]
Key = Callable[[Bid], Any]


def settle(plan: Plan, group: Sequence[Bid], lots: Draw | None) -> tuple[Group, ...]:
    """Put equal bids in order: groups that the rules tell apart, best first; without numbers to draw from, lots wait."""
    groups: tuple[Group, ...] = (tuple(group),)
    if len(group) == 1:
        return groups
    for preference in plan.preferences:
        if preference.wins_ties:
            groups = _split(groups, lambda bid, flag=preference.flag: flag not in bid.flags)  # type: ignore[misc]
    for rule in plan.ties:
        groups = _drawn(groups, lots) if rule == "lot_draw" else _split(groups, _key(rule, plan))
    return groups


def _split(groups: Sequence[Group], key: Key) -> tuple[Group, ...]:
    """Split each group by a key, lowest first; bids of one key stay together."""
    found: list[Group] = []
    for group in groups:
        for value in sorted({key(bid) for bid in group}):
            found.append(tuple(bid for bid in group if key(bid) == value))
    return tuple(found)


def _drawn(groups: Sequence[Group], lots: Draw | None) -> tuple[Group, ...]:
    """Draw lots within each group, from its ids in order."""
    if lots is None:
        return tuple(groups)
    found: list[Group] = []
    for group in groups:
        known = {bid.id: bid for bid in group}
        found += [(known[name],) for name in draw.order(lots, sorted(known))]
    return tuple(found)


def _key(rule: str, plan: Plan) -> Key:
    """What a rule sorts by, lowest first: the rule's own flag, then its measure where bids state one."""
    if rule == "quality":
        return lambda bid: -merit(plan, bid.scores).worth
    measure = {"nearest": "distance", "earliest_delivery": "delivery_days"}.get(rule)
    if measure is not None:
        return lambda bid: (rule not in bid.flags, measure not in bid.facts, bid.facts.get(measure, ZERO))
    if rule == "earliest_bid":
        return lambda bid: (rule not in bid.flags, not bid.received, bid.received)
    return lambda bid: rule not in bid.flags
