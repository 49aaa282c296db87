"""Reminding districts of a call: each notice has a key, so that whoever asks twice is told once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from server.database import Database
from server.notices.outbox import Outbox
from server.presenting import when
from server.regularly import Regularly
from server.tables import CallDistrictRow, CallRow, Membership, Organisation, Person

LOOK_EVERY_S = 600
"""So often it is looked whether a reminder is due; it is sent once, however often that is."""


def due(deadline: datetime, days: Sequence[int], opened: datetime, now: datetime) -> int | None:
    """The reminder that is due: the last one whose time has come, if it came after the call was opened."""
    come = [day for day in days if opened < deadline - timedelta(days=day) <= now < deadline]
    return min(come, default=None)


class Reminders:
    """Writes to the buyers of districts that have not confirmed: by hand, and by itself on a call's days."""

    def __init__(self, database: Database, outbox: Outbox, now: Callable[[], datetime]) -> None:
        self._database, self._outbox, self._now = database, outbox, now
        self._regularly = Regularly(self.when_due, LOOK_EVERY_S, "which reminders are due")
        self.open, self.close = self._regularly.open, self._regularly.close

    async def when_due(self) -> int:
        """Remind of every open call whose day has come; return how many notices are new."""
        now = self._now()
        wanted = select(CallRow).where(CallRow.ended_at.is_(None), CallRow.deadline > now)
        new = 0
        for call in await self._database.read(lambda session: session.execute(wanted).scalars().all()):
            day = due(call.deadline, call.reminders, call.opened_at, now)
            if day is not None:
                new += await self.remind(call, f"{day}-before-{call.deadline:%Y%m%dT%H%M}")
        return new

    async def remind(self, call: CallRow, occasion: str) -> int:
        """Leave a notice for every buyer who is waited for; return how many were not left before."""
        new = 0
        for person in await self._waited_for(call.id):
            new += await self._outbox.put(
                key=f"needs_due/{call.id}/{person.district}/{person.id}/{occasion}",
                to=person.email,
                notice="needs_due",
                context={
                    "district": person.name,
                    "call": call.title,
                    "due": when(call.deadline, call.zone),
                    "link": f"/needs/{call.id}",
                },
                about=f"call/{call.id}",
            )
        return new

    async def _waited_for(self, call_id: str) -> Sequence[Any]:
        wanted = (
            select(Person.id, Person.email, Organisation.id.label("district"), Organisation.name)
            .join(Membership, Membership.person_id == Person.id)
            .join(Organisation, Organisation.id == Membership.organisation_id)
            .join(CallDistrictRow, CallDistrictRow.district_id == Membership.organisation_id)
            .where(CallDistrictRow.call_id == call_id, CallDistrictRow.confirmed_at.is_(None))
            .where(Membership.role == "buyer", Person.email_verified_at.is_not(None))
        )
        return await self._database.read(lambda session: session.execute(wanted).all())
