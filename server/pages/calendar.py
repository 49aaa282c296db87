"""The shared calendar of solicitations: coming dates of all that is published, and for members what is planned."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from litestar import Response, get
from litestar.params import FromQuery
from sqlalchemy import or_, select

from server.login import Identity
from server.pages.answering import Req, page
from server.parts import Parts, parts_of, signed_in
from server.presenting import zone_of
from server.tables import CalendarRow

WHAT = {
    "questions_until": "Last questions",
    "opens": "Bidding opens",
    "closes": "First lot closes",
    "due": "Sealed bids are due",
    "unsealed": "Sealed bids are opened",
}
SIZE = 60
RECENT = timedelta(hours=12)


@get("/calendar", opt={"may": "look"})
async def calendar(request: Req, at: FromQuery[int] = 1, past: FromQuery[str] = "") -> Response[str]:
    """Show the coming dates, or with `past` those that are over, a page at a time."""
    parts, who = parts_of(request), signed_in(request)
    identity = who.identity if who is not None else None
    number, over = max(at, 1), past == "yes"
    rows = await _rows(parts, identity, parts.now(), number, over)
    more, rows = len(rows) > SIZE, rows[:SIZE]
    return page(
        request,
        "calendar.html",
        nav="calendar",
        months=[
            (month, [_row(row, identity) for row in group]) for month, group in groupby(rows, key=_month)
        ],
        member=bool(identity is not None and identity.consortia),
        number=number,
        more=more,
        past=over,
        now=parts.now(),
    )


async def _rows(
    parts: Parts, identity: Identity | None, now: datetime, number: int, over: bool
) -> list[CalendarRow]:
    mine = identity.consortia if identity is not None else ()
    seen = or_(CalendarRow.planned.is_(False), CalendarRow.owner.in_(mine))
    since = now - RECENT
    wanted = select(CalendarRow).where(seen, CalendarRow.at < since if over else CalendarRow.at >= since)
    order = CalendarRow.at.desc() if over else CalendarRow.at
    wanted = wanted.order_by(order, CalendarRow.event_id, CalendarRow.what)
    async with parts.database.session() as session:
        found = await session.execute(wanted.offset((number - 1) * SIZE).limit(SIZE + 1))
        return list(found.scalars())


def _month(row: CalendarRow) -> str:
    return f"{row.at.astimezone(zone_of(row.zone)):%B %Y}"


def _row(row: CalendarRow, identity: Identity | None) -> dict[str, Any]:
    local = row.at.astimezone(zone_of(row.zone))
    officer = identity is not None and identity.kind == "consortium"
    return {
        "id": row.event_id,
        "at": row.at,
        "day": local.day,
        "weekday": f"{local:%a}",
        "zone": row.zone,
        "what": WHAT[row.what],
        "number": row.number,
        "title": row.title,
        "consortium": row.consortium,
        "planned": row.planned,
        "linked": officer or not row.planned,
    }


ROUTES = [calendar]
