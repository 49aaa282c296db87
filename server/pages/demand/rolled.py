"""The roll-up of a call: what all districts need of each item, and of one item what each district needs."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.params import FromPath, FromQuery
from sqlalchemy import Select, and_, func, select

from auction.demand.rollup import FORMULA, told
from server.demand.projection import line_of
from server.pages.answering import Req, page, plain
from server.pages.demand.finding import PageNo, call_of, cents, like, names_of, over, paged, who_of
from server.parts import parts_of
from server.tables import CallRow, ItemRow, NeedRow, RollupRow


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
    async with parts.database.session() as session:
        call = await call_of(session, request, call_id)
        found = joined(call)
        for each in like(q):
            found = found.where(ItemRow.words.like(each, escape="!"))
        total = call.items
        if q:
            counted = found.with_only_columns(func.count(), maintain_column_froms=True)
            total = (await session.execute(counted)).scalar_one()
        shown = paged(number, total, f"/calls/{call_id}/items", q=q, sort=sort if sort == "value" else "")
        order = (RollupRow.worth.desc(),) if sort == "value" else (RollupRow.item_id,)
        rows = (await session.execute(found.order_by(*order).offset(shown.offset).limit(shown.per))).all()
    return page(
        request,
        "demand/items.html",
        nav="needs",
        call=call,
        over=over(call, parts),
        rows=[_shown(rolled, item) for rolled, item in rows],
        paged=shown,
        q=q,
        sort=sort,
        formula=FORMULA,
    )


def _shown(rolled: RollupRow, item: ItemRow) -> dict[str, Any]:
    return {
        "id": item.item_id,
        "description": item.description,
        "category": item.category,
        "unit": item.unit,
        "quantity": told(rolled.quantity),
        "lines": rolled.lines,
        "baseline": rolled.baseline,
        "value": cents(rolled.value),
    }


@get("/calls/{call_id:str}/items/{item_id:str}", opt={"may": "see demand"})
async def item(request: Req, call_id: FromPath[str], item_id: FromPath[str]) -> Response[str]:
    """Show what each district needs of an item, what it last paid, and how the baseline comes about."""
    parts = parts_of(request)
    async with parts.database.session() as session:
        call = await call_of(session, request, call_id)
        row = (await session.execute(joined(call).where(RollupRow.item_id == item_id))).one_or_none()
        if row is None:
            raise plain(404, "Nobody has stated a need of this item in this call.")
        wanted = select(NeedRow).where(NeedRow.call_id == call_id, NeedRow.item_id == item_id)
        needs = (await session.execute(wanted)).scalars().all()
        names = await names_of(session, {each.district_id for each in needs})
    lines = [_line(each, names[each.district_id].name) for each in needs]
    lines.sort(key=lambda each: (each["district"], each["ship_to"]))
    return page(
        request,
        "demand/rolled_item.html",
        nav="needs",
        call=call,
        item=_shown(*row),
        priced=told(row[0].priced),
        lines=lines,
        formula=FORMULA,
        who=who_of(request).identity,
    )


def _line(row: NeedRow, district: str) -> dict[str, Any]:
    price = line_of(row).price
    each = None if price is None else told(-(-price.numerator // (price.denominator * 100)) * 100)
    return {
        "district": district,
        "ship_to": row.ship_to,
        "needed_by": row.needed_by,
        "stated": f"{row.quantity} {row.unit}",
        "base": told(row.base),
        "paid": row.paid,
        "paid_unit": row.paid_unit,
        "each": each,
    }


ROUTES = [items, item]
