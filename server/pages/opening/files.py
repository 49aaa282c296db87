"""The tabulation as files: one row for each vendor's price of a line, with its lot's total, and one for each bid not ranked."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from litestar import Response, get
from litestar.params import FromPath

from auction.tender.solicitation import Lot
from bidders.box import tabulation
from bidders.box.state import Box
from bidders.box.tabulation import PRICE, RESULTS, Row
from server.documents.sheet_out import Cell, csv_of, xlsx_of
from server.pages.answering import Req, plain
from server.pages.opening.public import find_sealed
from server.pages.opening.tables import extension, price_of
from server.pages.showing import Shown
from server.parts import parts_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX}
HEADINGS = (
    "event", "lot", "lot_title", "vendor", "rank", "lot_total", "currency", "line", "description", "unit", "quantity",
    "unit_price", "line_total", "result", "note",
)  # fmt: skip


@get("/events/{event_id:str}/tabulation/{kind:str}", opt={"may": "look"})
async def tabulation_file(request: Req, event_id: FromPath[str], kind: FromPath[str]) -> Response[bytes]:
    """The tabulation as CSV or as a workbook, once prices are opened."""
    parts = parts_of(request)
    await parts.desk.at_rest()
    shown = find_sealed(parts, event_id)
    if kind not in MEDIA or shown.box is None or PRICE not in shown.box.finished:
        raise plain(404, "There is no tabulation yet: it is made when the price envelopes are opened.")
    rows = list(_rows(shown, shown.box))
    body = csv_of(HEADINGS, rows) if kind == "csv" else xlsx_of("Tabulation", HEADINGS, rows)
    name = f'attachment; filename="tabulation-{shown.id}.{kind}"'
    return Response(body, media_type=MEDIA[kind], headers={"content-disposition": name})


def _rows(shown: Shown, box: Box) -> Iterator[list[Cell]]:
    for lot in shown.document.lots:
        for row in tabulation.tabulate(box, lot.id):
            head = _head(shown, box, lot, row)
            if row.read is None or row.rank is None:
                yield [*head, None, None, None, None, None, None, RESULTS[row.result], row.why]
            else:
                yield from _lines(lot, row, head)


def _head(shown: Shown, box: Box, lot: Lot, row: Row) -> list[Cell]:
    return [
        shown.document.number,
        lot.id,
        lot.title,
        tabulation.name(box, row.vendor),
        row.rank,
        Decimal(row.total) if row.total is not None else None,
        shown.document.currency,
    ]


def _lines(lot: Lot, row: Row, head: list[Cell]) -> Iterator[list[Cell]]:
    for line in lot.lines:
        price = price_of(line.id, row)
        told: list[Cell] = [line.id, line.description, line.unit, Decimal(line.quantity)]
        if price is None or price.unit_price is None:
            yield [*head, *told, None, None, RESULTS[row.result], "no bid"]
        else:
            paid: list[Cell] = [Decimal(price.unit_price), Decimal(extension(line, price))]
            yield [*head, *told, *paid, RESULTS[row.result], "; ".join(row.notes)]


ROUTES = [tabulation_file]
