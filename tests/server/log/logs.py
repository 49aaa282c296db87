"""A log to test with: a journal, a desk that also writes made-up facts, and a clock that stands where it is put."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import msgspec

from auction.journal import Entry
from auction.kernel import Command, Event
from auction.record.logged import Logged, rounded_up
from server.database import prepare
from server.deciders import DECIDERS, Ruler
from server.desk import Desk
from server.journal_sql import SqlJournal
from server.log.key import verify as verify
from server.log.log import Log
from server.log.opening import opened
from server.log.pace import Pace
from server.settings import Settings

BEGAN = datetime(2026, 12, 1, 15, 0, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Fact(Logged, frozen=True, kw_only=True, tag="bid.received"):
    """A made-up fact of the log."""

    eid: str = "e"
    received_at: datetime | None = None


class State(Command, frozen=True, kw_only=True):
    """State so many facts; fail behind them, where that is wanted."""

    count: int = 1
    fails: bool = False


class _Facts:
    def initial(self) -> int:
        return 0

    def decide(self, state: int, command: State, now: datetime) -> Generator[Event, None, None]:
        for place in range(command.count):
            at = rounded_up(now)
            yield Fact(
                at=at, by=command.by, vis="sealed", tender="T1", eid=f"e{state}-{place}", received_at=at
            )
        if command.fails:
            raise RuntimeError("made to fail")

    def evolve(self, state: int, event: Event) -> int:
        return state + 1

    def refusal(self, *_: object) -> Iterator[Event]:
        return iter(())


RULERS = DECIDERS | {"fact": Ruler(cast("Any", _Facts()), msgspec.json.Decoder(Fact))}


class Clock:
    """A clock that is moved by hand."""

    def __init__(self, at: datetime = BEGAN) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


class Running:
    """A log at work, and the facts that it is given."""

    def __init__(self, log: Log, desk: Desk, journal: SqlJournal, clock: Clock) -> None:
        self.log, self.desk, self.journal, self.clock = log, desk, journal, clock

    async def state(self, count: int = 1, by: str = "v1") -> list[Entry]:
        """Write facts, and return their entries."""
        had = self.journal.length()
        await self.desk.submit("fact/1", State(by=by, count=count), self.clock())
        return [each for each in self.journal.since(had) if each.stream == "fact/1"]

    async def tick(self, minutes: int = 1) -> None:
        """Let so many minutes go by, and the log tick."""
        self.clock.at += minutes * MINUTE
        await self.log._step()


@asynccontextmanager
async def running(
    folder: Path, at: datetime = BEGAN, sealed: bool = True, **choices: Any
) -> AsyncIterator[Running]:
    """A log on a folder's database."""
    settings = Settings(
        **({"database": folder / "house.db", "public_origin": "https://bids.example"} | choices)
    )
    journal = SqlJournal(settings.database)
    prepare(settings.database, secrets.token_bytes)
    found = opened(settings, journal, secrets.token_bytes)
    desk, clock = Desk(journal, RULERS, secrets.token_bytes), Clock(at)
    log = Log(found, Pace(MINUTE, lambda: sealed), desk, journal, clock)
    desk.listeners.append(log)
    await desk.open()
    await log.open()
    try:
        yield Running(log, desk, journal, clock)
    finally:
        await log.close()
        await desk.close()
        journal.close()
