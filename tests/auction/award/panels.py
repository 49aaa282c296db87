"""A panel to test with: a plan of two criteria, three evaluators, and a course of commands that is replayed as it goes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from auction.award import evaluators
from auction.award.panel_words import (
    AssignEvaluator,
    BeginScoring,
    Mark,
    PanelState,
    SignStatement,
    SubmitSheet,
)
from auction.kernel import Command, Event, handle, replay
from auction.refusals import Refusal

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
PEOPLE, VENDORS = ("p1", "p2", "p3"), ("v-birch", "v-ash")
PLAN: dict[str, Any] = {
    "price": {"formula": "relative_lowest", "points": "60"},
    "criteria": [
        {"id": "Service", "weight": "30", "threshold": "50"},
        {"id": "Delivery", "weight": "10", "scale": {"kind": "integer", "from": "0", "to": "5"}},
    ],
    "ties": ["quality", "lot_draw"],
    "panel": {"evaluators": 3, "anonymous": True},
}


def plan(**panel: Any) -> dict[str, Any]:
    """The plan with another panel."""
    return PLAN | {"panel": PLAN["panel"] | panel}


class Course:
    """A panel as its commands make it; every state is also what its history gives."""

    def __init__(self) -> None:
        self.state, self.events = evaluators.initial(), list[Event]()

    def ask(self, command: Command) -> object:
        """Put a command; the answer."""
        decision = handle(evaluators, self.state, command, NOW)
        self.state = decision.state
        self.events += decision.events
        assert replay(evaluators, self.events) == self.state
        return decision.answer

    def told(self, command: Command) -> str:
        """Put a command that is refused; why."""
        before = len(self.events)
        answer = self.ask(command)
        assert isinstance(answer, Refusal) and len(self.events) == before
        return answer.message

    def done(self, *commands: Command) -> Course:
        """Put commands that are carried out."""
        for each in commands:
            answer = self.ask(each)
            assert not isinstance(answer, Refusal), answer
        return self


def marks(service: str = "80", delivery: str = "4", **other: str) -> tuple[Mark, ...]:
    """A whole sheet: the same scores for both bidders, but for `b_service` and `b_delivery`."""
    rows = (
        ("A", "Service", service),
        ("A", "Delivery", delivery),
        ("B", "Service", other.get("b_service", service)),
        ("B", "Delivery", other.get("b_delivery", delivery)),
    )
    return tuple(Mark(bidder, criterion, score, "Seen in its answers.") for bidder, criterion, score in rows)


def assigned() -> Course:
    """Three people on the panel."""
    return Course().done(*(AssignEvaluator(by="lead", person=each, name=each.title()) for each in PEOPLE))


def begun(**panel: Any) -> Course:
    """Three evaluators who have signed, and two bidders."""
    signed = (SignStatement(by=each, conflict=False) for each in PEOPLE)
    return assigned().done(*signed, BeginScoring(by="lead", vendors=VENDORS, plan=plan(**panel)))


def scored(**panel: Any) -> Course:
    """All three have submitted; the third is far from the others on service."""
    sheets = dict(zip(PEOPLE, (marks("80"), marks("82"), marks("40", b_service="90")), strict=True))
    return begun(**panel).done(*(SubmitSheet(by=who, marks=sheet) for who, sheet in sheets.items()))


__all__ = ["NOW", "PEOPLE", "PLAN", "VENDORS", "Course", "PanelState", "assigned", "begun", "marks", "scored"]
