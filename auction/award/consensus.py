"""Consensus: every sheet of one score side by side, which of them lie far out, and the one score that they become."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import msgspec

from auction.award import panel as rules
from auction.award.panel import Outlier
from auction.award.panel_words import Evaluator, Final, Mark, PanelState, ScoreAgreed
from auction.award.sheets import figure, gained, spoken
from auction.terms.criteria import Criterion, leaves
from auction.terms.exact_numbers import ZERO, parse, write
from auction.terms.plan import LEAST_TRIMMED, Panel

Earned = dict[str, tuple[Fraction, Fraction]]
"""By criterion: what a bidder's score earns, and the figure that a threshold is compared with."""
PLAINLY = Panel("mean")


class Cell(msgspec.Struct, frozen=True):
    """One bidder on one criterion: everybody's mark by person, the outliers, what the sheets come to, and what was agreed."""

    bidder: str
    criterion: Criterion
    marks: dict[str, Mark]
    outliers: tuple[Outlier, ...]
    computed: Fraction
    agreed: ScoreAgreed | None = None

    @property
    def figure(self) -> Fraction:
        """The figure that counts, as far as it is known."""
        settled = figure(self.criterion, self.agreed.score) if self.agreed is not None else None
        return self.computed if settled is None else settled


def cells(panel: PanelState) -> list[Cell]:
    """Every score of every bidder; there are none before all sheets are in."""
    if panel.plan is None or not panel.all_in:
        return []
    return [_cell(panel, bidder, each) for bidder in panel.bidders for each in leaves(panel.plan.criteria)]


def _cell(panel: PanelState, bidder: str, criterion: Criterion) -> Cell:
    assert panel.plan is not None
    marks = {
        each.person: mark
        for each in panel.counted
        for mark in each.marks
        if (mark.bidder, mark.criterion) == (bidder, criterion.id)
    }
    said = {person: spoken(criterion, mark.score) or ZERO for person, mark in marks.items()}
    given = [figure(criterion, mark.score) or ZERO for mark in marks.values()]
    return Cell(
        bidder=bidder,
        criterion=criterion,
        marks=marks,
        outliers=rules.outliers(said),
        computed=rules.combined(_computed_by(panel.plan.panel, len(given)), given),
        agreed=panel.agreed.get((bidder, criterion.id)),
    )


def _computed_by(rule: Panel, sheets: int) -> Panel:
    """The rule that sheets alone are combined by: a meeting's scores are compared with the mean."""
    few = rule.aggregation == "trimmed" and sheets < LEAST_TRIMMED
    return PLAINLY if rule.aggregation == "consensus" or few else rule


def unsettled(panel: PanelState) -> list[Cell]:
    """The scores on which a meeting still has to agree, where the plan says that it does."""
    if panel.plan is None or panel.plan.panel.aggregation != "consensus":
        return []
    return [each for each in cells(panel) if each.agreed is None]


def finals(panel: PanelState) -> tuple[Final, ...]:
    """The scores as they would be locked now."""
    return tuple(
        Final(
            bidder=each.bidder,
            criterion=each.criterion.id,
            figure=write(each.figure),
            computed=write(each.computed),
            agreed=write(each.figure) if each.agreed is not None else None,
        )
        for each in cells(panel)
    )


def earned(panel: PanelState, scores: Sequence[Final]) -> dict[str, Earned]:
    """What each vendor's scores earn, by vendor."""
    assert panel.plan is not None
    known = {each.id: each for each in leaves(panel.plan.criteria)}
    found: dict[str, Earned] = {vendor: {} for vendor in panel.bidders.values()}
    for each in scores:
        at = parse(each.figure) or ZERO
        found[panel.bidders[each.bidder]][each.criterion] = (gained(known[each.criterion], at), at)
    return found


def without(panel: PanelState, person: str) -> PanelState:
    """The panel as if one evaluator had not been on it, and no meeting had been held."""
    left: dict[str, Evaluator] = {each.person: each for each in panel.counted if each.person != person}
    assert panel.plan is not None
    rule = msgspec.structs.replace(panel.plan.panel, evaluators=min(1, len(left)))
    plan = msgspec.structs.replace(panel.plan, panel=rule)
    return PanelState(left, panel.bidders, plan)
