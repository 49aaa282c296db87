"""Lots made of a call's needs: by category or by hand, split, merged and moved, and made into a draft solicitation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from markupsafe import Markup
from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from auction.demand.lots import (
    DraftLots,
    DropLots,
    LotCommand,
    MergeLots,
    MoveItems,
    Plan,
    PlanLots,
    Planned,
    RenameLot,
    SplitDistricts,
)
from auction.demand.rollup import told
from auction.money import parse_decimal
from auction.refusals import Refusal
from auction.terms.faults import Faulty
from server import drafting
from server.demand.composing import compose
from server.guards import may
from server.pages.answering import Req, page, plain, see_other
from server.pages.demand.finding import (
    Paged,
    PageNo,
    call_of,
    catalog_state,
    cents,
    column,
    find_call,
    found,
    grouped,
    names_of,
    note_of,
    noted,
    over,
    paged,
    put,
    sought,
    stand,
    table_of,
    who_of,
)
from server.parts import Parts, parts_of
from server.presenting import money
from server.tables import CallDistrictRow, CallRow, EventRow, ItemRow, LotItemRow, LotRow, RollupRow

LARGEST_FORM = 512 * 1024
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

    call, rows, standing = await parts.database.read(look)
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
        return call, lot, shown, table, named, _districts(session, plan, call_id, lot_id), frozen

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

    call, lot, shown, table, others, districts, frozen = await parts.database.read(look)
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


@post(
    "/calls/{call_id:str}/changes/{action:str}", opt={"may": "run demand"}, request_max_body_size=LARGEST_FORM
)
async def act(request: Req, call_id: FromPath[str], action: FromPath[str]) -> Response[str]:
    """Make, change, or give up lots, or make a draft of some of them."""
    parts, who, form = parts_of(request), who_of(request), await request.form()
    await parts.desk.at_rest()
    plan, address = plan_of(parts, call_id), f"/calls/{call_id}/lots"
    async with parts.database.session() as session:
        call = await call_of(session, request, call_id)
        frozen = await session.run_sync(frozen_of, plan)
        groups = await _groups(session, call, str(form.get("by", ""))) if action == "make" else ()
        asked = await _asked(session, call_id) if action == "make" else ()
        items = await _chosen(session, call, form) if action == "move" else ()
    chosen, lot = tuple(str(each) for each in form.getall("lots", [])), str(form.get("lot", ""))
    if action == "draft":
        return await _draft(request, call, chosen, frozen)
    by, seen = who.identity.person_id, str(form.get("seen", ""))
    shared: dict[str, Any] = {"by": by, "frozen": frozen, "seen": int(seen) if seen.isdecimal() else None}
    title, to = str(form.get("title", "")), str(form.get("to", "")) or None
    districts = tuple(str(each) for each in form.getall("districts", []))
    commands: dict[str, LotCommand] = {
        "make": PlanLots(**shared, groups=groups, districts=asked, over=over(call, parts)),
        "drop": DropLots(**shared),
        "merge": MergeLots(**shared, lots=chosen),
        "rename": RenameLot(**shared, lot=lot, title=title),
        "move": MoveItems(**shared, lot=lot, items=items, to=to, title=title),
        "split": SplitDistricts(**shared, lot=lot, districts=districts, title=title),
    }
    if action not in commands:
        raise plain(404, "There is no such action.")
    answer = await put(parts, f"lots/{call_id}", commands[action])
    back = f"{address}/{lot}" if lot and action in ("rename", "move", "split") else address
    if isinstance(answer, Planned):
        if lot and lot not in plan_of(parts, call_id).lots:
            back = address
        return see_other(noted(request, parts, back, DONE[action]))
    message = answer.message if isinstance(answer, Refusal) else "It could not be carried out."
    return see_other(noted(request, parts, back, message, good=False))


DONE = {
    "make": "The lots are made. Split, merge and move until each is one that vendors can price.",
    "drop": "The lots are given up. No need was changed by that.",
    "merge": "The lots are merged. Every district’s quantity is what it was.",
    "rename": "The lot has its new title.",
    "move": "The items are moved. Every district’s quantity is what it was.",
    "split": "The lot is split. Every district’s quantity is what it was.",
}


async def _groups(session: AsyncSession, call: CallRow, by: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Every item that somebody needs, by category or all together."""
    same = and_(ItemRow.item_id == RollupRow.item_id, ItemRow.consortium_id == call.consortium_id)
    wanted = (
        select(ItemRow.category, RollupRow.item_id).join(ItemRow, same).where(RollupRow.call_id == call.id)
    )
    found: dict[str, list[str]] = {}
    for category, item in await session.execute(wanted.order_by(ItemRow.category, ItemRow.item_id)):
        found.setdefault(category if by == "category" else call.title, []).append(item)
    return tuple((title, tuple(items)) for title, items in found.items())


async def _asked(session: AsyncSession, call_id: str) -> tuple[str, ...]:
    wanted = select(CallDistrictRow.district_id).where(CallDistrictRow.call_id == call_id)
    return tuple(sorted((await session.execute(wanted)).scalars()))


async def _chosen(session: AsyncSession, call: CallRow, form: Any) -> tuple[str, ...]:
    """The items that are ticked, or every one that the search finds."""
    if str(form.get("every", "")) != "yes":
        return tuple(str(each) for each in form.getall("items", []))
    same = and_(ItemRow.item_id == LotItemRow.item_id, ItemRow.consortium_id == call.consortium_id)
    found = select(LotItemRow.item_id).join(ItemRow, same)
    found = found.where(LotItemRow.call_id == call.id, LotItemRow.lot_id == str(form.get("lot", "")))
    found = found.where(*sought(str(form.get("q", ""))[:100]))
    return tuple((await session.execute(found)).scalars())


async def _draft(
    request: Req, call: CallRow, chosen: Sequence[str], frozen: tuple[str, ...]
) -> Response[str]:
    """Make a draft solicitation of lots, and note in them where it is."""
    parts, who, plan = parts_of(request), who_of(request).identity, plan_of(parts_of(request), call.id)
    address = f"/calls/{call.id}/lots"
    lots = [plan.lots[each] for each in dict.fromkeys(chosen) if each in plan.lots]
    if not lots or any(lot.event in frozen for lot in lots if lot.event is not None):
        words = "Choose at least one lot that does not stand in a published event."
        return see_other(noted(request, parts, address, words, good=False))
    try:
        async with parts.database.session() as session:
            kept = catalog_state(parts, call.consortium_id)
            made = await compose(session, call, who.organisation_name, lots, kept, parts.now())
        event_id = await drafting.keep(parts, made, who.person_id, call.consortium_id)
    except Faulty as bad:
        words = "; ".join(f"{fault.path}: {fault.message}" for fault in bad.faults[:3])
        return see_other(noted(request, parts, address, f"No draft was made. {words}", good=False))
    command = DraftLots(by=who.person_id, frozen=frozen, lots=tuple(lot.id for lot in lots), event=event_id)
    await put(parts, f"lots/{call.id}", command)
    return see_other(f"/events/{event_id}/console")


ROUTES = [listed, show, act]
