"""Remembering: each event is written into the room; no rule stands here."""

from __future__ import annotations

import hashlib
from bisect import bisect_left, insort
from collections.abc import Callable
from typing import Any

import msgspec

from auction.kernel import Command, Event
from auction.live.amendments import AddendumAcknowledged, RoomAmended
from auction.live.formats.english import ranked
from auction.live.room import (
    FACTOR_PLACES,
    BidPlaced,
    CloseMoved,
    CommandDone,
    CommandRefused,
    Done,
    Entrant,
    Factors,
    Lot,
    LotCancelled,
    LotClosed,
    LotOpened,
    LotPaused,
    LotPlan,
    LotResumed,
    PauseLifted,
    Room,
    RoomPrepared,
    RoomSeeded,
    ScheduleFiled,
    ScheduleLapsed,
    Standing,
    Taken,
    VendorAdmitted,
    VendorSuspended,
    VendorWithdrawn,
)
from auction.money import parse_amount, parse_decimal
from auction.refusals import Refusal
from auction.terms.rules import Rules, parse


def evolve(room: Room, event: Event) -> Room:
    """Write one event into the room."""
    _WRITE[type(event)](room, event)
    if room.time is None or event.at > room.time:
        room.time = event.at
    return room


def digest(command: Command) -> str:
    """Stand for a command's content, so that a repeat can be told from a new wish under an old id."""
    content = msgspec.json.encode(
        {"is": type(command).__name__, **msgspec.structs.asdict(command)}, order="sorted"
    )
    return hashlib.sha256(content).hexdigest()[:32]


def lowest(ceilings: list[str | None]) -> int | None:
    """The lowest of the ceilings that are given, in micros."""
    return min(
        (amount for text in ceilings if text is not None and (amount := parse_amount(text))), default=None
    )


def factors_of(rules: Rules, lot: LotPlan, vendor: Entrant) -> Factors:
    """A vendor's terms on one lot."""
    own = next((each for each in vendor.factors if each.lot == lot.id), None)
    m, a = (own.m, own.a) if own is not None else (vendor.m, vendor.a)
    ceilings = [each.ceiling for each in vendor.ceilings if each.lot == lot.id]
    least = lowest([lot.ceiling, *ceilings])
    given = [amount for amount in (least, rules.ceiling) if amount is not None]
    return Factors(parse_decimal(m, FACTOR_PLACES) or 0, parse_decimal(a, 6) or 0, min(given, default=None))


def _prepared(room: Room, event: RoomPrepared) -> None:
    room.tender = event.tender
    room.rules = parse(event.rules)
    room.rules_hash = event.rules_hash
    room.opens, room.length = event.opens, event.closes - event.opens
    room.opening, room.opening_bids = event.opening, event.opening_bids
    for index, plan in enumerate(event.lots):
        opens, closes = plan.opens or event.opens, plan.closes or event.closes
        room.lots[plan.id] = Lot(plan=plan, index=index, opens=opens, closes=closes)


def _seeded(room: Room, event: RoomSeeded) -> None:
    room.seed = event.seed


def _admitted(room: Room, event: VendorAdmitted) -> None:
    room.vendors[event.vendor.id] = event.vendor
    room.readmitted = room.readmitted or event.later
    _terms(room, event.vendor)


def _terms(room: Room, vendor: Entrant) -> None:
    assert room.rules is not None
    for lot in room.lots.values():
        if vendor.lots is None or lot.plan.id in vendor.lots:
            room.factors[vendor.id, lot.plan.id] = factors_of(room.rules, lot.plan, vendor)
        else:
            room.factors.pop((vendor.id, lot.plan.id), None)


def _withdrawn(room: Room, event: VendorWithdrawn) -> None:
    room.readmitted = True
    room.vendors.pop(event.vendor, None)
    room.suspended.discard(event.vendor)
    room.acknowledged.pop(event.vendor, None)
    for lot in room.lots.values():
        room.factors.pop((event.vendor, lot.plan.id), None)
        lot.schedules.pop(event.vendor, None)
        lot.stale.pop(event.vendor, None)


def _filed(room: Room, event: ScheduleFiled) -> None:
    lot = room.lots[event.lot]
    lot.schedules[event.vendor] = event.lines
    lot.stale.pop(event.vendor, None)


def _lapsed(room: Room, event: ScheduleLapsed) -> None:
    room.lots[event.lot].schedules.pop(event.vendor, None)


