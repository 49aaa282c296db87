"""A district's needs: the calls that it is asked by, what it stated in one, and confirming that this is all."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from markupsafe import Markup
from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from auction.demand.catalog import Catalog
from auction.demand.needs import ConfirmNeeds, NeedLine, Needs, ReopenNeeds, Stated, StateNeeds, Terms
from auction.demand.places import Places
from auction.demand.rollup import told
from auction.money import ceil_div
from auction.refusals import Refusal
from server.demand.places import places_of
from server.demand.projection import line_of
from server.guards import may
from server.pages.answering import Req, looked, page, plain, see_other
from server.pages.demand.finding import (
    NO_CALL,
    Paged,
    PageNo,
    catalog_state,
    column,
    find_call,
    found,
    grouped,
    note_of,
    noted,
    over,
    paged,
    put,
    stand,
    table_of,
    who_of,
)
from server.parts import Parts, parts_of
from server.tables import CallDistrictRow, CallRow, ItemRow, NeedRow


def stream_of(call_id: str, district: str) -> str:
    """The stream of a district's needs in a call."""
    return f"needs/{call_id}.{district}"


def needs_state(parts: Parts, call_id: str, district: str) -> Needs:
    """A district's needs as they stand in the journal."""
    state = parts.desk.state(stream_of(call_id, district))
    assert isinstance(state, Needs)
    return state


def terms_of(call: CallRow) -> Terms:
    """How the call stands, as the district's needs are judged by."""
    return Terms(call.deadline, call.ended_at is not None)


def find_asked(session: Session, request: Req, call_id: str) -> tuple[CallRow, CallDistrictRow]:
    """Find a call that one's own district was asked by."""
    call = find_call(session, request, call_id)
    row = session.get(CallDistrictRow, (call_id, who_of(request).identity.organisation_id))
    if row is None:
        raise plain(404, NO_CALL)
    return call, row


async def asked_of(session: AsyncSession, request: Req, call_id: str) -> tuple[CallRow, CallDistrictRow]:
    """The same, beside other things that are awaited."""
    return await session.run_sync(find_asked, request, call_id)


@get("/needs", opt={"may": "follow needs"})
async def listed(request: Req, note: FromQuery[str] = "") -> Response[str]:
    """List the calls that the district was asked by, the open ones first; a consortium has its own list."""
    if may(who_of(request).identity, "see demand"):
        return see_other("/calls")
    parts, district = parts_of(request), who_of(request).identity.organisation_id
    async with parts.database.session() as session:
        wanted = select(CallRow, CallDistrictRow).join(CallDistrictRow, CallDistrictRow.call_id == CallRow.id)
        wanted = wanted.where(CallDistrictRow.district_id == district).order_by(CallRow.deadline.desc())
        rows = (await session.execute(wanted.limit(100))).all()
    calls = [{"row": call, "mine": mine, "over": over(call, parts), **_spend(mine)} for call, mine in rows]
    calls.sort(key=lambda each: each["over"])
    return page(
        request,
        "demand/needs_calls.html",
        nav="needs",
        rows=calls,
        note=note_of(request, parts, note),
        now=parts.now(),
    )


def _spend(row: CallDistrictRow) -> dict[str, Any]:
    spend = Fraction(row.spend)
    micros = ceil_div(spend.numerator, spend.denominator * 10_000) * 10_000
    return {"spend": told(micros) if micros else None}


@get("/needs/{call_id:str}", opt={"may": "state needs"})
async def show(
    request: Req,
    call_id: FromPath[str],
    q: FromQuery[str] = "",
    number: PageNo = 1,
    note: FromQuery[str] = "",
) -> Response[str]:
    """Show the district's lines."""
    parts, district, q = parts_of(request), who_of(request).identity.organisation_id, q[:100]

    def look(session: Session) -> tuple[CallRow, CallDistrictRow, Paged, Markup, CallRow | None]:
        call, mine = find_asked(session, request, call_id)
        changes = not over(call, parts) and mine.confirmed_at is None
        key = ("needs", stand(session), call_id, district, q, number, changes)
        before = earlier(session, call, district) if not mine.lines else None
        shown, table = parts.shelf.take(key, lambda: made(session, call, mine, changes))
        return call, mine, shown, table, before

    def made(session: Session, call: CallRow, mine: CallDistrictRow, changes: bool) -> tuple[Paged, Markup]:
        same = and_(ItemRow.item_id == NeedRow.item_id, ItemRow.consortium_id == call.consortium_id)
        mine_only = (NeedRow.call_id == call_id, NeedRow.district_id == district)
        wanted = select(*COLUMNS).join(ItemRow, same).where(*mine_only)
        wanted = wanted.order_by(*ORDER)
        keys = found(session, wanted, NeedRow.n, q)
        shown = paged(number, mine.lines if keys is None else len(keys), f"/needs/{call_id}", q=q)
        if keys is None:
            some = select(NeedRow.n).where(*mine_only).order_by(*ORDER).offset(shown.offset).limit(shown.per)
            keys = list(session.execute(some).scalars())
        else:
            keys = keys[shown.offset : shown.offset + shown.per]
        wanted = wanted.where(NeedRow.n.in_(keys))
        rows = _rows(session.execute(wanted).all(), places_of(session, [district])[district])
        return shown, table_of(parts, "needs", call=call, rows=rows, paged=shown, changes=changes)

    call, mine, shown, table, before = await looked(request, look)
    return page(
        request,
        "demand/needs.html",
        nav="needs",
        call=call,
        mine=mine,
        over=over(call, parts),
        table=table,
        paged=shown,
        q=q,
        before=before,
        note=note_of(request, parts, note),
        now=parts.now(),
        **_spend(mine),
    )


