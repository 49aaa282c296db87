"""A vendor's own program: sign in, follow a room, bid, and come back after a drop without losing or doubling anything.

```
session = await sign_in("https://bids.example", "grace@cedar.example", "…")
async with follow("https://bids.example", "7", session, Random()) as room:
    answer = await room.bid("L1", room.lots["L1"].next)
```

A bid is kept until it is answered and sent again under the same id after a broken line, so that it counts once. What is known of
the lots is what a vendor at a browser is sent, no more.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from random import Random

import msgspec

from bidders import frames
from bidders.clock import ServerClock
from bidders.door import NotSignedIn, enter_demo, sign_in
from bidders.frames import Answer, Confirm, Fail, Heard, News, No, Taken, Welcome
from bidders.line import GOOD, Ended, Line, Manners
from bidders.lots import LotSeen, learn

__all__ = [
    "Answer",
    "Confirm",
    "Ended",
    "Fail",
    "LotSeen",
    "Manners",
    "No",
    "NotSignedIn",
    "Room",
    "Taken",
    "enter_demo",
    "follow",
    "sign_in",
]

SLOW_DOWN, NEEDS_CONFIRM = "SLOW_DOWN", "NEEDS_CONFIRM"
WAIT_S = 0.3
LONGEST_ID = 64


class Waiting(msgspec.Struct, frozen=True):
    """A bid without an answer yet."""

    bid: frames.Bid
    answer: asyncio.Future[Answer]


class Room:
    """One event's live room, as one vendor follows it."""

    def __init__(self, base: str, event: str, session: str, random: Random, manners: Manners = GOOD) -> None:
        self.lots: dict[str, LotSeen] = {}
        self.rules = ""
        self.last = 0
        self.heard = 0
        """How often there was news."""
        self.gaps = 0
        """How often the facts' numbers did not follow on: never, if the server keeps its word."""
        self.ended: Ended | None = None
        self.line = Line(base, event, session, self._hear, self._known, self._unanswered, random, manners)
        self._random = random
        self._waiting: dict[str, Waiting] = {}
        self._bell = asyncio.Event()
        self._clock = ServerClock(lambda: asyncio.get_running_loop().time())

    def _known(self) -> int:
        return self.last

    async def run(self) -> None:
        """Follow the room until cancelled, or until the server closes the line for good."""
        try:
            await self.line.run()
        except Ended as ended:
            self._end(ended)

    def _end(self, ended: Ended) -> None:
        """Tell everybody who waits that nothing more will be heard."""
        self.ended = ended
        for each in self._waiting.values():
            if not each.answer.done():
                each.answer.set_exception(ended)
        self._ring()

    @property
    def waiting(self) -> int:
        """How many bids have no answer yet."""
        return len(self._waiting)

    def now(self) -> datetime | None:
        """The server's time, however wrong this machine's clock is; None before anything was heard."""
        return self._clock.now()

    async def changed(self, since: int | None = None) -> int:
        """Wait for news beyond the first `since`, by default beyond those until now; how many there are, for the next call.

        Raises `Ended` when there will be none.
        """
        seen = self.heard if since is None else since
        while self.heard <= seen:
            if self.ended is not None:
                raise self.ended
            await self._bell.wait()
        return self.heard

    def _ring(self) -> None:
        """Wake everybody who waits just now."""
        self._bell.set()
        self._bell.clear()

    # --- bidding -----------------------------------------------------------------------------------------------------

    async def bid(
        self, lot: str, amount: str, confirm: Confirm | None = None, id: str | None = None
    ) -> Answer:
        """Bid, and wait for the answer however often the line breaks meanwhile.

        Raises `Ended` when the server closes the line for good: whether the bid counts is then not known. Raises `ValueError`
        for an id that is too long, or is waiting already. Whoever stops waiting can ask again under the same id.
        """
        name = f"{self._random.getrandbits(96):024x}" if id is None else id
        if not 0 < len(name) <= LONGEST_ID or name in self._waiting:
            raise ValueError(f"a bid needs an id of its own of 1 to {LONGEST_ID} characters")
        while not self.rules:
            await self.changed()
        bid = frames.Bid(name, lot, amount, self.rules, confirm)
        while True:
            answer = await self._ask(bid)
            if not isinstance(answer, No) or answer.code != SLOW_DOWN:
                return answer
            await asyncio.sleep(WAIT_S * (1 + self._random.random()))

    async def _ask(self, bid: frames.Bid) -> Answer:
        if self.ended is not None:
            raise self.ended
        waiting = Waiting(bid, asyncio.get_running_loop().create_future())
        self._waiting[bid.id] = waiting
        try:
            self.line.send(bid)
            return await waiting.answer
        except asyncio.CancelledError:
            # Nobody waits for it any more, so it must not be sent again behind their back.
            self._waiting.pop(bid.id, None)
            raise

    def _unanswered(self) -> list[frames.Bid]:
        return [each.bid for each in self._waiting.values()]

    def _answered(self, id: str | None, answer: Answer) -> None:
        waiting = self._waiting.pop(id or "", None)
        if waiting is not None and not waiting.answer.done():
            waiting.answer.set_result(answer)

    # --- hearing -----------------------------------------------------------------------------------------------------

    def _hear(self, frame: Heard) -> None:
        self._clock.hear(frame.t, anew=isinstance(frame, Welcome))
        if isinstance(frame, Welcome):
            self.rules = frame.rules
        elif isinstance(frame, News):
            learn(self.lots, frame)
            self._facts(frame)
        elif isinstance(frame, Taken | No | Fail):
            self._answered(frame.id, frame)
        if isinstance(frame, Welcome | News):
            self.heard += 1
            self._ring()

    def _facts(self, news: News) -> None:
        """A fact with a bid's id answers it, where the reply itself was lost with its line, or is still on its way."""
        if not news.facts:
            return
        self.gaps += news.first != self.last + 1
        self.last = news.first + len(news.facts) - 1
        for number, fact in enumerate(news.facts, news.first):
            if fact.id in self._waiting and fact.f in ("taken", "refused"):
                self._answered(fact.id, self._answer_of(fact, number, news.t))

    def _answer_of(self, fact: frames.Fact, number: int, t: datetime) -> Answer:
        lot = self.lots.get(fact.lot or "", LotSeen(fact.lot or ""))
        amount = fact.amount or ""
        if fact.f == "refused":
            confirm = Confirm(amount, lot.own_no) if fact.code == NEEDS_CONFIRM else None
            return No(t, fact.id, fact.code, fact.message, fact.next, confirm)
        return Taken(t, fact.id, number, lot.id, amount, lot.closes or t, lot.next, fact.rank)


@asynccontextmanager
async def follow(
    base: str, event: str, session: str, random: Random, manners: Manners = GOOD
) -> AsyncIterator[Room]:
    """Follow a room for as long as the context lasts; it is entered once the lots are known. Raises `Ended`."""
    room = Room(base, event, session, random, manners)
    running = asyncio.create_task(room.run())
    try:
        while not room.lots:
            await room.changed()
        yield room
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