def _opened(room: Room, event: LotOpened) -> None:
    lot = room.lots[event.lot]
    lot.status, lot.opens, lot.closes = "open", event.at, event.closes
    room.started = True


def _bid(room: Room, event: BidPlaced) -> None:
    assert room.rules is not None
    lot = room.lots[event.lot]
    amount = parse_amount(event.amount) or 0
    room.places += 1
    value = ranked(room.rules, room.factors[event.vendor, event.lot], amount)
    standing = Standing(value, room.places, event.vendor, amount, event.at)
    before = lot.standing.get(event.vendor)
    if before is not None:
        del lot.order[bisect_left(lot.order, before)]
    insort(lot.order, standing)
    lot.standing[event.vendor] = standing
    lot.history.append(standing)
    lot.bids[event.vendor] = event.no
    if event.lines:
        lot.schedules[event.vendor] = event.lines
    if event.id is not None:
        rank = event.rank if room.rules.visibility.rank else None
        taken = Taken(event.lot, event.amount, rank, event.closes, None, event.id)
        room.seen[event.by, event.id] = (event.digest, taken)


def _refused(room: Room, event: CommandRefused) -> None:
    if event.id is not None:
        room.seen[event.by, event.id] = (event.digest, Refusal(event.code, event.message, event.next))


def _done(room: Room, event: CommandDone) -> None:
    room.seen[event.by, event.id] = (event.digest, Done(event.lot, event.closes))


def _moved(room: Room, event: CloseMoved) -> None:
    lot = room.lots[event.lot]
    lot.closes = event.closes
    lot.extensions += event.counted


def _paused(room: Room, event: LotPaused) -> None:
    lot = room.lots[event.lot]
    lot.status, lot.paused_at = "paused", event.since
    room.all_paused = room.all_paused or event.all


def _resumed(room: Room, event: LotResumed) -> None:
    lot = room.lots[event.lot]
    lot.status, lot.paused_at, lot.closes = "open", None, event.closes


def _lifted(room: Room, event: PauseLifted) -> None:
    room.all_paused = False


def _closed(room: Room, event: LotClosed) -> None:
    lot = room.lots[event.lot]
    lot.status, lot.over_at, lot.winner = "closed", event.at, event.winner


def _cancelled(room: Room, event: LotCancelled) -> None:
    lot = room.lots[event.lot]
    lot.status, lot.over_at, lot.closes, lot.paused_at = ("cancelled", event.at, event.closes, None)


def _suspended(room: Room, event: VendorSuspended) -> None:
    room.suspended.add(event.vendor)


def _amended(room: Room, event: RoomAmended) -> None:
    """Lots begin anew, but what was cancelled stays so; filed schedules wait to be confirmed."""
    room.rules, room.rules_hash = parse(event.rules), event.rules_hash
    room.opens, room.length, room.opening = event.opens, event.closes - event.opens, event.opening
    room.addendum, before, room.lots = event.number, room.lots, {}
    for index, plan in enumerate(event.lots):
        lot = Lot(plan=plan, index=index, opens=plan.opens or event.opens, closes=plan.closes or event.closes)
        old = before.get(plan.id)
        if old is not None:
            lot.stale = old.stale | old.schedules
            lot.status, lot.over_at = old.status, old.over_at
        room.lots[plan.id] = lot
    room.factors = {}
    for vendor in room.vendors.values():
        _terms(room, vendor)


def _acknowledged(room: Room, event: AddendumAcknowledged) -> None:
    room.acknowledged[event.vendor] = event.number


_WRITE: dict[type[Event], Callable[[Room, Any], None]] = {
    RoomPrepared: _prepared,
    RoomSeeded: _seeded,
    VendorAdmitted: _admitted,
    VendorWithdrawn: _withdrawn,
    ScheduleFiled: _filed,
    ScheduleLapsed: _lapsed,
    LotOpened: _opened,
    BidPlaced: _bid,
    CommandRefused: _refused,
    CommandDone: _done,
    CloseMoved: _moved,
    LotPaused: _paused,
    LotResumed: _resumed,
    PauseLifted: _lifted,
    LotClosed: _closed,
    LotCancelled: _cancelled,
    VendorSuspended: _suspended,
    RoomAmended: _amended,
    AddendumAcknowledged: _acknowledged,
}
