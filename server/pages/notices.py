"""What one is told: each person's own choice, and for a consortium what became of the notices about its events."""

from __future__ import annotations

import re
from typing import Any

from litestar import Response, get, post
from litestar.params import FromQuery
from sqlalchemy import case, func, select

from server.guards import may
from server.login import Identity
from server.notices import following
from server.notices.choosing import choose, chosen, kinds_of
from server.notices.kinds import Kind
from server.notices.readers import ALWAYS
from server.pages.answering import Req, page
from server.pages.forming import done, note_of, who_of, zone_for
from server.pages.showing import find, is_admitted
from server.parts import Parts, parts_of
from server.tables import EventRow, NoticeRow
from server.tasks import Task

WANTED: dict[str, bool | None] = {"": None, "yes": True, "no": False}
MOST = 100
"""How many kinds of notices the outbox shows."""
QUIET = ("outbid", "question_declined")
"""Kinds of which a consortium is not even told how many there were: the number could say who leads, or who asked."""
_ADDRESS = re.compile(r"<?[^\s<>]+@[^\s<>]+>?")


@get("/account/notices", opt={"may": "own account"})
async def choices_page(request: Req, note: FromQuery[str] = "") -> Response[str]:
    """Show what whoever is signed in is told, and what can be chosen."""
    parts, identity = parts_of(request), who_of(request).identity
    kinds, made = (
        await kinds_of(parts.database, identity.person_id),
        await chosen(parts.database, identity.person_id),
    )
    await parts.desk.at_rest()
    return page(
        request,
        "notices/choices.html",
        nav="account",
        kinds=[
            {
                "name": name,
                "title": kind.title,
                "words": kind.words,
                "wanted": made.get((name, ALWAYS), kind.wanted),
                "events": _single(await _running(parts, identity), name, kind, made),
            }
            for name, kind in kinds.items()
            if not kind.binding
        ],
        binding=[kind for kind in kinds.values() if kind.binding],
        followed=await _followed(parts, identity.person_id),
        done=note_of(request, note),
    )


def _single(
    events: list[dict[str, str]], name: str, kind: Kind, made: dict[tuple[str, str], bool]
) -> list[dict[str, str]]:
    """The events for which a kind may be chosen on its own, with what is chosen."""
    words = {None: "", True: "yes", False: "no"}
    return [each | {"chosen": words[made.get((name, each["id"]))]} for each in events] if kind.each else []


async def _running(parts: Parts, identity: Identity) -> list[dict[str, str]]:
    """The events to come and under way that the reader's company is admitted to."""
    wanted = select(EventRow).where(EventRow.status.in_(("published", "live"))).order_by(EventRow.created_at)
    async with parts.database.session() as session:
        rows = (await session.execute(wanted)).scalars().all()
    return [
        {"id": row.id, "title": row.title, "number": row.number}
        for row in rows
        if is_admitted(identity, find(parts, row.id).room)
    ]


async def _followed(parts: Parts, person: str) -> list[dict[str, str]]:
    ids = await following.followed(parts.database, person)
    async with parts.database.session() as session:
        rows = (await session.execute(select(EventRow).where(EventRow.id.in_(ids)))).scalars().all()
    return [{"id": row.id, "title": row.title, "number": row.number} for row in rows]


@post("/account/notices", opt={"may": "own account"}, status_code=200)
async def choose_notices(request: Req) -> Response[str]:
    """Keep what was chosen; what a page did not show stays as it was."""
    parts, identity = parts_of(request), who_of(request).identity
    form = await request.form()
    kinds = await kinds_of(parts.database, identity.person_id)
    general = {name: f"want-{name}" in form for name, kind in kinds.items() if not kind.binding}
    single: dict[tuple[str, str], bool | None] = {}
    for name, kind in kinds.items():
        for each in await _running(parts, identity) if kind.each else []:
            given = str(form.get(f"{name}-{each['id']}", "unsaid"))
            if given in WANTED:
                single[name, each["id"]] = WANTED[given]
    await choose(parts.database, identity.person_id, general, single)
    await parts.teller.mind()
    return done(request, "/account/notices", "Your choice is kept.")


# --- the outbox --------------------------------------------------------------------------------------------------------------


@get("/outbox", opt={"may": "watch events"})
async def outbox_page(request: Req) -> Response[str]:
    """Show what became of the notices about the consortium's events: how many, never to whom."""
    parts, identity = parts_of(request), who_of(request).identity
    states = {name: func.sum(case((NoticeRow.state == name, 1), else_=0)) for name in STATES}
    wanted = (
        select(
            NoticeRow.subject,
            func.min(NoticeRow.put_at).label("put_at"),
            func.max(NoticeRow.reason).label("reason"),
            *(each.label(name) for name, each in states.items()),
        )
        .where(NoticeRow.about == identity.organisation_id, NoticeRow.notice.not_in(QUIET))
        .group_by(NoticeRow.notice, NoticeRow.subject)
        .order_by(func.max(NoticeRow.number).desc())
        .limit(MOST)
    )
    async with parts.database.session() as session:
        rows = [dict(row._mapping) for row in await session.execute(wanted)]
    return page(
        request,
        "notices/outbox.html",
        nav="outbox",
        rows=[row | {"reason": _ADDRESS.sub("(address)", row["reason"] or "")} for row in rows],
        sends=parts.outbox.sends,
        kept=parts.known.demo,
        zone=await zone_for(request),
    )


STATES = ("waiting", "failed", "sent", "given up")


async def outbox_tasks(parts: Parts, who: Identity) -> list[Task]:
    """Tell an administrator that notices do not leave, or that some could not be delivered."""
    if not may(who, "manage consortium") or parts.known.demo:
        return []
    wanted: Any = (
        select(NoticeRow.state, func.count())
        .where(NoticeRow.about == who.organisation_id, NoticeRow.state.in_(("waiting", "failed", "given up")))
        .group_by(NoticeRow.state)
    )
    async with parts.database.session() as session:
        counts = {row[0]: int(row[1]) for row in await session.execute(wanted)}
    if not parts.outbox.sends and counts.get("waiting"):
        words = "No mail server is set up, so nobody is told by e-mail."
        return [_task(f"{counts['waiting']:,} notices stay in the outbox", words)]
    if counts.get("given up"):
        return [_task(f"{counts['given up']:,} notices could not be delivered", "The outbox says why.")]
    return []


def _task(title: str, words: str) -> Task:
    return Task(title=title, words=words, href="/outbox", action="Look at the outbox", icon="warn")


ROUTES = [choices_page, choose_notices, outbox_page]
