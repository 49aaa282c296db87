"""Who may see an event of the log, and from when: public ones at once, sealed ones in their time, private ones by name.

A tender's facts are read in the log's order; what a reader may see of one depends on what the log holds by now, not on the
clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

Event = Mapping[str, Any]
AT_ONCE = frozenset(
    {"tender.closed", "release.received", "bid.unopenable", "opening.rescue", "rescue.revealed"}
)
"""Sealed events that the tender's officers may see before it closed."""
TO_BUYER = frozenset({"officer.health", "live.refused", "disclosure.made"})
TO_OFFICERS = frozenset({"officer.health"})
TO_ITS_OWN = frozenset({"live.bid", "live.refused", "score.recorded", "disclosure.made"})
"""Private events that whoever they are about may see."""


class Reader(msgspec.Struct, frozen=True):
    """Somebody who reads: the ids that events call them by, and whether they are an officer or the buyer of the tender."""

    names: frozenset[str] = frozenset()
    officer: bool = False
    buyer: bool = False


PUBLIC = Reader()


class Course(msgspec.Struct):
    """How far a tender has come by its events, and whose each envelope is."""

    closed: bool = False
    opened: bool = False
    awarded: bool = False
    ended: set[str] = msgspec.field(default_factory=set)
    owners: dict[str, str] = msgspec.field(default_factory=dict)


def course(events: Iterable[Event]) -> Course:
    """Read how far a tender has come."""
    state = Course()
    for event in events:
        match event["type"]:
            case "tender.closed":
                state.closed = True
            case "opening.finished":
                state.opened = True
            case "award.decided":
                state.awarded = True
            case "auction.ended":
                state.ended.add(event["lot"])
            case "bid.received":
                state.owners[event["eid"]] = event["by"]
    return state


def may_see(event: Event, state: Course, reader: Reader) -> bool:
    """Tell whether a reader may see an event of a tender."""
    match event["vis"]:
        case "public":
            return True
        case "sealed":
            return _sealed(event, state, reader)
        case "private":
            return _private(event, state, reader)
    return False


def _sealed(event: Event, state: Course, reader: Reader) -> bool:
    told = state.closed or event["type"] in AT_ONCE
    return state.opened or (reader.officer and told) or _about(event, state, reader)


def _about(event: Event, state: Course, reader: Reader) -> bool:
    """Whoever caused it, and the vendor of an envelope that it names."""
    eids = [event.get("eid"), *event.get("eids", ())]
    named = {event["by"], *(state.owners.get(eid) for eid in eids if eid is not None)}
    return not named.isdisjoint(reader.names)


def _private(event: Event, state: Course, reader: Reader) -> bool:
    kind = event["type"]
    out = (kind == "live.bid" and event["lot"] in state.ended) or (kind == "score.recorded" and state.awarded)
    named = (reader.buyer and kind in TO_BUYER) or (reader.officer and kind in TO_OFFICERS)
    return out or named or (kind in TO_ITS_OWN and _about(event, state, reader))
