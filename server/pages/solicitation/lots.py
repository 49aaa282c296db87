"""The section of lots: adding, ordering and removing lots, and one page for each lot with its lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from auction.money import exact
from auction.tender.solicitation import Lot, Solicitation, lot_baseline
from auction.terms.faults import Fault
from server.pages.answering import Req, page, plain, see_other
from server.pages.solicitation import lines
from server.pages.solicitation.editing import Working, fingerprint, save, working
from server.pages.solicitation.editor import frame
from server.pages.solicitation.fields import Fields, local
from server.parts import Parts

LARGEST = 2 * 1024 * 1024
MOST_LOTS = 200


@get("/events/{event_id:str}/draft/lots", opt={"may": "run events"})
async def lots_page(request: Req, event_id: FromPath[str]) -> Response[str]:
    """List the lots."""
    parts, now, _ = working(request, event_id)
    return await _list(request, parts, now)


async def _list(request: Req, parts: Parts, now: Working, faults: list[Fault] | None = None) -> Response[str]:
    return page(
        request,
        "solicitation/lots.html",
        code=422 if faults else 200,
        **await frame(request, parts, now, "lots"),
        lots=[_row(lot) for lot in now.document.lots],
        v={},
        at={fault.path: fault.message for fault in faults or []},
        base=_order(now.document),
    )


def _row(lot: Lot) -> dict[str, Any]:
    worth = lot_baseline(lot)
    return {
        "id": lot.id,
        "title": lot.title,
        "lines": len(lot.lines),
        "ceiling": lot.ceiling,
        "baseline": exact(worth) if worth is not None else None,
    }


def _order(document: Solicitation) -> str:
    return fingerprint([lot.id for lot in document.lots])


@post("/events/{event_id:str}/draft/lots", opt={"may": "run events"}, status_code=200)
async def lots_changed(request: Req, event_id: FromPath[str]) -> Response[str]:
    """Add, move or remove a lot; a list that somebody else changed meanwhile is shown again first."""
    parts, now, identity = working(request, event_id)
    form = await request.form()
    wish, _, name = str(form.get("do", "")).partition(":")
    fields = Fields(form, now.document.zone)
    if str(form.get("base", "")) != _order(now.document):
        told = "somebody else changed the list of lots meanwhile; this is how it stands now"
        return await _list(request, parts, now, [Fault("do", told)])
    change: Callable[[Solicitation], Solicitation] | None = None
    opened = ""
    if wish == "add":
        title = fields.text("title", 160, "give the new lot a title")
        opened = free_id([lot.id for lot in now.document.lots], "L")
        change = lambda document: _with(document, (*document.lots, Lot(opened, title)))  # noqa: E731
        if len(now.document.lots) >= MOST_LOTS:
            fields.fault("title", f"an event has at most {MOST_LOTS} lots")
    elif wish in ("up", "down", "remove") and name in {lot.id for lot in now.document.lots}:
        change = lambda document: _with(document, _moved(document.lots, wish, name))  # noqa: E731
    if fields.faults or change is None:
        return await _list(request, parts, now, fields.faults or [Fault("do", "choose what to do")])
    refused = await save(parts, event_id, identity, change)
    if refused is not None:
        return await _list(request, parts, now, [Fault("do", refused.message)])
    return see_other(f"/events/{event_id}/draft/lots{'/' + opened if opened else ''}")


def _with(document: Solicitation, lots: tuple[Lot, ...]) -> Solicitation:
    """The document with these lots; vendors keep no terms on lots that are gone."""
    left = {lot.id for lot in lots}
    vendors = tuple(
        msgspec.structs.replace(
            vendor,
            ceilings=tuple(each for each in vendor.ceilings if each.lot in left),
            lots=None if vendor.lots is None else tuple(each for each in vendor.lots if each in left),
        )
        for vendor in document.vendors
    )
    kept = tuple(vendor for vendor in vendors if vendor.lots != ())
    return msgspec.structs.replace(document, lots=lots, vendors=kept)


def _moved(lots: tuple[Lot, ...], wish: str, name: str) -> tuple[Lot, ...]:
    rows = list(lots)
    place = next((at for at, lot in enumerate(rows) if lot.id == name), None)
    if place is None:
        return lots
    lot = rows.pop(place)
    if wish != "remove":
        rows.insert(max(place - 1, 0) if wish == "up" else place + 1, lot)
    return tuple(rows)


def free_id(taken: list[str], letter: str) -> str:
    """The next id that nothing has."""
    number = len(taken) + 1
    while f"{letter}{number}" in taken:
        number += 1
    return f"{letter}{number}"


# --- one lot -------------------------------------------------------------------------------------------------------------------


@get("/events/{event_id:str}/draft/lots/{lot_id:str}", opt={"may": "run events"})
async def lot_page(
    request: Req, event_id: FromPath[str], lot_id: FromPath[str], at: FromQuery[int] = 1
) -> Response[str]:
    """Show one lot with a page of its lines."""
    parts, now, _ = working(request, event_id)
    return await _form(request, parts, now, _lot(now.document, lot_id), at)


def _lot(document: Solicitation, lot_id: str) -> Lot:
    found = next((lot for lot in document.lots if lot.id == lot_id), None)
    if found is None:
        raise plain(404, "There is no such lot in this event.")
    return found


async def _form(
    request: Req,
    parts: Parts,
    now: Working,
    lot: Lot,
    number: int,
    said: dict[str, str] | None = None,
    faults: list[Fault] | None = None,
    clash: bool = False,
) -> Response[str]:
    shown = lines.paged(lot, number)
    values = lines.values(shown.rows, shown.first) | _values(lot, now.document.zone)
    return page(
        request,
        "solicitation/lot.html",
        code=409 if clash else 422 if faults else 200,
        **await frame(request, parts, now, "lots"),
        lot=_row(lot),
        rows=shown,
        blank=range(lines.BLANK),
        v=said if said is not None else values,
        now=values,
        wrong=faults or [],
        at={fault.path: fault.message for fault in faults or []},
        base=fingerprint(lot),
        clash=clash,
    )


def _values(lot: Lot, zone: str) -> dict[str, str]:
    return {
        "title": lot.title,
        "description": lot.description,
        "ceiling": lot.ceiling or "",
        "opens": local(lot.opens, zone),
        "closes": local(lot.closes, zone),
    }


@post(
    "/events/{event_id:str}/draft/lots/{lot_id:str}",
    opt={"may": "run events"},
    status_code=200,
    request_max_body_size=LARGEST,
)
async def lot_saved(request: Req, event_id: FromPath[str], lot_id: FromPath[str]) -> Response[str]:
    """Save a lot and the lines that the form showed, with those that were pasted."""
    parts, now, identity = working(request, event_id)
    lot, form = _lot(now.document, lot_id), await request.form()
    fields = Fields(form, now.document.zone)
    number = int(fields.raw("at")) if fields.raw("at").isdigit() else 1
    mine = _read(lot, fields)
    said = {name: value for name, value in form.items() if isinstance(value, str)}
    if fields.faults:
        return await _form(request, parts, now, lot, number, said, fields.faults)
    if fields.raw("base") != fingerprint(lot) and mine != lot:
        return await _form(request, parts, now, lot, number, said, clash=True)
    refused = await save(parts, event_id, identity, lambda document: _put(document, lot, mine))
    if refused is not None:
        return await _form(request, parts, now, lot, number, said, [Fault("", refused.message)])
    last = lines.paged(mine, lines.LAST).number if fields.raw("paste") else number
    return see_other(f"/events/{event_id}/draft/lots/{lot_id}?at={last}#lines")


def _read(lot: Lot, fields: Fields) -> Lot:
    opens, closes = fields.time("opens"), fields.time("closes")
    if opens and closes and closes <= opens:
        fields.fault("closes", "must be after the lot opens")
    return msgspec.structs.replace(
        lot,
        title=fields.text("title", 160, "give the lot a title"),
        description=fields.text("description", 4000),
        ceiling=fields.amount("ceiling"),
        opens=opens,
        closes=closes,
        lines=lines.read(lot, fields),
    )


def _put(document: Solicitation, before: Lot, after: Lot) -> Solicitation:
    """The document with a lot in place of the one that was edited; not where that one changed meanwhile."""
    return msgspec.structs.replace(
        document, lots=tuple(after if each == before else each for each in document.lots)
    )


ROUTES = [lots_page, lots_changed, lot_page, lot_saved]
