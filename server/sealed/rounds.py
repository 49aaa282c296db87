"""Rounds: now and then it is told what is near, officers are reminded to check their keys, and locked keys are deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from bidders.box import ceremony
from bidders.box.state import Box
from server.database import Database
from server.notices.outbox import Outbox
from server.notices.teller import Teller
from server.presenting import when
from server.regularly import Regularly
from server.sealed import soon
from server.sealed.boxed import with_box
from server.sealed.doing import check_due
from server.tables import EventRow, OfficerLock, Person

LOOK_EVERY_S = 600
OVER = ("awarded", "cancelled")
"""When a solicitation's locked keys are deleted; what was not opened is then read by nobody who has no copy of them."""


class Rounds:
    """Looks every ten minutes. What it does twice, it does once."""

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        teller: Teller,
        state: Callable[[str], Any],
        now: Callable[[], datetime],
    ) -> None:
        self._database, self._outbox, self._teller = database, outbox, teller
        self._state, self._now = state, now
        self._regularly = Regularly(self.look, LOOK_EVERY_S, "after officers’ keys")
        self.open, self.close = self._regularly.open, self._regularly.close

    async def look(self) -> None:
        """Delete what is over, and remind of what is due."""
        await self._forget()
        wanted = select(EventRow).where(EventRow.status == "published", with_box())
        for row in await self._database.read(lambda session: session.execute(wanted).scalars().all()):
            await self._remind(row, self._state(f"box/{row.id}"))
            await self._tell(str(row.id))

    async def _tell(self, event_id: str) -> None:
        """Tell of what is near."""
        scene = self._teller.scene(event_id)
        if scene is not None:
            for mark, tellings in soon.occasions(scene, self._now()):
                await self._teller.remind(event_id, mark, tellings)

    async def _forget(self) -> None:
        ended = select(EventRow.id).where(EventRow.status.in_(OVER))
        gone = delete(OfficerLock).where(OfficerLock.kind == "os", OfficerLock.tender.in_(ended))
        async with self._database.session.begin() as session:
            await session.execute(gone)

    async def _remind(self, row: EventRow, box: Box) -> None:
        if box.manifest is None or box.published_at is None or self._now() >= ceremony.opens_at(box):
            return
        opens = ceremony.opens_at(box)
        kids = {seat["kid"]: seat["x"] for seat in box.manifest["officers"]}
        late = [
            person
            for person, keys in box.keys.items()
            if keys.kid in kids and check_due(box, kids[keys.kid], self._now())
        ]
        for person in await self._people(late):
            await self._outbox.put(
                key=f"key_check/{row.id}/{person.id}/{opens:%Y%m%dT%H%M}",
                to=person.email,
                notice="key_check",
                context={
                    "person": person.name,
                    "title": row.title,
                    "opens": when(opens, str(row.document["zone"])),
                    "link": f"/officers/{row.id}",
                },
                about=row.owner,
            )

    async def _people(self, ids: Sequence[str]) -> Sequence[Person]:
        wanted = select(Person).where(Person.id.in_(ids), Person.email_verified_at.is_not(None))
        return await self._database.read(lambda session: session.execute(wanted).scalars().all())
