"""Reading opened envelopes: answers, notes and attached files, for the consortium's own people once a stage is opened.

Prices are public with the tabulation. What a technical envelope says, and every file, stays with those who evaluate.
"""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

from litestar import Response, get
from litestar.params import FromPath

from auction.live.board import Viewer
from bidders.box.facts import BidRead
from bidders.sealing import bid as bidding
from bidders.sealing import stream
from server.guards import may
from server.pages.answering import Req, page, plain
from server.pages.ending import names_shown
from server.pages.opening.public import find_sealed
from server.pages.showing import Shown, event_of
from server.parts import Parts, parts_of, signed_in
from server.sealed.opening import names_of

NO_FILE = "There is no such opened file in this event."


def _found(request: Req, event_id: str) -> Shown:
    """A solicitation of one's own consortium of which envelopes have been opened."""
    parts, who = parts_of(request), signed_in(request)
    shown = find_sealed(parts, event_id)
    ours = who is not None and who.identity.organisation_id == shown.document.owner
    if not ours or who is None or not may(who.identity, "read opened bids"):
        raise plain(404, "There is no such event, or it was never published.")
    if shown.panel is not None and who.identity.role == "evaluator":
        raise plain(
            403, "You read and score the bids on your evaluation page, once you have signed the statement."
        )
    if shown.envelopes is None or not shown.envelopes.finished:
        raise plain(404, "No envelope has been opened yet.")
    if shown.seeding is not None and not names_shown(shown):
        raise plain(
            404, "Opening bids are read here once every lot is over: until then the room shows no names."
        )
    return shown


@get("/events/{event_id:str}/opened", opt={"may": "read opened bids"})
async def opened(request: Req, event_id: FromPath[str]) -> Response[str]:
    """Show what opened envelopes say beside their prices."""
    await parts_of(request).desk.at_rest()
    shown = _found(request, event_id)
    box = shown.envelopes
    assert box is not None
    titles = {lot.id: lot.title for lot in shown.document.lots} | {"_all": "All lots"}
    # Opening bids are opened without names, and some are of vendors that were never admitted.
    parts = parts_of(request)
    names = box.names or await names_of(parts, sorted({each.vendor for each in box.read.values()}))
    rows = sorted(
        box.read.values(), key=lambda each: (each.env == "price", names.get(each.vendor, each.vendor))
    )
    return page(
        request,
        "opening/opened.html",
        nav="console",
        event=event_of(shown, Viewer("buyer")),
        seeds=box.seeds,
        envelopes=[_envelope(names, each, titles) for each in rows],
    )


def _envelope(names: dict[str, str], read: BidRead, titles: dict[str, str]) -> dict[str, Any]:
    return {
        "eid": read.eid,
        "name": names.get(read.vendor, read.vendor),
        "env": read.env,
        "lot": titles.get(read.lot, read.lot),
        "answers": read.read.answers,
        "files": read.read.files,
        "note": read.read.note,
        "faults": read.read.faults,
    }


@get("/events/{event_id:str}/opened/{eid:str}/{place:int}", opt={"may": "read opened bids"})
async def opened_file(
    request: Req, event_id: FromPath[str], eid: FromPath[str], place: FromPath[int]
) -> Response[bytes]:
    """Give one attached file of an opened envelope; always as a download, whatever it says it is."""
    parts = parts_of(request)
    await parts.desk.at_rest()
    shown = _found(request, event_id)
    if shown.envelopes is None or eid not in shown.envelopes.read:
        raise plain(404, NO_FILE)
    name, body = await asyncio.to_thread(content, parts, eid, place)
    said = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(body, media_type="application/octet-stream", headers={"content-disposition": said})


def content(parts: Parts, eid: str, place: int) -> tuple[str, bytes]:
    """A file's name and its bytes, opened with the key that the bid gives for it."""
    kept, blobs = parts.store.opened(eid), parts.store.blobs(eid)
    if kept is None or not 0 <= place < len(blobs):
        raise plain(404, NO_FILE)
    named = [value for path, value in kept["bid"]["fields"] if path.startswith("files/")]
    key = bidding.files(kept["bid"])[place].key
    return str(named[place]["name"]), stream.unpad(stream.open_(key, blobs[place]))


ROUTES = [opened, opened_file]
