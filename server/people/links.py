"""Links that work once and for a while: kept as the hash of their token, used up in one statement."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any, Literal

import msgspec
from sqlalchemy import delete, update

from server.login import token_hash
from server.parts import Parts
from server.tables import LinkRow

State = Literal["open", "used", "expired", "unknown"]
RESET_LASTS = timedelta(hours=1)
CONFIRM_LASTS = timedelta(hours=48)
STEP_LASTS = timedelta(minutes=10)
KEPT = timedelta(days=30)
"""How long it is still known of a link that it was used or has expired."""


class Link(msgspec.Struct, frozen=True):
    """What is known of a link."""

    state: State
    hash: bytes = b""
    purpose: str = ""
    person: str | None = None
    detail: dict[str, Any] = {}


UNKNOWN = Link("unknown")


def new_token(parts: Parts) -> str:
    """A token that nobody can guess."""
    return urlsafe_b64encode(parts.random(32)).rstrip(b"=").decode()


async def make(parts: Parts, purpose: str, person: str | None, lasts: timedelta, **detail: Any) -> str:
    """Make a link and return its token; earlier open ones of this purpose for this person stop working."""
    token, now = new_token(parts), parts.now()
    async with parts.database.session.begin() as session:
        await session.execute(delete(LinkRow).where(LinkRow.expires_at < now - KEPT))
        if person is not None:
            await session.execute(
                update(LinkRow)
                .where(
                    LinkRow.person_id == person,
                    LinkRow.purpose == purpose,
                    LinkRow.used_at.is_(None),
                )
                .values(used_at=now)
            )
        session.add(
            LinkRow(
                token_hash=token_hash(token),
                purpose=purpose,
                person_id=person,
                detail=detail,
                created_at=now,
                expires_at=now + lasts,
                used_at=None,
            )
        )
    return token


async def look(parts: Parts, token: str, *purposes: str) -> Link:
    """Find a link of one of these purposes, without using it."""
    row = await parts.database.read(lambda session: session.get(LinkRow, token_hash(token)))
    if row is None or row.purpose not in purposes:
        return UNKNOWN
    state: State = "open"
    if row.used_at is not None:
        state = "used"
    elif row.expires_at <= parts.now():
        state = "expired"
    return Link(state, row.token_hash, row.purpose, row.person_id, row.detail)


async def use(parts: Parts, link: Link) -> bool:
    """Use a link up; False for whoever comes second, or late."""
    now = parts.now()
    taken = (
        update(LinkRow)
        .where(LinkRow.token_hash == link.hash, LinkRow.used_at.is_(None), LinkRow.expires_at > now)
        .values(used_at=now)
        .returning(LinkRow.token_hash)
    )
    async with parts.database.session.begin() as session:
        return (await session.execute(taken)).scalar_one_or_none() is not None


async def void(parts: Parts, person: str) -> None:
    """Let no link of a person work any more: its password or its address has changed, and with it who may have them."""
    async with parts.database.session.begin() as session:
        await session.execute(
            update(LinkRow)
            .where(LinkRow.person_id == person, LinkRow.used_at.is_(None))
            .values(used_at=parts.now())
        )
