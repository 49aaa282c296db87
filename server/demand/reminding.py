"""Reminding districts of a call: each notice has a key, so that whoever asks twice is told once."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import Any, Protocol, cast

from sqlalchemy import select

from server.parts import Parts
from server.tables import CallDistrictRow, CallRow, Membership, Person


class Outbox(Protocol):
    """Where notices are left; a key that was used before leaves nothing."""

    def put(self, *, key: str, to: str, notice: str, context: dict[str, Any]) -> Awaitable[object]:
        """Leave a notice."""


async def remind(parts: Parts, call: CallRow, occasion: str) -> int:
    """Leave a notice for every buyer of a district that has not confirmed; return how many people are meant."""
    outbox = cast("Outbox | None", getattr(parts, "outbox", None))
    waiting = (
        select(Person.id, Membership.organisation_id)
        .join(Membership, Membership.person_id == Person.id)
        .join(CallDistrictRow, CallDistrictRow.district_id == Membership.organisation_id)
        .where(CallDistrictRow.call_id == call.id, CallDistrictRow.confirmed_at.is_(None))
        .where(Membership.role == "buyer")
    )
    async with parts.database.session() as session:
        people = [(row[0], row[1]) for row in await session.execute(waiting)]
    if outbox is None:
        return 0
    for person, district in people:
        await outbox.put(
            key=f"needs_due/{call.id}/{district}/{person}/{occasion}",
            to=person,
            notice="needs_due",
            context={
                "call": call.id,
                "title": call.title,
                "deadline": call.deadline.isoformat(),
                "zone": call.zone,
            },
        )
    return len(people)


async def remind_when_due(parts: Parts) -> None:
    """Remind of every open call whose reminder is due; asked again and again, each is sent once."""
    now = parts.now()
    async with parts.database.session() as session:
        wanted = select(CallRow).where(CallRow.ended_at.is_(None), CallRow.deadline > now)
        rows = (await session.execute(wanted)).scalars().all()
    for row in rows:
        day = due(row.deadline, row.reminders, row.opened_at, now)
        if day is not None:
            await remind(parts, row, f"{day}-before-{row.deadline:%Y%m%dT%H%M}")


def due(deadline: datetime, days: list[int], opened: datetime, now: datetime) -> int | None:
    """The reminder that is due: the last one whose time has come, if it came after the call was opened."""
    come = [day for day in days if opened < deadline - timedelta(days=day) <= now < deadline]
    return min(come, default=None)
