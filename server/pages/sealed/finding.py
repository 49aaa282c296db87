"""Finding the bid box that a page is about: the vendor is who signed in, never what an address says."""

from __future__ import annotations

import msgspec

from auction.tender.solicitation import Solicitation
from auction.tender.tender import Tender
from bidders.box.state import Box
from server.guards import may
from server.login import COOKIE, Identity
from server.pages.answering import Req, plain
from server.parts import Parts, parts_of, signed_in
from server.sealed.door import Sender

NO_EVENT = "There is no such event, or it was never published."


class Boxed(msgspec.Struct, frozen=True):
    """A published solicitation with sealed bids, and the vendor's person who asks."""

    parts: Parts
    id: str
    document: Solicitation
    box: Box
    identity: Identity
    session: bytes

    @property
    def stream(self) -> str:
        """The bid box's stream."""
        return f"box/{self.id}"

    @property
    def vendor(self) -> str:
        """The vendor that bids."""
        return self.identity.organisation_id

    @property
    def signs(self) -> bool:
        """Tell whether this person may sign for the company."""
        return may(self.identity, "bid")

    @property
    def address(self) -> str:
        """The bid's page."""
        return f"/events/{self.id}/bid"


async def boxed(request: Req, event_id: str) -> Boxed:
    """Find the bid box of an event; whoever has no company, or where there is no box, is told so."""
    parts, who = parts_of(request), signed_in(request)
    await parts.desk.at_rest()
    if who is None or who.identity.kind != "vendor":
        raise plain(403, "Only people of a company bid. Sign in with your company’s account.")
    found = parts.desk.state(f"tender/{event_id}") if event_id.isdecimal() and len(event_id) < 10 else None
    box = parts.desk.state(f"box/{event_id}") if found is not None else None
    if not isinstance(found, Tender) or found.document is None or box is None or box.published_at is None:
        raise plain(404, NO_EVENT)
    return Boxed(parts, event_id, found.document, box, who.identity, who.session)


def sender_of(request: Req, here: Boxed) -> Sender:
    """Who sends a request, and whether the session still holds once it is read."""

    async def still() -> bool:
        found = await here.parts.login.find(request.cookies.get(COOKIE))
        return found is not None and found.identity == here.identity and may(found.identity, "bid")

    return Sender(here.id, here.vendor, still)
