"""The room's machine: time catches up first, then the command is judged.

Rules yield, `evolve` writes: no rule stands in `evolve` (in `remember.py`), nothing is changed here. Every event is
applied as soon as it is yielded, so each line sees what the lines before it did. The format's own file judges bids.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import datetime, timedelta

import msgspec

from auction.kernel import Command, Event, Refused
from auction.live import admitting, amending, bidding, hand, preparing
from auction.live.amendments import AcknowledgeAddendum, AmendRoom, ConfirmSchedule
from auction.live.closing import Due, is_due, next_due, opens_at, planned_closes, wakes_at
from auction.live.formats import english
from auction.live.remember import digest, evolve
from auction.live.room import (
    HOST,
    TIME,
    VENDORS_OWN,
    AdmitVendor,
    BidPlaced,
    CommandDone,
    CommandRefused,
    Done,
    Fault,
    FileSchedule,
    Lot,
    LotCancelled,
    LotClosed,
    LotOpened,
    LotPaused,
    NotBuilt,
    PlaceBid,
    Prepare,
    Room,
    Suspend,
    Taken,
    Tick,
    WithdrawVendor,
)
from auction.refusals import Refusal, no

TOO_FEW = "fewer vendors than the rules ask for"
FAULT = "the server was away"


def initial() -> Room:
    """Return an empty room."""
    return Room()


def decide(room: Room, command: Command, now: datetime) -> Generator[Event, None, Taken | Done | Refusal]:
    """Let time catch up with the room, then answer the command."""
    now = max(now, room.time) if room.time is not None else now
    if isinstance(command, Prepare):
        return (yield from preparing.prepare(room, command, now))
    if room.rules is None:
        raise Refused(no("NOT_OPEN", "This room has not been set up yet."))
    if isinstance(command, Fault) and command.by not in room.vendors and first_outcome(room, command) is None:
        yield from fault(room, command, now)
    yield from catch_up(room, now)
    return (yield from answer(room, command, now))


def first_outcome(room: Room, command: Command) -> tuple[str, Taken | Done | Refusal] | None:
    """What this sender's command with this id led to before, if it was sent before."""
    return room.seen.get((command.by, command.id)) if command.id is not None else None


def answer(room: Room, command: Command, now: datetime) -> Generator[Event, None, Taken | Done | Refusal]:
    """Answer a command in a room that is up to date."""
    first = first_outcome(room, command)
    if first is not None:
        return _again(room, first, command)
    if isinstance(command, Tick):
        return Done()
    lot: str | None = getattr(command, "lot", None)
    unknown = strange(room, command, lot)
    if unknown is not None:
        raise Refused(unknown)
    if isinstance(command, PlaceBid):
        return (yield from bidding.place(room, command, now))
    done = yield from _do(room, command, now)
    if command.id is not None:
        yield CommandDone(
            at=now,
            by=command.by,
            tender=room.tender,
            id=command.id,
            digest=digest(command),
            lot=lot,
            closes=done.closes,
        )
    return done


def strange(room: Room, command: Command, lot: str | None) -> Refusal | None:
    """Refuse what does not belong to this format or names what is not in this event, in whatever state it is."""
    if isinstance(command, NotBuilt) and command.what in OTHER_FORMATS:
        return no("BAD_COMMAND", f"There is no {command.what} in this format.")
    if lot is not None and lot not in room.lots:
        return no("UNKNOWN_LOT", f"There is no lot {lot[:64]} in this event.")
    if isinstance(command, Suspend | NotBuilt) and command.vendor not in (None, *room.vendors):
        return no("UNKNOWN_VENDOR")
    return None


def _do(room: Room, command: Command, now: datetime) -> Generator[Event, None, Done]:
    """Carry out what is not a bid."""
    if isinstance(command, NotBuilt):
        raise Refused(not_built(room, command))
    if isinstance(command, FileSchedule):
        return (yield from preparing.file_schedule(room, command, now))
    if isinstance(command, AmendRoom | AcknowledgeAddendum | ConfirmSchedule):
        return (yield from amending.act(room, command, now))
    if command.by in room.vendors:
        raise Refused(no("NOT_ALLOWED", "Only the host may do this."))
    if isinstance(command, AdmitVendor):
        return (yield from admitting.admit(room, command, now))
    if isinstance(command, WithdrawVendor):
        return (yield from admitting.withdraw(room, command, now))
    return (yield from hand.act(room, command, now))


def _again(room: Room, first: tuple[str, Taken | Done | Refusal], command: Command) -> Taken | Done | Refusal:
    """The same id with the same content returns the first outcome; with other content it is refused."""
    kept, outcome = first
    if kept != digest(command):
        raise Refused(
            no("BAD_COMMAND", "This id was used before for something else; give each new bid its own id.")
        )
    if isinstance(outcome, Taken):
        return msgspec.structs.replace(
            outcome, next=english.next_good(room, room.lots[outcome.lot], command.by)
        )
    return outcome


