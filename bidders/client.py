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
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPSConnection
from http.cookies import SimpleCookie
from random import Random
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from bidders import frames
from bidders.frames import Answer, Confirm, Fail, Heard, News, No, Taken, Welcome
from bidders.line import COOKIE, Ended, Line

SLOW_DOWN = "SLOW_DOWN"
WAIT_S = 0.3
TIMEOUT_S = 10


class NotSignedIn(Exception):
    """The server did not open a session."""


class LotSeen(msgspec.Struct):
    """What is known of a lot: how it stands for all, and how the own bid stands."""

    id: str
    status: str = "scheduled"
    opens: datetime | None = None
    closes: datetime | None = None
    own: str | None = None
    own_no: int = 0
    next: str | None = None
    rank: int | None = None
    lead: str | None = None
    mine: bool = False
    """Whether the own side was told: a lot that one is not admitted to has none."""


class Waiting(msgspec.Struct, frozen=True):
    """A bid without an answer yet."""

    bid: frames.Bid
    answer: asyncio.Future[Answer]


class Room:
    """One event's live room, as one vendor follows it."""

    def __init__(self, base: str, event: str, session: str, random: Random) -> None:
        self.lots: dict[str, LotSeen] = {}
        self.rules = ""
        self.last = 0
        self.gaps = 0
        """How often the facts' numbers did not follow on: never, if the server keeps its word."""
        self.ended: Ended | None = None
        self.line = Line(base, event, session, self._hear, lambda: self.last, random)
        self._random = random
        self._waiting: dict[str, Waiting] = {}
        self._changed = asyncio.Event()
        self._time: tuple[datetime, float] | None = None

    async def run(self) -> None:
        """Follow the room until cancelled, or until the server closes the line for good."""
        try:
            await self.line.run()
        except Ended as ended:
            self.ended = ended
            self._changed.set()

    @property
    def waiting(self) -> int:
        """How many bids have no answer yet."""
        return len(self._waiting)

    def now(self) -> datetime | None:
        """The server's time, however wrong this machine's clock is; None before anything was heard."""
        if self._time is None:
            return None
        told, heard = self._time
        return told + timedelta(seconds=asyncio.get_running_loop().time() - heard)

    async def changed(self) -> None:
        """Wait for the next news."""
        self._changed.clear()
        await self._changed.wait()

    # --- bidding -----------------------------------------------------------------------------------------------------

    async def bid(
        self, lot: str, amount: str, confirm: Confirm | None = None, id: str | None = None
    ) -> Answer:
        """Bid, and wait for the answer however often the line breaks meanwhile."""
        name = id or f"{self._random.getrandbits(96):024x}"
        bid = frames.Bid(name, lot, amount, self.rules, confirm)
        while True:
            answer = await self._ask(bid)
            if not isinstance(answer, No) or answer.code != SLOW_DOWN:
                return answer
            await asyncio.sleep(WAIT_S)

    async def _ask(self, bid: frames.Bid) -> Answer:
        waiting = Waiting(bid, asyncio.get_running_loop().create_future())
        self._waiting[bid.id] = waiting
        await self.line.send(bid)
        return await waiting.answer

    def _answered(self, id: str | None, answer: Answer) -> None:
        waiting = self._waiting.pop(id or "", None)
        if waiting is not None and not waiting.answer.done():
            waiting.answer.set_result(answer)

    # --- hearing -----------------------------------------------------------------------------------------------------

    def _hear(self, frame: Heard) -> None:
        self._time = (frame.t, asyncio.get_running_loop().time())
        if isinstance(frame, Welcome):
            self.rules = frame.rules
            for each in list(self._waiting.values()):
                asyncio.get_running_loop().create_task(self.line.send(each.bid))
        elif isinstance(frame, News):
            self._news(frame)
            self._changed.set()
        elif isinstance(frame, Taken | No | Fail):
            self._answered(frame.id, frame)

    def _news(self, news: News) -> None:
        for row in news.board:
            lot = self.lots.setdefault(row["id"], LotSeen(row["id"]))
            lot.status = row["status"]
            lot.opens, lot.closes = _time(row.get("opens")), _time(row.get("closes"))
        for row in news.you:
            lot = self.lots.setdefault(row["id"], LotSeen(row["id"]))
            lot.own, lot.own_no, lot.next, lot.mine = row["own"], row["own_no"], row["next"], True
            lot.rank, lot.lead = row.get("rank"), row.get("lead")
        if news.facts:
            self._facts(news)

    def _facts(self, news: News) -> None:
        self.gaps += news.first != self.last + 1
        self.last = news.first + len(news.facts) - 1
        for fact in news.facts:
            if fact.get("id") in self._waiting:
                self._answered(fact["id"], self._answer_of(fact, news.t))

    def _answer_of(self, fact: frames.Fact, t: datetime) -> Answer:
        """The answer to a bid that was given while the line was broken."""
        if fact["f"] == "refused":
            return No(t, fact["id"], fact["code"], fact["message"], fact["next"])
        lot = self.lots[fact["lot"]]
        return Taken(
            t, fact["id"], self.last, lot.id, fact["amount"], lot.closes or t, lot.next, fact.get("rank")
        )


def _time(text: Any) -> datetime | None:
    return msgspec.convert(text, datetime) if isinstance(text, str) else None


@asynccontextmanager
async def follow(base: str, event: str, session: str, random: Random) -> AsyncIterator[Room]:
    """Follow a room for as long as the context lasts; it is entered with the first news."""
    room = Room(base, event, session, random)
    running = asyncio.create_task(room.run())
    try:
        while not room.lots and room.ended is None:
            await room.changed()
        if room.ended is not None:
            raise room.ended
        yield room
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def sign_in(base: str, email: str, password: str) -> str:
    """Open a session with a password and return its token; raises `NotSignedIn`."""
    return await asyncio.to_thread(_enter, base, "/sign-in", {"email": email, "password": password})


async def enter_demo(base: str, membership: str) -> str:
    """Become somebody (`person@organisation`) in a demonstration and return the session's token; raises `NotSignedIn`."""
    return await asyncio.to_thread(_enter, base, f"/demo/{quote(membership)}", {})


def _enter(base: str, path: str, fields: dict[str, str]) -> str:
    """Send a form as a browser does, and take the session's cookie from the answer."""
    address = urlsplit(base)
    made = HTTPSConnection if address.scheme == "https" else HTTPConnection
    line = made(address.netloc, timeout=TIMEOUT_S)
    headers = {"origin": base, "content-type": "application/x-www-form-urlencoded"}
    try:
        line.request("POST", path, urlencode({"csrf": "", **fields}), headers)
        answer = line.getresponse()
        cookies = SimpleCookie(answer.headers.get("set-cookie", ""))
    finally:
        line.close()
    if COOKIE not in cookies:
        raise NotSignedIn(f"the server answered {answer.status}")
    return cookies[COOKIE].value
