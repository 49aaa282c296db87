"""The states' laws on record, and the ground on which a solicitation is judged: its state's law, and the days in its zone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from auction.tender import sealed_bids
from auction.tender.authority import Ground
from auction.tender.solicitation import Solicitation
from auction.terms.faults import Fault
from auction.terms.jurisdiction import Profile, parse
from server.presenting import known_zone, zone_of


def load(folder: Path) -> dict[str, Profile]:
    """Read every state's law; raises `BadProfile`. A state without a file is unknown, and unknown means off."""
    read = (parse(msgspec.json.decode(path.read_bytes())) for path in sorted(folder.glob("*.json")))
    return {profile.code: profile for profile in read}


def ground(known: Mapping[str, Profile], document: Solicitation, now: datetime) -> Ground:
    """What a solicitation is judged on at a time."""
    zone = zone_of(document.zone)
    due = sealed_bids.due(document) if sealed_bids.has_box(document) else document.opens
    return Ground(
        known.get(document.jurisdiction),
        now.astimezone(zone).date(),
        due.astimezone(zone).date() if due is not None else None,
    )


def clock_faults(document: Solicitation) -> list[Fault]:
    """Name a zone that does not exist, and each time that falls into the hour in which the clocks go back.

    Such a time would be read twice on the notice, an hour apart.
    """
    if not known_zone(document.zone):
        told = f"there is no time zone {document.zone!r}; name one such as America/New_York"
        return [Fault("zone", told)]
    zone, times = (
        zone_of(document.zone),
        [
            ("opens", document.opens),
            ("closes", document.closes),
            ("questions_until", document.questions_until),
            ("sealing.due", document.sealing.due),
            ("sealing.opens", document.sealing.opens),
        ],
    )
    for row, lot in enumerate(document.lots):
        times += [(f"lots[{row}].opens", lot.opens), (f"lots[{row}].closes", lot.closes)]
    return [Fault(path, TWICE) for path, time in times if time is not None and twice(time, zone)]


TWICE = "falls into the hour in which the clocks go back, so that its time of day comes twice; choose another"


def twice(time: datetime, zone: ZoneInfo) -> bool:
    """Tell whether a time's reading in a zone comes twice."""
    local = time.astimezone(zone)
    first, second = (local.replace(fold=fold).utcoffset() for fold in (0, 1))
    return first != second
