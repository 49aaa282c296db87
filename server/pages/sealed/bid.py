"""The page of a sealed bid: filled in, checked and sealed in the browser; here it is only handed what it needs."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response, get
from litestar.params import FromPath, FromQuery

from auction.record.logged import moment
from auction.tender.tender import Tender
from bidders.box.progress import phase
from server.pages.answering import Req, page, plain
from server.pages.sealed.finding import NO_EVENT, Boxed, boxed
from server.parts import parts_of
from server.sealed.handout import own, tender_file

JSON = "application/json"


def in_page(value: object) -> str:
    """JSON that may stand inside a page's script element."""
    return msgspec.json.encode(value).decode().replace("<", "\\u003c")


@get("/events/{event_id:str}/bid", opt={"may": "prepare bids"})
async def bid_page(request: Req, event_id: FromPath[str], note: FromQuery[str] = "") -> Response[str]:
    """Show how the vendor's bid stands, and while bids are taken the form to fill in."""
    here = await boxed(request, event_id)
    tender = await tender_file(here.parts, here.id, here.document, here.box)
    return page(
        request,
        "sealed_bid/bid.html",
        nav="events",
        event=event_of(here),
        tender=tender,
        tender_json=in_page(tender),
        mine=msgspec.to_builtins(
            await own(here.parts, here.id, here.vendor, here.document),
            builtin_types=(type(here.parts.now()),),
        ),
        address=here.address,
        log_key=here.parts.log.vkey,
        signs=here.signs,
        closes=moment(tender["manifests"][-1]["closes_at"]),
        opens=moment(tender["manifests"][-1]["opens_at"]),
        seeds=here.box.seeds,
        opened=phase(here.box) == "opened",
        admitted=not here.box.seeds or here.vendor in here.parts.desk.state(f"room/{here.id}").vendors,
        note=here.parts.notes.read(here.session, note),
        now=here.parts.now(),
    )


def event_of(here: Boxed) -> dict[str, Any]:
    """An event's head, as the pages of its bid box show it."""
    head = ("number", "title", "zone", "currency")
    return {name: getattr(here.document, name) for name in head} | {"id": here.id}


@get("/events/{event_id:str}/bid/mine.json", opt={"may": "prepare bids"})
async def mine(request: Req, event_id: FromPath[str]) -> Response[bytes]:
    """Tell how the vendor stands."""
    here = await boxed(request, event_id)
    told = await own(here.parts, here.id, here.vendor, here.document)
    return Response(msgspec.json.encode(told), media_type=JSON)


@get("/events/{event_id:str}/bid/tender.json", opt={"may": "look"})
async def tender(request: Req, event_id: FromPath[str]) -> Response[bytes]:
    """Give the tender's file to whoever asks; all of it is public."""
    parts = parts_of(request)
    await parts.desk.at_rest()
    found = parts.desk.state(f"tender/{event_id}") if event_id.isdecimal() and len(event_id) < 10 else None
    box = parts.desk.state(f"box/{event_id}") if found is not None else None
    if not isinstance(found, Tender) or found.document is None or box is None or box.published_at is None:
        raise plain(404, NO_EVENT)
    body = msgspec.json.encode(await tender_file(parts, event_id, found.document, box))
    name = f"tender-{event_id}.json"
    return Response(body, media_type=JSON, headers={"content-disposition": f'inline; filename="{name}"'})


ROUTES = [bid_page, mine, tender]
