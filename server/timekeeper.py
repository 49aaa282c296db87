"""The timekeeper: wakes each room when it asked to be woken, and writes down that the server is alive.

A close is decided by the bids' own times, so a late wake never changes a result. When the server was away, because it was
restarted or its machine slept, the rooms are told before anything else is decided (the fault rule).
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from auction.journal import Entry
from auction.kernel import Command, Event
from auction.live.event import wakes_at
from auction.live.room import TIME, BidPlaced, CommandRefused, Fault, Room, Tick
from server.desk import Desk, NotRecorded, Outcome
from server.journal_sql import SqlJournal

log = logging.getLogger("tenderbell")
TIMELESS = (BidPlaced, CommandRefused)
"""What by itself leaves every opening and close where it was."""
BEAT_EVERY_S = 0.5
AGAIN_S = 1.0
LEAST_GAP = timedelta(seconds=1)
"""Shorter gaps between two heartbeats are not looked at."""


class Timekeeper:
    """Keeps the rooms' time. It hears of every entry after it is durable."""

    def __init__(self, desk: Desk, journal: SqlJournal, now: Callable[[], datetime]) -> None:
        self._desk, self._journal, self._now = desk, journal, now
        self._alarms: dict[str, asyncio.TimerHandle] = {}
        self._running: dict[str, None] = {}
        self._beat_at: datetime | None = None
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Tell every room how long the server was away, then wake and beat."""
        last, streams = self._journal.last_beat(), self._journal.streams("room/")
        for stream in streams:
            if last is not None and not _over(self._desk.state(stream)):
                await self._desk.submit(stream, Fault(by=TIME, last_heartbeat=last), self._now())
        for stream in streams:
            self._arm(stream)
        await self._beat()
        self._desk.first = self._after_a_gap
        self._task = asyncio.create_task(self._beating())

    async def close(self) -> None:
        """Stop."""
        if self._task is not None:
            self._task.cancel()
        for alarm in self._alarms.values():
            alarm.cancel()

    def heard(self, stream: str, entries: Sequence[Entry], events: Sequence[Event]) -> None:
        """Set a room's alarm anew after something happened in it that may move its time."""
        if stream.startswith("room/") and not all(isinstance(event, TIMELESS) for event in events):
            self._arm(stream)

    # --- waking ------------------------------------------------------------------------------------------------------

    def _arm(self, stream: str) -> None:
        room: Room = self._desk.state(stream)
        wake = wakes_at(room) if room.rules is not None else None
        if _over(room):
            self._running.pop(stream, None)
        else:
            self._running[stream] = None
        if stream in self._alarms:
            self._alarms.pop(stream).cancel()
        if wake is not None:
            self._set(stream, max(0, (wake - self._now()) // timedelta(microseconds=1)) / 1_000_000)

    def _set(self, stream: str, wait: float) -> None:
        if stream in self._alarms:
            self._alarms.pop(stream).cancel()
        self._alarms[stream] = asyncio.get_running_loop().call_later(wait, self._wake, stream)

    def _wake(self, stream: str) -> None:
        del self._alarms[stream]

        def done(outcome: Outcome | None) -> None:
            if outcome is None:
                self._set(stream, AGAIN_S)
            elif not outcome.events:
                self._arm(stream)

        self._desk.put(stream, Tick(by=TIME), self._now(), done)

    # --- being alive -------------------------------------------------------------------------------------------------

    async def _beating(self) -> None:
        while True:
            await asyncio.sleep(BEAT_EVERY_S)
            if self._running:
                await self._beat()

    async def _beat(self) -> None:
        """Write a heartbeat; before it, rooms hear of a gap since the last one, in their turn at the desk."""
        now = self._now()
        try:
            if self._missed(now):
                await self._desk.submit(next(iter(self._running)), Tick(by=TIME), now)
            self._beat_at = now
            await self._desk.beat(self._journal.beat, now)
        except (sqlite3.Error, NotRecorded) as error:
            log.error("A heartbeat could not be written: %s", error)

    def _missed(self, now: datetime) -> bool:
        return self._beat_at is not None and now - self._beat_at >= LEAST_GAP and bool(self._running)

    def _after_a_gap(self, now: datetime) -> Iterator[tuple[str, Command]]:
        """What running rooms must hear before anything else, when a heartbeat was missed."""
        last = self._beat_at
        if last is None or not self._missed(now):
            return
        self._beat_at = now
        for stream in list(self._running):
            yield stream, Fault(by=TIME, last_heartbeat=last)


def _over(room: Room) -> bool:
    return all(lot.over for lot in room.lots.values())
