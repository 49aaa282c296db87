"""Something that is looked after again and again while the server runs; what a broken database delays, the next look does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from sqlalchemy.exc import SQLAlchemyError

log = logging.getLogger("tenderbell")


class Regularly:
    """Looks every so many seconds, from `open` to `close`; `what` says in the log what could not be looked after."""

    def __init__(self, look: Callable[[], Awaitable[object]], every_s: float, what: str) -> None:
        self._look, self._every_s, self._what = look, every_s, what
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin to look."""
        self._task = asyncio.create_task(self._work())

    async def close(self) -> None:
        """Stop."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _work(self) -> None:
        while True:
            try:
                await self._look()
            except SQLAlchemyError as error:
                log.error("It could not be looked %s: %s", self._what, error)
            await asyncio.sleep(self._every_s)
