"""The kernel applies each event as it is yielded, and keeps what happened before a refusal."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import UTC, datetime

from auction.kernel import Command, Event, Refused, handle, replay
from auction.refusals import Refusal, no

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


class Add(Command, frozen=True):
    """Add to the sum, unless it would pass ten."""

    much: int


class Passed(Event, frozen=True, tag="test.passed"):
    """Time passed."""


class Added(Event, frozen=True, tag="test.added"):
    """Something was added."""

    much: int


class Kept(Event, frozen=True, tag="test.kept"):
    """A refusal was kept."""

    code: str


class Sums:
    """A decider of sums: time passes before each command, and each event counts what it saw."""

    def initial(self) -> list[str]:
        return []

    def decide(self, state: list[str], command: Add, now: datetime) -> Generator[Event, None, object]:
        yield Passed(at=now, by="time")
        if len(state) + command.much > 10:
            raise Refused(no("TOO_FAR", f"{len(state)} before"))
        for _ in range(command.much):
            yield Added(at=now, by=command.by, much=len(state))
        return len(state)

    def evolve(self, state: list[str], event: Event) -> list[str]:
        return [*state, type(event).__name__]

    def refusal(self, state: list[str], command: Add, reason: Refusal, now: datetime) -> Iterator[Event]:
        yield Kept(at=now, by=command.by, code=reason.code)


def test_a_decider_sees_the_state_that_its_own_events_made() -> None:
    decision = handle(Sums(), ["before"], Add(by="a", much=1), NOW)
    assert [type(event).__name__ for event in decision.events] == ["Passed", "Added"]
    assert decision.events[0].at == NOW
    assert not decision.refused


def test_what_was_yielded_before_a_refusal_stands_and_the_refusal_is_an_event_itself() -> None:
    decision = handle(Sums(), [], Add(by="a", much=99), NOW)
    assert decision.refused
    assert [type(event).__name__ for event in decision.events] == ["Passed", "Kept"]
    assert decision.state == ["Passed", "Kept"]
    assert decision.answer == no("TOO_FAR", "0 before")


def test_a_state_is_rebuilt_from_its_events_alone() -> None:
    sums = Sums()
    state, events = sums.initial(), list[Event]()
    for much in (1, 2, 99):
        decision = handle(sums, state, Add(by="a", much=much), NOW)
        state = decision.state
        events += decision.events
    assert replay(sums, events) == state


def test_a_refusal_says_its_code_and_its_sentence_as_an_error_too() -> None:
    assert str(Refused(no("CLOSED"))) == "CLOSED: The lot is closed."
