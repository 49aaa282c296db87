"""What was read of the database, held for a second at the most and only until anything at all is committed: never the truth.

Whoever changes something need not say so here: the database itself tells that it was changed, also by another process.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from datetime import datetime
from functools import partial
from typing import TypeVar, cast

T = TypeVar("T")
Held = dict[Hashable, "asyncio.Future[object]"]
MOST = 10_000
"""How many things are held at once; one more, and it begins anew."""


class Fresh:
    """Holds what was read, each under a key that says everything it was asked with; asked on the loop alone."""

    def __init__(self, version: Callable[[], int], now: Callable[[], datetime], most: int = MOST) -> None:
        self._version, self._now, self._most = version, now, most
        self._mark: tuple[int, datetime] | None = None
        self._held: Held = {}

    async def take(self, key: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        """Take what is held under the key, or read it; whoever asks meanwhile waits for the same reading.

        The version is looked at before the reading: what is committed meanwhile may be in it or not, and is not held on.
        A reading that fails is not held, and goes on when the one who began it goes away.
        """
        mark = (self._version(), self._now().replace(microsecond=0))
        if mark != self._mark or len(self._held) >= self._most:
            self._mark, self._held = mark, {}
        held = self._held
        if key not in held:
            held[key] = asyncio.ensure_future(read())
            held[key].add_done_callback(partial(_unless_failed, held, key))
        found = held[key]
        return cast("T", found.result() if found.done() else await asyncio.shield(found))


def _unless_failed(held: Held, key: Hashable, found: asyncio.Future[object]) -> None:
    """Let go of a reading that failed, so that the next one reads again."""
    if found.cancelled() or found.exception() is not None:
        held.pop(key, None)