ORDER = (NeedRow.item_id, NeedRow.ship_to, NeedRow.n)
COLUMNS = (
    NeedRow.n,
    NeedRow.item_id,
    NeedRow.quantity,
    NeedRow.unit,
    NeedRow.base,
    NeedRow.ship_to,
    NeedRow.needed_by,
    NeedRow.paid,
    NeedRow.paid_unit,
    ItemRow.description,
    ItemRow.unit.label("counted_in"),
)


def _rows(rows: Sequence[Any], places: Places) -> list[tuple[Any, ...]]:
    """Rows as tuples: a template reads them several times faster than anything with names."""
    paid = column([row.paid for row in rows])
    return [
        (
            row.n,
            row.item_id,
            row.description,
            grouped(row.quantity),
            row.unit,
            f"{grouped(told(row.base))} {row.counted_in}" if row.unit != row.counted_in else "",
            places.shown(row.ship_to) or "—",
            row.needed_by or "any time",
            each.shown,
            each.pad,
            row.paid_unit if row.paid and row.paid_unit != row.unit else "",
        )
        for row, each in zip(rows, paid, strict=True)
    ]


def earlier(session: Session, call: CallRow, district: str) -> CallRow | None:
    """The last call before this one in which the district stated needs."""
    wanted = (
        select(CallRow)
        .join(CallDistrictRow, CallDistrictRow.call_id == CallRow.id)
        .where(CallDistrictRow.district_id == district, CallDistrictRow.lines > 0)
        .where(CallRow.consortium_id == call.consortium_id, CallRow.id != call.id)
        .where(CallRow.opened_at < call.opened_at)
        .order_by(CallRow.opened_at.desc())
    )
    return session.execute(wanted).scalars().first()


@post("/needs/{call_id:str}/{action:str}", opt={"may": "state needs"})
async def act(request: Req, call_id: FromPath[str], action: FromPath[str]) -> Response[str]:
    """Confirm that this is all, open the needs again, or begin with those of the call before."""
    parts, who = parts_of(request), who_of(request).identity
    async with parts.database.session() as session:
        call, _ = await asked_of(session, request, call_id)
        copied = await _copied(session, parts, call, who.organisation_id) if action == "copy" else ()
    commands = {
        "confirm": ConfirmNeeds(by=who.person_id, terms=terms_of(call)),
        "reopen": ReopenNeeds(by=who.person_id, terms=terms_of(call)),
        "copy": StateNeeds(by=who.person_id, terms=terms_of(call), lines=copied, source="copy"),
    }
    if action not in commands:
        raise plain(404, "There is no such action.")
    answer = await put(parts, stream_of(call_id, who.organisation_id), commands[action])
    good, words = isinstance(answer, Stated), DONE[action]
    if isinstance(answer, Refusal):
        words = answer.message
    elif action == "copy" and isinstance(answer, Stated):
        words = f"{answer.added:,} lines are copied. Look through the quantities, then confirm."
    return see_other(noted(request, parts, f"/needs/{call_id}", words, good))


DONE = {
    "confirm": "Your needs are confirmed. You can open them again until the deadline.",
    "reopen": "Your needs are open again. Confirm them once they are complete.",
    "copy": "",
}


async def _copied(session: AsyncSession, parts: Parts, call: CallRow, district: str) -> tuple[NeedLine, ...]:
    """The lines of the call before, of items that are still bought and asked for here; without their dates."""
    before = await session.run_sync(earlier, call, district)
    if before is None:
        return ()
    kept = catalog_state(parts, call.consortium_id)
    rows = select(NeedRow).where(NeedRow.call_id == before.id, NeedRow.district_id == district)
    lines = [line_of(row) for row in (await session.execute(rows)).scalars()]
    return tuple(
        msgspec.structs.replace(line, needed_by="") for line in lines if is_asked(kept, call, line.item)
    )


def is_asked(kept: Catalog, call: CallRow, item_id: str) -> bool:
    """Tell whether an item can be stated in a call."""
    item = kept.items.get(item_id)
    return item is not None and not item.retired and (not call.categories or item.category in call.categories)


ROUTES = [listed, show, act]
