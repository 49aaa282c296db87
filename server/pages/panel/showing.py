"""Showing scores: every sheet side by side once all are in, and each lot's result with what would change it."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from auction.award.consensus import Cell, cells
from auction.award.outcome import by_sheets, judged, one_left_out
from auction.award.panel_words import PanelState
from auction.award.plan_card import rounded
from auction.award.scoring import Evaluation
from auction.award.sheets import takes
from auction.terms.criteria import Criterion, leaves
from auction.terms.exact_numbers import HUNDRED, ZERO
from auction.terms.plan import Plan
from bidders.box import tabulation
from bidders.box.state import Box
from server.pages.panel.finding import called, panel_in
from server.pages.showing import Shown

FLAGS = {
    "lone_bid": "Only one bid can be ranked. A person has to find in writing that its price is reasonable.",
    "identical_bids": "Two vendors ask exactly the same. Look into it before the award.",
    "abnormally_low": "{name} asks less than half of what the others ask. Look into it before the award.",
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
    return [_lot(box, panel, plan, lot.id, lot.title) for lot in shown.document.lots]


def _lot(box: Box, panel: PanelState, plan: Plan, lot: str, title: str) -> dict[str, Any]:
    prices = {each.vendor: each.amount for each in tabulation.result(box, lot).candidates}
    found = judged(panel, prices)
    assert found is not None
    ranked = sorted(prices, key=lambda vendor: (found.ranks.get(vendor, len(prices) + 1), vendor))
    return {
        "id": lot,
        "title": title,
        "rows": [_row(box, panel, plan, found, vendor, prices[vendor]) for vendor in ranked],
        "winner": tabulation.name(box, found.winner.id) if found.winner is not None else None,
        "reason": reason(plan, found),
        "flags": [_flag(box, each) for each in found.flags],
        "withdrawal": [
            {"name": tabulation.name(box, gone), **_then(box, each.winner, each.changes)}
            for gone, each in found.withdrawal.items()
        ],
        "sheets_first": _then(box, by_sheets(panel, prices), False)["winner"] if prices else None,
        "one_out": [
            {"name": panel.evaluators[person].name, **_then(box, each.winner, each.changes)}
            for person, each in (one_left_out(panel, prices).items() if prices else ())
        ],
    }


def _then(box: Box, winner: str | None, changes: bool) -> dict[str, Any]:
    return {"winner": tabulation.name(box, winner) if winner else "an open tie", "changes": changes}


def _flag(box: Box, flag: str) -> str:
    kind, _, vendor = flag.partition(":")
    return FLAGS[kind].format(name=tabulation.name(box, vendor))


def _row(
    box: Box, panel: PanelState, plan: Plan, found: Evaluation, vendor: str, price: str
) -> dict[str, Any]:
    """One vendor's breakdown: what its price and each criterion earned, the whole, and the bar's parts in per cent."""
    score = found.scores.get(vendor)
    gains = _gains(panel, plan, vendor)
    points = score.price_points if score is not None else None
    full = (plan.price.points or ZERO) + plan.most if plan.price.points is not None else plan.most
    bar = [points if isinstance(points, Fraction) else ZERO, *gains] if plan.price.points else gains
    return {
        "name": tabulation.name(box, vendor),
        "rank": found.ranks.get(vendor),
        "first": found.winner is not None and found.winner.id == vendor,
        "price": price,
        "points": rounded(points),
        "gains": [rounded(each) for each in gains],
        "total": rounded(score.total) if score is not None and score.total is not None else "",
        "compared": rounded(score.evaluated_price) if score is not None else "",
        "why": found.refused.get(vendor, ""),
        "bar": _bar(bar, full) if score is not None else [],
    }


def _gains(panel: PanelState, plan: Plan, vendor: str) -> list[Fraction]:
    """What a vendor earned by criterion, in the plan's order."""
    assert panel.locked is not None
    letter = next((each for each, known in panel.bidders.items() if known == vendor), "")
    figures = {each.criterion: each.figure for each in panel.locked.scores if each.bidder == letter}
    return [_gain(each, figures.get(each.id)) for each in leaves(plan.criteria)]


def _gain(criterion: Criterion, figure: str | None) -> Fraction:
    at = Fraction(figure) if figure is not None else ZERO
    return criterion.most * at / (HUNDRED if criterion.scale is not None else criterion.full)


def _bar(parts: Iterable[Fraction], full: Fraction) -> list[dict[str, str]]:
    """Where each part of a bar begins and how wide it is, in per cent with two decimals."""
    begins, found = ZERO, []
    for part in parts:
        width = part * HUNDRED / full if full else ZERO
        found.append({"x": rounded(begins), "width": rounded(width)})
        begins += width
    return found


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
