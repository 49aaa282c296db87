"""The history pages: what happened to a thing, newest first, with an address for each page."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import Response, get
from litestar.params import FromPath, FromQuery
from sqlalchemy import select

from auction.live.room import Room
from bidders.box.progress import told
from server import history
from server.pages.answering import Req, page
from server.pages.showing import event_of, find_ours, viewer
from server.parts import Parts, parts_of, signed_in
from server.tables import Organisation, Person

A_PAGE = 50


async def names(parts: Parts) -> dict[str, str]:
    """The names of all people and organisations, by id."""
    async with parts.database.session() as session:
        people = (await session.execute(select(Person.id, Person.name))).all()
        organisations = (await session.execute(select(Organisation.id, Organisation.name))).all()
    return {row.id: row.name for row in (*people, *organisations)}


async def lines(
    parts: Parts, streams: Sequence[str], before: int | None, room: Room | None = None
) -> tuple[list[history.Line], int | None]:
    """One page of the history of some streams, and before which entry the next page begins; None after the last."""
    known = await names(parts)
    await parts.desk.at_rest()
    found = parts.journal.latest(streams, before, A_PAGE + 1)
    more = found[A_PAGE - 1].n if len(found) > A_PAGE else None
    return list(history.told(found[:A_PAGE], known, room)), more


def event_streams(parts: Parts, event_id: str) -> list[str]:
    """Every stream that belongs to an event; its bid box only once something of it has been opened."""
    box = parts.desk.state(f"box/{event_id}")
    kinds = (*KINDS, "box") if told(box) else KINDS
    return [
        stream
        for stream in parts.journal.streams()
        if stream.partition("/")[2].partition(".")[0] == event_id and stream.partition("/")[0] in kinds
    ]


KINDS = ("tender", "room", "award", "decision", "allocation", "panel", "questions", "admission", "contract")
"""The kinds of streams that are named after an event, beside its bid box."""


@get("/events/{event_id:str}/history", opt={"may": "audit"})
async def event_history(
    request: Req, event_id: FromPath[str], before: FromQuery[int | None] = None
) -> Response[str]:
    """Show what happened to an event, in all of its streams."""
    parts, who = parts_of(request), signed_in(request)
    identity = who.identity if who is not None else None
    shown = find_ours(parts, event_id, identity)
    rows, more = await lines(parts, event_streams(parts, event_id), before, shown.room)
    return page(
        request,
        "history.html",
        nav="history",
        event=event_of(shown, viewer(identity, shown.room, shown.document.owner)),
        title=shown.document.title,
        back=f"/events/{event_id}/console",
        here=f"/events/{event_id}/history",
        zone=shown.document.zone,
        lines=rows,
        before=before,
        more=more,
    )


ROUTES = [event_history]
