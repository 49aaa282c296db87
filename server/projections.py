"""Projections: lists for pages, written from the journal in its order, each entry exactly once.

A projection's rows and how far it has read are written in one transaction, so that a crash neither loses nor doubles a row.
Raising its version empties its tables and reads the journal anew: rows are made again, never repaired.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Protocol

import msgspec
from sqlalchemy import delete
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from auction.journal import Entry
from auction.kernel import Event
from server.database import Database
from server.deciders import ruler_of
from server.journal_sql import SqlJournal
from server.tables import Base, Cursor

log = logging.getLogger("tenderbell")
CHUNK = 1_000
"""How many entries are written in one transaction when a projection catches up."""
AGAIN_S = 1.0


class Projection(Protocol):
    """Rows that follow from the entries of some kinds of streams.

    `kinds` are the first parts of the streams' names; `tables` are emptied in their order when the version is raised.
    """

    name: str
    version: int
    kinds: frozenset[str]
    tables: Sequence[type[Base]]

    async def heard(self, session: AsyncSession, entry: Entry, event: Event) -> None:
        """Write what follows from one entry, in the session's transaction."""


class Heard(msgspec.Struct, frozen=True):
    """An entry with its event, to be projected."""

    entry: Entry
    event: Event


class Projections:
    """Keeps all projections in step with the journal, one after another."""

    def __init__(self, database: Database, journal: SqlJournal, every: Sequence[Projection]) -> None:
        self._database, self._journal, self._every = database, journal, every
        self._kinds = frozenset(kind for each in every for kind in each.kinds)
        self._broken: set[str] = set()
        self._waiting: asyncio.Queue[list[Heard]] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    def heard(self, stream: str, entries: Sequence[Entry], events: Sequence[Event]) -> None:
        """Take note of what was written."""
        if stream.partition("/")[0] in self._kinds:
            self._waiting.put_nowait([Heard(*each) for each in zip(entries, events, strict=True)])

    async def open(self) -> None:
        """Bring every projection up to the journal, and begin to work."""
        for each in self._every:
            await self._catch_up(each)
        self._task = asyncio.create_task(self._work())

    async def close(self) -> None:
        """Finish, and stop."""
        if self._task is not None:
            await self.settled()
            self._task.cancel()

    async def settled(self) -> None:
        """Wait until the rows hold all that was written so far."""
        await self._waiting.join()

    async def _catch_up(self, one: Projection) -> None:
        """Read on from where a projection stands; from the beginning where its version was raised."""
        after = await self._begin(one)
        lines = self._journal.since(after)
        for start in range(0, len(lines), CHUNK):
            part = lines[start : start + CHUNK]
            mine = [each for each in part if each.stream.partition("/")[0] in one.kinds]
            await self._write(one, [Heard(each, ruler_of(each.stream).read(each.body)) for each in mine])
            await self._note(one, part[-1].n)

    async def _begin(self, one: Projection) -> int:
        async with self._database.session.begin() as session:
            cursor = await session.get(Cursor, one.name)
            if cursor is not None and cursor.version == one.version:
                return cursor.n
            for table in one.tables:
                await session.execute(delete(table))
            await session.merge(Cursor(name=one.name, version=one.version, n=0))
        return 0

    async def _note(self, one: Projection, n: int) -> None:
        async with self._database.session.begin() as session:
            await session.merge(Cursor(name=one.name, version=one.version, n=n))

    async def _work(self) -> None:
        while True:
            lines = await self._waiting.get()
            try:
                for each in self._every:
                    await self._safely(each, lines)
            finally:
                self._waiting.task_done()

    async def _safely(self, one: Projection, lines: Sequence[Heard]) -> None:
        """Write until it is written: a full disk only delays a list. A list that a fault of our own broke stops where it is."""
        mine = [each for each in lines if each.entry.stream.partition("/")[0] in one.kinds]
        while mine and one.name not in self._broken:
            try:
                return await self._write(one, mine)
            except OperationalError as error:
                log.error("The list %s could not be written and is tried again: %s", one.name, error)
                await asyncio.sleep(AGAIN_S)
            except Exception:
                self._broken.add(one.name)
                log.exception("the list %s broke; it is read on at the next start", one.name)
        return None

    async def _write(self, one: Projection, lines: Sequence[Heard]) -> None:
        if not lines:
            return
        async with self._database.session.begin() as session:
            for each in lines:
                await one.heard(session, each.entry, each.event)
            await session.merge(Cursor(name=one.name, version=one.version, n=lines[-1].entry.n))
