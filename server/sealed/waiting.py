"""Waiting: requests about sealed bids stand here from their last byte until they are answered, so that none is closed upon.

The time of a request is the clock's when its last byte was read, before anything of it was looked at.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime


class Waiting:
    """The requests of every bid box that are not answered yet, by the box's stream."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._open: defaultdict[str, list[datetime]] = defaultdict(list)
        self._answered = asyncio.Condition()
        self._turns: dict[tuple[str, str], asyncio.Lock] = {}

    def begin(self, stream: str) -> datetime:
        """Register a request whose last byte was just read; the time is when that was. Whoever begins it ends it."""
        received = self._now()
        self._open[stream].append(received)
        return received

    async def end(self, stream: str, received: datetime) -> None:
        """Say that a registered request is answered."""
        self._open[stream].remove(received)
        if not self._open[stream]:
            del self._open[stream]
        async with self._answered:
            self._answered.notify_all()

    @asynccontextmanager
    async def registered(self, stream: str) -> AsyncIterator[datetime]:
        """Register a request whose last byte was just read, until it is answered; the time is when that was."""
        received = self.begin(stream)
        try:
            yield received
        finally:
            await self.end(stream, received)

    async def answered(self, stream: str, until: datetime) -> None:
        """Wait until every request that came up to a time is answered."""
        async with self._answered:
            await self._answered.wait_for(lambda: not self._due(stream, until))

    def _due(self, stream: str, until: datetime) -> bool:
        return any(received <= until for received in self._open.get(stream, ()))

    @asynccontextmanager
    async def turn(self, stream: str, vendor: str) -> AsyncIterator[None]:
        """Let one vendor's requests at a box be stored and decided one after another."""
        lock = self._turns.setdefault((stream, vendor), asyncio.Lock())
        async with lock:
            yield
