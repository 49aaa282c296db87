"""The console's home: every solicitation that a person holds a key of, by what is to be done."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from sqlalchemy import select

from auction.tender.tender import Tender
from server.login import Identity
from server.pages.answering import Req, page
from server.pages.officers.finding import concerns
from server.pages.officers.posting import OFFICER
from server.parts import Parts, parts_of, signed_in
from server.sealed import handing, officers
from server.sealed.boxed import with_box
from server.sealed.doing import Doing, doing
from server.tables import EventRow


async def mine(parts: Parts, who: Identity) -> list[tuple[str, Tender, Doing]]:
    """The solicitations of sealed bids that somebody is an officer of, each with what there is to do."""
    wanted = select(EventRow.id).where(with_box())
    ids = await parts.database.read(lambda session: session.execute(wanted).scalars().all())
    await parts.desk.at_rest()
    awaited = await handing.awaited(parts, who.person_id)
    found = []
    for each in sorted(ids, key=int, reverse=True):
        tender: Tender = parts.desk.state(f"tender/{each}")
        box = officers.box_of(parts, each)
        if each in awaited and tender.document is not None:
            found.append(
                (each, tender, Doing("seat", "Take over an officer’s seat.", tender.document.sealing.opens))
            )
        elif tender.document is not None and concerns(parts, each, tender, who.person_id):
            found.append((each, tender, doing(tender, box, who.person_id, parts.now())))
    return found


@get("/officers", opt=OFFICER)
async def home(request: Req) -> Response[str]:
    """List what is to be done first, then what waits, then what is over."""
    parts, who = parts_of(request), signed_in(request)
    assert who is not None
    rows = [_row(*each) for each in await mine(parts, who.identity)]
    return page(
        request,
        "officers/home.html",
        now=[row for row in rows if row["doing"].now],
        waiting=[row for row in rows if row["doing"].step == "wait"],
        over=[row for row in rows if row["doing"].step == "over"],
        main=parts.settings.origin,
    )


def _row(event_id: str, tender: Tender, found: Doing) -> dict[str, Any]:
    document = tender.document
    assert document is not None
    return {"id": event_id, "document": document, "doing": found}


ROUTES = [home]
