"""The tabulation's data, row by row, and their fingerprint; every form of it is made of these."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from decimal import Decimal

from auction.tender.solicitation import Lot
from bidders.box import tabulation
from bidders.box.state import Box
from bidders.box.tabulation import RESULTS, Row
from server.documents.sheet_out import Cell, csv_of
from server.pages.opening.tables import extension, price_of
from server.pages.showing import Shown

HEADINGS = (
    "event", "lot", "lot_title", "vendor", "rank", "lot_total", "currency", "line", "description", "unit", "quantity",
    "unit_price", "line_total", "result", "note",
)  # fmt: skip


def fingerprint(shown: Shown, box: Box) -> str:
    """The SHA-256 of the tabulation's CSV, in hex, in groups of eight."""
    found = hashlib.sha256(csv_of(HEADINGS, list(rows_of(shown, box)))).hexdigest()
    return " ".join(found[at : at + 8] for at in range(0, len(found), 8))


def rows_of(shown: Shown, box: Box) -> Iterator[list[Cell]]:
    """Every vendor's price of every line, and a row for each bid that is not ranked, in the order of the lots."""
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
