"""The rescue: a vendor brings its own copy of an envelope that the officers cannot open, or that is damaged on our side."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import IO, cast

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from auction.refusals import Refusal
from auction.terms.faults import Fault, Faulty
from bidders.box.words import Resupply, Reveal
from server.pages.answering import Req, ask, page, see_other
from server.pages.sealed.bid import event_of
from server.pages.sealed.finding import Boxed, boxed
from server.sealed import blobs, bringing
from server.sealed.arriving import Arriving, received_at
from server.sealed.bringing import Piece
from server.sealed.handout import own

LARGEST = (64 << 20) + blobs.LARGEST
"""The longest form: a copy, and attachments that are brought again, in bytes."""


@get("/events/{event_id:str}/bid/rescue", opt={"may": "bid"})
async def rescue_page(request: Req, event_id: FromPath[str]) -> Response[str]:
    """Show which envelopes are asked for, until when, and the form for the copy."""
    return await _show(request, await boxed(request, event_id), [])


async def _show(request: Req, here: Boxed, faults: list[Fault]) -> Response[str]:
    held = await own(here.parts, here.id, here.vendor, here.document)
    eids = (*held.rescue, *held.damaged)
    damage = await asyncio.to_thread(bringing.damage, here.parts.store, eids)
    due = [each.due_at for each in here.box.rescues.values() if set(each.eids) & set(held.rescue)]
    return page(
        request,
        "sealed_bid/rescue.html",
        code=422 if faults else 200,
        nav="events",
        event=event_of(here),
        address=here.address,
        wanted=held.rescue,
        damaged=[eid for eid in eids if eid in damage],
        files=[row for eid, each in damage.items() for row in _lost(eid, each)],
        waits=[eid for eid in held.damaged if eid not in damage],
        due=min(due, default=None),
        faults=faults,
    )


def _lost(eid: str, held: bringing.Held) -> list[str]:
    """The damaged attachments of an envelope, in words; their names are sealed, their order is not."""
    return [f"attachment {place + 1} of {eid[:8]}" for place in held.lost_files]


@post(
    "/events/{event_id:str}/bid/rescue",
    opt={"may": "bid"},
    status_code=200,
    request_max_body_size=LARGEST,
    middleware=[Arriving()],
)
async def bring(request: Req, event_id: FromPath[str]) -> Response[str]:
    """Take the copy: reveal the seeds of what is asked for, once they seal to the same again, and heal what was damaged."""
    here, form = await boxed(request, event_id), await request.form()
    given, attached = form.get("file"), form.getall("attachment", [])
    received = received_at(request)
    held = await own(here.parts, here.id, here.vendor, here.document)
    if not isinstance(given, UploadFile) or not given.filename:
        return await _show(request, here, [Fault("The copy", "is needed; choose the file that you saved")])
    text, told = await given.read(), "Thank you. Your copy fits; the opening goes on with it."
    try:
        asked = bringing.Asked(held.rescue, held.damaged)
        files = [
            cast("IO[bytes]", each.file)
            for each in attached
            if isinstance(each, UploadFile) and each.filename
        ]
        brought = await asyncio.to_thread(bringing.read, here.parts.store, here.box, asked, text, files)
        await _take(here, brought, received)
    except Faulty as bad:
        return await _show(request, here, list(bad.faults))
    note = here.parts.notes.leave(here.session, {"ok": True, "text": told})
    return see_other(f"{here.address}?note={note}")


async def _take(here: Boxed, brought: dict[str, Piece], received: datetime) -> None:
    """Put bytes and seeds on disk, then on record; raises `Faulty` where that is refused."""
    store = here.parts.store
    for eid, piece in brought.items():
        if piece.heals:
            await asyncio.to_thread(bringing.put_back, store, eid, piece)
            await _order(here, Resupply(by=here.vendor, eid=eid))
        if piece.seed is not None:
            await asyncio.to_thread(store.keep_revealed, eid, piece.seed)
            await _order(here, Reveal(by=here.vendor, eid=eid, received_at=received))


async def _order(here: Boxed, command: Resupply | Reveal) -> None:
    answer = await ask(here.parts, here.stream, command)
    if isinstance(answer, Refusal):
        raise Faulty([Fault(f"Envelope {command.eid[:8]}", answer.message)])


ROUTES = [rescue_page, bring]
