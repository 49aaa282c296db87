"""Preparing a room: every fault at once, then the rules, the seed and each admitted vendor as facts of their own."""

from __future__ import annotations

from collections.abc import Container, Generator, Iterator, Sequence
from datetime import datetime

import msgspec

from auction.kernel import Event, Refused
from auction.live.bidding import behind, placed
from auction.live.formats.english import MOST, ranked
from auction.live.remember import factors_of
from auction.live.room import (
    FACTOR_PLACES,
    HOST,
    Done,
    Entrant,
    FileSchedule,
    Lot,
    LotPlan,
    OpeningBid,
    Prepare,
    Room,
    RoomPrepared,
    RoomSeeded,
    ScheduleFiled,
    VendorAdmitted,
)
from auction.money import parse_amount, parse_decimal, show
from auction.refusals import no
from auction.terms import schedule
from auction.terms.faults import Fault

SEALED = "Opening bids of this event are sealed; they are filed when the envelopes are opened."
RESERVED = (HOST, "time", "buyer", "public")


def prepare(room: Room, command: Prepare, now: datetime) -> Generator[Event, None, Done]:
    """Set the room up once; the same again, as after a crash, changes nothing."""
    if room.rules is not None:
        if is_prepared(room, command):
            return Done()
        raise Refused(no("BAD_COMMAND", "This room has been set up already."))
    found = list(faults(command))
    if found:
        raise Refused(no("BAD_RULES", "; ".join(f"{fault.path}: {fault.message}" for fault in found)))
    yield RoomPrepared(
        at=now,
        by=command.by,
        tender=command.tender,
        vis="public",
        rules=command.rules.raw,
        rules_hash=command.rules.hash,
        opens=command.opens,
        closes=command.closes,
        lots=timed(command),
        opening_bids=last_of_each(command.opening_bids),
        opening=command.opening,
    )
    yield RoomSeeded(at=now, by=command.by, tender=command.tender, seed=command.seed)
    for vendor in command.vendors:
        yield VendorAdmitted(at=now, by=command.by, tender=command.tender, vendor=vendor)
    return Done()


def is_prepared(room: Room, command: Prepare) -> bool:
    """Tell whether the room was set up by a command of this very content."""
    return (
        room.tender == command.tender
        and (room.rules_hash, room.seed) == (command.rules.hash, command.seed)
        and (room.opens, room.length) == (command.opens, command.closes - command.opens)
        and tuple(lot.plan for lot in room.lots.values()) == timed(command)
        and (room.readmitted or tuple(room.vendors.values()) == command.vendors)
        and (room.opening, room.opening_bids) == (command.opening, last_of_each(command.opening_bids))
    )


def timed(command: Prepare) -> tuple[LotPlan, ...]:
    """Give each lot its planned times, by the way the closes follow each other."""
    rule, length = command.rules.closing, command.closes - command.opens
    planned: list[LotPlan] = []
    for index, lot in enumerate(command.lots):
        opens, closes = lot.opens or command.opens, lot.closes or command.closes
        if rule.mode == "staggered" and lot.closes is None:
            closes = command.closes + index * rule.gap
        elif rule.mode == "serial":
            opens = command.opens + index * (length + rule.gap)
            closes = opens + length
        planned.append(msgspec.structs.replace(lot, opens=opens, closes=closes))
    return tuple(planned)


def last_of_each(bids: Sequence[OpeningBid]) -> tuple[OpeningBid, ...]:
    """Of several opening bids of one vendor on one lot the last counts."""
    last = {(bid.vendor, bid.lot): row for row, bid in enumerate(bids)}
    return tuple(bid for row, bid in enumerate(bids) if last[bid.vendor, bid.lot] == row)


# --- faults ----------------------------------------------------------------------------------------------------------------


def faults(command: Prepare) -> Iterator[Fault]:
    """Name everything that keeps the room from being set up, each with its path."""
    if command.closes <= command.opens:
        yield Fault("closes", "must be later than opens")
    yield from _lot_faults(command)
    yield from _vendor_faults(command)
    yield from _opening_faults(command)


def _twice(path: str, names: Sequence[str]) -> Iterator[Fault]:
    for row, name in enumerate(names):
        if name and name in names[:row]:
            yield Fault(f"{path}[{row}].id", f"{name} stands twice; each id must be its own")


def _lot_faults(command: Prepare) -> Iterator[Fault]:
    if not command.lots:
        yield Fault("lots", "needs at least one lot")
    yield from _twice("lots", [lot.id for lot in command.lots])
    own_times = command.rules.closing.mode != "serial"
    for row, (given, lot) in enumerate(zip(command.lots, timed(command), strict=True)):
        if (
            own_times
            and (given.opens or given.closes)
            and lot.closes
            and lot.opens
            and lot.closes <= lot.opens
        ):
            yield Fault(f"lots[{row}].closes", "must be later than the lot's opening")
        if lot.ceiling is not None and parse_amount(lot.ceiling) is None:
            yield Fault(f"lots[{row}].ceiling", 'must be an amount above zero in a string, such as "95.00"')


def _vendor_faults(command: Prepare) -> Iterator[Fault]:
    yield from _twice("vendors", [vendor.id for vendor in command.vendors])
    lots = {lot.id for lot in command.lots}
    for row, vendor in enumerate(command.vendors):
        yield from entrant_faults(f"vendors[{row}]", vendor, lots)


