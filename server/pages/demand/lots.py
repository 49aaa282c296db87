"""Lots made of a call's needs: the list of them, and each with its items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Response, get
from litestar.params import FromPath, FromQuery
from markupsafe import Markup
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from auction.demand.lots import (
    Plan,
)
from auction.demand.rollup import told
from auction.money import parse_decimal
from server.guards import may
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
    note_of,
    over,
    paged,
    stand,
    table_of,
    who_of,
)
from server.parts import Parts, parts_of
from server.presenting import money
from server.tables import CallDistrictRow, CallRow, EventRow, ItemRow, LotItemRow, LotRow

FROZEN = ("published", "live", "closed", "awarded")


def plan_of(parts: Parts, call_id: str) -> Plan:
    """The lots as they stand in the journal."""
    plan = parts.desk.state(f"lots/{call_id}")
    assert isinstance(plan, Plan)
    return plan


def frozen_of(session: Session, plan: Plan) -> tuple[str, ...]:
    """The events that lots stand in and that are published."""
    named = {lot.event for lot in plan.lots.values() if lot.event is not None}
    wanted = select(EventRow.id).where(EventRow.id.in_(named), EventRow.status.in_(FROZEN))
    return tuple(session.execute(wanted).scalars())


@get("/calls/{call_id:str}/lots", opt={"may": "see demand"})
async def listed(request: Req, call_id: FromPath[str], note: FromQuery[str] = "") -> Response[str]:
    """List the lots, or offer to make them."""
    parts = parts_of(request)

    def look(session: Session) -> tuple[CallRow, Sequence[LotRow], dict[str, Any]]:
        call = find_call(session, request, call_id)
        wanted = select(LotRow).where(LotRow.call_id == call_id).order_by(LotRow.place)
        rows = session.execute(wanted).scalars().all()
        named = [row.event_id for row in rows if row.event_id is not None]
        events = session.execute(select(EventRow.id, EventRow.status).where(EventRow.id.in_(named)))
        return call, rows, {row.id: row for row in events}

    call, rows, standing = await looked(request, look)
    lots = [_lot(row, standing.get(row.event_id or "")) for row in rows]
    return page(
        request,
        "demand/lots.html",
        nav="needs",
        call=call,
        over=over(call, parts),
        lots=lots,
        value=cents(told(sum(parse_decimal(row.value, 6) or 0 for row in rows))),
        version=plan_of(parts, call_id).version,
        note=note_of(request, parts, note),
        now=parts.now(),
    )


def _lot(row: LotRow, event: Any) -> dict[str, Any]:
    status = event.status if event is not None else None
    return {"row": row, "status": status, "frozen": status in FROZEN, "value": cents(row.value)}


@get("/calls/{call_id:str}/lots/{lot_id:str}", opt={"may": "see demand"})
async def show(
    request: Req,
    call_id: FromPath[str],
    lot_id: FromPath[str],
    q: FromQuery[str] = "",
    number: PageNo = 1,
    note: FromQuery[str] = "",
) -> Response[str]:
    """Show a lot's items, and how it can be changed."""
    parts, q = parts_of(request), q[:100]
    plan, runs = plan_of(parts, call_id), may(who_of(request).identity, "run demand")

    def look(
        session: Session,
    ) -> tuple[CallRow, LotRow, Paged, Markup, Sequence[Any], Any, bool]:
        call = find_call(session, request, call_id)
        lot = session.get(LotRow, (call_id, lot_id))
        if lot is None:
            raise plain(404, "There is no such lot any more. It may have been merged into another.")
        others = select(LotRow.lot_id, LotRow.title).where(LotRow.call_id == call_id, LotRow.lot_id != lot_id)
        named = session.execute(others.order_by(LotRow.place)).all()
        frozen = lot.event_id in frozen_of(session, plan)
        changes = runs and not frozen
        key = ("lot", stand(session), call_id, lot_id, q, number, changes)
        shown, table = parts.shelf.take(key, lambda: made(session, call, lot, changes))
        within = parts.shelf.take(
            ("within", key[1], call_id, lot_id), lambda: _districts(session, plan, call_id, lot_id)
        )
        return call, lot, shown, table, named, within, frozen

    def made(session: Session, call: CallRow, lot: LotRow, changes: bool) -> tuple[Paged, Markup]:
        same = and_(ItemRow.item_id == LotItemRow.item_id, ItemRow.consortium_id == call.consortium_id)
        wanted = select(*COLUMNS).join(ItemRow, same)
        wanted = wanted.where(LotItemRow.call_id == call_id, LotItemRow.lot_id == lot_id)
        wanted = wanted.order_by(LotItemRow.worth.desc(), LotItemRow.item_id)
        keys = found(session, wanted, LotItemRow.item_id, q)
        total = lot.items if keys is None else len(keys)
        shown = paged(number, total, f"/calls/{call_id}/lots/{lot_id}", q=q)
        if keys is None:
            wanted = wanted.offset(shown.offset).limit(shown.per)
        else:
            wanted = wanted.where(LotItemRow.item_id.in_(keys[shown.offset : shown.offset + shown.per]))
        rows = _items(session.execute(wanted).all())
        return shown, table_of(parts, "lot", rows=rows, paged=shown, changes=changes)

    call, lot, shown, table, others, districts, frozen = await looked(request, look)
    return page(
        request,
        "demand/lot.html",
        nav="needs",
        call=call,
        lot=lot,
        value=cents(lot.value),
        frozen=frozen,
        others=others,
        districts=districts,
        table=table,
        paged=shown,
        q=q,
        version=plan.version,
        note=note_of(request, parts, note),
    )


COLUMNS = (
    LotItemRow.item_id,
    LotItemRow.quantity,
    LotItemRow.baseline,
    LotItemRow.value,
    ItemRow.description,
    ItemRow.category,
    ItemRow.unit,
)


def _districts(session: Session, plan: Plan, call_id: str, lot_id: str) -> list[tuple[str, str]]:
    """The districts with needs in a lot, by name."""
    lot = plan.lots.get(lot_id)
    within = {each for block in lot.blocks for each in block.districts} if lot is not None else set[str]()
    wanted = select(CallDistrictRow.district_id).where(
        CallDistrictRow.call_id == call_id, CallDistrictRow.lines > 0, CallDistrictRow.district_id.in_(within)
    )
    names = names_of(session, session.execute(wanted).scalars())
    return sorted(names.items(), key=lambda each: each[1])


def _items(rows: Sequence[Any]) -> list[tuple[str, ...]]:
    baselines = column([row.baseline for row in rows])
    return [(*_item(row), each.shown, each.pad) for row, each in zip(rows, baselines, strict=True)]


def _item(row: Any) -> tuple[str, ...]:
    quantity, value = grouped(told(row.quantity)), money(cents(row.value))
    return row.item_id, row.description, row.category, row.unit, quantity, value


ROUTES = [listed, show]
