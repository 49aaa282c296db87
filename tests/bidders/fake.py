"""A small server that speaks the room's protocol, keeps what it is told, and misbehaves as it is asked to.

Each vendor has its own facts, numbered on without gaps. An id that was judged is answered as it was the first time.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from http.cookies import SimpleCookie
from typing import Any

from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from auction.money import MICROS, parse_amount, show

Frame = dict[str, Any]
CENT = MICROS // 100
AT = "2031-05-06T07:08:09.101112Z"
CLOSES = "2031-05-06T08:00:00.000000Z"
RULES = "a" * 64


class Vendor:
    """What the server knows of one vendor."""

    def __init__(self) -> None:
        self.facts: list[Frame] = []
        self.outcomes: dict[str, Frame] = {}
        self.own: dict[str, str | None] = {}
        self.lines: dict[ServerConnection, int] = {}
        """Each open line with the number of the last fact that it was told."""


class Fake:
    """The server. `mischief` is done to the next bids, one each; with none left, bids are judged and answered."""

    def __init__(self) -> None:
        self.base = ""
        self.vendors: dict[str, Vendor] = {}
        self.lots = {"L1": "open"}
        self.hellos: list[int] = []
        self.bids: list[Frame] = []
        self.pings = 0
        self.requests: list[Request] = []
        self.turn_away: HTTPStatus | None = None
        self.greet: Callable[[ServerConnection], Any] | None = None
        self.mischief: deque[str] = deque()
        self.ceiling = "100.00"
        self._changed = asyncio.Event()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Fake]:
        """Listen on a port of this machine."""
        async with serve(
            self._talk, "127.0.0.1", 0, process_request=self._look, compression=None, close_timeout=0.1
        ) as server:
            self.base = f"http://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
            yield self

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait until something is true of what was heard here."""
        while not true():
            self._changed.clear()
            await self._changed.wait()

    def taken(self) -> Counter[tuple[str, str]]:
        """How often each bid counts, by session and id."""
        return Counter(
            (session, fact["id"])
            for session, vendor in self.vendors.items()
            for fact in vendor.facts
            if fact["f"] == "taken" and fact.get("id")
        )

    # --- the talk ----------------------------------------------------------------------------------------------------

    def _look(self, _: ServerConnection, request: Request) -> Response | None:
        self.requests.append(request)
        self._changed.set()
        if self.turn_away is None:
            return None
        return Response(
            self.turn_away.value,
            self.turn_away.phrase,
            Headers({"Content-Length": "0", "Connection": "close"}),
        )

    async def _talk(self, line: ServerConnection) -> None:
        assert line.request is not None
        session = SimpleCookie(line.request.headers["Cookie"])["tenderbell_session"].value
        vendor = self.vendors.setdefault(session, Vendor())
        try:
            async for text in line:
                await self._hear(vendor, line, json.loads(text))
                self._changed.set()
        except ConnectionClosed:
            pass
        finally:
            vendor.lines.pop(line, None)

    async def _hear(self, vendor: Vendor, line: ServerConnection, frame: Frame) -> None:
        if frame["k"] == "hello":
            self.hellos.append(frame["last"])
            await self._welcome(vendor, line, frame["last"])
        elif frame["k"] == "ping":
            self.pings += 1
            await say(line, k="pong", c=frame["c"])
        else:
            self.bids.append(frame)
            await self._bid(vendor, line, frame)

    async def _welcome(self, vendor: Vendor, line: ServerConnection, last: int) -> None:
        if self.greet is not None:
            greet, self.greet = self.greet, None
            await greet(line)
            return
        vendor.lines[line] = last
        await say(line, k="welcome", rules=RULES, last=len(vendor.facts), event="7")
        await self.news(vendor)

    async def news(self, vendor: Vendor) -> None:
        """Tell a vendor how all lots stand, and on each of its lines every fact that was not told there yet."""
        board = [{"id": lot, "status": status, "closes": CLOSES} for lot, status in self.lots.items()]
        you = [self._own(vendor, lot) for lot in self.lots]
        for line, told in list(vendor.lines.items()):
            facts = vendor.facts[told:]
            vendor.lines[line] = told + len(facts)
            await say(
                line, k="news", board=board, you=you, **({"first": told + 1, "facts": facts} if facts else {})
            )

    def _own(self, vendor: Vendor, lot: str) -> Frame:
        own = {"own": vendor.own.get(lot), "own_no": before(vendor)}
        return {"id": lot, "next": self.next(vendor, lot)} | own

    async def turn(self, lot: str, status: str) -> None:
        """Open, pause or close a lot, and tell everybody."""
        self.lots[lot] = status
        for vendor in self.vendors.values():
            await self.news(vendor)

    # --- bids --------------------------------------------------------------------------------------------------------

    def next(self, vendor: Vendor, lot: str) -> str:
        """The next good amount: a hundredth below the own bid, or the ceiling."""
        own = parse_amount(vendor.own.get(lot))
        return self.ceiling if own is None else show(own - own // 100 // CENT * CENT - CENT, CENT)

    async def _bid(self, vendor: Vendor, line: ServerConnection, bid: Frame) -> None:
        how = self.mischief.popleft() if self.mischief else ""
        match how:
            case "lose":
                line.transport.abort()
            case "ignore":
                pass
            case "slow down":
                await say(line, k="no", id=bid["id"], code="SLOW_DOWN", message="Wait.", next=None)
            case "fail":
                await say(line, k="fail", id=bid["id"], message="It could not be recorded.")
            case _ if how.isdecimal():
                await line.close(int(how))
            case _:
                await self._judge(vendor, line, bid, how)

    async def _judge(self, vendor: Vendor, line: ServerConnection, bid: Frame, how: str) -> None:
        if bid["id"] not in vendor.outcomes:
            vendor.outcomes[bid["id"]] = self._outcome(vendor, bid)
            self._write(vendor, bid, vendor.outcomes[bid["id"]])
        outcome = vendor.outcomes[bid["id"]]
        if how == "pause":
            await self.turn(bid["lot"], "paused")
        if how == "take and lose":
            line.transport.abort()
            return
        if how not in ("reply only", "reply first"):
            await self.news(vendor)
        if how != "fact only":
            await say(line, **outcome)
        if how == "reply first":
            await self.news(vendor)

    def _outcome(self, vendor: Vendor, bid: Frame) -> Frame:
        value, good = parse_amount(bid["amount"]), self.next(vendor, bid["lot"])
        no = {"k": "no", "id": bid["id"], "message": "No.", "next": None}
        if self.lots[bid["lot"]] != "open":
            return no | {"code": "PAUSED"}
        if value is None:
            return no | {"code": "BAD_AMOUNT"}
        if value % CENT or value > (parse_amount(good) or 0):
            return no | {"code": "OFF_TICK" if value % CENT else "DECREMENT", "next": good}
        own = parse_amount(vendor.own.get(bid["lot"]))
        if own is not None and value * 10 <= own * 7 and "confirm" not in bid:
            confirm = {"amount": show(value, CENT), "own": before(vendor)}
            return no | {"code": "NEEDS_CONFIRM", "next": bid["amount"], "confirm": confirm}
        return self._take(vendor, bid, show(value, CENT))

    def _take(self, vendor: Vendor, bid: Frame, amount: str) -> Frame:
        vendor.own[bid["lot"]] = amount
        return {
            "k": "taken",
            "id": bid["id"],
            "n": before(vendor) + 1,
            "lot": bid["lot"],
            "amount": amount,
            "rank": 2,
            "closes": CLOSES,
            "next": self.next(vendor, bid["lot"]),
        }

    def _write(self, vendor: Vendor, bid: Frame, outcome: Frame) -> None:
        fact = {"at": AT, "f": outcome["k"], "lot": bid["lot"], "amount": bid["amount"], "id": bid["id"]}
        if outcome["k"] == "no":
            more = {name: outcome[name] for name in ("code", "message", "next")}
            fact |= {"f": "refused", "what": "bid", **more}
        else:
            fact["rank"] = outcome["rank"]
        vendor.facts.append(fact)
        vendor.facts.append({"at": AT, "f": "price", "lot": bid["lot"], "label": "B", "amount": "99.00"})


def before(vendor: Vendor) -> int:
    """How many facts a vendor has until now."""
    return len(vendor.facts)


async def say(line: ServerConnection, **frame: Any) -> None:
    """Say one thing on a line that may be gone."""
    try:
        await line.send(json.dumps({"t": AT} | frame))
    except ConnectionClosed:
        return
