"""Where somebody is signed in: listed by browser, and ended one by one or all at once, with their open windows."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import select, update

from server.parts import Parts
from server.tables import Organisation, SessionRow

BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


class Open(msgspec.Struct, frozen=True):
    """An open session, as its person sees it; `handle` names it without giving anything away."""

    handle: str
    hash: bytes
    agent: str
    organisation: str
    since: datetime
    seen: datetime


def handle(session: bytes) -> str:
    """A name for a session that opens nothing."""
    return hashlib.sha256(b"handle\0" + session).hexdigest()[:20]


def called(agent: str) -> str:
    """A browser in a few words: `Firefox on Windows`."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or re.sub(r"[^\w ./-]", "", agent)[:40] or "A browser"


def _going(parts: Parts, person: str, organisation: str | None) -> list[object]:
    found: list[object] = [
        SessionRow.person_id == person,
        SessionRow.revoked_at.is_(None),
        SessionRow.expires_at > parts.now(),
    ]
    return [*found, SessionRow.organisation_id == organisation] if organisation is not None else found


async def open_ones(parts: Parts, person: str) -> list[Open]:
    """Every open session of a person, the one last used first."""
    wanted = (
        select(SessionRow, Organisation.name)
        .join(Organisation, Organisation.id == SessionRow.organisation_id)
        .where(*_going(parts, person, None))  # type: ignore[arg-type]
        .order_by(SessionRow.last_seen_at.desc())
    )
    rows = await parts.database.read(lambda session: session.execute(wanted).all())
    return [
        Open(
            handle(row[0].token_hash),
            row[0].token_hash,
            called(row[0].agent),
            row[1],
            row[0].created_at,
            row[0].last_seen_at,
        )
        for row in rows
    ]


async def end(parts: Parts, sessions: Sequence[bytes]) -> None:
    """End sessions and shut their windows."""
    async with parts.database.session.begin() as session:
        await session.execute(
            update(SessionRow).where(SessionRow.token_hash.in_(sessions)).values(revoked_at=parts.now())
        )
    for each in sessions:
        parts.hub.end(each)


async def hashes(parts: Parts, person: str, organisation: str | None = None) -> list[bytes]:
    """The open sessions of a person, in one organisation or in all."""
    wanted = select(SessionRow.token_hash).where(*_going(parts, person, organisation))  # type: ignore[arg-type]
    return list(await parts.database.read(lambda session: session.execute(wanted).scalars().all()))


async def end_all(
    parts: Parts, person: str, organisation: str | None = None, spare: bytes | None = None
) -> int:
    """End every session of a person, but the one to be spared; returns how many."""
    going = [each for each in await hashes(parts, person, organisation) if each != spare]
    await end(parts, going)
    return len(going)
