"""Evaluators, from their assignment to the locked scores: the decider of the stream `panel/<event id>`.

Whoever declares a conflict of interest is excluded. The others score alone, comment on each score, and submit once. Only when
all have submitted does anybody see another's sheet; then a meeting may settle scores where the plan says so, and the lead locks.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from datetime import datetime
from typing import Any

import msgspec

from auction.award.consensus import finals, unsettled
from auction.award.panel_words import (
    AgreeScore,
    AssignEvaluator,
    BeginScoring,
    DismissEvaluator,
    Evaluator,
    EvaluatorAssigned,
    EvaluatorDismissed,
    LockScores,
    PanelDone,
    PanelEvent,
    PanelState,
    SaveSheet,
    ScoreAgreed,
    ScoresLocked,
    ScoringBegun,
    SheetSaved,
    SheetSubmitted,
    SignStatement,
    StatementSigned,
    SubmitSheet,
)
from auction.award.sheets import LONGEST_COMMENT, LONGEST_SCORE, faults, figure, letter, takes
from auction.kernel import Command, Event, Refused
from auction.refusals import Refusal, no
from auction.terms.criteria import leaves
from auction.terms.plan import BadPlan, Plan, parse

__all__ = ["PanelEvent"]


def initial() -> PanelState:
    """Return a panel without anybody on it."""
    return PanelState()


def decide(panel: PanelState, command: Command, now: datetime) -> Generator[Event, None, PanelDone]:
    """Judge one command."""
    judge = _JUDGES.get(type(command))
    if judge is None:
        raise Refused(no("BAD_COMMAND"))
    if panel.locked is not None:
        raise Refused(no("CLOSED", "The scores are locked; nothing of them changes any more."))
    yield from judge(panel, command, now)
    return PanelDone()


# --- who is on the panel ---------------------------------------------------------------------------------------------------


def _assign(panel: PanelState, command: AssignEvaluator, now: datetime) -> Iterator[Event]:
    held = panel.evaluators.get(command.person)
    if held is not None and held.excluded:
        raise Refused(no("NOT_ALLOWED", f"{held.name} declared a conflict of interest and stays excluded."))
    if panel.all_in:
        raise Refused(no("CLOSED", "All sheets are in, so nobody can score unseen any more."))
    if held is None:
        yield EvaluatorAssigned(at=now, by=command.by, person=command.person, name=command.name)


def _dismiss(panel: PanelState, command: DismissEvaluator, now: datetime) -> Iterator[Event]:
    held = _on_it(panel, command.person)
    if held.submitted is not None:
        raise Refused(no("CLOSED", f"{held.name} has submitted a sheet, which is never thrown away."))
    if held.excluded:
        raise Refused(no("CLOSED", f"{held.name} is excluded already; the statement stays on record."))
    reason = _words(command.reason, "Say in words why.")
    yield EvaluatorDismissed(at=now, by=command.by, person=command.person, reason=reason)


def _sign(panel: PanelState, command: SignStatement, now: datetime) -> Iterator[Event]:
    """Sign, or declare a conflict; that can also be done later, and is never taken back."""
    held = _on_it(panel, command.by)
    if held.excluded:
        raise Refused(no("CLOSED", "You declared a conflict of interest; that is not taken back."))
    words = _words(command.words, "Say in words what the conflict is.") if command.conflict else ""
    if held.statement is None or command.conflict:
        yield StatementSigned(at=now, by=command.by, conflict=command.conflict, words=words)


# --- the sheets ------------------------------------------------------------------------------------------------------------


def _begin(panel: PanelState, command: BeginScoring, now: datetime) -> Iterator[Event]:
    if panel.plan is not None:
        raise Refused(no("CLOSED", "Scoring has begun already."))
    if not command.vendors or len({*command.vendors}) < len(command.vendors):
        raise Refused(no("BAD_COMMAND", "There is no opened bid to score, or one is named twice."))
    plan = _plan(command.plan)
    if not plan.criteria:
        raise Refused(no("NOT_ALLOWED", "The lowest price decides here; there is nothing to score."))
    if len(panel.counted) < plan.panel.evaluators:
        raise Refused(no("NOT_OPEN", f"Assign at least {plan.panel.evaluators} evaluators first."))
    yield ScoringBegun(at=now, by=command.by, vendors=command.vendors, plan=command.plan)


def _plan(raw: dict[str, Any]) -> Plan:
    try:
        return parse(raw)
    except BadPlan as bad:
        raise Refused(no("BAD_RULES", str(bad))) from bad


def _save(panel: PanelState, command: SaveSheet, now: datetime) -> Iterator[Event]:
    held, plan = _scoring(panel, command.by)
    places = {(bidder, each.id) for bidder in panel.bidders for each in leaves(plan.criteria)}
    given = [(mark.bidder, mark.criterion) for mark in command.marks]
    long = any(
        len(each.score) > LONGEST_SCORE or len(each.comment) > LONGEST_COMMENT for each in command.marks
    )
    if not {*given} <= places or len({*given}) < len(given) or long:
        raise Refused(
            no("BAD_COMMAND", "The sheet names something that is not scored here, or a text is too long.")
        )
    if held.marks != command.marks:
        yield SheetSaved(at=now, by=command.by, marks=command.marks)


def _submit(panel: PanelState, command: SubmitSheet, now: datetime) -> Iterator[Event]:
    held = _on_it(panel, command.by)
    if held.submitted is not None and held.marks == command.marks:
        return
    _, plan = _scoring(panel, command.by)
    found = faults(plan, tuple(panel.bidders), command.marks)
    if found:
        told = "; ".join(f"{fault.path}: {fault.message}" for fault in found)
        raise Refused(no("BAD_COMMAND", told))
    yield SheetSubmitted(at=now, by=command.by, marks=command.marks)


def _scoring(panel: PanelState, person: str) -> tuple[Evaluator, Plan]:
    """Somebody who may score now, and the plan by which."""
    held = _on_it(panel, person)
    if not held.sworn:
        raise Refused(no("NOT_ALLOWED", "Only who signed the statement and has no conflict may score."))
    if panel.plan is None:
        raise Refused(no("NOT_OPEN", "Scoring has not begun yet."))
    if held.submitted is not None:
        raise Refused(no("CLOSED", "Your sheet is submitted; it never changes."))
    return held, panel.plan


# --- agreeing and locking --------------------------------------------------------------------------------------------------


def _agree(panel: PanelState, command: AgreeScore, now: datetime) -> Iterator[Event]:
    plan = _all_in(panel)
    if plan.panel.aggregation != "consensus":
        raise Refused(no("NOT_ALLOWED", "By the published plan scores are combined by rule, not agreed on."))
    known = {each.id: each for each in leaves(plan.criteria)}
    if command.bidder not in panel.bidders or command.criterion not in known:
        raise Refused(no("BAD_COMMAND", "There is no such bidder or criterion."))
    if figure(known[command.criterion], command.score) is None:
        raise Refused(no("BAD_COMMAND", f"The score must be {takes(known[command.criterion])}."))
    yield ScoreAgreed(
        at=now,
        by=command.by,
        bidder=command.bidder,
        criterion=command.criterion,
        score=command.score,
        words=_words(command.words, "Say in words why the panel agreed on this score."),
    )


def _lock(panel: PanelState, command: LockScores, now: datetime) -> Iterator[Event]:
    _all_in(panel)
    waiting = len(unsettled(panel))
    if waiting:
        raise Refused(no("NOT_OPEN", f"The panel still has to agree on {waiting} scores."))
    yield ScoresLocked(at=now, by=command.by, scores=finals(panel))


def _all_in(panel: PanelState) -> Plan:
    if panel.plan is None or not panel.all_in:
        raise Refused(no("NOT_OPEN", "Not every evaluator has submitted a sheet yet, or there are too few."))
    return panel.plan


def _on_it(panel: PanelState, person: str) -> Evaluator:
    held = panel.evaluators.get(person)
    if held is None:
        raise Refused(no("NOT_ALLOWED", "This person is not on the panel."))
    return held


def _words(said: str, missing: str) -> str:
    if not said.strip() or len(said) > LONGEST_COMMENT:
        raise Refused(no("BAD_COMMAND", f"{missing} At most {LONGEST_COMMENT:,} characters are kept."))
    return said.strip()


_JUDGES: dict[type[Command], Callable[[PanelState, Any, datetime], Iterator[Event]]] = {
    AssignEvaluator: _assign,
    DismissEvaluator: _dismiss,
    SignStatement: _sign,
    BeginScoring: _begin,
    SaveSheet: _save,
    SubmitSheet: _submit,
    AgreeScore: _agree,
    LockScores: _lock,
}


# --- remembering -----------------------------------------------------------------------------------------------------------


def evolve(panel: PanelState, event: Event) -> PanelState:
    """Write one event into the panel."""
    if isinstance(event, EvaluatorAssigned):
        panel.evaluators[event.person] = Evaluator(event.person, event.name)
    elif isinstance(event, EvaluatorDismissed):
        del panel.evaluators[event.person]
    elif isinstance(event, StatementSigned):
        _write(panel, event.by, statement=event)
    elif isinstance(event, ScoringBegun):
        panel.plan = parse(event.plan)
        panel.bidders = {letter(place): vendor for place, vendor in enumerate(event.vendors)}
    elif isinstance(event, SheetSaved):
        _write(panel, event.by, marks=event.marks, saved=event.at)
    elif isinstance(event, SheetSubmitted):
        _write(panel, event.by, marks=event.marks, submitted=event.at)
    elif isinstance(event, ScoreAgreed):
        panel.agreed[event.bidder, event.criterion] = event
    elif isinstance(event, ScoresLocked):
        panel.locked = event
    return panel


def _write(panel: PanelState, person: str, **changed: Any) -> None:
    panel.evaluators[person] = msgspec.structs.replace(panel.evaluators[person], **changed)


def refusal(panel: PanelState, command: Command, reason: Refusal, now: datetime) -> Iterator[Event]:
    """Refusals are answered, not written."""
    return iter(())
