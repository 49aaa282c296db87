"""Closing: when each lot opens and closes, and how the closes keep their distance.

An opening includes its instant: it is due at its time. A close includes its instant too: it is due just after it, so that a
bid on the stroke is timely.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice, pairwise

import msgspec

from auction.live.room import Lot, Room
from auction.live.soft_close import stopped

INSTANT = timedelta(microseconds=1)


class Due(msgspec.Struct, frozen=True, order=True):
    """Something that happens by itself: in order of time, a close just after the openings of its instant, then of the lots."""

    at: datetime
    closing: bool
    index: int
    lot: str


def opens_at(room: Room, lot: Lot) -> datetime | None:
    """When a scheduled lot opens; None while it waits for another lot's close or for a pause of all lots to end."""
    assert room.rules is not None and room.opens is not None
    if room.all_paused:
        return None
    if room.rules.closing.mode != "serial":
        return lot.opens
    before = [each for each in room.lots.values() if each.index < lot.index]
    if not all(each.over for each in before):
        return None
    over = [each.over_at + room.rules.closing.gap for each in before if each.over_at is not None]
    return max([room.opens, *over])


def next_due(room: Room) -> Due | None:
    """Find what happens next by itself."""
    first: Due | None = None
    for lot in _running(room):
        due: Due | None = None
        if lot.status == "open":
            due = Due(lot.closes, True, lot.index, lot.plan.id)
        elif lot.status == "scheduled" and (at := opens_at(room, lot)) is not None:
            due = Due(at, False, lot.index, lot.plan.id)
        if due is not None and (first is None or due < first):
            first = due
    return first


def _running(room: Room) -> Iterable[Lot]:
    """The lots on which something may happen by itself: of serial lots the first that is not over."""
    assert room.rules is not None
    if room.rules.closing.mode != "serial":
        return room.lots.values()
    return islice((lot for lot in room.lots.values() if not lot.over), 1)


def is_due(due: Due, now: datetime) -> bool:
    """Openings are due at their instant, closes just after theirs."""
    return due.at < now if due.closing else due.at <= now


def wakes_at(room: Room) -> datetime | None:
    """When the room next needs to be woken; None when nothing will happen by itself."""
    due = next_due(room)
    return None if due is None else due.at + INSTANT if due.closing else due.at


def planned_closes(room: Room, lot: Lot) -> datetime:
    """A lot's close as planned now; a waiting serial lot's follows from the lots before it."""
    assert room.rules is not None and room.opens is not None
    if room.rules.closing.mode != "serial" or lot.status != "scheduled":
        return lot.closes
    begins = room.opens
    for each in room.lots.values():
        if each.index == lot.index:
            return begins + room.length
        ended = each.over_at if each.over_at is not None else _ends(room, each, begins)
        begins = max(begins, ended + room.rules.closing.gap)
    return lot.closes


def _ends(room: Room, lot: Lot, begins: datetime) -> datetime:
    return begins + room.length if lot.status == "scheduled" else lot.closes


def open_closes(room: Room, also: str | None = None) -> dict[str, datetime]:
    """The closes of the lots that are open now, and of one other lot if it is named."""
    return {name: lot.closes for name, lot in room.lots.items() if lot.status == "open" or name == also}


def gaps(room: Room, before: dict[str, datetime], moved: dict[str, datetime]) -> dict[str, datetime]:
    """Say which staggered lots must close later to keep their distance from a lot whose close moved.

    `before` holds the closes before the move of the open lots and of those that the host moved, `moved` those that
    moved; each pushes the next open lot (by close before the move), and so on.
    """
    assert room.rules is not None
    rule = room.rules.closing
    pushed: dict[str, datetime] = {}
    if rule.mode != "staggered" or not moved:
        return pushed
    order = sorted(before, key=lambda name: (before[name], room.lots[name].index))
    for name, after in pairwise(order):
        ahead = pushed.get(name, moved.get(name, before[name]))
        mine = moved.get(after, before[after])
        if ahead != before[name] and mine < ahead + rule.min_gap:
            kept = stopped(room.rules.overtime, ahead + rule.min_gap, mine)
            if kept > mine:
                pushed[after] = kept
    return pushed
