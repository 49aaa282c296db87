"""Bidding: who may bid on what now, what the bid does to the ranking, and what it does to the clock."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Generator, Iterator
from datetime import datetime

from auction.kernel import Event, Refused
from auction.live.closing import gaps, open_closes
from auction.live.formats import english
from auction.live.remember import digest
from auction.live.room import (
    HOST,
    TIME,
    BidPlaced,
    CloseMoved,
    Lot,
    LotOpened,
    PlaceBid,
    Room,
    Standing,
    Taken,
)
from auction.live.soft_close import extensions
from auction.money import parse_amount, show
from auction.refusals import Refusal, no
from auction.terms import schedule
from auction.terms.rules import Rules

UNSEALED = "Only vendors whose sealed opening bid was opened can bid on this lot."
"""What a vendor is told that has none, where opening bids came sealed."""


def place(room: Room, command: PlaceBid, now: datetime) -> Generator[Event, None, Taken]:
    """Take a bid, or refuse it with the first code that applies."""
    rules, lot = room.rules, room.lots[command.lot]
    assert rules is not None
    reason = (
        _lines(rules, lot, command)
        or may_bid(room, lot, command.by, command.rules)
        or english.examine(room, lot, command)
    )
    if reason is not None:
        raise Refused(reason)
    amount = command.amount or 0
    value = english.ranked(rules, room.factors[command.by, command.lot], amount)
    extended = extensions(room, lot, journal_place(lot, value), now)
    pushed = gaps(room, open_closes(room), extended) if extended else {}
    closes = pushed.get(command.lot, extended.get(command.lot, lot.closes))
    bid = placed(room, lot, command.by, amount, now, closes, command)
    yield bid
    yield from moves(room, extended, pushed, now, command.by)
    shown = bid.rank if rules.visibility.rank else None
    return Taken(command.lot, bid.amount, shown, closes, english.next_good(room, lot, command.by), command.id)


def may_bid(room: Room, lot: Lot, by: str, rules_hash: str | None) -> Refusal | None:
    """Everything that stands before the amount is looked at; a bid names the rules that it was made under, or None."""
    if by == HOST:
        return no("NOT_ALLOWED", "No account of the buying side can place a bid.")
    if by not in room.vendors:
        return no("UNKNOWN_VENDOR")
    if rules_hash is not None and rules_hash != room.rules_hash:
        return no("STALE_RULES")
    if lot.status != "open":
        return no({"scheduled": "NOT_OPEN", "paused": "PAUSED"}.get(lot.status, "CLOSED"))
    if by in room.suspended:
        return no("NOT_ADMITTED", "You are suspended from this event.")
    if room.behind(by):
        return behind(room)
    if (by, lot.plan.id) not in room.factors:
        return no("NOT_ADMITTED")
    return no("NOT_ADMITTED", UNSEALED) if room.opening == "sealed" and by not in lot.schedules else None


def behind(room: Room) -> Refusal:
    """What a vendor is told that has not acknowledged the latest addendum."""
    told = (
        f"Addendum {room.addendum} changed this event. Acknowledge it first; then your bids and prices count."
    )
    return no("NOT_ADMITTED", told)


def _lines(rules: Rules, lot: Lot, command: PlaceBid) -> Refusal | None:
    """New line prices must be faultless and extend to the bid."""
    if not command.lines:
        return None
    faults = schedule.faults(lot.plan.lines, command.lines)
    if faults:
        return no("BAD_COMMAND", "; ".join(f"{fault.path}: {fault.message}" for fault in faults))
    total = schedule.extended_total(lot.plan.lines, command.lines, rules.tick)
    if command.amount in (total, None):
        return None
    return no("BAD_COMMAND", f"The lines come to {show(total, rules.tick)}, not to the bid.")


def journal_place(lot: Lot, value: int) -> int:
    """Where a new bid of this ranked value would stand, counted from 1; the earlier of equals is better."""
    return bisect_right(lot.order, value, key=_value) + 1


def shown_rank(rules: Rules, lot: Lot, value: int, place: int) -> int:
    """The rank that is shown for a ranked value standing at a place in journal order."""
    if rules.ties == "equal_best":
        return bisect_left(lot.order, value, key=_value) + 1
    if rules.ties == "equal_worst":
        return max(place, bisect_right(lot.order, value, key=_value))
    return place


def _value(standing: Standing) -> int:
    return standing.ranked


def ranking(room: Room, lot: Lot) -> list[tuple[int, Standing]]:
    """The standing bids in order, each with its rank as shown."""
    assert room.rules is not None
    rules = room.rules
    return [
        (shown_rank(rules, lot, each.ranked, place), each) for place, each in enumerate(lot.order, start=1)
    ]


def rank_of(room: Room, lot: Lot, vendor: str) -> int | None:
    """A vendor's rank as shown; None without a standing bid."""
    standing = lot.standing.get(vendor)
    if standing is None or room.rules is None:
        return None
    return shown_rank(room.rules, lot, standing.ranked, bisect_left(lot.order, standing) + 1)


def placed(
    room: Room, lot: Lot, vendor: str, amount: int, at: datetime, closes: datetime, command: PlaceBid | None
) -> BidPlaced:
    """Make the event of a bid that stands; an opening bid has no command."""
    rules = room.rules
    assert rules is not None
    value = english.ranked(rules, room.factors[vendor, lot.plan.id], amount)
    return BidPlaced(
        at=at,
        by=vendor,
        tender=room.tender,
        vendor=vendor,
        lot=lot.plan.id,
        amount=show(amount, rules.tick),
        no=lot.bids.get(vendor, 0) + 1,
        rank=shown_rank(rules, lot, value, journal_place(lot, value)),
        closes=closes,
        rules_hash=room.rules_hash,
        id=command.id if command is not None else None,
        opening=command is None,
        digest=digest(command) if command is not None and command.id is not None else "",
        lines=command.lines if command is not None else (),
    )


def moves(
    room: Room, extended: dict[str, datetime], pushed: dict[str, datetime], now: datetime, by: str
) -> Iterator[CloseMoved]:
    """The events of closes that moved: extensions first, then the lots that keep their distance."""
    for name, closes in extended.items():
        yield CloseMoved(
            at=now,
            by=by,
            tender=room.tender,
            vis="public",
            lot=name,
            closes=closes,
            cause="overtime",
            counted=True,
        )
    yield from pushes(room, pushed, now, by)


def pushes(room: Room, pushed: dict[str, datetime], now: datetime, by: str) -> Iterator[CloseMoved]:
    """The events of lots that close later to keep their distance; they count as nobody's extension."""
    for name, closes in pushed.items():
        yield CloseMoved(
            at=now, by=by, tender=room.tender, vis="public", lot=name, closes=closes, cause="gap"
        )


def open_lot(room: Room, lot: Lot, at: datetime, closes: datetime) -> Iterator[Event]:
    """Open a lot; the opening bids stand from that instant, in list order."""
    name, rules = lot.plan.id, room.rules
    assert rules is not None
    yield LotOpened(at=at, by=TIME, tender=room.tender, vis="public", lot=name, closes=closes)
    if room.opening != "none":
        for vendor in [vendor for vendor in room.vendors if vendor in lot.schedules]:
            total = schedule.extended_total(lot.plan.lines, lot.schedules[vendor], rules.tick)
            yield placed(room, lot, vendor, total, at, closes, None)
    for bid in room.opening_bids:
        if bid.lot == name:
            yield placed(room, lot, bid.vendor, parse_amount(bid.amount) or 0, at, closes, None)