def entrant_faults(path: str, vendor: Entrant, lots: Container[str]) -> Iterator[Fault]:
    """Name everything that keeps a vendor from being admitted on these terms."""
    if vendor.id in RESERVED:
        yield Fault(f"{path}.id", f"{vendor.id} is a reserved word")
    yield from _factor_faults(path, "", vendor.m, vendor.a)
    for own in vendor.factors:
        m, a = (own.m if own.m != vendor.m else "1"), (own.a if own.a != vendor.a else "0")
        yield from _factor_faults(path, f".{own.lot}", m, a)
    named = [(f"ceiling.{each.lot}", each.lot) for each in vendor.ceilings]
    named += [(f"m.{each.lot}", each.lot) for each in vendor.factors]
    named += [("lots", name) for name in vendor.lots or ()]
    yield from (Fault(f"{path}.{at}", f"there is no lot {name}") for at, name in named if name not in lots)
    for each in vendor.ceilings:
        if parse_amount(each.ceiling) is None:
            yield Fault(
                f"{path}.ceiling.{each.lot}", 'must be an amount above zero in a string, such as "95.00"'
            )


def _factor_faults(path: str, lot: str, m: str, a: str) -> Iterator[Fault]:
    if (parse_decimal(m, FACTOR_PLACES) or 0) <= 0:
        yield Fault(f"{path}.m{lot}", 'must be a factor above zero in a string, such as "1.05"')
    if parse_decimal(a, 6) is None:
        yield Fault(f"{path}.a{lot}", 'must be a decimal in a string, such as "-12.50"')


def _opening_faults(command: Prepare) -> Iterator[Fault]:
    lots, vendors = ({lot.id: lot for lot in command.lots}, {vendor.id: vendor for vendor in command.vendors})
    for row, bid in enumerate(command.opening_bids):
        path = f"opening_bids[{row}]"
        lot, vendor = lots.get(bid.lot), vendors.get(bid.vendor)
        if lot is None:
            yield Fault(f"{path}.lot", f"there is no lot {bid.lot}")
        if vendor is None:
            yield Fault(f"{path}.vendor", f"there is no vendor {bid.vendor}")
        if lot is not None and vendor is not None:
            why = _opening_fault(command, lot, vendor, parse_amount(bid.amount))
            if why:
                yield Fault(f"{path}.amount", why)
        elif parse_amount(bid.amount) is None:
            yield Fault(f"{path}.amount", 'must be an amount above zero in a string, such as "95.00"')


def _opening_fault(command: Prepare, lot: LotPlan, vendor: Entrant, amount: int | None) -> str:
    rules = command.rules
    if amount is None or amount >= MOST:
        return 'must be an amount above zero in a string, such as "95.00"'
    if vendor.lots is not None and lot.id not in vendor.lots:
        return f"{vendor.id} is not admitted to {lot.id}"
    factors = factors_of(rules, lot, vendor)
    if factors.m > 0 and ranked(rules, factors, amount) <= 0:
        return "is zero or less after the vendor's factor"
    if amount % rules.tick:
        return f"must be a multiple of {show(rules.tick, rules.tick)}"
    if factors.ceiling is not None and amount > factors.ceiling:
        return f"must be at most the ceiling, {show(factors.ceiling, rules.tick)}"
    return ""


# --- line schedules ------------------------------------------------------------------------------------------------------------


def file_schedule(room: Room, command: FileSchedule, now: datetime) -> Generator[Event, None, Done]:
    """File or replace a vendor's line schedule, until the lot opens; a sealed opening bid is filed once, when it is opened."""
    lot, rules = room.lots[command.lot], room.rules
    assert rules is not None
    if command.envelope and lot.schedules.get(command.by) == command.lines:
        return Done(command.lot, lot.closes)
    _may_file(room, lot, command)
    total = _total(room, lot, command)
    yield ScheduleFiled(
        at=now,
        by=command.by,
        tender=room.tender,
        vendor=command.by,
        lot=command.lot,
        lines=command.lines,
        total=show(total, rules.tick),
        signer=command.signer,
        envelope=command.envelope,
    )
    if lot.status != "scheduled":
        yield placed(room, lot, command.by, total, now, lot.closes, None)
    return Done(command.lot, lot.closes)


def _may_file(room: Room, lot: Lot, command: FileSchedule) -> None:
    """Refuse a schedule that is not wanted from this vendor, in this way, or now.

    Envelopes that are opened late, after the lot has opened, still bring their opening bids: nobody can bid before that.
    """
    sealed = room.opening == "sealed"
    if command.by not in room.vendors:
        raise Refused(no("UNKNOWN_VENDOR"))
    if sealed != bool(command.envelope):
        raise Refused(no("NOT_ALLOWED", SEALED if sealed else "This event takes no sealed opening bids."))
    if lot.over or (lot.status != "scheduled" and (not sealed or command.by in lot.schedules)):
        raise Refused(no("CLOSED", "Line schedules are frozen when the lot opens."))
    if command.by in room.suspended or (command.by, command.lot) not in room.factors:
        raise Refused(no("NOT_ADMITTED"))
    if room.behind(command.by) and not sealed:
        raise Refused(behind(room))


def _total(room: Room, lot: Lot, command: FileSchedule) -> int:
    """Extend a schedule, or refuse it with every fault."""
    rules = room.rules
    assert rules is not None
    found = schedule.faults(lot.plan.lines, command.lines)
    if found:
        raise Refused(no("BAD_COMMAND", "; ".join(f"{fault.path}: {fault.message}" for fault in found)))
    total = schedule.extended_total(lot.plan.lines, command.lines, rules.tick)
    factors = room.factors[command.by, command.lot]
    if total >= MOST or ranked(rules, factors, total) <= 0:
        raise Refused(no("BAD_AMOUNT"))
    if factors.ceiling is not None and total > factors.ceiling:
        highest = show(factors.ceiling // rules.tick * rules.tick, rules.tick)
        raise Refused(
            no("ABOVE_CEILING", f"The lines come to {show(total, rules.tick)}; at most {highest}.", highest)
        )
    return total
