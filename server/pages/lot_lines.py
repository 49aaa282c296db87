"""All lines of one lot, a page at a time, and as a spreadsheet to take home; the notice shows only the first of a long lot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from auction.tender.solicitation import Line, Lot
from server.documents.sheet_out import csv_of, xlsx_of
from server.pages.answering import Req, page, plain
from server.pages.showing import Shown, event_of, find, is_ours, lot_of, viewer
from server.parts import parts_of, signed_in

SIZE = 100
HEADINGS = (
    "Line",
    "Description",
    "Quantity",
    "Unit",
    "Last paid, each",
    "No-bid allowed",
    "Or equal allowed",
)
SHEETS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@get("/events/{event_id:str}/lots/{lot_id:str}", opt={"may": "look"})
async def lot_page(
    request: Req, event_id: FromPath[str], lot_id: FromPath[str], at: FromQuery[int] = 1
) -> Response[str]:
    """Show a page of a lot's lines."""
    shown, lot, number = _found(request, event_id, lot_id)
    who = signed_in(request)
    pages = max(1, -(-len(lot.lines) // SIZE))
    here = min(max(at, 1), pages)
    first = (here - 1) * SIZE
    identity = who.identity if who is not None else None
    return page(
        request,
        "lot_lines.html",
        nav="events",
        event=event_of(shown, viewer(identity, shown.room, shown.document.owner)),
        lot=lot_of(lot, SIZE, first),
        number=number,
        here=here,
        pages=pages,
        first=first,
        places=_places(shown, lot.lines[first : first + SIZE]),
    )


def _places(shown: Shown, lines: Iterable[Line]) -> list[tuple[str, str, str]]:
    """Where lines go: each district with its places and the first day on which it needs any of them; only what was stated."""
    names = {each.id: each.name for each in shown.document.districts}
    days: dict[tuple[str, str], str] = {}
    for need in (need for line in lines for need in line.needs):
        if need.ship_to or need.needed_by:
            key = (names.get(need.district, need.district), need.ship_to)
            days[key] = min(filter(None, (days.get(key), need.needed_by)), default="")
    return sorted((*key, day) for key, day in days.items())


@get("/events/{event_id:str}/lots/{lot_id:str}/lines/{kind:str}", opt={"may": "look"})
async def lot_sheet(
    request: Req, event_id: FromPath[str], lot_id: FromPath[str], kind: FromPath[str]
) -> Response[bytes]:
    """Send a lot's lines as a spreadsheet."""
    shown, lot, number = _found(request, event_id, lot_id)
    if kind not in SHEETS:
        raise plain(404, "There is no such file; lines come as XLSX and CSV.")
    rows = list(_cells(lot))
    body = xlsx_of(f"Lot {number}", HEADINGS, rows) if kind == "xlsx" else csv_of(HEADINGS, rows)
    name = quote(f"{shown.document.number}-lot-{number}.{kind}")
    return Response(
        body,
        media_type=SHEETS[kind],
        headers={"content-disposition": f"attachment; filename*=UTF-8''{name}"},
    )


def _found(request: Req, event_id: str, lot_id: str) -> tuple[Shown, Lot, int]:
    """A lot of a published event, or of one's own draft."""
    parts, who = parts_of(request), signed_in(request)
    shown = find(parts, event_id)
    if not shown.published and not is_ours(who.identity if who is not None else None, shown.document.owner):
        raise plain(404, "There is no such event, or it was never published.")
    for number, lot in enumerate(shown.document.lots, start=1):
        if lot.id == lot_id:
            return shown, lot, number
    raise plain(404, "There is no such lot in this event.")


def _cells(lot: Lot) -> Iterator[tuple[str, ...]]:
    yes = {True: "yes", False: ""}
    for line in lot.lines:
        yield (
            line.id,
            line.description,
            line.quantity,
            line.unit,
            line.baseline or "",
            yes[line.no_bid],
            yes[line.or_equal],
        )


ROUTES = [lot_page, lot_sheet]
