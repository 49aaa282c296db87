"""The second offers and the equal products of an event, lot by lot, with their literature: for its own leads, after the close."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from litestar import Response, get
from litestar.params import FromPath

from auction.award.other_offers import OtherOffer, among, other_offers
from auction.live.board import Viewer
from auction.tender.solicitation import Line, Lot
from server.pages.answering import Req, page
from server.pages.award import name, over_of
from server.pages.ending import ended, lot_status, names_shown
from server.pages.showing import Shown, event_of
from server.parts import parts_of, signed_in


@get("/events/{event_id:str}/offers", opt={"may": "watch events"})
async def offers(request: Req, event_id: FromPath[str]) -> Response[str]:
    """Show what was offered beside or instead of what lines name, in each lot that is closed and whose names may be seen."""
    parts, who = parts_of(request), signed_in(request)
    assert who is not None
    await parts.desk.at_rest()
    shown = over_of(parts, event_id, who.identity)
    return page(
        request,
        "other_offers.html",
        nav="console",
        event=event_of(shown, Viewer("buyer")),
        lots=[_lot(shown, lot) for lot in shown.document.lots],
        names_shown=names_shown(shown),
    )


def _lot(shown: Shown, lot: Lot) -> dict[str, Any]:
    """One lot with its other offers; a brand tells who offers it, so none are told before names are."""
    status = lot_status(shown, lot.id)
    told = status == "closed" and names_shown(shown)
    lines = {line.id: line for line in lot.lines}
    found = _offers(shown, lot) if told else ()
    return {
        "id": lot.id,
        "title": lot.title,
        "status": status,
        "told": told,
        "offers": [_offer(shown, lines[each.line], each) for each in found],
    }


def _offers(shown: Shown, lot: Lot) -> tuple[OtherOffer, ...]:
    """What was offered beside or instead of a lot's lines, live or in opened envelopes."""
    if shown.room is not None:
        return other_offers(shown.room, lot.id)
    asked = {each.vendor: each.lines for each in ended(shown, lot.id).candidates}
    return among([line.id for line in lot.lines], asked)


def _offer(shown: Shown, line: Line, offer: OtherOffer) -> dict[str, Any]:
    return {
        "description": line.description,
        "unit": line.unit,
        "quantity": line.quantity,
        "vendor": name(shown, offer.vendor),
        "suspended": shown.room is not None and offer.vendor in shown.room.suspended,
        "kind": offer.kind,
        "product": f"{offer.brand} {offer.model}".strip(),
        "unit_price": offer.unit_price,
        "first": offer.first if offer.kind == "second" else None,
        "literature": offer.literature,
        "file": unquote(offer.literature.partition("/")[2]),
    }


ROUTES = [offers]
