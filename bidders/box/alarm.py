"""Attempts to reach what is sealed: each that was refused is on record, the decider of the stream `alarm/<event id>`.

The same person trying the same thing again within an hour is one attempt, so that nobody can flood the record.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from auction.kernel import Command, Event, Refused
from auction.refusals import Refusal, no

Kind = Literal["early_reading", "early_release", "another_seat", "bad_release", "forged_share"]
APART = timedelta(hours=1)


class RaiseAlarm(Command, frozen=True):
    """Somebody was refused what is sealed; `by` is the person."""

    kind: Kind


class LookInto(Command, frozen=True):
    """An administrator or auditor has looked into what was recorded up to now."""

    words: str = ""


class AlarmRaised(Event, frozen=True, tag="alarm.raised"):
    """An attempt to reach what is sealed was refused."""

    kind: Kind


class AlarmLookedInto(Event, frozen=True, tag="alarm.looked_into"):
    """Somebody answered for what was recorded up to now, in words."""

    words: str


AlarmEvent = AlarmRaised | AlarmLookedInto


class Alarms(msgspec.Struct):
    """What was refused, and how many of them were looked into."""

    raised: list[AlarmRaised] = msgspec.field(default_factory=list)
    looked: list[AlarmLookedInto] = msgspec.field(default_factory=list)
    answered: int = 0

    @property
    def waiting(self) -> list[AlarmRaised]:
        """What nobody has looked into yet."""
        return self.raised[self.answered :]


class AlarmDone(msgspec.Struct, frozen=True):
    """The answer to a command on alarms."""


def initial() -> Alarms:
    """Return no alarms."""
    return Alarms()


def decide(alarms: Alarms, command: Command, now: datetime) -> Generator[Event, None, AlarmDone]:
    """Note an attempt, or that somebody has looked into those before."""
    if isinstance(command, RaiseAlarm):
        before = [each.at for each in alarms.raised if (each.by, each.kind) == (command.by, command.kind)]
        if not before or now - before[-1] >= APART:
            yield AlarmRaised(at=now, by=command.by, kind=command.kind)
    elif isinstance(command, LookInto):
        if not command.words.strip():
            raise Refused(no("BAD_COMMAND", "Say in words what you found."))
        if alarms.waiting:
            yield AlarmLookedInto(at=now, by=command.by, words=command.words.strip())
    else:
        raise Refused(no("BAD_COMMAND"))
    return AlarmDone()


def evolve(alarms: Alarms, event: Event) -> Alarms:
    """Write one event into the alarms."""
    if isinstance(event, AlarmRaised):
        alarms.raised.append(event)
    elif isinstance(event, AlarmLookedInto):
        alarms.looked.append(event)
        alarms.answered = len(alarms.raised)
    return alarms


def refusal(alarms: Alarms, command: Command, reason: Refusal, now: datetime) -> Iterator[Event]:
    """Refusals are answered, not written."""
    return iter(())
