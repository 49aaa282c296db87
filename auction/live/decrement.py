"""Decrement: how far below its base the next bid must lie."""

from __future__ import annotations

from auction.money import ceil_div
from auction.terms.rules import PERCENT, Rules

RANKED = 10**12
"""What a micro is in ranked units: ranked amounts are whole numbers of 10^-18."""


def step(rules: Rules, base: int) -> int:
    """Return the decrement from a base, both in ranked units; never below one tick.

    An amount is absolute, a percentage is of the base and rounded up to the tick, the smaller applies; tiers give the
    amount of their first row whose bound lies strictly below the base.
    """
    tick = rules.tick * RANKED
    asked = rules.decrement
    steps: list[int] = []
    if asked.amount is not None:
        steps.append(asked.amount * RANKED)
    if asked.percent is not None:
        steps.append(ceil_div(base * asked.percent, 100 * PERCENT * tick) * tick)
    steps += [tier.amount * RANKED for tier in asked.tiers if tier.above * RANKED < base][:1]
    return max(tick, min(steps, default=tick))
