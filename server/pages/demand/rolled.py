"""The roll-up of a call: what all districts need of each item, and of one item what each district needs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from litestar import Response, get
from litestar.params import FromPath, FromQuery
from markupsafe import Markup
from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from auction.demand.places import Places
from auction.demand.rollup import FORMULA, told
from server.demand.places import places_of
from server.demand.projection import line_of
from server.documents.sheet_out import Cell, xlsx_of
from server.pages.answering import Req, looked, page, plain
from server.pages.demand.finding import (
    Paged,
    PageNo,
    cents,
    column,
    find_call,
    found,
    grouped,
    names_of,
    over,
    paged,
    stand,
    table_of,
)
from server.pages.demand.importing import workbook
from server.parts import parts_of
from server.presenting import money
from server.tables import CallRow, ItemRow, NeedRow, RollupRow

COLUMNS = (
    RollupRow.item_id,
    RollupRow.quantity,
    RollupRow.priced,
    RollupRow.lines,
    RollupRow.baseline,
    RollupRow.value,
    ItemRow.description,
    ItemRow.category,
    ItemRow.unit,
)


def joined(call: CallRow) -> Select[RollupRow, ItemRow]:
    """The roll-up's rows with their items."""
    same = and_(ItemRow.item_id == RollupRow.item_id, ItemRow.consortium_id == call.consortium_id)
    return select(RollupRow, ItemRow).join(ItemRow, same).where(RollupRow.call_id == call.id)


@get("/calls/{call_id:str}/items", opt={"may": "see demand"})
async def items(
    request: Req,
    call_id: FromPath[str],
    q: FromQuery[str] = "",
    sort: FromQuery[str] = "",
    number: PageNo = 1,
) -> Response[str]:
    """List every item that somebody needs, with its sum and baseline."""
    parts, q = parts_of(request), q[:100]

    def look(session: Session) -> tuple[CallRow, Paged, Markup]:
        call = find_call(session, request, call_id)
        key = ("items", stand(session), call_id, q, sort, number)
        return call, *parts.shelf.take(key, lambda: made(session, call))

    def made(session: Session, call: CallRow) -> tuple[Paged, Markup]:
        order = (RollupRow.worth.desc(), RollupRow.item_id) if sort == "value" else (RollupRow.item_id,)
        wanted = joined(call).order_by(*order)
        keys = found(session, wanted, RollupRow.item_id, q)
        total, asked = call.items if keys is None else len(keys), "value" if sort == "value" else ""
        shown = paged(number, total, f"/calls/{call_id}/items", q=q, sort=asked)
        if keys is None:
            every = select(RollupRow.item_id).where(RollupRow.call_id == call.id).order_by(*order)
            some = session.execute(every.offset(shown.offset).limit(shown.per)).scalars().all()
        else:
            some = keys[shown.offset : shown.offset + shown.per]
        wanted = wanted.where(RollupRow.item_id.in_(some))
        rows = _rows(session.execute(wanted.with_only_columns(*COLUMNS)).all())
        return shown, table_of(parts, "items", call=call, rows=rows, paged=shown)

    call, shown, table = await looked(request, look)
    return page(
        request,
        "demand/items.html",
        nav="needs",
        call=call,
        over=over(call, parts),
        table=table,
        paged=shown,
        q=q,
        sort=sort,
        formula=FORMULA,
    )


