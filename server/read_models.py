"""The list of events: a read model of the journal's tender and award streams, rebuilt, never repaired.

One event's rows are always made anew from what its two streams add up to, so that a rebuild and an update are the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence

import msgspec
from sqlalchemy import delete

from auction.award.award import Awards
from auction.tender.tender import Tender
from server.database import Database
from server.tables import EventRow


def status(tender: Tender, awards: Awards) -> str:
    """An event's status in the lists: a draft until it is published, awarded once every lot with a winner is."""
    won = {lot.lot for lot in tender.ended.values() if lot.won}
    if tender.status == "closed" and awards.lots and won <= awards.lots.keys():
        return "awarded"
    return "draft" if tender.status in ("proposed", "approved") else tender.status


def row(event_id: str, tender: Tender, awards: Awards) -> EventRow | None:
    """Make one event's row."""
    document = tender.document
    if document is None or tender.drafted_at is None:
        return None
    return EventRow(
        id=event_id,
        owner=document.owner,
        number=document.number,
        title=document.title,
        status=status(tender, awards),
        reason=tender.reason,
        document=msgspec.to_builtins(document, builtin_types=(), str_keys=True),
        created_at=tender.drafted_at,
    )


class ReadModels:
    """Keeps the rows in step with the journal; `state` gives what a stream adds up to, durably once `at_rest` returns."""

    def __init__(
        self,
        database: Database,
        state: Callable[[str], object],
        at_rest: Callable[[], Awaitable[None]],
    ) -> None:
        self._database, self._state, self._at_rest = database, state, at_rest
        self._turn = asyncio.Lock()

    async def rebuild(self, streams: Iterable[str]) -> None:
        """Throw every row away and make all anew, from the streams `tender/…`."""
        async with self._turn:
            made = await self._made([stream.removeprefix("tender/") for stream in streams])
            async with self._database.session.begin() as session:
                await session.execute(delete(EventRow))
                session.add_all(made)

    async def refresh(self, event_id: str) -> None:
        """Make one event's row anew."""
        async with self._turn:
            made = await self._made([event_id])
            async with self._database.session.begin() as session:
                await session.execute(delete(EventRow).where(EventRow.id == event_id))
                session.add_all(made)

    async def _made(self, event_ids: Sequence[str]) -> list[EventRow]:
        """Make the rows before anything is written: a commit of the desk must never wait for one of ours that waits for it."""
        await self._at_rest()
        return [made for each in event_ids if (made := self._of(each)) is not None]

    def _of(self, event_id: str) -> EventRow | None:
        tender, awards = self._state(f"tender/{event_id}"), self._state(f"award/{event_id}")
        assert isinstance(tender, Tender)
        assert isinstance(awards, Awards)
        return row(event_id, tender, awards)
