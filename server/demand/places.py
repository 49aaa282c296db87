"""Where districts' goods go, as their profiles say, and as their lines of needs name it already."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from auction.demand.needs import NeedLine
from auction.demand.places import Places
from auction.demand.profile import DistrictProfile, ShipTo
from server.tables import Organisation

Addresses = tuple[ShipTo, ...]


def profile_of(detail: dict[str, Any]) -> DistrictProfile:
    """A district's addresses and its usual one, from its row in the register."""
    listed = msgspec.convert(detail.get("ship_to", ()), Addresses)
    return DistrictProfile(ship_to=listed, usual=str(detail.get("usual", "")))


def places_of(session: Session, districts: Iterable[str]) -> dict[str, Places]:
    """The places of districts, by their ids."""
    wanted = select(Organisation.id, Organisation.detail).where(Organisation.id.in_(list(districts)))
    return {row.id: Places(profile_of(row.detail)) for row in session.execute(wanted)}


def stating(session: Session, district: str, lines: Iterable[NeedLine]) -> Places:
    """A district's places beside the lines that it has stated, to read further lines by."""
    standing: dict[str, list[str]] = {}
    for line in lines:
        standing.setdefault(line.item, []).append(line.ship_to)
    return Places(profile_of(session.get_one(Organisation, district).detail), standing)
