"""Changing lots: making them, splitting, merging and moving, and making a draft solicitation of some."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Response, post
from litestar.params import FromPath
from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from auction.demand.lots import (
    DraftLots,
    DropLots,
    LotCommand,
    MergeLots,
    MoveItems,
    PlanLots,
    Planned,
    RenameLot,
    SplitDistricts,
)
from auction.refusals import Refusal
from auction.tender.solicitation import Solicitation
from auction.terms.faults import Faulty
from server import drafting
from server.demand.composing import compose
from server.pages.answering import Req, plain, see_other
from server.pages.demand.finding import (
    call_of,
    catalog_state,
    noted,
    over,
    put,
    sought,
    who_of,
)
from server.pages.demand.lots import frozen_of, plan_of
from server.pages.solicitation.starting import home_of, offered
from server.parts import Parts, parts_of
from server.tables import CallDistrictRow, CallRow, ItemRow, LotItemRow, RollupRow

LARGEST_FORM = 512 * 1024


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
        made = await _at_home(parts, call.consortium_id, made)
        event_id = await drafting.keep(parts, made, who.person_id, call.consortium_id)
    except Faulty as bad:
        words = "; ".join(f"{fault.path}: {fault.message}" for fault in bad.faults[:3])
        return see_other(noted(request, parts, address, f"No draft was made. {words}", good=False))
    command = DraftLots(by=who.person_id, frozen=frozen, lots=tuple(lot.id for lot in lots), event=event_id)
    await put(parts, f"lots/{call.id}", command)
    return see_other(f"/events/{event_id}/console")


async def _at_home(parts: Parts, consortium: str, made: Solicitation) -> Solicitation:
    """The draft in its consortium's zone and under its state's law; a state without a law on record is not named."""
    home = await home_of(parts, consortium)
    if home is None:
        return made
    state = home.state if home.state in {law.code for law in offered(parts)} else ""
    return msgspec.structs.replace(made, jurisdiction=state, zone=home.zone)


ROUTES = [act]
