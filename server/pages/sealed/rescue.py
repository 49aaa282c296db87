"""The rescue: a vendor brings its own copy of an envelope that the officers cannot open, or that is damaged on our side."""

from __future__ import annotations

import asyncio

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from auction.refusals import Refusal
from auction.terms.faults import Fault, Faulty
from bidders.box.words import Resupply, Reveal
from server.pages.answering import Req, ask, page, see_other
from server.pages.sealed.bid import event_of
from server.pages.sealed.finding import Boxed, boxed
from server.sealed import bringing
from server.sealed.arriving import Arriving, received_at
from server.sealed.bringing import Brought
from server.sealed.handout import own

LARGEST = 64 << 20


@get("/events/{event_id:str}/bid/rescue", opt={"may": "bid"})
async def rescue_page(request: Req, event_id: FromPath[str]) -> Response[str]:
    """Show which envelopes are asked for, until when, and the form for the copy."""
    return await _show(request, await boxed(request, event_id), [])


async def _show(request: Req, here: Boxed, faults: list[Fault]) -> Response[str]:
    held = await own(here.parts, here.id, here.vendor, here.document)
    due = [each.due_at for each in here.box.rescues.values() if set(each.eids) & set(held.rescue)]
    return page(
        request,
        "sealed_bid/rescue.html",
        code=422 if faults else 200,
        nav="events",
        event=event_of(here),
        address=here.address,
        wanted=held.rescue,
        damaged=held.damaged,
        due=min(due, default=None),
        faults=faults,
    )


@post(
    "/events/{event_id:str}/bid/rescue",
    opt={"may": "bid"},
    status_code=200,
    request_max_body_size=LARGEST,
    middleware=[Arriving()],
)
async def bring(request: Req, event_id: FromPath[str]) -> Response[str]:
    """Take the copy: reveal the seeds of what is asked for, once they seal to the same again, and heal what was damaged."""
    here, given = await boxed(request, event_id), (await request.form()).get("file")
    received = received_at(request)
    held = await own(here.parts, here.id, here.vendor, here.document)
    if not isinstance(given, UploadFile) or not given.filename:
        return await _show(request, here, [Fault("The copy", "is needed; choose the file that you saved")])
    text, told = await given.read(), "Thank you. Your copy fits; the opening goes on with it."
    try:
        brought = await asyncio.to_thread(
            bringing.read, here.parts.store, here.box, held.rescue, held.damaged, text, received
        )
        await _take(here, brought)
    except Faulty as bad:
        return await _show(request, here, list(bad.faults))
    note = here.parts.notes.leave(here.session, {"ok": True, "text": told})
    return see_other(f"{here.address}?note={note}")


async def _take(here: Boxed, brought: Brought) -> None:
    """Put seeds and bodies on disk, then on record; raises `Faulty` where that is refused."""
    store = here.parts.store
    for eid, body in brought.bodies.items():
        await asyncio.to_thread(store.replace_body, eid, body)
        await _order(here, Resupply(by=here.vendor, eid=eid))
    for eid, seed in brought.seeds.items():
        await asyncio.to_thread(store.keep_revealed, eid, seed)
        await _order(here, Reveal(by=here.vendor, eid=eid, received_at=brought.received))


async def _order(here: Boxed, command: Resupply | Reveal) -> None:
    answer = await ask(here.parts, here.stream, command)
    if isinstance(answer, Refusal):
        raise Faulty([Fault(f"Envelope {command.eid[:8]}", answer.message)])


ROUTES = [rescue_page, bring]
