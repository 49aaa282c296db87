"""What everybody may read: the list of events, and each event's notice with its rules, result and awards."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.params import FromPath
from sqlalchemy import select

from auction.award.result import result
from auction.live import board
from auction.live.board import Viewer
from auction.live.room import Room
from auction.tender.solicitation import Lot
from server.pages.answering import Req, page, see_other
from server.pages.opening import notice as sealed
from server.pages.opening.telling import course
from server.pages.promises import promises
from server.pages.showing import (
    Shown,
    award_of,
    event_of,
    find,
    find_public,
    is_admitted,
    is_ours,
    lot_in_short,
    over,
    saving,
    times,
    vendor_name,
    viewer,
    whole_saving,
)
from server.parts import Parts, parts_of, signed_in
from server.tables import AwardRow, EventRow, Person
from server.taking_part import standing


@get("/", opt={"may": "look"})
async def lobby(request: Req) -> Response[str]:
    """List the events; drafts are for leads alone."""
    parts, who = parts_of(request), signed_in(request)
    identity = who.identity if who is not None else None
    async with parts.database.session() as session:
        wanted = select(EventRow.id, EventRow.owner, EventRow.number, EventRow.title, EventRow.status)
        rows = (await session.execute(wanted)).all()
        awards = (await session.execute(select(AwardRow))).scalars().all()
    await parts.desk.at_rest()
    amounts: dict[str, list[tuple[str, str]]] = {}
    for award in awards:
        amounts.setdefault(award.event_id, []).append((award.lot_id, award.amount))
    kept = [
        row
        for row in rows
        if (row.status != "draft" or is_ours(identity, row.owner)) and not _withdrawn(parts, row)
    ]
    kept.sort(key=lambda row: int(row.id), reverse=True)
    events = [_row(parts, row, identity, amounts.get(row.id, [])) for row in kept]
    return page(request, "lobby.html", nav="events", events=events, now=parts.now())


def _withdrawn(parts: Parts, row: Any) -> bool:
    """Tell whether an event was given up while it was a draft."""
    return row.status == "cancelled" and not find(parts, row.id).published


def _row(parts: Parts, row: Any, identity: Any, amounts: list[tuple[str, str]]) -> dict[str, Any]:
    shown = find(parts, row.id)
    document = shown.document
    opens, closes = times(shown, viewer(identity, shown.room, document.owner))
    return {
        "id": row.id,
        "number": row.number,
        "title": row.title,
        "summary": document.summary,
        "consortium": document.consortium,
        "zone": document.zone,
        "status": row.status,
        "opens": opens,
        "closes": closes,
        "lots": len(document.lots),
        "admitted": is_admitted(identity, shown.room),
        "ours": is_ours(identity, document.owner),
        "saving_percent": whole_saving(document, amounts),
        "kind": document.kind,
        "opened_at": document.sealing.opens,
    }


@get("/events/{event_id:str}", opt={"may": "look"})
async def notice(request: Req, event_id: FromPath[str]) -> Response[str]:
    """Show an event's public page; a lead who looks at a draft is shown where it can be published."""
    parts, who = parts_of(request), signed_in(request)
    identity, names = who.identity if who is not None else None, await people(parts)
    await parts.desk.at_rest()
    unpublished = find(parts, event_id)
    if not unpublished.published and is_ours(identity, unpublished.document.owner):
        return see_other(f"/events/{event_id}/console")
    shown = find_public(parts, event_id)
    if shown.box is not None:
        return sealed.show(request, shown, identity, names)
    room, rules = shown.room, shown.room.rules if shown.room is not None else None
    assert room is not None
    assert rules is not None
    looks = viewer(identity, room, shown.document.owner)
    running = shown.status in ("published", "live")
    return page(
        request,
        "event.html",
        nav="events",
        event=event_of(shown, looks),
        lots=[_lot(shown, room, lot, looks, names) for lot in shown.document.lots],
        watch=running and board.shows_prices(room),
        adjusted=rules.rank_by == "adjusted",
        admitted=is_admitted(identity, room),
        part=standing(parts, event_id, identity),
        ours=is_ours(identity, shown.document.owner),
        course=course(shown, parts.now(), whole=False) if shown.seeding is not None else None,
        addenda=len(shown.tender.addenda),
        latest=shown.tender.addenda[-1] if shown.tender.addenda else None,
        behind=is_admitted(identity, room) and identity is not None and room.behind(identity.organisation_id),
        **promises(parts, shown.document),
        now=parts.now(),
    )


async def people(parts: Parts) -> dict[str, str]:
    """People's names by id."""
    async with parts.database.session() as session:
        found = await session.execute(select(Person.id, Person.name))
        return {row.id: row.name for row in found}


def _lot(shown: Shown, room: Room, lot: Lot, looks: Viewer, names: dict[str, str]) -> dict[str, Any]:
    plain = Viewer("public")
    public = next(each for each in board.shared(room, plain) if each["id"] == lot.id)
    live = next(each for each in board.shared(room, looks) if each["id"] == lot.id)
    state = room.lots[lot.id]
    return lot_in_short(lot) | {
        "status": state.status,
        "opens": live.get("opens", state.plan.opens),
        "closes": state.closes if over(room) else live.get("closes", state.plan.closes),
        "lead": public.get("lead"),
        "count": public.get("count"),
        "result": _result(room, lot),
        "award": award_of(shown, lot, names),
        "others": _others(shown, room, lot),
    }


def _result(room: Room, lot: Lot) -> dict[str, Any] | None:
    """How a lot ended, once every lot is over and where the rules let the public know before the award."""
    rules, state = room.rules, room.lots[lot.id]
    assert rules is not None
    if not over(room) or state.status != "closed":
        return None
    if not (board.shows_prices(room) or rules.visibility.names_at == "close"):
        return None
    ended = result(room, lot.id)
    amount = next((each.amount for each in ended.candidates if each.vendor == ended.winner), None)
    bidders = len(ended.candidates) if rules.visibility.count or board.shows_prices(room) else None
    return {"bidders": bidders, "amount": amount, **saving(lot, amount)}


def _others(shown: Shown, room: Room, lot: Lot) -> list[str]:
    """Who else bid on a lot that is over, from when the rules make those names public."""
    assert room.rules is not None
    award, named_at = shown.awards.lots.get(lot.id), room.rules.visibility.names_at
    if named_at == "never" or not over(room) or (named_at == "award" and award is None):
        return []
    first = award.vendor if award is not None else None
    ended = result(room, lot.id)
    return [vendor_name(shown.document, each.vendor) for each in ended.candidates if each.vendor != first]


ROUTES = [lobby, notice]
