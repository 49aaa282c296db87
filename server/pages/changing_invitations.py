"""What can be done to an open invitation: it is sent again with a new link, or withdrawn."""

from __future__ import annotations

from litestar import Response

from auction.terms.faults import Faulty
from server.pages.answering import Req
from server.pages.forming import done, not_done, who_of
from server.parts import parts_of
from server.people import invitations


async def change(request: Req, invitation: str, here: str) -> Response[str]:
    """Do what the form asks for, for one's own organisation, and come back to the page."""
    parts, who, form = parts_of(request), who_of(request).identity, await request.form()
    try:
        if form.get("do") == "again":
            await invitations.send_again(parts, who.organisation_id, who.person_id, invitation)
            return done(request, here, "A new letter was sent; the link in the one before no longer works.")
        await invitations.withdraw(parts, who.organisation_id, who.person_id, invitation)
    except Faulty as refused:
        return not_done(request, here, refused.faults)
    return done(request, here, "The invitation is withdrawn; its link no longer works.")
