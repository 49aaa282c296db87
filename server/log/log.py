"""The public log as the rest of the server knows it: promises just after a commit, receipts after the tick, proofs for anybody.

Only a tick reads the journal; nothing is done for each entry on a bid's way. A tick's own entry is written before whatever
arrives at its time or later, so that times never go back along the journal.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime

from auction.journal import Entry
from auction.kernel import Command, Event
from auction.live.room import TIME
from auction.record import checkpoint, disclosed, note, promise, ticks
from auction.record.disclosed import Disclosed
from auction.record.logged import MILLISECOND
from auction.record.note import Key
from auction.record.receipt import Receipt
from auction.record.ticks import EPOCH, STREAM, Strike
from server.desk import Desk
from server.journal_sql import SqlJournal
from server.log.key import verify
from server.log.opening import Found
from server.log.pace import Pace
from server.log.published import Head
from server.log.rows import Told

log = logging.getLogger("tenderbell")
AGAIN_S = 1


class Log:
    """The public log. `open` it after the desk and the timekeeper; nothing is published before."""

    def __init__(
        self,
        found: Found,
        pace: Pace,
        desk: Desk,
        journal: SqlJournal,
        now: Callable[[], datetime],
    ) -> None:
        self._published, self._rows, self._key, self._pace = found.published, found.rows, found.key, pace
        self._desk, self._journal, self._now = desk, journal, now
        self._before: Callable[[datetime], Iterable[tuple[str, Command]]] = lambda _: ()
        self._next, self._owed, self._turn = EPOCH, True, asyncio.Lock()
        self._struck = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def origin(self) -> str:
        """The log's name."""
        return self._key.key.name

    @property
    def vkey(self) -> str:
        """The key that everybody checks the log with, as text."""
        return self._key.key.vkey

    # --- promises and proofs -----------------------------------------------------------------------------------------

    def promise(self, entry: Entry, received_at: datetime | None = None) -> str:
        """The log's word, just after a fact of the log was committed, on the tick by which it will be in the tree.

        `received_at` is the fact's own, or else its `at`. Raises `ValueError` for an entry that the log never discloses.
        """
        shown = Disclosed(entry.body, entry.salt)
        event = shown.event
        if "era" in event:
            raise ValueError(f"entry {entry.n} is none of the log's facts, so nothing is promised of it")
        at = max(datetime.fromisoformat(event["at"]), self._last() or EPOCH)
        received = received_at or datetime.fromisoformat(disclosed.time_of(event))
        return promise.make(shown, received, ticks.promised(at, self._pace.every(at)), self._key)

    def proof(self, n: int, size: int | None = None) -> str | None:
        """The receipt of an entry, against the first checkpoint that holds it or that of a size; None before its tick."""
        head = self.checkpoint_with(n) if size is None else self.at(size)
        entry, index = self._journal.place(n), self.index_of(n)
        if head is None or entry is None or index is None or index >= head.size:
            return None
        shown = Disclosed(entry.body, entry.salt)
        return Receipt(shown, index, tuple(self._published.path(index, head.size)), head.note).written

    def index_of(self, n: int) -> int | None:
        """The leaf of a journal's entry; None before its tick."""
        return self._published.index_of(n)

    def checkpoint_with(self, n: int) -> Head | None:
        """The first published checkpoint that includes a journal's entry, that of its tick; None before."""
        return self._published.holding(n)

    def latest(self) -> Head | None:
        """The newest checkpoint; None before the first tick."""
        return self._published.latest()

    def at(self, size: int) -> Head | None:
        """The checkpoint of a size; None where none was published."""
        return self._published.at(size)

    def path(self, n: int, size: int) -> list[bytes]:
        """The inclusion proof of a journal's entry against a published size; raises `IndexError` where it is not in it."""
        index = self.index_of(n)
        if index is None:
            raise IndexError(f"entry {n} is not published yet")
        return self._published.path(index, size)

    def consistency(self, old: int, new: int) -> list[bytes]:
        """The proof that one published size grew from another; raises `IndexError` where one was not published."""
        return self._published.growth(old, new)

    def leaves(self, start: int, end: int) -> bytes:
        """Bytes of the published leaves' data, 32 for each leaf."""
        latest = self.latest()
        return self._published.leaves(start, min(end, latest.size * 32 if latest is not None else 0))

    def facts(self, tender: str, types: Sequence[str] = ()) -> list[tuple[int, Told]]:
        """The published facts of a tender with their leaves; those of none where it is empty."""
        return [
            (index, each)
            for each in self._rows.facts(tender, types)
            if (index := self.index_of(each.n)) is not None
        ]

    def cosign(self, given: bytes, witnesses: Sequence[Key]) -> dict[str, int]:
        """Keep what witnesses added to one of our checkpoints; names with times. Raises `BadNote`, or `IndexError`."""
        seen = checkpoint.opened(given, self._key.key, verify, witnesses)
        head = self.at(seen.checkpoint.size)
        if head is None or head.root != seen.checkpoint.root:
            raise IndexError(f"no tree of {seen.checkpoint.size} leaves with this root was published")
        ids = {(key.name, key.id) for key in witnesses}
        for each in note.read(given).signatures:
            if (each.name, each.id) in ids:
                self._rows.cosign(head.size, each)
        return seen.cosigned

    # --- ticking -----------------------------------------------------------------------------------------------------

    def heard(self, stream: str, entries: Sequence[Entry], events: Sequence[Event]) -> None:
        """Take note that the log struck."""
        if stream == STREAM:
            self._owed = True
            self._look_ahead(events[-1].at)
            self._struck.set()

    async def open(self) -> None:
        """Publish what a crash left, take in what is pending, and go on ticking."""
        await self._grow()
        await self._strike(ticks.latest(self._now(), self._pace.short))
        self._before, self._desk.first = self._desk.first, self._first
        self._task = asyncio.create_task(self._work())

    async def close(self) -> None:
        """Stop; what is pending waits for the next start."""
        async with self._turn:
            if self._task is not None:
                self._task.cancel()
            self._rows.close()

    async def tick_now(self, at: datetime) -> Head | None:
        """Let the log grow in any case, dated with a time or just after its last tick; for tests and demonstrations."""
        last = self._last()
        return await self._strike(at if last is None else max(at, last + MILLISECOND))

    async def _strike(self, at: datetime) -> Head | None:
        await self._desk.submit(STREAM, Strike(by=TIME, at=at), self._now())
        await self._grow()
        return self.latest()

    def _last(self) -> datetime | None:
        found: datetime | None = self._desk.state(STREAM).last
        return found

    def _look_ahead(self, now: datetime) -> None:
        """Remember when the next tick is due, so that whatever comes before it need not ask."""
        every = self._pace.every(now)
        self._next = ticks.latest(now, every) + every

    def _due(self, now: datetime) -> datetime | None:
        """The tick that should have been by now; None where it was."""
        at, last = ticks.latest(now, self._pace.every(now)), self._last()
        return at if last is None or at > last else None

    def _first(self, received: datetime) -> Iterator[tuple[str, Command]]:
        """A tick that is due comes before whatever arrived at its time or later."""
        if received >= self._next and (at := self._due(received)) is not None:
            yield STREAM, Strike(by=TIME, at=at)
        yield from self._before(received)

    async def _work(self) -> None:
        while True:
            try:
                await self._wait()
                await self._step()
            except Exception as error:
                log.error("The public log could not grow and tries again: %s", error, exc_info=True)
                await asyncio.sleep(AGAIN_S)

    async def _wait(self) -> None:
        """Wait for the next short tick's time, or until the log struck on its way past the desk."""
        now = self._now()
        left = ticks.latest(now, self._pace.short) + self._pace.short - now
        with suppress(TimeoutError):
            async with asyncio.timeout(left.total_seconds()):
                await self._struck.wait()
        self._struck.clear()

    async def _step(self) -> None:
        now = self._now()
        if (at := self._due(now)) is not None:
            await self._desk.submit(STREAM, Strike(by=TIME, at=at), now)
        self._look_ahead(now)
        await self._grow()

    async def _grow(self) -> None:
        """Publish what has struck; again later where it could not be kept."""
        async with self._turn:
            if self._owed:
                self._owed = False
                try:
                    await asyncio.to_thread(self._published.grow)
                except BaseException:
                    self._owed = True
                    raise
