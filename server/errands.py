"""Errands: what follows from an event elsewhere is carried out after the event is durable, and lists are brought up to date.

How far errands have come is kept in the database, up to the first that broke. After a crash the last ones are run again,
which changes nothing where they had been carried out: every command that follows may be sent twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from auction.consequences import follow
from auction.journal import Entry
from auction.kernel import Command, Event
from bidders.consequences import follow as follow_vendors
from server.database import Database
from server.deciders import ruler_of
from server.desk import Desk, NotRecorded
from server.journal_sql import SqlJournal
from server.read_models import ReadModels
from server.tables import Meta

log = logging.getLogger("tenderbell")
KEY = "errands"
AGAIN_S = 1.0


class Errand(msgspec.Struct, frozen=True):
    """What follows from one entry: commands for other streams, and the event whose lists change."""

    n: int
    commands: tuple[tuple[str, Command], ...]
    changed: str | None


def errand_of(entry: Entry, event: Event) -> Errand | None:
    """What an entry asks for; None when nothing follows from it."""
    kind, _, name = entry.stream.partition("/")
    commands = (*follow(entry.stream, event), *follow_vendors(entry.stream, event))
    changed = name if kind in ("tender", "award") else None
    return Errand(entry.n, commands, changed) if commands or changed is not None else None


class Errands:
    """Runs consequences in the order of the journal, one after another."""

    def __init__(
        self,
        desk: Desk,
        journal: SqlJournal,
        database: Database,
        read_models: ReadModels,
        now: Callable[[], datetime],
    ) -> None:
        self._desk, self._journal, self._database = desk, journal, database
        self._read_models, self._now = read_models, now
        self._waiting: asyncio.Queue[Errand] = asyncio.Queue()
        self._broke = False
        self._task: asyncio.Task[None] | None = None

    def heard(self, stream: str, entries: Sequence[Entry], events: Sequence[Event]) -> None:
        """Take note of what is to be done."""
        for entry, event in zip(entries, events, strict=True):
            errand = errand_of(entry, event)
            if errand is not None:
                self._waiting.put_nowait(errand)

    async def open(self) -> None:
        """Catch up with what a crash left undone, make the lists anew, and begin to work."""
        for entry in self._journal.since(await self._done_up_to()):
            self.heard(entry.stream, [entry], [ruler_of(entry.stream).read(entry.body)])
        self._task = asyncio.create_task(self._work())
        await self.settled()
        await self._read_models.rebuild(self._journal.streams("tender/"))

    async def close(self) -> None:
        """Finish, and stop."""
        await self.settled()
        if self._task is not None:
            self._task.cancel()

    async def settled(self) -> None:
        """Wait until nothing is left to be done."""
        await self._waiting.join()

    async def _work(self) -> None:
        while True:
            errand = await self._waiting.get()
            try:
                await self._carry_out(errand)
            except Exception:
                self._broke = True
                log.exception("an errand broke; it will be tried again at the next start")
            finally:
                self._waiting.task_done()

    async def _carry_out(self, errand: Errand) -> None:
        for stream, command in errand.commands:
            await self._submit(stream, command)
        if errand.changed is not None:
            await self._read_models.refresh(errand.changed)
        if self._broke:
            return
        async with self._database.session.begin() as session:
            await session.merge(Meta(key=KEY, value=str(errand.n)))

    async def _submit(self, stream: str, command: Command) -> None:
        """Ask until it is recorded: a full disk only delays what must follow."""
        while True:
            try:
                await self._desk.submit(stream, command, self._now())
                return
            except NotRecorded:
                await asyncio.sleep(AGAIN_S)

    async def _done_up_to(self) -> int:
        async with self._database.session() as session:
            kept = await session.get(Meta, KEY)
        return int(kept.value) if kept is not None else 0