def _rows(rows: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Rows as tuples: a template reads them several times faster than anything with names."""
    baselines = column([row.baseline for row in rows])
    return [
        (
            row.item_id,
            row.description,
            row.category,
            row.unit,
            grouped(told(row.quantity)),
            row.lines,
            money(cents(row.value)),
            each.shown,
            each.pad,
        )
        for row, each in zip(rows, baselines, strict=True)
    ]


def _shown(row: Any) -> dict[str, Any]:
    return {
        "id": row.item_id,
        "description": row.description,
        "category": row.category,
        "unit": row.unit,
        "quantity": grouped(told(row.quantity)),
        "lines": row.lines,
        "baseline": row.baseline,
        "value": money(cents(row.value)),
    }


@get("/calls/{call_id:str}/items.xlsx", opt={"may": "see demand"})
async def taken_out(request: Req, call_id: FromPath[str]) -> Response[bytes]:
    """Send the roll-up as a workbook, with a column for each district."""
    parts = parts_of(request)

    def look(session: Session) -> tuple[list[str], list[tuple[Cell, ...]]]:
        call = find_call(session, request, call_id)
        sums = select(NeedRow.item_id, NeedRow.district_id, func.sum(NeedRow.base)).where(
            NeedRow.call_id == call_id
        )
        by = {
            (row[0], row[1]): row[2]
            for row in session.execute(sums.group_by(NeedRow.item_id, NeedRow.district_id))
        }
        names = sorted(names_of(session, {district for _, district in by}).items(), key=lambda each: each[1])
        rows = session.execute(joined(call).order_by(RollupRow.item_id).with_only_columns(*COLUMNS))
        return [name for _, name in names], [_cells(row, by, [each for each, _ in names]) for row in rows]

    districts, rows = await parts.database.read(look)
    body = await asyncio.to_thread(xlsx_of, "Needs", [*HEADINGS, *districts], rows)
    return workbook(body, f"needs-of-all-{call_id}.xlsx")


HEADINGS = ("Item number", "Description", "Category", "Unit", "Needed", "Baseline", "At the baseline")


def _cells(row: Any, by: dict[tuple[str, str], int], districts: Sequence[str]) -> tuple[Cell, ...]:
    each = (by.get((row.item_id, district)) for district in districts)
    return (
        row.item_id,
        row.description,
        row.category,
        row.unit,
        Decimal(told(row.quantity) or "0"),
        Decimal(row.baseline) if row.baseline is not None else None,
        Decimal(cents(row.value) or "0") if row.value is not None else None,
        *(Decimal(told(quantity) or "0") if quantity else None for quantity in each),
    )


@get("/calls/{call_id:str}/items/{item_id:str}", opt={"may": "see demand"})
async def item(request: Req, call_id: FromPath[str], item_id: FromPath[str]) -> Response[str]:
    """Show what each district needs of an item, what it last paid, and how the baseline comes about."""

    def look(session: Session) -> tuple[CallRow, Any, list[dict[str, Any]]]:
        call = find_call(session, request, call_id)
        one = joined(call).where(RollupRow.item_id == item_id).with_only_columns(*COLUMNS)
        row = session.execute(one).one_or_none()
        if row is None:
            raise plain(404, "Nobody has stated a need of this item in this call.")
        wanted = select(NeedRow.__table__).where(NeedRow.call_id == call_id, NeedRow.item_id == item_id)
        needs = session.execute(wanted).all()
        districts = {each.district_id for each in needs}
        names, places = names_of(session, districts), places_of(session, districts)
        return call, row, [_line(each, names[each.district_id], places[each.district_id]) for each in needs]

    call, row, lines = await looked(request, look)
    lines.sort(key=lambda each: (each["district"], each["ship_to"]))
    return page(
        request,
        "demand/rolled_item.html",
        nav="needs",
        call=call,
        item=_shown(row),
        priced=grouped(told(row.priced)),
        lines=[
            line | {"each": each}
            for line, each in zip(lines, column([line["each"] for line in lines]), strict=True)
        ],
        formula=FORMULA,
    )


def _line(row: Any, district: str, places: Places) -> dict[str, Any]:
    price = line_of(row).price
    each = None if price is None else told(-(-price.numerator // (price.denominator * 100)) * 100)
    return {
        "district": district,
        "ship_to": places.shown(row.ship_to),
        "needed_by": row.needed_by,
        "stated": f"{grouped(row.quantity)} {row.unit}",
        "base": grouped(told(row.base)),
        "paid": row.paid,
        "paid_unit": row.paid_unit,
        "each": each,
    }


ROUTES = [items, taken_out, item]
