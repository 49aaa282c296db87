"""A command and the time in, events and an answer out.

A *decider* rules one kind of stream. `initial()` is the state before anything happened. `decide` yields the events that a
command causes and returns its answer, or raises `Refused`; it never changes the state. `evolve` writes one event into
the state and returns it; it holds no rule. A state has a single owner, so `evolve` may change it in place.

The kernel applies each event as soon as it is yielded, so that the rest of `decide` already sees it: time first catches
up with the state, then the command is judged. What was yielded before a refusal stands, and the refusal itself becomes an
event through the decider's `refusal`.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from datetime import datetime
from typing import Generic, Protocol, TypeVar

import msgspec

from auction.refusals import Refusal


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """One fact. Fields are only ever appended, with defaults, so that old journals can be read for ever.

    `by` is who caused it: a vendor's id, a person's id, or `time`. `vis` says to whom the public log may ever disclose
    it (public, sealed or private). `era` is the version of the events' code that wrote it.
    """

    at: datetime
    by: str
    tender: str | None = None
    vis: str = "private"
    v: str = "sealbid/v1"
    era: int = 1


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """A wish, with its sender and the sender's own id for it. The desk stamps the time when it arrives."""

    by: str
    id: str | None = None


class Refused(Exception):
    """Raised by a decider that says no; carries the refusal as data."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(f"{reason.code}: {reason.message}")
        self.reason = reason


S = TypeVar("S")
C_contra = TypeVar("C_contra", contravariant=True)
Answer = object


class Decider(Protocol[S, C_contra]):
    """Who rules a kind of stream."""

    def initial(self) -> S:
        """Return a new state, before anything happened."""

    def decide(self, state: S, command: C_contra, now: datetime) -> Generator[Event, None, Answer]:
        """Yield what follows from the command at this time and return its answer, or raise `Refused`."""

    def evolve(self, state: S, event: Event) -> S:
        """Write one event into the state and return it."""

    def refusal(self, state: S, command: C_contra, reason: Refusal, now: datetime) -> Iterator[Event]:
        """Yield how a refusal is kept; nothing when it is only counted."""


class Decision(msgspec.Struct, Generic[S], frozen=True):
    """What one command led to: the state after it, the events in order, and the answer (a `Refusal` for a no)."""

    state: S
    events: tuple[Event, ...]
    answer: Answer

    @property
    def refused(self) -> bool:
        """Tell whether the answer is a no."""
        return isinstance(self.answer, Refusal)


def handle(decider: Decider[S, C_contra], state: S, command: C_contra, now: datetime) -> Decision[S]:
    """Judge one command at one time; the caller owns `state` and must use the one returned."""
    events: list[Event] = []
    deciding = decider.decide(state, command, now)
    try:
        while True:
            event = next(deciding)
            events.append(event)
            state = decider.evolve(state, event)
    except StopIteration as end:
        return Decision(state, tuple(events), end.value)
    except Refused as refused:
        for event in decider.refusal(state, command, refused.reason, now):
            events.append(event)
            state = decider.evolve(state, event)
        return Decision(state, tuple(events), refused.reason)


def replay(decider: Decider[S, C_contra], events: Iterable[Event]) -> S:
    """Rebuild a state from its history."""
    state = decider.initial()
    for event in events:
        state = decider.evolve(state, event)
    return state
