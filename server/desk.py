"""The desk, the one door: commands are decided in the order they came, written down in one commit, and only then told.

One round takes everything that waits, decides it, writes it down in another thread, and answers. Between deciding and the
end of the commit the desk is `busy`: what the states then say may still fail to be recorded, and nobody is told of it.
A commit that fails is as if it had never been asked: the states are thrown away and read from the journal again.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, Protocol

import msgspec

from auction.journal import Append, Conflict, Entry, Journal
from auction.kernel import Command, Event, handle, replay
from server.deciders import Ruler

log = logging.getLogger("tenderbell")
MOST = 512
"""How many commands one round takes at the most."""
MOST_EMPTY = 1_000
"""Of how many streams it is remembered that nothing is written yet."""
TRIES = 3
"""How often a round is asked again because another node wrote first."""


class NotRecorded(Exception):
    """It could not be written down, so it does not count."""


class Outcome(msgspec.Struct, frozen=True):
    """What a command led to, now durable; `seq` is the stream's last entry just after it."""

    answer: object
    seq: int
    events: tuple[Event, ...] = ()


class Asked(msgspec.Struct, frozen=True):
    """A command that waits; `done` is called with its outcome, or None when it could not be recorded."""

    stream: str
    command: Command
    received: datetime
    done: Callable[[Outcome | None], None]


class Held(msgspec.Struct):
    """A stream's state in memory, at its `seq`."""

    state: Any
    seq: int


class Listener(Protocol):
    """Hears of everything that was written, in order, before anybody is answered."""

    def heard(self, stream: str, entries: Sequence[Entry], events: Sequence[Event]) -> None:
        """Take note; never slow, never failing."""


