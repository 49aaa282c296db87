"""How an organisation describes itself: a district with its size and where goods go, a consortium with its state and zone."""

from __future__ import annotations

import re

import msgspec

from auction.terms.faults import Fault

STATE = re.compile(r"US-[A-Z]{2}")
POSTAL = re.compile(r"[A-Z]{2}")
SHIP_TO_ID = re.compile(r"S[1-9][0-9]{0,3}")
LARGEST_DISTRICT = 2_000_000
MOST_ADDRESSES = 400
LONGEST_LETTERHEAD = 2_000
LONGEST_LINE = 200


class ShipTo(msgspec.Struct, frozen=True):
    """Where goods go. Needs and orders name its id, so an address is closed, never taken away."""

    id: str
    name: str
    street: str
    city: str
    state: str
    zip: str
    note: str = ""
    closed: bool = False


class DistrictProfile(msgspec.Struct, frozen=True, tag="district"):
    """A district's size, its state, the month its fiscal year begins with, its addresses, and the id of the usual one."""

    state: str = ""
    enrolment: int | None = None
    fiscal_month: int = 7
    ship_to: tuple[ShipTo, ...] = ()
    usual: str = ""


class ConsortiumProfile(msgspec.Struct, frozen=True, tag="consortium"):
    """A consortium's state, the zone of its times, and what stands at the head of its letters."""

    state: str = ""
    zone: str = "America/New_York"
    letterhead: str = ""


Profile = DistrictProfile | ConsortiumProfile


def faults(profile: Profile, before: Profile | None = None) -> list[Fault]:
    """Name everything that is wrong in a profile, given the one that it follows."""
    found: list[Fault] = []
    if profile.state and not STATE.fullmatch(profile.state):
        found.append(Fault("state", "must be a state's code, such as US-PA"))
    if isinstance(profile, ConsortiumProfile):
        if len(profile.letterhead) > LONGEST_LETTERHEAD:
            found.append(Fault("letterhead", f"must have at most {LONGEST_LETTERHEAD:,} characters"))
        return found
    if profile.enrolment is not None and not 0 < profile.enrolment <= LARGEST_DISTRICT:
        found.append(Fault("enrolment", f"must be a whole number from 1 to {LARGEST_DISTRICT:,}"))
    if not 1 <= profile.fiscal_month <= 12:
        found.append(Fault("fiscal_month", "must be a month from 1 to 12"))
    return found + _addresses(profile, before)


def _addresses(profile: DistrictProfile, before: Profile | None) -> list[Fault]:
    ids = [each.id for each in profile.ship_to]
    found = []
    if len(ids) > MOST_ADDRESSES:
        found.append(Fault("ship_to", f"must be at most {MOST_ADDRESSES} addresses"))
    for row, each in enumerate(profile.ship_to):
        path = f"ship_to[{row}]"
        if not SHIP_TO_ID.fullmatch(each.id) or each.id in ids[:row]:
            found.append(Fault(f"{path}.id", "must be an id of its own, such as S1"))
        found += address_faults(path, each)
    kept = before.ship_to if isinstance(before, DistrictProfile) else ()
    gone = [each.id for each in kept if each.id not in ids]
    if gone:
        named = ", ".join(gone)
        found.append(Fault("ship_to", f"must keep {named}: needs may name it; close an address instead"))
    if profile.usual and profile.usual not in ids:
        found.append(Fault("usual", "must be one of the addresses, such as S1"))
    return found


def address_faults(path: str, given: ShipTo) -> list[Fault]:
    """Name everything that is missing or wrong in an address."""
    dot = f"{path}." if path else ""
    found = [
        Fault(f"{dot}{name}", "is missing" if not text else f"must have at most {LONGEST_LINE} characters")
        for name in ("name", "street", "city")
        if not (text := getattr(given, name).strip()) or len(text) > LONGEST_LINE
    ]
    if not POSTAL.fullmatch(given.state):
        found.append(Fault(f"{dot}state", "must be a state's code, such as PA"))
    if not re.fullmatch(r"\d{5}(-\d{4})?", given.zip, re.ASCII):
        found.append(Fault(f"{dot}zip", "must be a ZIP code, such as 14850 or 14850-1234"))
    if len(given.note) > LONGEST_LINE:
        found.append(Fault(f"{dot}note", f"must have at most {LONGEST_LINE} characters"))
    return found


def next_id(profile: DistrictProfile) -> str:
    """The id of the next address: no number is ever used twice."""
    return f"S{max((int(each.id[1:]) for each in profile.ship_to), default=0) + 1}"
