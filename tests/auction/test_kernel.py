"""The kernel applies each event as it is yielded, and keeps what happened before a refusal."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import UTC, datetime

from auction.kernel import Event, Refused, handle, replay
from auction.live.room import CommandRefused, PauseLifted, Suspend, VendorSuspended
from auction.refusals import Refusal, no

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


class Crossings:
    """A decider that crosses vendors out, at most two; time passes before each command."""

    def initial(self) -> list[str]:
        return []

    def decide(self, state: list[str], command: Suspend, now: datetime) -> Generator[Event, None, object]:
        yield PauseLifted(at=now, by="time")
        if len([each for each in state if each == "VendorSuspended"]) == 2:
            raise Refused(no("NOT_ALLOWED", f"after {len(state)}"))
        yield VendorSuspended(at=now, by=command.by, vendor=command.vendor, reason=f"after {len(state)}")
        return command.vendor

    def evolve(self, state: list[str], event: Event) -> list[str]:
        return [*state, type(event).__name__]

    def refusal(self, state: list[str], command: Suspend, reason: Refusal, now: datetime) -> Iterator[Event]:
        yield CommandRefused(at=now, by=command.by, what="suspend", code=reason.code, message=reason.message)


def suspend(vendor: str) -> Suspend:
    return Suspend(by="lead", vendor=vendor)


def test_each_event_is_written_into_the_state_in_order_and_the_answer_handed_on() -> None:
    decision = handle(Crossings(), ["before"], suspend("A"), NOW)
    assert decision.state == ["before", "PauseLifted", "VendorSuspended"]
    assert decision.answer == "A"
    assert not decision.refused


def test_what_was_yielded_before_a_refusal_stands_and_the_refusal_is_an_event_itself() -> None:
    decision = handle(Crossings(), ["VendorSuspended"] * 2, suspend("C"), NOW)
    assert decision.refused
    assert [type(event).__name__ for event in decision.events] == ["PauseLifted", "CommandRefused"]
    assert decision.state == ["VendorSuspended"] * 2 + ["PauseLifted", "CommandRefused"]
    assert decision.answer == no("NOT_ALLOWED", "after 2")


def test_a_state_is_rebuilt_from_its_events_alone() -> None:
    crossings = Crossings()
    state, events = crossings.initial(), list[Event]()
    for vendor in "ABC":
        decision = handle(crossings, state, suspend(vendor), NOW)
        state = decision.state
        events += decision.events
    assert replay(crossings, events) == state


def test_an_owned_state_is_changed_in_place_so_that_each_line_sees_what_the_lines_before_it_did() -> None:
    class Owned(Crossings):
        def evolve(self, state: list[str], event: Event) -> list[str]:
            state.append(type(event).__name__)
            return state

    [_, suspended] = handle(Owned(), [], suspend("A"), NOW).events
    assert isinstance(suspended, VendorSuspended)
    assert suspended.reason == "after 1"


def test_a_refusal_says_its_code_and_its_sentence_as_an_error_too() -> None:
    assert str(Refused(no("CLOSED"))) == "CLOSED: The lot is closed."
