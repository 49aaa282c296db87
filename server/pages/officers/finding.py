"""Finding the solicitation that an officer's page is about: one that names this person, or of which this person holds a seat."""

from __future__ import annotations

import msgspec

from auction.tender.sealed_bids import has_box
from auction.tender.solicitation import Solicitation
from auction.tender.tender import Tender
from bidders.box.state import Box
from server.pages.answering import Req, plain
from server.parts import Parts, parts_of, signed_in
from server.sealed import handing, officers


class Held(msgspec.Struct, frozen=True):
    """A solicitation that takes sealed envelopes, and the officer who asks."""

    parts: Parts
    id: str
    tender: Tender
    document: Solicitation
    box: Box
    person: str


async def held(request: Req, event_id: str) -> Held:
    """Find what an officer asks about; for everybody else it is as if it were not there."""
    parts, who = parts_of(request), signed_in(request)
    assert who is not None
    await parts.desk.at_rest()
    tender = parts.desk.state(f"tender/{event_id}") if event_id.isdecimal() and len(event_id) < 10 else None
    person = who.identity.person_id
    if (
        not isinstance(tender, Tender)
        or tender.document is None
        or not has_box(tender.document)
        or not (concerns(parts, event_id, tender, person) or event_id in await handing.awaited(parts, person))
    ):
        raise plain(404, "You hold no key of such a solicitation.")
    return Held(parts, event_id, tender, tender.document, officers.box_of(parts, event_id), person)


def concerns(parts: Parts, event_id: str, tender: Tender, person: str) -> bool:
    """Tell whether a person is an officer of a solicitation, or holds a seat of it by its keys."""
    return (
        officers.is_officer(tender, person)
        or officers.seat_of(officers.box_of(parts, event_id), person) is not None
    )
