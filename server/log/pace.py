"""The log's pace: a short tick while sealed bids are out, an hour otherwise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from auction.record.ticks import AHEAD, EPOCH

HOUR = timedelta(hours=1)


class Pace:
    """How often the log ticks. `sealed` tells whether a sealed solicitation is between its publication and its opening."""

    def __init__(self, short: timedelta, sealed: Callable[[], bool]) -> None:
        self.short, self._sealed = short, sealed
        self._short_until = EPOCH

    def every(self, at: datetime) -> timedelta:
        """The tick in force; it stays short until every promise that was given under it has been kept."""
        if self._sealed():
            self._short_until = at + AHEAD * self.short
            return self.short
        return self.short if at < self._short_until else HOUR
