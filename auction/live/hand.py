"""The host's hand: pause, resume, extend, cancel, suspend; each with a reason, each visible."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime

from auction.kernel import Command, Event, Refused
from auction.live.bidding import open_lot, pushes
from auction.live.closing import gaps, is_due, next_due, open_closes, planned_closes
from auction.live.room import (
    Cancel,
    CloseMoved,
    Done,
    Extend,
    Fault,
    Lot,
    LotCancelled,
    LotPaused,
    LotResumed,
    Pause,
    PauseLifted,
    Resume,
    Room,
    Suspend,
    VendorSuspended,
)
from auction.refusals import Refusal, no


def act(room: Room, command: Command, now: datetime) -> Generator[Event, None, Done]:
    """Carry out a host's command."""
    if isinstance(command, Pause):
        return (yield from pause(room, command, now))
    if isinstance(command, Resume):
        return (yield from resume(room, command, now))
    if isinstance(command, Extend):
        return (yield from extend(room, command, now))
    if isinstance(command, Cancel):
        return (yield from cancel(room, command, now))
    if isinstance(command, Suspend):
        return (yield from suspend(room, command, now))
    if isinstance(command, Fault):
        return Done()  # What followed from it happened while time caught up.
    raise Refused(no("BAD_COMMAND"))


def _meant(room: Room, lot: str | None) -> list[Lot]:
    return [room.lots[lot]] if lot is not None else list(room.lots.values())


def _cannot(lots: list[Lot], other: str) -> Refusal:
    """Say why none of these lots can be paused or resumed, by the first code that applies."""
    statuses = {lot.status for lot in lots}
    if other == "BAD_COMMAND" and "open" in statuses:
        return no("BAD_COMMAND", "It is not paused.")
    if "scheduled" in statuses:
        return no("NOT_OPEN")
    if other == "PAUSED" and "paused" in statuses:
        return no("PAUSED", "It is paused already.")
    return no("CLOSED")


def pause(room: Room, command: Pause, now: datetime) -> Generator[Event, None, Done]:
    """Freeze the time left of one lot, or of all open ones."""
    lots = _meant(room, command.lot)
    targets = [lot for lot in lots if lot.status == "open"]
    if not targets:
        raise Refused(_cannot(lots, "PAUSED"))
    for lot in targets:
        yield LotPaused(
            at=now,
            by=command.by,
            tender=room.tender,
            vis="public",
            lot=lot.plan.id,
            reason=command.reason,
            all=command.lot is None,
            since=now,
        )
    return _done(room, command.lot)


def resume(room: Room, command: Resume, now: datetime) -> Generator[Event, None, Done]:
    """Start the clock again: closes move by the time paused, and at least the notice is left.

    The first resume ends a pause of all lots: openings that fell into it happen now.
    """
    rules = room.rules
    assert rules is not None
    lots = _meant(room, command.lot)
    targets = [lot for lot in lots if lot.status == "paused"]
    waiting = command.lot is None and room.all_paused and any(lot.status == "scheduled" for lot in lots)
    if not targets and not waiting:
        raise Refused(_cannot(lots, "BAD_COMMAND"))
    before = open_closes(room) | {lot.plan.id: lot.closes for lot in targets}
    for lot in targets:
        paused = now - (lot.paused_at or now)
        closes = max(lot.closes + paused, now + rules.notice)
        name, why = lot.plan.id, command.reason
        yield LotResumed(
            at=now, by=command.by, tender=room.tender, vis="public", lot=name, closes=closes, reason=why
        )
    if room.all_paused:
        yield PauseLifted(at=now, by=command.by, tender=room.tender, vis="public")
        before |= yield from _missed_openings(room, now)
    yield from _keep_distance(room, before, now, command.by)
    return _done(room, command.lot)


def _missed_openings(room: Room, now: datetime) -> Generator[Event, None, dict[str, datetime]]:
    """Open what fell into the pause; each lot keeps its full length and at least the notice."""
    rules = room.rules
    assert rules is not None
    planned: dict[str, datetime] = {}
    while (due := next_due(room)) is not None and not due.closing and is_due(due, now):
        lot = room.lots[due.lot]
        planned[lot.plan.id] = lot.closes
        serial = rules.closing.mode == "serial"
        closes = now + room.length if serial else max(lot.closes + (now - lot.opens), now + rules.notice)
        yield from open_lot(room, lot, now, closes)
    return planned


def _keep_distance(
    room: Room, before: dict[str, datetime], now: datetime, by: str
) -> Generator[Event, None, None]:
    """Push staggered lots apart after closes moved from what they were before."""
    still = {name: closes for name, closes in before.items() if not room.lots[name].over}
    moved = {name: room.lots[name].closes for name in still if room.lots[name].closes != still[name]}
    yield from pushes(room, gaps(room, still, moved), now, by)


def extend(room: Room, command: Extend, now: datetime) -> Generator[Event, None, Done]:
    """Move a close later; earlier is never possible."""
    lot = room.lots[command.lot]
    if lot.status not in ("open", "paused"):
        raise Refused(no("NOT_OPEN" if lot.status == "scheduled" else "CLOSED"))
    if command.closes <= lot.closes:
        raise Refused(no("BAD_COMMAND", "A close can only be moved to a later time."))
    before = open_closes(room, also=command.lot)
    yield CloseMoved(
        at=now,
        by=command.by,
        tender=room.tender,
        vis="public",
        lot=command.lot,
        closes=command.closes,
        cause="host",
        reason=command.reason,
    )
    yield from _keep_distance(room, before, now, command.by)
    return _done(room, command.lot)


def cancel(room: Room, command: Cancel, now: datetime) -> Generator[Event, None, Done]:
    """Cancel one lot, or all that are not over; planned closes and rankings stay on record."""
    targets = [lot for lot in _meant(room, command.lot) if not lot.over]
    if not targets:
        raise Refused(no("CLOSED"))
    planned = {lot.plan.id: planned_closes(room, lot) for lot in targets}
    for name, closes in planned.items():
        yield LotCancelled(
            at=now,
            by=command.by,
            tender=room.tender,
            vis="public",
            lot=name,
            reason=command.reason,
            closes=closes,
        )
    return _done(room, command.lot)


def suspend(room: Room, command: Suspend, now: datetime) -> Generator[Event, None, Done]:
    """Suspend a vendor; what it has standing stays and cannot win."""
    if command.vendor in room.suspended:
        raise Refused(no("BAD_COMMAND", "This vendor is suspended already."))
    yield VendorSuspended(
        at=now, by=command.by, tender=room.tender, vendor=command.vendor, reason=command.reason
    )
    return Done()


def _done(room: Room, lot: str | None) -> Done:
    return Done(lot, room.lots[lot].closes if lot is not None else None)
