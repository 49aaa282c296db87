"""Showing scores: every sheet side by side once all are in, and each lot's result with what would change it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from auction.award.consensus import Cell, cells, earned
from auction.award.outcome import by_sheets, judged, one_left_out
from auction.award.panel_words import PanelState
from auction.award.plan_card import rounded
from auction.award.scoring import Evaluation
from auction.award.sheets import takes
from auction.tender.solicitation import Lot
from auction.terms.criteria import leaves
from auction.terms.exact_numbers import ZERO
from auction.terms.plan import Plan
from bidders.box import tabulation
from bidders.box.state import Box
from server.pages.panel import bars
from server.pages.panel.bars import Part
from server.pages.panel.finding import called, panel_in
from server.pages.panel.plot import Bid, plot
from server.pages.showing import Shown
from server.scored import paid_in, told

FLAGS = {
    "lone_bid": "Only one bid can be ranked. "
    "Before the award, a person finds in writing that its price is reasonable, and says what it was compared with.",
    "identical_bids": "Two vendors ask exactly the same. "
    "Before the award, find out whether they spoke with each other, and keep what you find on file.",
    "abnormally_low": "{name} asks less than half of what the others ask. "
    "Before the award, ask in writing how it can deliver at that price, and keep the answer on file.",
}


def criteria(plan: Plan) -> list[dict[str, Any]]:
    """The criteria that are scored, with what each takes and, where the scale is of words, its choices."""
    return [
        {
            "id": each.id,
            "most": rounded(each.most),
            "worth": each.worth,
            "takes": takes(each),
            "choices": [word for word, _ in each.scale.table] if each.scale is not None else [],
        }
        for each in leaves(plan.criteria)
    ]


def side_by_side(shown: Shown) -> list[dict[str, Any]]:
    """Every bidder with its scores by criterion, everybody's mark in each; none before all sheets are in."""
    panel, _, _ = panel_in(shown)
    rows = cells(panel)
    return [
        {
            "letter": letter,
            "name": called(shown, letter),
            "cells": [_cell(panel, cell) for cell in rows if cell.bidder == letter],
        }
        for letter in (panel.bidders if rows else ())
    ]


def _cell(panel: PanelState, cell: Cell) -> dict[str, Any]:
    far = {each.evaluator: each for each in cell.outliers}
    return {
        "criterion": cell.criterion.id,
        "takes": takes(cell.criterion),
        "choices": [word for word, _ in cell.criterion.scale.table] if cell.criterion.scale else [],
        "unit": " %" if cell.criterion.scale is not None else "",
        "marks": [
            {
                "name": panel.evaluators[person].name,
                "score": mark.score,
                "comment": mark.comment,
                "far": person in far,
            }
            for person, mark in cell.marks.items()
        ],
        "median": rounded(next(iter(far.values())).median) if far else "",
        "computed": rounded(cell.computed),
        "agreed": {"score": cell.agreed.score, "words": cell.agreed.words} if cell.agreed else None,
    }


def results(shown: Shown) -> list[dict[str, Any]]:
    """Each lot by its plan, once scores are locked and prices opened."""
    panel, box, plan = panel_in(shown)
    if panel.locked is None or tabulation.PRICE not in box.finished:
        return []
    currency = shown.document.currency
    return [_lot(box, panel, plan, each, currency) for each in shown.document.lots]


def _lot(box: Box, panel: PanelState, plan: Plan, lot: Lot, currency: str) -> dict[str, Any]:
    prices = {each.vendor: each.amount for each in tabulation.result(box, lot.id).candidates}
    found = judged(panel, prices)
    assert found is not None
    ranked = sorted(prices, key=lambda vendor: (found.ranks.get(vendor, len(prices) + 1), vendor))
    gains = {vendor: _gains(panel, plan, vendor) for vendor in ranked}
    drawn = bars.bars(plan, [found.scores.get(each) for each in ranked], [*gains.values()])
    scored = {*panel.bidders.values()}
    points = [
        Bid(each, tabulation.name(box, each), Fraction(prices[each]), sum(gains[each], ZERO))
        for each in ranked
        if each in scored
    ]
    withdrawal = [
        {"name": tabulation.name(box, gone), **_then(box, each.winner, each.changes)}
        for gone, each in found.withdrawal.items()
    ]
    one_out = [
        {"name": panel.evaluators[person].name, **_then(box, each.winner, each.changes)}
        for person, each in (one_left_out(panel, prices).items() if prices else ())
    ]
    return {
        "id": lot.id,
        "title": lot.title,
        "rows": [
            _row(box, found, each, prices[each], gains[each], bar, paid_in(plan, currency))
            for each, bar in zip(ranked, drawn, strict=True)
        ],
        "parts": bars.parts(plan),
        "plot": plot(plan, found, points, currency),
        "winner": tabulation.name(box, found.winner.id) if found.winner is not None else None,
        "reason": reason(plan, found),
        "flags": [_flag(box, each) for each in found.flags],
        "withdrawal": withdrawal,
        "sheets_first": _then(box, by_sheets(panel, prices), False)["winner"] if prices else None,
        "one_out": one_out,
    }


def _then(box: Box, winner: str | None, changes: bool) -> dict[str, Any]:
    return {"winner": tabulation.name(box, winner) if winner else "an open tie", "changes": changes}


def _flag(box: Box, flag: str) -> str:
    kind, _, vendor = flag.partition(":")
    return FLAGS[kind].format(name=tabulation.name(box, vendor))


def _row(
    box: Box,
    found: Evaluation,
    vendor: str,
    price: str,
    gains: list[Fraction],
    bar: list[Part],
    currencies: tuple[str, str],
) -> dict[str, Any]:
    """One vendor's breakdown: what its price and each criterion earned, the whole, and its bar."""
    score = found.scores.get(vendor)
    return {
        "name": tabulation.name(box, vendor),
        "rank": found.ranks.get(vendor),
        "first": found.winner is not None and found.winner.id == vendor,
        "price": price,
        "points": rounded(score.price_points if score is not None else None),
        "gains": [told(each, currencies[1]) for each in gains],
        "total": rounded(score.total) if score is not None and score.total is not None else "",
        "compared": told(score.evaluated_price, currencies[0]) if score is not None else "",
        "why": found.refused.get(vendor, ""),
        "bar": bar,
    }


def _gains(panel: PanelState, plan: Plan, vendor: str) -> list[Fraction]:
    """What a vendor earned by criterion, in the plan's order."""
    assert panel.plan is not None
    assert panel.locked is not None
    gained = earned(panel, panel.locked.scores).get(vendor, {})
    return [gained[each.id][0] if each.id in gained else ZERO for each in leaves(plan.criteria)]


def reason(plan: Plan, found: Evaluation) -> str:
    """Why the plan ranks a vendor first, in a sentence to begin an award's reason with; empty while nobody is first."""
    if found.winner is None:
        return ""
    score = found.scores[found.winner.id]
    if score.price_points is not None:
        quality = sum((gain for gain, _ in found.winner.scores.values()), ZERO)
        told = f"{rounded(score.total)} points, {rounded(score.price_points)} for the price and {rounded(quality)} for quality"
    elif score.total is not None:
        told = f"an index of {rounded(score.total)}"
    else:
        told = f"a compared price of {rounded(score.evaluated_price)}"
    return f"First by the published plan among {len(found.ranks)} ranked bids, with {told}."
