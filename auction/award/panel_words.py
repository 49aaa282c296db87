"""A panel's words: what evaluators and the lead may ask, what can happen to their scores, and what is remembered of it.

Bidders are called by letters. Whom a letter stands for is remembered here, and told where the plan lets it be.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from auction.kernel import Command, Event
from auction.terms.plan import Plan


class Mark(msgspec.Struct, frozen=True):
    """One evaluator's score of one bidder on one criterion, as it was typed, with a comment."""

    bidder: str
    criterion: str
    score: str = ""
    comment: str = ""


class Final(msgspec.Struct, frozen=True):
    """One score of a bidder that counts; `computed` is what the sheets came to, `agreed` what a meeting settled on instead.

    Figures are exact numbers in the unit of the criterion's threshold: points, or per cent of its scale.
    """

    bidder: str
    criterion: str
    figure: str
    computed: str
    agreed: str | None = None


# --- what may be asked -----------------------------------------------------------------------------------------------------


class AssignEvaluator(Command, frozen=True):
    """Put a person on the panel; `name` is what records call them."""

    person: str
    name: str


class DismissEvaluator(Command, frozen=True):
    """Take a person off the panel who has not submitted, with a reason."""

    person: str
    reason: str


class SignStatement(Command, frozen=True):
    """Sign that one has no conflict of interest, or declare one in words."""

    conflict: bool
    words: str = ""


class BeginScoring(Command, frozen=True):
    """Let the panel score these vendors, whose letters follow from their order, by the published plan."""

    vendors: tuple[str, ...]
    plan: dict[str, Any]


class SaveSheet(Command, frozen=True):
    """Keep a sheet as far as it is filled in."""

    marks: tuple[Mark, ...]


class SubmitSheet(Command, frozen=True):
    """Submit a sheet, whole; it never changes afterwards."""

    marks: tuple[Mark, ...]


class AgreeScore(Command, frozen=True):
    """Write down the score that the panel's meeting settled on, and why."""

    bidder: str
    criterion: str
    score: str
    words: str


class LockScores(Command, frozen=True):
    """Make the scores final."""


# --- what can happen -------------------------------------------------------------------------------------------------------


class EvaluatorAssigned(Event, frozen=True, tag="panel.evaluator_assigned"):
    """An evaluator was put on the panel."""

    person: str
    name: str


class EvaluatorDismissed(Event, frozen=True, tag="panel.evaluator_dismissed"):
    """An evaluator was taken off the panel."""

    person: str
    reason: str


class StatementSigned(Event, frozen=True, tag="panel.statement_signed"):
    """An evaluator signed the statement on conflicts of interest; who declared one is excluded from then on."""

    conflict: bool
    words: str


class ScoringBegun(Event, frozen=True, tag="panel.scoring_begun"):
    """The panel began to score these vendors, lettered in this order."""

    vendors: tuple[str, ...]
    plan: dict[str, Any]


class SheetSaved(Event, frozen=True, tag="panel.sheet_saved"):
    """An evaluator saved a sheet that is not submitted yet."""

    marks: tuple[Mark, ...]


class SheetSubmitted(Event, frozen=True, tag="panel.sheet_submitted"):
    """An evaluator submitted a sheet; it never changes."""

    marks: tuple[Mark, ...]


class ScoreAgreed(Event, frozen=True, tag="panel.score_agreed"):
    """The panel's meeting settled on a score of a bidder, with a reason."""

    bidder: str
    criterion: str
    score: str
    words: str


class ScoresLocked(Event, frozen=True, tag="panel.scores_locked"):
    """The scores became final."""

    scores: tuple[Final, ...]


PanelEvent = (
    EvaluatorAssigned
    | EvaluatorDismissed
    | StatementSigned
    | ScoringBegun
    | SheetSaved
    | SheetSubmitted
    | ScoreAgreed
    | ScoresLocked
)


# --- what is remembered ----------------------------------------------------------------------------------------------------


class Evaluator(msgspec.Struct, frozen=True):
    """One person on the panel; `marks` are those of the draft, or of the sheet once `submitted` says when."""

    person: str
    name: str
    statement: StatementSigned | None = None
    marks: tuple[Mark, ...] = ()
    saved: datetime | None = None
    submitted: datetime | None = None

    @property
    def sworn(self) -> bool:
        """Tell whether the statement is signed and names no conflict."""
        return self.statement is not None and not self.statement.conflict

    @property
    def excluded(self) -> bool:
        """Tell whether a conflict was declared."""
        return self.statement is not None and self.statement.conflict


class PanelState(msgspec.Struct):
    """What is remembered of a panel; `bidders` maps letters to vendors, `plan` is None until scoring has begun."""

    evaluators: dict[str, Evaluator] = msgspec.field(default_factory=dict)
    bidders: dict[str, str] = msgspec.field(default_factory=dict)
    plan: Plan | None = None
    agreed: dict[tuple[str, str], ScoreAgreed] = msgspec.field(default_factory=dict)
    locked: ScoresLocked | None = None

    @property
    def counted(self) -> tuple[Evaluator, ...]:
        """Everybody on the panel who declared no conflict."""
        return tuple(each for each in self.evaluators.values() if not each.excluded)

    @property
    def all_in(self) -> bool:
        """Tell whether every sheet is submitted, of as many evaluators as the plan names."""
        enough = self.plan is not None and len(self.counted) >= self.plan.panel.evaluators
        return enough and all(each.submitted is not None for each in self.counted)


class PanelDone(msgspec.Struct, frozen=True):
    """The answer to a command that was carried out."""
