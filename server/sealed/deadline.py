"""The deadline: a bid box is closed once bids are due and every request that came in time is answered, never before.

It is armed by publication, by every addendum, and at each start. What could not be recorded is tried again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from auction.journal import Entry
from auction.kernel import Command, Event
from auction.refusals import Refusal
from bidders.box.closing import stale
from bidders.box.facts import SERVER, AddendumLogged, Cancelled, Published
from bidders.box.state import Box
from bidders.box.submitting import due_at
from bidders.box.words import CloseBox, RefuseStale
from bidders.sealing.encoding import b64u, sha256
from server.desk import Desk, NotRecorded
from server.journal_sql import SqlJournal
from server.sealed.blobs import Blobs
from server.sealed.store import Store
from server.sealed.waiting import Waiting

log = logging.getLogger("tenderbell")
ARMING = (Published, AddendumLogged, Cancelled)
AGAIN_S, SOON_S = 1.0, 0.02
TICK = timedelta(microseconds=1)
LOST = b64u(sha256(b""))
"""What stands for a request's hash where our copy of the envelope is lost; the loss is in the log."""


class Deadline:
    """Closes every bid box at its time. It hears of every entry after it is durable."""

    def __init__(
        self,
        desk: Desk,
        journal: SqlJournal,
        waiting: Waiting,
        store: Store,
        blobs: Blobs,
        now: Callable[[], datetime],
    ) -> None:
        self._desk, self._journal, self._waiting = desk, journal, waiting
        self._store, self._blobs, self._now = store, blobs, now
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def open(self) -> None:
        """Arm every box that is still open."""
        for stream in self._journal.streams("box/"):
            self._arm(stream)

    async def close(self) -> None:
        """Stop."""
        for task in self._tasks.values():
            task.cancel()

    def heard(self, stream: str, entries: Sequence[Entry], events: Sequence[Event]) -> None:
        """Set a box's time anew after it was published, postponed or cancelled."""
        if stream.startswith("box/") and any(isinstance(event, ARMING) for event in events):
            self._arm(stream)

    def _arm(self, stream: str) -> None:
        running = self._tasks.pop(stream, None)
        if running is not None:
            running.cancel()
        if takes_bids(self._desk.state(stream)):
            self._tasks[stream] = asyncio.create_task(self._keep(stream))

    async def _keep(self, stream: str) -> None:
        """Wait for a box's deadline, and close it; whatever breaks is tried again."""
        while takes_bids(self._desk.state(stream)):
            try:
                await self._wait(stream)
                await self._end(stream)
            except Exception:
                log.exception("a bid box could not be closed; it is tried again")
                await asyncio.sleep(AGAIN_S)

    async def _wait(self, stream: str) -> None:
        """Sleep until just after bids are due; the clock is asked again, because it may be another than the loop's."""
        while (left := due_at(self._desk.state(stream)) - self._now()) >= timedelta(0):
            await asyncio.sleep(min(max((left + TICK).total_seconds(), 0.001), AGAIN_S))

    async def _end(self, stream: str) -> None:
        """Close a box whose deadline passed, once all that came in time is answered."""
        due = due_at(self._desk.state(stream))
        await self._waiting.answered(stream, due)
        await self._desk.at_rest()
        box: Box = self._desk.state(stream)
        if due_at(box) > due:
            return
        requests = {each.eid: self._request(each.eid) for each in stale(box)}
        await self._ask(stream, RefuseStale(by=SERVER, requests=requests))
        await self._ask(stream, CloseBox(by=SERVER, leaves=self._leaves(stream)))
        await self._sweep(stream)

    def _request(self, eid: str) -> str:
        try:
            return self._store.request(eid)
        except FileNotFoundError:
            log.error(
                "our copy of a sealed envelope is lost; its refusal cannot name the request that brought it"
            )
            return LOST

    def _leaves(self, stream: str) -> dict[int, str]:
        return {entry.seq: b64u(entry.commitment) for entry in self._journal.read(stream)}

    async def _ask(self, stream: str, command: Command) -> None:
        """Put a command to the desk; a refusal means that something came between, and all is tried again."""
        try:
            outcome = await self._desk.submit(stream, command, self._now())
        except NotRecorded:
            await asyncio.sleep(AGAIN_S)
            return
        if isinstance(outcome.answer, Refusal):
            await asyncio.sleep(SOON_S)

    async def _sweep(self, stream: str) -> None:
        """Throw uploads away that no envelope names, once a box is closed."""
        box: Box = self._desk.state(stream)
        if box.closed is not None:
            kept = {*box.envelopes, *(each.eid for each in box.refused if each.eid is not None)}
            named = await asyncio.to_thread(self._named, kept)
            await self._blobs.sweep(stream.partition("/")[2], named)

    def _named(self, eids: set[str]) -> set[str]:
        held = [self._store.envelope(eid) for eid in eids if self._store.has(eid)]
        return {blob["root"] for envelope in held for blob in envelope["blobs"]}


def takes_bids(box: Box) -> bool:
    """Tell whether a box is published and neither closed nor cancelled."""
    return box.published_at is not None and box.closed is None and box.cancelled is None
