"""The outcome of a lot by its plan: prices and locked scores judged together, and the ranking that an award then follows."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import msgspec

from auction.award.bids import Bid
from auction.award.consensus import Earned, earned, finals, without
from auction.award.criteria import merit, shortfall
from auction.award.panel import Decisive, decisive
from auction.award.panel_words import PanelState
from auction.award.result import Candidate, Result
from auction.award.scoring import Evaluation, evaluate
from auction.terms.plan import Plan

Prices = Mapping[str, str]
"""Each vendor's total for a lot, a decimal string."""
UNSCORED = "It was opened after the panel began, and was not scored."
NO_QUALITY = "It earned no quality at all, which a price cannot be divided by."


def bids(plan: Plan, scores: Mapping[str, Earned], prices: Prices) -> tuple[Bid, ...]:
    """The bids of a lot with what they earned; one that cannot be judged says why."""
    return tuple(
        Bid(
            vendor,
            price=Fraction(total),
            scores=scores.get(vendor, {}),
            disqualified=_out(plan, scores.get(vendor)),
        )
        for vendor, total in prices.items()
    )


def _out(plan: Plan, scores: Earned | None) -> str | None:
    if not scores:
        return UNSCORED
    divided = plan.price.formula == "ratio" and not merit(plan, scores).worth
    return NO_QUALITY if divided else None


def judged(panel: PanelState, prices: Prices) -> Evaluation | None:
    """A lot by its plan and the locked scores; None before they are locked."""
    if panel.plan is None or panel.locked is None:
        return None
    return evaluate(panel.plan, bids(panel.plan, earned(panel, panel.locked.scores), prices))


def one_left_out(panel: PanelState, prices: Prices) -> dict[str, Decisive]:
    """Who would win a lot without each evaluator, compared with all sheets, both combined by rule; empty for one alone."""
    people = [each.person for each in panel.counted]
    if len(people) < 2 or panel.plan is None:
        return {}
    return decisive(people, by_sheets(panel, prices), lambda person: by_sheets(panel, prices, person))


def by_sheets(panel: PanelState, prices: Prices, leaving_out: str = "") -> str | None:
    """Who would win a lot by the sheets alone, before any meeting, maybe without one evaluator's; None for an open tie."""
    left = without(panel, leaving_out)
    assert left.plan is not None
    found = evaluate(left.plan, bids(left.plan, earned(left, finals(left)), prices)).winner
    return found.id if found is not None else None


def by_plan(ended: Result, panel: PanelState) -> Result:
    """How a lot ended by its plan: ranked and recommended by it; not over for an award until the scores are locked."""
    evaluation = judged(panel, {each.vendor: each.amount for each in ended.candidates})
    if evaluation is None:
        return Result(ended.lot, False, None, ())
    ranked = sorted(
        (_ranked(each, evaluation) for each in ended.candidates if each.vendor in evaluation.ranks),
        key=lambda each: (each.rank, each.vendor),
    )
    winner = evaluation.winner.id if evaluation.winner is not None else None
    return Result(ended.lot, ended.closed, winner, tuple(ranked))


def _ranked(candidate: Candidate, evaluation: Evaluation) -> Candidate:
    return msgspec.structs.replace(candidate, rank=evaluation.ranks[candidate.vendor])


def short_of(panel: PanelState) -> dict[str, str]:
    """The vendors who miss a published threshold by the locked scores, each with which; prices are not looked at."""
    assert panel.plan is not None
    assert panel.locked is not None
    found = {
        vendor: shortfall(panel.plan, scores) for vendor, scores in earned(panel, panel.locked.scores).items()
    }
    return {vendor: why for vendor, why in found.items() if why is not None}
