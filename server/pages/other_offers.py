"""The second offers and the equal products of an event, lot by lot, with their literature: for its own leads, after the close."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from litestar import Response, get
from litestar.params import FromPath

from auction.award.other_offers import OtherOffer, other_offers
from auction.live import board
from auction.live.board import Viewer
from auction.live.room import Room
from auction.tender.solicitation import Line, Lot
from server.pages.answering import Req, page
from server.pages.award import name, over_of
from server.pages.showing import Shown, event_of
from server.parts import parts_of, signed_in


@get("/events/{event_id:str}/offers", opt={"may": "watch events"})
async def offers(request: Req, event_id: FromPath[str]) -> Response[str]:
    """Show what was offered beside or instead of what lines name, in each lot that is closed and whose names may be seen."""
    parts, who = parts_of(request), signed_in(request)
    assert who is not None
    await parts.desk.at_rest()
    shown = over_of(parts, event_id, who.identity)
    room = shown.room
    assert room is not None
    return page(
        request,
        "other_offers.html",
        nav="console",
        event=event_of(shown, Viewer("buyer")),
        lots=[_lot(shown, room, lot) for lot in shown.document.lots],
        names_shown=board.names_shown(room),
    )


def _lot(shown: Shown, room: Room, lot: Lot) -> dict[str, Any]:
    """One lot with its other offers; a brand tells who offers it, so none are told before names are."""
    status = room.lots[lot.id].status
    told = status == "closed" and board.names_shown(room)
    lines = {line.id: line for line in lot.lines}
    found = other_offers(room, lot.id) if told else ()
    return {
        "id": lot.id,
        "title": lot.title,
        "status": status,
        "told": told,
        "offers": [_offer(shown, room, lines[each.line], each) for each in found],
    }


def _offer(shown: Shown, room: Room, line: Line, offer: OtherOffer) -> dict[str, Any]:
    return {
        "description": line.description,
        "unit": line.unit,
        "quantity": line.quantity,
        "vendor": name(shown, offer.vendor),
        "suspended": offer.vendor in room.suspended,
        "kind": offer.kind,
        "product": f"{offer.brand} {offer.model}".strip(),
        "unit_price": offer.unit_price,
        "first": offer.first if offer.kind == "second" else None,
        "literature": offer.literature,
        "file": unquote(offer.literature.partition("/")[2]),
    }


ROUTES = [offers]
