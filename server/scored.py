"""What each bid earned by a published plan, told beside the chosen bid: price, every criterion, and the whole."""

from __future__ import annotations

from fractions import Fraction

from auction.award.consensus import Earned, earned
from auction.award.outcome import judged
from auction.award.panel_words import PanelState
from auction.award.plan_card import rounded
from auction.award.price_formulas import Score
from auction.terms.criteria import leaves
from auction.terms.exact_numbers import ZERO
from auction.terms.plan import Plan
from bidders.box import tabulation
from bidders.box.state import Box
from server.presenting import money

COMPARED = ("value_deduction", "coefficient", "ratio")
"""Formulas that compare prices, of which the lowest is first."""
RESULTS = {
    "value_deduction": "Price less quality",
    "coefficient": "Compared price",
    "ratio": "Price for all quality",
    "vfm_index": "Index",
    "utility_index": "Index",
}
"""What bids are compared by, where it is not points."""
Part = tuple[str, str]
"""A part of a score and what it came to, both to be read."""


def paid_in(plan: Plan, currency: str) -> tuple[str, str]:
    """The currency of what bids are compared by, and of what quality earns; empty where it is not money."""
    paid = plan.price.formula == "value_deduction"
    return currency if plan.price.formula in COMPARED else "", currency if paid else ""


def told(value: Fraction, currency: str) -> str:
    """A figure for reading, as money where there is a currency."""
    shown = rounded(value)
    return money(shown.replace(",", ""), currency) if currency else shown


def by_vendor(
    panel: PanelState | None, box: Box | None, lot: str, currency: str
) -> dict[str, tuple[Part, ...]]:
    """The parts of each bid's score in a lot, the whole last; empty where no plan judges, or scores are not locked yet."""
    if panel is None or box is None or panel.plan is None or panel.locked is None:
        return {}
    prices = {each.vendor: each.amount for each in tabulation.result(box, lot).candidates}
    found, gains = judged(panel, prices), earned(panel, panel.locked.scores)
    assert found is not None
    return {
        vendor: _parts(panel.plan, score, gains.get(vendor, {}), currency)
        for vendor, score in found.scores.items()
    }


def _parts(plan: Plan, score: Score, gains: Earned, currency: str) -> tuple[Part, ...]:
    compared, paid = paid_in(plan, currency)
    price = [("Price, points", rounded(score.price_points))] if score.price_points is not None else []
    quality = [
        (each.id, told(gains[each.id][0] if each.id in gains else ZERO, paid))
        for each in leaves(plan.criteria)
    ]
    whole = rounded(score.total) if score.total is not None else told(score.evaluated_price, compared)
    return (*price, *quality, (RESULTS.get(plan.price.formula, "Points in all"), whole))


def beside(scores: dict[str, tuple[Part, ...]], own: str, chosen: str) -> list[tuple[str, str, str]]:
    """A bidder's own parts beside those of the bid that was chosen: part, own, chosen; empty where its own was not ranked."""
    theirs = dict(scores.get(chosen, ()))
    return [(name, value, theirs.get(name, "—")) for name, value in scores.get(own, ())]
