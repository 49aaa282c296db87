"""Lists of events, awards and prices: read models of the journal's tender and award streams, rebuilt, never repaired.

One event's rows are always made anew from what its two streams add up to, so that a rebuild and an update are the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from auction.award.award import Awards, LotAwarded
from auction.prices.book import lines
from auction.tender.solicitation import Lot, Solicitation
from auction.tender.tender import Tender
from server.database import Database
from server.tables import AwardRow, Base, EventRow, Person, PriceLineRow

ROWS = (PriceLineRow, AwardRow, EventRow)
"""The read models, those that point at others first."""


def status(tender: Tender, awards: Awards) -> str:
    """An event's status in the lists: a draft until it is published, awarded once every lot with a winner is."""
    won = {lot.lot for lot in tender.ended.values() if lot.won}
    if tender.status == "closed" and awards.lots and won <= awards.lots.keys():
        return "awarded"
    return "draft" if tender.status in ("proposed", "approved") else tender.status


def rows(event_id: str, tender: Tender, awards: Awards, people: Mapping[str, str]) -> list[Base]:
    """Make one event's rows; `people` names those who awarded."""
    document = tender.document
    if document is None or tender.drafted_at is None:
        return []
    made: list[Base] = [
        EventRow(
            id=event_id,
            owner=document.owner,
            number=document.number,
            title=document.title,
            status=status(tender, awards),
            reason=tender.reason,
            document=msgspec.to_builtins(document, builtin_types=(), str_keys=True),
            created_at=tender.drafted_at,
        )
    ]
    for lot in document.lots:
        if lot.id in awards.lots:
            made += _awarded(event_id, document, lot, awards.lots[lot.id], people)
    return made


def _awarded(
    event_id: str, document: Solicitation, lot: Lot, award: LotAwarded, people: Mapping[str, str]
) -> list[Base]:
    vendor = next((each.name for each in document.vendors if each.id == award.vendor), award.vendor)
    shared: dict[str, Any] = {
        "event_id": event_id,
        "lot_id": lot.id,
        "vendor_id": award.vendor,
        "vendor_name": vendor,
    }
    row = AwardRow(
        **shared,
        amount=award.amount,
        reason=award.reason,
        awarded_by=people.get(award.by, award.by),
        awarded_at=award.at,
    )
    return [row] + [
        PriceLineRow(
            **shared,
            line_id=line.line,
            place=place,
            lot_title=lot.title,
            description=line.description,
            unit=line.unit,
            quantity=line.quantity,
            unit_price=line.unit_price,
            baseline=line.baseline,
            needs=msgspec.to_builtins(line.needs),
            contract=document.number,
            currency=document.currency,
        )
        for place, line in enumerate(lines(lot, award.lines, award.amount))
    ]


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
                for table in ROWS:
                    await session.execute(delete(table))
                await _write(session, made)

    async def refresh(self, event_id: str) -> None:
        """Make one event's rows anew."""
        async with self._turn:
            made = await self._made([event_id])
            async with self._database.session.begin() as session:
                for table in ROWS:
                    mine = getattr(table, "id" if table is EventRow else "event_id")
                    await session.execute(delete(table).where(mine == event_id))
                await _write(session, made)

    async def _made(self, event_ids: Sequence[str]) -> list[Base]:
        """Make the rows before anything is written: a commit of the desk must never wait for one of ours that waits for it."""
        async with self._database.session() as session:
            people = {row.id: row.name for row in await session.execute(select(Person.id, Person.name))}
        await self._at_rest()
        return [row for each in event_ids for row in self._of(each, people)]

    def _of(self, event_id: str, people: Mapping[str, str]) -> list[Base]:
        tender, awards = self._state(f"tender/{event_id}"), self._state(f"award/{event_id}")
        assert isinstance(tender, Tender)
        assert isinstance(awards, Awards)
        return rows(event_id, tender, awards, people)


async def _write(session: AsyncSession, made: Sequence[Base]) -> None:
    """Write the events' own rows first: the others point at them."""
    session.add_all([row for row in made if isinstance(row, EventRow)])
    await session.flush()
    session.add_all([row for row in made if not isinstance(row, EventRow)])
