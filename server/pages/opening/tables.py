"""The tabulation as pages and files show it: each lot's totals in order, and the price of every line beside each other."""

from __future__ import annotations

from typing import Any

from auction.money import exact, parse_decimal
from auction.tender.solicitation import Line, Lot
from auction.terms.schedule import LinePrice
from bidders.box import tabulation
from bidders.box.ceremony import due
from bidders.box.state import Box
from bidders.box.tabulation import PRICE, RESULTS, TECHNICAL, Row
from server.pages.showing import SOME, Shown, baseline, saving


def tables(shown: Shown, box: Box) -> list[dict[str, Any]]:
    """Each lot's table once its price envelopes are opened; none before."""
    return [table(box, lot) for lot in shown.document.lots] if PRICE in box.finished else []


def table(box: Box, lot: Lot, most: int | None = SOME) -> dict[str, Any]:
    """One lot's tabulation: `rows` of vendors, the lowest total first, and `lines` with each ranked vendor's unit price."""
    rows = tabulation.tabulate(box, lot.id)
    ranked = [row for row in rows if row.rank is not None]
    return {
        "id": lot.id,
        "title": lot.title,
        "baseline": baseline(lot),
        "rows": [_row(box, lot, row, ranked) for row in rows],
        "vendors": [tabulation.name(box, row.vendor) for row in ranked],
        "lines": [_line(line, ranked) for line in lot.lines[:most]] if ranked else [],
        "line_count": len(lot.lines),
    }


def _row(box: Box, lot: Lot, row: Row, ranked: list[Row]) -> dict[str, Any]:
    tied = row.rank is not None and sum(each.rank == row.rank for each in ranked) > 1
    return {
        "eid": row.eid,
        "vendor": row.vendor,
        "name": tabulation.name(box, row.vendor),
        "rank": row.rank,
        "lowest": row.rank == 1,
        "tied": tied,
        "total": row.total,
        "result": row.result,
        "word": RESULTS[row.result] if row.rank is not None or row.result != "opened" else "Not acceptable",
        "why": row.why,
        "notes": row.notes,
        **saving(lot, row.total),
    }


def _line(line: Line, ranked: list[Row]) -> dict[str, Any]:
    prices = [_price(line.id, row) for row in ranked]
    known = [parse_decimal(each["price"], 6) for each in prices if each["price"] is not None]
    lowest = min((each for each in known if each is not None), default=None)
    for each in prices:
        each["lowest"] = each["price"] is not None and parse_decimal(each["price"], 6) == lowest
    return {
        "id": line.id,
        "description": line.description,
        "quantity": line.quantity,
        "unit": line.unit,
        "prices": prices,
    }


def _price(line: str, row: Row) -> dict[str, Any]:
    found = price_of(line, row)
    pack = found.offer.pack if found is not None and found.offer is not None else None
    return {"price": found.unit_price if found is not None else None, "pack": pack, "lowest": False}


def price_of(line: str, row: Row) -> LinePrice | None:
    """A vendor's price for a line; None where it makes no offer for it."""
    assert row.read is not None
    return next((each for each in row.read.read.lines if each.line == line and each.unit_price), None)


def extension(line: Line, price: LinePrice) -> str:
    """A line's unit price times its quantity, exactly."""
    worth = (parse_decimal(line.quantity, 6) or 0) * (parse_decimal(price.unit_price, 6) or 0)
    return exact(worth, 12)


def technical(box: Box, judged: bool) -> list[dict[str, Any]]:
    """How the technical envelopes' opening went, by vendor, and once `judged` who passes; what they say is not public."""
    if TECHNICAL not in box.finished:
        return []
    verdicts = (
        {each.vendor: each for each in box.proposed.verdicts} if box.proposed is not None and judged else {}
    )
    return [
        {
            "eid": each.eid,
            "vendor": each.vendor,
            "lot": each.lot,
            "name": tabulation.name(box, each.vendor),
            "result": box.results[each.eid].result,
            "word": RESULTS[box.results[each.eid].result],
            "why": tabulation.why(box.results[each.eid], box.read.get(each.eid)),
            "verdict": verdicts.get(each.vendor),
        }
        for each in sorted(
            due(box, TECHNICAL), key=lambda kept: (tabulation.name(box, kept.vendor), kept.lot)
        )
    ]
