"""What the officers' console is told at any time: one's own locked records, what is to be signed, and where it stands."""

from __future__ import annotations

from typing import Any

from auction.record.logged import written
from auction.tender.tender import Tender
from bidders.box import ceremony
from bidders.box.state import Box
from server.parts import Parts
from server.sealed import asking, handing, locks, officers
from server.sealed.doing import check_due


async def state(parts: Parts, event_id: str, tender: Tender, person: str) -> dict[str, Any]:
    """Everything that an officer's console needs beside the close; nothing of it tells of a bid."""
    box = officers.box_of(parts, event_id)
    held = await locks.held(parts, person, event_id)
    keys, seat = box.keys.get(person), officers.seat_of(box, person)
    hands = await handing.told(parts, event_id, person, tender.document.owner if tender.document else "")
    to = hands["to"] if hands is not None and hands["role"] == "successor" else None
    kid = keys.kid if keys is not None else to["kid"] if to is not None else None
    return {
        "tender": event_id,
        "person": person,
        "now": written(parts.now()),
        "records": locks.said(held),
        "handover": hands,
        "kid": kid,
        "gone": keys is not None and box.published_at is not None and keys.kid not in held.os,
        "seat": seat["x"] if seat is not None else None,
        "drilled": kid is not None and held.ready(kid),
        "draft": box.draft if box.published_at is None and officers.sent(tender, box) else None,
        "manifests": list(box.manifests.values()),
        "acceptances": [
            {"x": each.x, "kid": each.kid, "manifest": each.manifest, "sig": each.sig}
            for each in box.accepted.values()
        ],
        "addendum": officers.next_manifest(parts, event_id, tender),
        "signed": officers.signed_for(tender, box),
        "successor": {"name": name_of(tender, person)[0], "org": name_of(tender, person)[1]},
        "check": seat is not None and box.published_at is not None and check_due(box, seat["x"], parts.now()),
        **(await _opening(parts, event_id, box, seat)),
    }


async def _opening(parts: Parts, event_id: str, box: Box, seat: dict[str, Any] | None) -> dict[str, Any]:
    """Where the opening stands, as far as everybody may know."""
    stage = ceremony.stage(box)
    return {
        "published": box.published_at is not None,
        "cancelled": box.cancelled is not None,
        "closed": box.closed is not None,
        "meeting": box.meeting is not None,
        "over": box.over is not None,
        "stage": stage,
        "passed": list(box.passed.vendors) if box.passed is not None else None,
        "released": [x for env, x in box.releases if env == stage],
        "asks": await asking.told(parts, event_id, box, seat["x"])
        if seat is not None and box.closed is not None
        else [],
    }


def name_of(tender: Tender, person: str) -> tuple[str, str]:
    """An officer's name and organization as the notice prints them; empty for nobody of the kind."""
    document = tender.document
    rows = document.sealing.officers if document is not None else ()
    return next(((each.name, each.org) for each in rows if each.person == person), ("", ""))
