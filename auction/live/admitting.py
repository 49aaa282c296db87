"""Admitting: who may bid, on which lots and on what terms; decided until the first lot opens, then frozen.

A vendor is admitted with its own factors and ceilings, and may be admitted anew with others. One that is withdrawn leaves
nothing behind: its schedules go with it.
"""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime

import msgspec

from auction.kernel import Event, Refused
from auction.live import preparing
from auction.live.formats.english import ranked
from auction.live.remember import factors_of
from auction.live.room import (
    AdmitVendor,
    Done,
    Entrant,
    Lot,
    Room,
    ScheduleLapsed,
    VendorAdmitted,
    VendorWithdrawn,
    WithdrawVendor,
)
from auction.money import show
from auction.refusals import no
from auction.tender.solicitation import Solicitation, Vendor
from auction.terms.faults import Fault
from auction.terms.schedule import extended_total

FROZEN = "Admission is frozen: the event has opened."


def frozen(room: Room) -> bool:
    """Tell whether it is too late to admit or withdraw anybody."""
    return room.started or all(lot.over for lot in room.lots.values())


def admitted_document(document: Solicitation, room: Room) -> Solicitation:
    """The published document with everybody who is admitted by now, under the names they were admitted by."""
    known = {vendor.id for vendor in document.vendors}
    later = tuple(
        Vendor(each.id, each.name or each.id, each.m, each.a, lots=each.lots)
        for each in room.vendors.values()
        if each.id not in known
    )
    return msgspec.structs.replace(document, vendors=document.vendors + later) if later else document


def admit(room: Room, command: AdmitVendor, now: datetime) -> Generator[Event, None, Done]:
    """Admit a vendor, or change the terms it is admitted on; the same again changes nothing."""
    if room.vendors.get(command.vendor.id) == command.vendor:
        return Done()
    if frozen(room):
        raise Refused(no("CLOSED", FROZEN))
    _check(room, command.vendor)
    lost = stranded(room, command.vendor)
    yield VendorAdmitted(
        at=now,
        by=command.by,
        tender=room.tender,
        vendor=command.vendor,
        reason=command.reason.strip(),
        later=True,
    )
    for lot, reason in lost:
        yield ScheduleLapsed(
            at=now, by=command.by, tender=room.tender, vendor=command.vendor.id, lot=lot, reason=reason
        )
    return Done()


def _check(room: Room, vendor: Entrant) -> None:
    found = [*preparing.entrant_faults("", vendor, room.lots)]
    if vendor.lots == ():
        found.append(Fault("lots", "must name at least one lot"))
    if found:
        raise Refused(no("BAD_COMMAND", "; ".join(f"{fault.path}: {fault.message}" for fault in found)))


def withdraw(room: Room, command: WithdrawVendor, now: datetime) -> Generator[Event, None, Done]:
    """Take a vendor's admission back, with the reason; the same again changes nothing."""
    if command.vendor not in room.vendors:
        return Done()
    if frozen(room):
        raise Refused(no("CLOSED", f"{FROZEN} A vendor can still be suspended."))
    if not command.reason.strip():
        raise Refused(no("BAD_COMMAND", "Give the reason in words."))
    yield VendorWithdrawn(
        at=now, by=command.by, tender=room.tender, vendor=command.vendor, reason=command.reason.strip()
    )
    return Done()


def stranded(room: Room, vendor: Entrant) -> list[tuple[str, str]]:
    """The lots whose filed schedule would not be taken on these terms, each with why."""
    filed = [lot for lot in room.lots.values() if vendor.id in lot.schedules]
    told = [(lot.plan.id, _why_not(room, lot, vendor)) for lot in filed]
    return [(lot, why) for lot, why in told if why]


def _why_not(room: Room, lot: Lot, vendor: Entrant) -> str:
    rules = room.rules
    assert rules is not None
    if vendor.lots is not None and lot.plan.id not in vendor.lots:
        return "The vendor is no longer admitted to the lot."
    terms = factors_of(rules, lot.plan, vendor)
    total = extended_total(lot.plan.lines, lot.schedules[vendor.id], rules.tick)
    if terms.ceiling is not None and total > terms.ceiling:
        return f"Its total, {show(total, rules.tick)}, is above the vendor's new ceiling."
    return "" if ranked(rules, terms, total) > 0 else "Its adjusted total would be zero or less."
