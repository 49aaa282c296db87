"""The hub: every hall with its seats, kept alive, and emptied of those whose session is over or whose line is stuck."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from auction.journal import Entry
from auction.kernel import Event
from auction.live.room import Room
from server import frames
from server.deciders import ruler_of
from server.desk import Desk
from server.hall import Hall
from server.journal_sql import SqlJournal
from server.login import Login

log = logging.getLogger("tenderbell")
SWEEP_S = 0.5
BEAT_EVERY_S = 2.0
STUCK_AFTER_S = 10.0
LOOK_EVERY_S = 5.0
"""How often open sessions are asked for again, and the leads' bids a minute are told."""


class Code(msgspec.Struct, frozen=True):
    """A close code of ours, with its words."""

    number: int
    words: str


NOT_UNDERSTOOD = Code(4400, "not understood")
"""No hello came within five seconds, or something else came first; do not come back."""
SESSION_OVER = Code(4401, "the session is over")
"""The session was ended or has run out, or nobody is signed in where a vendor or a lead was expected; sign in again."""
NOT_ADMITTED = Code(4403, "not admitted")
"""Whoever is signed in is neither an admitted vendor nor a lead, as the address expected; do not come back."""
NO_ROOM = Code(4404, "there is no such room")
"""The event does not exist or was never published; do not come back."""
TOO_SLOW = Code(4413, "too slow to keep up")
"""More than 256 KiB waited unsent for ten seconds; come back and name the last fact."""
TOO_MANY = Code(4429, "too many messages")
"""More than 50 messages a second came after a burst of 200; wait some seconds, then come back."""
RESTARTING = Code(4503, "the server is restarting")
"""The server stops; come back until it is there again."""


class Hub:
    """All halls. It hears of every entry after it is durable."""

    def __init__(self, desk: Desk, journal: SqlJournal, login: Login, now: Callable[[], datetime]) -> None:
        self.now = now
        self._desk, self._journal, self._login = desk, journal, login
        self._halls: dict[str, Hall] = {}
        self._task: asyncio.Task[None] | None = None

    # --- what halls are given ----------------------------------------------------------------------------------------

    def room(self, stream: str) -> Room:
        """A room's state."""
        found: Room = self._desk.state(stream)
        return found

    def events(self, stream: str, seqs: Sequence[int]) -> list[Event]:
        """Chosen events of a room, from the journal."""
        ruler = ruler_of(stream)
        return [ruler.read(entry.body) for entry in self._journal.pick(stream, seqs)]

    def when_idle(self, look: Callable[[], None]) -> None:
        """Call back when no state is ahead of the journal."""
        self._desk.when_idle(look)

    def later(self, at: float, call: Callable[[], None]) -> object:
        """Call at a time of the loop's clock."""
        return asyncio.get_running_loop().call_at(at, call)

    def tick(self) -> float:
        """The loop's clock."""
        return asyncio.get_running_loop().time()

    # --- halls -------------------------------------------------------------------------------------------------------

    def hall(self, stream: str) -> Hall:
        """A room's hall; the first time, its whole story is read."""
        found = self._halls.get(stream)
        if found is None:
            found, ruler = Hall(stream, self), ruler_of(stream)
            for entry in self._journal.read(stream):
                found.learn(entry.seq, ruler.read(entry.body))
            self._halls[stream] = found
        return found

    def heard(self, stream: str, entries: Sequence[Entry], events: Sequence[Event]) -> None:
        """Hear what was written, and tell those who watch."""
        hall = self._halls.get(stream)
        if hall is None:
            return
        for entry, event in zip(entries, events, strict=True):
            if entry.seq > hall.numbering.seq:
                hall.learn(entry.seq, event)
        hall.ring()

    def connected(self, stream: str) -> dict[str, int]:
        """How many windows each vendor has open in a room."""
        hall = self._halls.get(stream)
        return hall.connected() if hall is not None else {}

    def end(self, session: bytes) -> None:
        """Close the windows of a session that was ended."""
        for seat in [seat for hall in self._halls.values() for seat in hall.seats if seat.session == session]:
            shut(seat, SESSION_OVER)

    # --- keeping it alive --------------------------------------------------------------------------------------------

    async def open(self) -> None:
        """Begin to sweep."""
        self._task = asyncio.create_task(self._sweeping())

    async def close(self) -> None:
        """Send everybody away; they come back by themselves."""
        if self._task is not None:
            self._task.cancel()
        for hall in self._halls.values():
            for seat in list(hall.seats):
                shut(seat, RESTARTING)

    async def _sweeping(self) -> None:
        looked = self.tick()
        while True:
            await asyncio.sleep(SWEEP_S)
            self._sweep()
            if self.tick() - looked >= LOOK_EVERY_S:
                looked = self.tick()
                try:
                    await self._look()
                except SQLAlchemyError as error:
                    log.error("Open sessions could not be looked up: %s", error)

    def _sweep(self) -> None:
        """Send a heartbeat where nothing was said, and close what is stuck."""
        beat, now = frames.framed(frames.encode(frames.Beat(self.now()))), self.tick()
        for hall in self._halls.values():
            stuck = False
            for seat in list(hall.seats):
                if seat.full_since is not None:
                    stuck = True
                    if now - seat.full_since >= STUCK_AFTER_S:
                        shut(seat, TOO_SLOW)
                elif now - seat.wrote_at >= BEAT_EVERY_S - SWEEP_S:
                    seat.write(beat, now)
            if stuck:
                hall.ring()

    async def _look(self) -> None:
        """Ask for every open session again, and tell the leads the tempo."""
        seats = [seat for hall in self._halls.values() for seat in hall.seats]
        for session in await self._login.over({seat.session for seat in seats if seat.session is not None}):
            self.end(session)
        for hall in self._halls.values():
            hall.tempo()


def shut(seat: Any, code: Code) -> None:
    """Close a seat's line with a code of ours."""
    seat.line.shut(code.number, code.words)
