"""The demonstration's mailbox: every notice as its reader would have it, on this machine alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from litestar import Response, get
from litestar.params import FromPath, FromQuery
from sqlalchemy import func, select

from server.pages.answering import Req, page, plain, shows_demo
from server.parts import Parts, parts_of
from server.tables import NoticeRow, Person

A_PAGE = 30
STATES = {"waiting": "In the outbox", "failed": "Will be tried again", "sent": "Sent", "given up": "Given up"}


@get("/demo/mailbox", opt={"may": "enter demo"})
async def mailbox(
    request: Req, who: FromQuery[str] = "", before: FromQuery[int | None] = None
) -> Response[str]:
    """List the notices, newest first, of everybody or of one person."""
    _demo_only(request)
    parts = parts_of(request)
    names = await readers(parts)
    wanted = select(NoticeRow).order_by(NoticeRow.number.desc()).limit(A_PAGE + 1)
    if who:
        wanted = wanted.where(NoticeRow.address == who)
    if before is not None:
        wanted = wanted.where(NoticeRow.number < before)
    async with parts.database.session() as session:
        rows = list((await session.execute(wanted)).scalars())
        counted = select(NoticeRow.address, func.count()).group_by(NoticeRow.address)
        counts = (await session.execute(counted)).all()
    return page(
        request,
        "notices/mailbox.html",
        nav="mailbox",
        letters=[_told(row, names) for row in rows[:A_PAGE]],
        people=sorted(
            ({"address": each, "name": names.get(each, each), "count": n} for each, n in counts),
            key=lambda person: str(person["name"]),
        ),
        who=who,
        before=before,
        more=rows[A_PAGE - 1].number if len(rows) > A_PAGE else None,
    )


@get("/demo/mailbox/{number:int}", opt={"may": "enter demo"})
async def message(request: Req, number: FromPath[int]) -> Response[str]:
    """Show one notice."""
    _demo_only(request)
    parts = parts_of(request)
    async with parts.database.session() as session:
        row = await session.get(NoticeRow, number)
    if row is None:
        raise plain(404, "There is no such message.")
    return page(
        request,
        "notices/message.html",
        nav="mailbox",
        letter=_told(row, await readers(parts)),
        pieces=list(pieces(row.text, parts.settings.origin)),
    )


async def readers(parts: Parts) -> dict[str, str]:
    """People's names by their address."""
    async with parts.database.session() as session:
        return {row.email: row.name for row in await session.execute(select(Person.email, Person.name))}


def pieces(text: str, origin: str) -> Iterator[tuple[str, str | None]]:
    """A text in pieces: words, and this house's own links with where they lead."""
    for place, piece in enumerate(re.split(rf"({re.escape(origin)}/\S*)", text)):
        if piece:
            yield piece, piece.removeprefix(origin) if place % 2 else None


def _told(row: NoticeRow, names: Mapping[str, str]) -> dict[str, Any]:
    shown = ("number", "address", "subject", "put_at", "state", "reason", "notice")
    return {name: getattr(row, name) for name in shown} | {
        "name": names.get(row.address, ""),
        "words": STATES[row.state],
        "first": " ".join(row.text.partition("\n\n")[2].split())[:140],
    }


def _demo_only(request: Req) -> None:
    if not shows_demo(request):
        raise plain(404, "There is no such page.")


ROUTES = [mailbox, message]
