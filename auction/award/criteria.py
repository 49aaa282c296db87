"""What scores earn, and which bids a threshold keeps out before prices are looked at."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache

from auction.award.price_formulas import Merit
from auction.terms.criteria import Criterion, leaves
from auction.terms.exact_numbers import HUNDRED, ONE, ZERO, number, write
from auction.terms.faults import Reading
from auction.terms.plan import Plan
from auction.terms.scales import known, percent

Scores = Mapping[str, tuple[Fraction, Fraction]]
"""By criterion: what the score earns, and the figure that its threshold is compared with."""


def scored(read: Reading, path: str, criterion: Criterion, value: object) -> tuple[Fraction, Fraction]:
    """Read one score: what it earns (points, money or a coefficient), and the figure that a threshold looks at."""
    if criterion.scale is None:
        score = number(read, path, value, most=criterion.full)
        return earned(criterion.worth, criterion.most, score), score
    share = percent(criterion.scale, value)
    if share is None:
        read.fault(path, f"must be {known(criterion.scale)}")
        share = ZERO
    return criterion.most * share / HUNDRED, share


@lru_cache(65_536)
def earned(worth: str, most: Fraction, score: Fraction) -> Fraction:
    """What a score gives: a weight's share of 100, a value's share of 1, or the score itself."""
    if worth == "weight":
        return most * score / HUNDRED
    if worth == "value":
        return most * score
    return ZERO if worth == "gate" else score


def merit(plan: Plan, scores: Scores) -> Merit:
    """Sum what all criteria earned, and its share of what they could."""
    worth = sum((gained for gained, _ in scores.values()), ZERO)
    return Merit(worth, worth / plan.most if plan.most else ZERO)


def shortfall(plan: Plan, scores: Scores) -> str | None:
    """Say which threshold a bid misses, in words; None when it misses none."""
    missed = next((said for each in plan.criteria if (said := _missed(each, scores))), None)
    if missed is None and plan.threshold is not None:
        share = merit(plan, scores).quality * HUNDRED
        missed = _below("all criteria together", share, plan.threshold)
    return missed


def _missed(criterion: Criterion, scores: Scores) -> str | None:
    if criterion.below:
        below = next((said for each in criterion.below if (said := _missed(each, scores))), None)
        gained = sum((scores[each.id][0] for each in leaves(criterion.below)), ZERO)
        return below or _below(criterion.id, gained * HUNDRED / (criterion.most or ONE), criterion.threshold)
    return _below(criterion.id, scores[criterion.id][1], criterion.threshold)


def _below(name: str, figure: Fraction, threshold: Fraction | None) -> str | None:
    if threshold is None or figure >= threshold:
        return None
    return f"{name}: {write(figure)} is below the threshold of {write(threshold)}"
