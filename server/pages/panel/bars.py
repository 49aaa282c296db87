"""Bars: what each bid is made of, part by part, beside all others on one scale.

With points a bar adds them up. Where quality is worth money it is as long as the price, and its end is what quality takes off.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import msgspec

from auction.award.plan_card import rounded
from auction.award.price_formulas import Score
from auction.terms.criteria import leaves
from auction.terms.exact_numbers import HUNDRED, ONE, ZERO
from auction.terms.plan import Plan
from server.pages.panel.plot import result

WIDE_ENOUGH = Fraction(6)
"""A part of so many per cent has room for its number."""


class Part(msgspec.Struct, frozen=True):
    """One part of a bar, in per cent of the scale: where it begins and how wide it is; `number` is empty where it has no room."""

    x: str
    width: str
    number: str


def parts(plan: Plan) -> list[str]:
    """What a bar consists of, in its order."""
    first = ["Price left after quality"] if _paid(plan) else ["Price"] if plan.price.points else []
    return first + [each.id for each in leaves(plan.criteria)]


def bars(plan: Plan, scores: Sequence[Score | None], gains: Sequence[Sequence[Fraction]]) -> list[list[Part]]:
    """A bar for each bid, given its score and what each criterion earned; an empty one where it has no score."""
    rows = [
        _row(plan, score, gain) if score is not None else []
        for score, gain in zip(scores, gains, strict=True)
    ]
    whole = max((sum(row, ZERO) for row in rows), default=ZERO) if _paid(plan) else _full(plan)
    return [list(_bar(row, whole or ONE)) for row in rows]


def _paid(plan: Plan) -> bool:
    return plan.price.formula == "value_deduction"


def _full(plan: Plan) -> Fraction:
    return (plan.price.points or ZERO) + plan.most


def _row(plan: Plan, score: Score, gains: Sequence[Fraction]) -> list[Fraction]:
    """The widths of a bar in the unit of its scale; what is below nothing has no width."""
    if _paid(plan):
        return [max(ZERO, score.evaluated_price), *gains]
    if plan.price.points is None or score.price_points is None:
        return [*gains]
    return [max(ZERO, result(score.price_points, ZERO)), *gains]


def _bar(widths: Sequence[Fraction], whole: Fraction) -> Iterator[Part]:
    begins = ZERO
    for place, width in enumerate(widths, 1):
        share = min(width * HUNDRED / whole, HUNDRED - begins)
        yield Part(rounded(begins), rounded(share), str(place) if share >= WIDE_ENOUGH else "")
        begins += share
