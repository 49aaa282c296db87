"""The server's clock, kept by what its frames say: right even where this machine's clock is wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta


class ServerClock:
    """`steady` gives seconds that never jump. When a frame is heard, it is at least as late at the server as the frame says."""

    def __init__(self, steady: Callable[[], float]) -> None:
        self._steady = steady
        self._told: tuple[datetime, float] | None = None

    def now(self) -> datetime | None:
        """The server's time; None before anything was heard."""
        if self._told is None:
            return None
        said, heard = self._told
        return said + timedelta(seconds=self._steady() - heard)

    def hear(self, said: datetime, *, anew: bool = False) -> None:
        """Learn from a frame's time: the frame that came fastest is believed, `anew` forgets what was learnt before."""
        believed = None if anew else self.now()
        if believed is None or said > believed:
            self._told = (said, self._steady())