OTHER_FORMATS = ("accept", "withdraw")
"""What is said in formats that are not available yet."""


def not_built(room: Room, command: NotBuilt) -> Refusal:
    """Refuse what is not available yet; where the rules have no proxy bids, a proxy is judged as it will always be."""
    rules = room.rules
    assert rules is not None
    if command.what in VENDORS_OWN and command.lot is not None:
        reason = bidding.may_bid(room, room.lots[command.lot], command.by, None)
        if not rules.proxy or (reason is not None and reason.code in ("NOT_ALLOWED", "UNKNOWN_VENDOR")):
            return reason or no("PROXY_NOT_ALLOWED")
    return no("NOT_ALLOWED", f"{command.what} is not available yet.")


# --- time ----------------------------------------------------------------------------------------------------------------


def catch_up(room: Room, now: datetime) -> Iterator[Event]:
    """Let everything happen that is due: openings at their instant, closes just after theirs, in order of time."""
    while (due := next_due(room)) is not None and is_due(due, now):
        yield from happen(room, due)


def happen(room: Room, due: Due) -> Iterator[Event]:
    """Let one due thing happen."""
    lot = room.lots[due.lot]
    at = max(due.at, room.time) if room.time is not None else due.at
    if due.closing:
        yield LotClosed(at=at, by=TIME, tender=room.tender, lot=lot.plan.id, winner=best(room, lot))
    elif not room.started and room.rules is not None and present(room) < room.rules.min_vendors:
        for each in [each for each in room.lots.values() if not each.over]:
            planned = planned_closes(room, each)
            yield LotCancelled(
                at=at, by=TIME, tender=room.tender, lot=each.plan.id, reason=TOO_FEW, closes=planned
            )
    else:
        yield from bidding.open_lot(room, lot, at, lot_closes(room, lot, at))


def lot_closes(room: Room, lot: Lot, at: datetime) -> datetime:
    """A lot's close when it opens: a serial lot has the event's length, a delayed one keeps its own."""
    assert room.rules is not None
    if room.rules.closing.mode == "serial":
        return at + room.length
    return lot.closes + max(at - lot.opens, timedelta())


def present(room: Room) -> int:
    """Count the admitted vendors that are not suspended."""
    return len(room.vendors.keys() - room.suspended)


def best(room: Room, lot: Lot) -> str | None:
    """Name the best vendor that is not suspended."""
    return next((standing.vendor for standing in lot.order if standing.vendor not in room.suspended), None)


def fault(room: Room, command: Fault, now: datetime) -> Iterator[Event]:
    """Return after the server was away: what was open is paused as of when it was last there.

    A lot whose close fell into the gap was open then and is paused with the time that it had left.
    """
    assert room.rules is not None
    if now - command.last_heartbeat <= room.rules.fault:
        return
    since = max(command.last_heartbeat, room.time) if room.time is not None else command.last_heartbeat
    yield from catch_up(room, since)
    for lot in [lot for lot in room.lots.values() if lot.status == "open"]:
        name, who = lot.plan.id, command.by
        yield LotPaused(
            at=now, by=who, tender=room.tender, vis="public", lot=name, reason=FAULT, all=True, since=since
        )


# --- refusals ------------------------------------------------------------------------------------------------------------


def refusal(room: Room, command: Command, reason: Refusal, now: datetime) -> Iterator[Event]:
    """Keep a refusal as an entry, visible to its owner and the host; strangers are counted, not written."""
    if room.rules is None or (_is_vendors(command) and command.by not in (HOST, *room.vendors)):
        return
    name = command.id
    known = name is not None and (command.by, name) in room.seen
    yield CommandRefused(
        at=max(now, room.time) if room.time is not None else now,
        by=command.by,
        tender=room.tender,
        what=_word(command),
        code=reason.code,
        message=reason.message,
        lot=lot[:64] if (lot := getattr(command, "lot", None)) is not None else None,
        given=command.given[:64] if isinstance(command, PlaceBid) else None,
        next=reason.next,
        id=None if known else name,
        digest=digest(command) if name is not None and not known else "",
    )


def _is_vendors(command: Command) -> bool:
    own = isinstance(command, NotBuilt) and command.what in VENDORS_OWN
    return own or isinstance(command, PlaceBid | FileSchedule)


WORDS: dict[type[Command], str] = {PlaceBid: "bid", FileSchedule: "schedule"}


def _word(command: Command) -> str:
    return (
        command.what
        if isinstance(command, NotBuilt)
        else WORDS.get(type(command), type(command).__name__.lower())
    )


__all__ = ["BidPlaced", "LotOpened", "decide", "evolve", "initial", "opens_at", "refusal", "wakes_at"]