class Desk:
    """Decides, writes down, tells. `random` gives salts; `first` may put commands before another, given that one's time."""

    def __init__(
        self, journal: Journal, deciders: Mapping[str, Ruler], random: Callable[[int], bytes]
    ) -> None:
        self.busy = False
        self.listeners: list[Listener] = []
        self.first: Callable[[datetime], Iterable[tuple[str, Command]]] = lambda _: ()
        self._journal, self._deciders, self._random = journal, deciders, random
        self._held: dict[str, Held] = {}
        self._empty: dict[str, Held] = {}
        self._waiting: deque[Asked] = deque()
        self._idle: list[Callable[[], None]] = []
        self._some, self._thread = asyncio.Event(), ThreadPoolExecutor(1, "journal")
        self._task: asyncio.Task[None] | None = None

    # --- asking ----------------------------------------------------------------------------------------------------

    def put(
        self, stream: str, command: Command, received: datetime, done: Callable[[Outcome | None], None]
    ) -> None:
        """Let a command wait for its turn."""
        self._waiting.append(Asked(stream, command, received, done))
        self._some.set()

    async def submit(self, stream: str, command: Command, received: datetime) -> Outcome:
        """Ask and wait for the outcome; raises `NotRecorded`."""
        waiting: asyncio.Future[Outcome | None] = asyncio.get_running_loop().create_future()

        def done(outcome: Outcome | None) -> None:
            if not waiting.cancelled():
                waiting.set_result(outcome)

        self.put(stream, command, received, done)
        outcome = await waiting
        if outcome is None:
            raise NotRecorded
        return outcome

    def state(self, stream: str) -> Any:
        """A stream's state, not to be changed; a stream without entries has its decider's first state."""
        held = self._held.get(stream) or self._empty.get(stream)
        if held is None:
            held = self._read(stream)
            if held.seq:
                self._held[stream] = held
            else:
                self._keep_empty(stream, held)
        return held.state

    def _keep_empty(self, stream: str, held: Held) -> None:
        """Remember that nothing is written of a stream; of not too many, because anybody can ask for any name."""
        if len(self._empty) >= MOST_EMPTY:
            self._empty.clear()
        self._empty[stream] = held

    def when_idle(self, look: Callable[[], None]) -> None:
        """Call back as soon as no state is ahead of the journal; at once, where that is so."""
        if self.busy:
            self._idle.append(look)
        else:
            look()

    async def at_rest(self) -> None:
        """Wait until no state is ahead of the journal; it stays so until the caller next waits for something."""
        if self.busy:
            rest: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._idle.append(lambda: None if rest.done() else rest.set_result(None))
            await rest

    def _ruler(self, stream: str) -> Ruler:
        return self._deciders[stream.partition("/")[0]]

    def _read(self, stream: str) -> Held:
        ruler, lines = self._ruler(stream), self._journal.read(stream)
        return Held(replay(ruler.decider, (ruler.read(entry.body) for entry in lines)), len(lines))

    # --- the rounds ------------------------------------------------------------------------------------------------

    async def open(self) -> None:
        """Begin to work."""
        self._task = asyncio.create_task(self._work())

    async def close(self) -> None:
        """Finish what waits, then stop."""
        while self._waiting or self.busy:
            await asyncio.sleep(0.005)
        if self._task is not None:
            self._task.cancel()
        self._thread.shutdown()

    async def beat(self, write: Callable[[datetime], None], at: datetime) -> None:
        """Write a heartbeat, between two commits."""
        await asyncio.get_running_loop().run_in_executor(self._thread, write, at)

    async def _work(self) -> None:
        while True:
            await self._some.wait()
            batch = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
            if not self._waiting:
                self._some.clear()
            if batch:
                await self._round(batch)
                await asyncio.sleep(0)

    async def _round(self, batch: list[Asked]) -> None:
        """Decide and write a batch, and tell; another node's earlier entry means deciding anew."""
        self.busy = True
        written: list[Entry] | None = None
        appends: list[Append] = []
        try:
            for _ in range(TRIES):
                outcomes, appends = self._decide(batch)
                written = await self._write(appends)
                if written is not None:
                    break
        except Exception as error:
            log.error("A commit failed, so nothing of it counts: %s", error, exc_info=not _disk(error))
            self._held.clear()
        if written is None:
            outcomes = [None] * len(batch)
        else:
            self._tell(appends, written)
        for asked, outcome in zip(batch, outcomes, strict=True):
            _safely(asked.done, outcome)
        self._rest()

    def _rest(self) -> None:
        """Between two rounds all states are durable: let those look at them who wait for it."""
        self.busy, idle, self._idle = False, self._idle, []
        for look in idle:
            _safely(look)

    def _decide(self, batch: list[Asked]) -> tuple[list[Outcome | None], list[Append]]:
        appends: list[Append] = []
        outcomes: list[Outcome | None] = []
        for each in batch:
            for stream, command in self.first(each.received):
                self._one(stream, command, each.received, appends)
            outcomes.append(self._one(each.stream, each.command, each.received, appends))
        return outcomes, appends

    def _one(
        self, stream: str, command: Command, received: datetime, appends: list[Append]
    ) -> Outcome | None:
        """Decide one command; a fault of our own leaves the stream as its journal has it."""
        held = self._held.get(stream)
        if held is None:
            self._empty.pop(stream, None)
            held = self._held[stream] = self._read(stream)
        try:
            decision = handle(self._ruler(stream).decider, held.state, command, received)
        except Exception:
            log.exception("%s broke on %s", stream, type(command).__name__)
            self._redo(stream, appends)
            return None
        held.state = decision.state
        if decision.events:
            salts = tuple(self._random(32) for _ in decision.events)
            appends.append(Append(stream, held.seq, decision.events, salts))
            held.seq += len(decision.events)
        return Outcome(decision.answer, held.seq, decision.events)

    def _redo(self, stream: str, appends: Sequence[Append]) -> None:
        """Bring a stream back to what is written of it and what this round has already decided."""
        held, decider = self._read(stream), self._ruler(stream).decider
        for event in (event for part in appends if part.stream == stream for event in part.events):
            held.state = decider.evolve(held.state, event)
            held.seq += 1
        self._held[stream] = held

    async def _write(self, appends: list[Append]) -> list[Entry] | None:
        """Write in the journal's own thread; None when another node came first, with the states read anew."""
        if not appends:
            return []
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, self._journal.append, appends)
        except Conflict:
            self._forget(part.stream for part in appends)
            return None

    def _forget(self, streams: Iterable[str]) -> None:
        """Throw the states away that may be ahead of the journal."""
        for stream in streams:
            self._held.pop(stream, None)

    def _tell(self, appends: Sequence[Append], written: Sequence[Entry]) -> None:
        start = 0
        for part in appends:
            lines = written[start : start + len(part.events)]
            start += len(part.events)
            for listener in self.listeners:
                _safely(listener.heard, part.stream, lines, part.events)


def _disk(error: Exception) -> bool:
    """Tell what the database says from a fault of our own, which is logged whole."""
    return isinstance(error, sqlite3.Error)


def _safely(tell: Callable[..., object], *what: object) -> None:
    """Tell somebody; whoever cannot bear it does not stop the desk."""
    try:
        tell(*what)
    except Exception:
        log.exception("somebody could not be told")
