"""Sealed bids: what a solicitation that takes them must say of its officers, its envelopes, and its times.

They are the whole of it, or they are opened before a live auction and stand there as its opening bids.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from auction.tender.promised import Officer, Sealing
from auction.tender.solicitation import Solicitation
from auction.terms.faults import Fault

MOST_OFFICERS = 16
ENVELOPES = (("price",), ("technical", "price"))


def seeds(document: Solicitation) -> bool:
    """Tell whether it is a live auction whose opening bids come sealed."""
    return document.kind == "reverse_auction" and document.opening == "sealed"


def has_box(document: Solicitation) -> bool:
    """Tell whether sealed envelopes are taken for it, so that officers hold the keys of a bid box."""
    return document.kind == "sealed_bid" or seeds(document)


def due(document: Solicitation) -> datetime | None:
    """When sealed envelopes are due; None where no time is set, or none are taken."""
    if document.kind == "sealed_bid":
        return document.closes
    return document.sealing.due if seeds(document) else None


def lasting(document: Solicitation) -> list[Fault]:
    """Name everything that is wrong whatever the day."""
    return _seeding(document) if seeds(document) else _whole(document)


def _whole(document: Solicitation) -> list[Fault]:
    """What is wrong where sealed bids are all there is."""
    sealing, closes = document.sealing, document.closes
    found = [*_committee(sealing)]
    if sealing.envelopes not in ENVELOPES:
        found.append(
            Fault("sealing.envelopes", "must be the price alone, or the technical part and the price")
        )
    if not any(lot.lines for lot in document.lots):
        found.append(Fault("lots", "need lines, because each line is priced"))
    found += [
        Fault(f"lots[{row}].closes", "must be empty: all sealed bids are due at one time")
        for row, lot in enumerate(document.lots)
        if lot.opens or lot.closes
    ]
    if sealing.opens and closes and sealing.opens < closes:
        found.append(Fault("sealing.opens", "must not be before bids are due"))
    return found


def _seeding(document: Solicitation) -> list[Fault]:
    """What is wrong where sealed bids open a live auction: prices alone, opened before the first lot opens."""
    sealing = document.sealing
    found = [*_committee(sealing)]
    if sealing.envelopes != ("price",):
        found.append(Fault("sealing.envelopes", "must be the price alone, because opening bids are prices"))
    if sealing.due and sealing.opens and sealing.opens < sealing.due:
        found.append(Fault("sealing.opens", "must not be before opening bids are due"))
    first = min((lot.opens for lot in document.lots if lot.opens), default=document.opens)
    first = min(first, document.opens) if first and document.opens else first
    if first and sealing.opens and first <= sealing.opens:
        found.append(
            Fault("opens", "must be after the envelopes are opened; leave the officers time for that")
        )
    return found


def _committee(sealing: Sealing) -> Iterator[Fault]:
    seats = len(sealing.officers)
    if not 2 <= sealing.quorum < seats or seats > MOST_OFFICERS:
        yield Fault(
            "sealing.officers",
            f"must be more than open together, at least three and at most {MOST_OFFICERS}; at least two open together",
        )
    seen: set[str] = set()
    for row, each in enumerate(sealing.officers):
        yield from _officer(f"sealing.officers[{row}]", each, seen)
        seen.add(each.person)


def _officer(path: str, officer: Officer, seen: set[str]) -> Iterator[Fault]:
    if not officer.person or not officer.name.strip() or not officer.org.strip():
        yield Fault(path, "needs a person with an account, a name and an organization")
    elif officer.person in seen:
        yield Fault(path, f"{officer.name} is named twice; one person holds one key")


def dated(document: Solicitation, now: datetime) -> list[Fault]:
    """Name what is wrong with its times, seen from now."""
    found, path, last = [], due_path(document), due(document)
    if last is None:
        found.append(Fault(path, "must be set: bids need a time by which they are due"))
    elif last <= now:
        found.append(Fault(path, "must be in the future"))
    if document.sealing.opens is None:
        found.append(Fault("sealing.opens", "must be set: vendors must know when their bids are opened"))
    if document.questions_until and last and document.questions_until > last:
        found.append(Fault("questions_until", "must not be after bids are due"))
    return found


def due_path(document: Solicitation) -> str:
    """Where the time by which envelopes are due stands in the document."""
    return "sealing.due" if seeds(document) else "closes"


def one_house(sealing: Sealing) -> bool:
    """Tell whether all officers are of one organization, which the notice then says."""
    return len({each.org.strip().casefold() for each in sealing.officers}) < 2


def fixed(sealing: Sealing) -> Sealing:
    """What no addendum changes of it: everything but its times."""
    return msgspec.structs.replace(sealing, opens=None, due=None)


def moved(before: Solicitation, after: Solicitation) -> list[Fault]:
    """Name the times that an addendum would move earlier; officers and vendors have relied on them."""
    times = {
        due_path(before): (due(before), due(after)),
        "sealing.opens": (before.sealing.opens, after.sealing.opens),
    }
    return [
        Fault(path, "may only move later by an addendum")
        for path, (old, new) in times.items()
        if old is not None and (new is None or new < old)
    ]
