"""The price list: what was awarded, at which price, against what was paid before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Response, get
from litestar.params import FromQuery
from sqlalchemy import select

from auction.prices.book import PriceLine, line_saving, need, totals
from auction.tender.solicitation import Need
from server.login import Identity
from server.pages.answering import Req, page
from server.pages.showing import told
from server.parts import parts_of, signed_in
from server.tables import PriceLineRow

MOST_ROWS = 200


@get("/prices", opt={"may": "read prices"})
async def prices(request: Req, q: FromQuery[str] = "") -> Response[str]:
    """List awarded lines; a district sees its own needs and what it saves on them."""
    parts, who = parts_of(request), signed_in(request)
    async with parts.database.session() as session:
        order = (PriceLineRow.event_id, PriceLineRow.lot_id, PriceLineRow.place)
        rows = (await session.execute(select(PriceLineRow).order_by(*order))).scalars().all()
    identity = who.identity if who is not None else None
    district = identity.organisation_id if identity is not None and identity.kind == "district" else None
    currency = Counter(row.currency for row in rows).most_common(1)[0][0] if rows else "USD"
    rows = [row for row in rows if row.currency == currency]
    found = [row for row in rows if _matches(row, q)]
    part: dict[str, Any] = {
        "q": q[:200],
        "rows": [_shown(row, district) for row in found[:MOST_ROWS]],
        "found": len(found),
        "currency": currency,
    }
    if "hx-request" in request.headers:
        return page(request, "_price_rows.html", **part)
    whose = _name(identity)
    return page(request, "prices.html", nav="prices", totals=_totals(rows, district), district=whose, **part)


def _name(identity: Identity | None) -> str | None:
    return identity.organisation_name if identity is not None and identity.kind == "district" else None


def _matches(row: PriceLineRow, q: str) -> bool:
    """Every word must stand somewhere in the row."""
    text = " ".join((row.description, row.lot_title, row.vendor_name, row.contract)).casefold()
    return all(word in text for word in q.casefold().split())


def line_of(row: PriceLineRow) -> PriceLine:
    """A row as a line of the price book."""
    needs = msgspec.convert(row.needs, tuple[Need, ...])
    return PriceLine(
        row.line_id, row.description, row.unit, row.quantity, row.unit_price, row.baseline, needs
    )


def _shown(row: PriceLineRow, district: str | None) -> dict[str, Any]:
    line = line_of(row)
    return {
        "description": row.description,
        "unit": row.unit,
        "lot_title": row.lot_title,
        "unit_price": row.unit_price,
        "baseline": row.baseline,
        "saving_percent": told(line_saving(line))["saving_percent"],
        "need": need(line, district),
        "vendor_name": row.vendor_name,
        "contract": row.contract,
        "event_id": row.event_id,
    }


def _totals(rows: Sequence[PriceLineRow], district: str | None) -> dict[str, Any]:
    held = [(line, need(line, district)) for line in map(line_of, rows)]
    sums = totals(held)
    saved = told(sums.saving)
    return {
        "lines": sums.lines,
        "contracts": len({row.contract for row in rows}),
        "saved": saved["saving"],
        "saved_percent": saved["saving_percent"],
        "value": sums.value,
        "dearer": sums.dearer,
    }


ROUTES = [prices]
