"""Amending: before the opening an addendum sets the room up anew, and each vendor acknowledges it before its bids count."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime

import msgspec

from auction.kernel import Event, Refused
from auction.live import preparing
from auction.live.amendments import (
    AcknowledgeAddendum,
    AddendumAcknowledged,
    AmendRoom,
    ConfirmSchedule,
    RoomAmended,
)
from auction.live.room import Done, FileSchedule, Room
from auction.refusals import no

Asked = AmendRoom | AcknowledgeAddendum | ConfirmSchedule


def act(room: Room, command: Asked, now: datetime) -> Generator[Event, None, Done]:
    """Carry out what concerns an addendum."""
    if isinstance(command, AmendRoom):
        if command.by in room.vendors:
            raise Refused(no("NOT_ALLOWED", "Only the host may do this."))
        return (yield from amend(room, command, now))
    if command.by not in room.vendors:
        raise Refused(no("UNKNOWN_VENDOR"))
    if isinstance(command, ConfirmSchedule):
        return (yield from confirm(room, command, now))
    return (yield from acknowledge(room, command, now))


def amend(room: Room, command: AmendRoom, now: datetime) -> Generator[Event, None, Done]:
    """Set the room up anew; an addendum that it knows already changes nothing."""
    if command.number <= room.addendum:
        return Done()
    if room.started or any(lot.status not in ("scheduled", "cancelled") for lot in room.lots.values()):
        raise Refused(no("CLOSED", "An addendum changes nothing once bidding has opened."))
    plan = msgspec.structs.replace(command.plan, vendors=())
    found = list(preparing.faults(plan))
    if found:
        raise Refused(no("BAD_RULES", "; ".join(f"{fault.path}: {fault.message}" for fault in found)))
    yield RoomAmended(
        at=now,
        by=command.by,
        tender=room.tender,
        vis="public",
        number=command.number,
        rules=plan.rules.raw,
        rules_hash=plan.rules.hash,
        opens=plan.opens,
        closes=plan.closes,
        lots=preparing.timed(plan),
        opening=plan.opening,
    )
    return Done()


def acknowledge(room: Room, command: AcknowledgeAddendum, now: datetime) -> Generator[Event, None, Done]:
    """Note that a vendor has read the latest addendum."""
    if command.number != room.addendum:
        raise Refused(no("BAD_COMMAND", f"Addendum {room.addendum} is the latest; read that one first."))
    if room.behind(command.by):
        yield AddendumAcknowledged(
            at=now,
            by=command.by,
            tender=room.tender,
            vendor=command.by,
            number=command.number,
            person=command.person,
        )
    return Done()


def confirm(room: Room, command: ConfirmSchedule, now: datetime) -> Generator[Event, None, Done]:
    """File a schedule of before the addendum once more, if it still fits the lot's lines."""
    lines = room.lots[command.lot].stale.get(command.by)
    if lines is None:
        return Done(command.lot, room.lots[command.lot].closes)
    again = FileSchedule(by=command.by, lot=command.lot, lines=lines, signer=command.signer)
    return (yield from preparing.file_schedule(room, again, now))
