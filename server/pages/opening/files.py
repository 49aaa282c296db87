"""The tabulation as files: one row for each vendor's price of a line, with its lot's total, and one for each bid not ranked.

All are made from the opened bids alone. The fingerprint of its data is that of the CSV, which the other forms name.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from auction.tender.solicitation import Line, Lot
from bidders.box import tabulation
from bidders.box.state import Box
from bidders.box.tabulation import PRICE, RESULTS, Row
from server.documents import paper
from server.documents.sheet_out import csv_of, xlsx_of
from server.pages.answering import Req, plain
from server.pages.opening.public import find_sealed
from server.pages.opening.rows import HEADINGS, fingerprint, rows_of
from server.pages.opening.tables import extension, price_of
from server.pages.showing import Shown
from server.parts import parts_of
from server.presenting import money, when_exactly

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX, "pdf": paper.MEDIA}
TEMPLATE = Path(__file__).parents[3] / "templates" / "papers" / "tabulation.typ"
NOTE = "As read out from the opened envelopes. Where a total and its unit prices disagree, the unit prices count."


@get("/events/{event_id:str}/tabulation/{kind:str}", opt={"may": "look"})
async def tabulation_file(request: Req, event_id: FromPath[str], kind: FromPath[str]) -> Response[bytes]:
    """The tabulation as CSV, as a workbook, or as a tagged PDF, once prices are opened."""
    parts = parts_of(request)
    await parts.desk.at_rest()
    shown = find_sealed(parts, event_id)
    if kind not in MEDIA or shown.box is None or PRICE not in shown.box.finished:
        raise plain(404, "There is no tabulation yet: it is made when the price envelopes are opened.")
    body = await asyncio.to_thread(_body, shown, shown.box, kind)
    name = f'attachment; filename="tabulation-{shown.id}.{kind}"'
    return Response(body, media_type=MEDIA[kind], headers={"content-disposition": name})


def _body(shown: Shown, box: Box, kind: str) -> bytes:
    rows = list(rows_of(shown, box))
    if kind == "xlsx":
        return xlsx_of("Tabulation", HEADINGS, rows)
    return csv_of(HEADINGS, rows) if kind == "csv" else paper.pdf(TEMPLATE, printed(shown, box), over_at(box))


def over_at(box: Box) -> datetime:
    """When the prices were opened."""
    return box.finished[PRICE].at


def printed(shown: Shown, box: Box) -> dict[str, Any]:
    """What the paper shows: every bid and every price of it, and the award where there is one."""
    document = shown.document
    return {
        "number": document.number,
        "title": document.title,
        "consortium": document.consortium,
        "opened": f"Prices opened {when_exactly(over_at(box), document.zone)}",
        "note": NOTE,
        "fingerprint": fingerprint(shown, box),
        "lots": [_lot(shown, box, each) for each in document.lots],
    }


def _lot(shown: Shown, box: Box, lot: Lot) -> dict[str, Any]:
    rows = tabulation.tabulate(box, lot.id)
    award = shown.awards.lots.get(lot.id)
    currency = shown.document.currency
    return {
        "title": lot.title,
        "award": f"Awarded to {tabulation.name(box, award.vendor)} at {money(award.amount, currency)}."
        if award
        else "",
        "rows": [_told(box, row, currency) for row in rows],
        "offers": [
            {
                "vendor": tabulation.name(box, row.vendor),
                "lines": [_priced(line, row, currency) for line in lot.lines],
            }
            for row in rows
            if row.read is not None and row.rank is not None
        ],
    }


def _told(box: Box, row: Row, currency: str) -> list[str]:
    ranked = row.rank is not None
    why = "; ".join(row.notes) if ranked else row.why
    result = RESULTS[row.result] if ranked or row.result != "opened" else "Not acceptable"
    return [
        str(row.rank) if ranked else "none",
        tabulation.name(box, row.vendor),
        money(row.total, currency),
        f"{result}: {why}" if why else result,
    ]


def _priced(line: Line, row: Row, currency: str) -> list[str]:
    price = price_of(line.id, row)
    if price is None or price.unit_price is None:
        return [line.description, line.quantity, line.unit, "no bid", "no bid"]
    paid = [money(price.unit_price, currency), money(extension(line, price), currency)]
    return [line.description, line.quantity, line.unit, *paid]


ROUTES = [tabulation_file]
