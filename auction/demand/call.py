"""A call for needs: the decider of the stream `call/<id>`.

A lead asks districts to state, by a deadline, what they need of some categories of the catalog. The deadline may be moved
later while no lots have been made of the needs; the call ends at its deadline, or when a lead ends it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import datetime
from typing import Literal

import msgspec

from auction.kernel import Command, Event, Refused
from auction.refusals import Refusal, no
from auction.terms.faults import Fault, Reading

MOST_REMINDERS, FARTHEST_REMINDER = 5, 60


class Called(msgspec.Struct, frozen=True):
    """What is asked for: the categories (none is the whole catalog), until when, and how many days before it is reminded of."""

    consortium: str
    title: str
    deadline: datetime
    zone: str
    categories: tuple[str, ...] = ()
    reminders: tuple[int, ...] = ()
    words: str = ""


class OpenCall(Command, frozen=True):
    """Ask these districts."""

    called: Called
    districts: tuple[str, ...]


class AskDistrict(Command, frozen=True):
    """Ask one more district."""

    district: str


class ExtendCall(Command, frozen=True):
    """Move the deadline later; `planned` says that lots have been made of the needs."""

    deadline: datetime
    planned: bool = False


class EndCall(Command, frozen=True):
    """End the call before its deadline."""


class CallOpened(Event, frozen=True, tag="call.opened"):
    """Districts were asked for their needs."""

    called: Called
    districts: tuple[str, ...]


class DistrictAsked(Event, frozen=True, tag="call.district_asked"):
    """One more district was asked."""

    district: str


class CallExtended(Event, frozen=True, tag="call.extended"):
    """The deadline was moved later."""

    deadline: datetime


class CallEnded(Event, frozen=True, tag="call.ended"):
    """The call was ended before its deadline."""


CallEvent = CallOpened | DistrictAsked | CallExtended | CallEnded


class Call(msgspec.Struct):
    """What is remembered of a call."""

    called: Called | None = None
    districts: tuple[str, ...] = ()
    opened_at: datetime | None = None
    ended_at: datetime | None = None


class Done(msgspec.Struct, frozen=True):
    """The answer to a command that was carried out."""

    deadline: datetime | None


def initial() -> Call:
    """Return a call of which nothing is known yet."""
    return Call()


def status(call: Call, now: datetime) -> Literal["none", "open", "over"]:
    """Tell whether needs are taken; the very moment of the deadline is still in time."""
    if call.called is None:
        return "none"
    return "open" if call.ended_at is None and now <= call.called.deadline else "over"


def faults(called: Called, districts: tuple[str, ...], now: datetime) -> list[Fault]:
    """Name everything that keeps a call from being opened."""
    read = Reading()
    if not called.title.strip() or len(called.title) > 200:
        read.fault("title", "must have 1 to 200 letters")
    if called.deadline <= now:
        read.fault("deadline", "must be in the future")
    if not districts:
        read.fault("districts", "needs at least one district; invite districts first")
    if len(called.reminders) > MOST_REMINDERS or not all(
        1 <= day <= FARTHEST_REMINDER for day in called.reminders
    ):
        read.fault(
            "reminders", f"must be at most {MOST_REMINDERS} numbers of days from 1 to {FARTHEST_REMINDER}"
        )
    return read.faults


def decide(call: Call, command: Command, now: datetime) -> Generator[Event, None, Done]:
    """Judge one command."""
    if isinstance(command, OpenCall):
        if call.called is not None:
            raise Refused(no("NOT_ALLOWED", "This call has been opened already."))
        if found := faults(command.called, command.districts, now):
            raise Refused(no("BAD_COMMAND", "; ".join(f"{each.path} {each.message}" for each in found)))
        yield CallOpened(at=now, by=command.by, called=command.called, districts=command.districts)
        return Done(command.called.deadline)
    if call.called is None:
        raise Refused(no("NOT_ALLOWED", "There is no such call."))
    if isinstance(command, AskDistrict):
        if command.district not in call.districts:
            yield DistrictAsked(at=now, by=command.by, district=command.district)
    elif isinstance(command, ExtendCall):
        yield from _extend(call, call.called, command, now)
    elif isinstance(command, EndCall):
        if status(call, now) == "open":
            yield CallEnded(at=now, by=command.by)
    else:
        raise Refused(no("BAD_COMMAND"))
    return Done(call.called.deadline)


def _extend(call: Call, called: Called, command: ExtendCall, now: datetime) -> Iterator[Event]:
    if command.planned:
        raise Refused(
            no("NOT_ALLOWED", "Lots have been made of these needs; give the lots up first, then extend.")
        )
    if command.deadline <= max(now, called.deadline if call.ended_at is None else now):
        raise Refused(
            no("BAD_COMMAND", "The new deadline must be in the future, and later than the one before.")
        )
    yield CallExtended(at=now, by=command.by, deadline=command.deadline)


def evolve(call: Call, event: Event) -> Call:
    """Write one event into the call."""
    if isinstance(event, CallOpened):
        call.called, call.districts, call.opened_at = event.called, event.districts, event.at
    elif isinstance(event, DistrictAsked):
        call.districts = (*call.districts, event.district)
    elif isinstance(event, CallExtended) and call.called is not None:
        call.called = msgspec.structs.replace(call.called, deadline=event.deadline)
        call.ended_at = None
    elif isinstance(event, CallEnded):
        call.ended_at = event.at
    return call


def refusal(call: Call, command: Command, reason: Refusal, now: datetime) -> Iterator[Event]:
    """Refusals to a lead are answered, not written."""
    return iter(())
