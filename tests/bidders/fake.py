"""A server of the room's protocol that does only what a test tells it to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.server import ServerConnection, serve

Frame = dict[str, Any]
T = "2026-03-02T15:00:00.000000Z"
RULES = "a" * 64


class Fake:
    """Keeps what it was sent; `on_bid` answers bids."""

    def __init__(self) -> None:
        self.base = ""
        self.hellos: list[Frame] = []
        self.bids: list[Frame] = []
        self.headers: list[dict[str, str]] = []
        self.facts: list[Frame] = []
        self.connections: list[ServerConnection] = []
        self.close_with: int | None = None
        self.on_bid: Callable[[ServerConnection, Frame], Awaitable[None]] = self.take

    async def take(self, connection: ServerConnection, bid: Frame) -> None:
        """Take a bid, once for each id."""
        if not any(fact["id"] == bid["id"] for fact in self.facts):
            self.facts.append(
                {"f": "taken", "at": T, "lot": bid["lot"], "amount": bid["amount"], "id": bid["id"]}
            )
        await say(connection, taken(bid, len(self.facts)))

    async def talk(self, connection: ServerConnection) -> None:
        """One connection."""
        self.connections.append(connection)
        if self.close_with is not None:
            await connection.close(self.close_with)
            return
        request = connection.request
        assert request is not None
        self.headers.append({name.lower(): value for name, value in request.headers.raw_items()})
        async for message in connection:
            frame = json.loads(message)
            if frame["k"] == "hello":
                self.hellos.append(frame)
                await say(connection, {"k": "welcome", "rules": RULES, "event": "1", "last": len(self.facts)})
                await say(connection, self.news(frame["last"]))
            elif frame["k"] == "bid":
                self.bids.append(frame)
                await self.on_bid(connection, frame)

    def news(self, last: int) -> Frame:
        """How the one lot stands, and the facts behind a number."""
        lot = {"id": "L1", "status": "open", "opens": T, "closes": "2026-03-02T16:00:00Z", "extensions": 0}
        you = {"id": "L1", "own": None, "own_no": 0, "next": "100.00"}
        facts = {"first": last + 1, "facts": self.facts[last:]} if self.facts[last:] else {}
        return {"k": "news", "board": [lot], "you": [you], **facts}


def taken(bid: Frame, n: int) -> Frame:
    """The answer to a good bid."""
    return {
        "k": "taken",
        "id": bid["id"],
        "n": n,
        "lot": bid["lot"],
        "amount": bid["amount"],
        "closes": "2026-03-02T16:00:00Z",
        "next": "95.00",
        "rank": 1,
    }


async def say(connection: ServerConnection, frame: Frame) -> None:
    """Send a frame with the server's time in it."""
    await connection.send(json.dumps({"t": T} | frame))


@asynccontextmanager
async def running() -> AsyncIterator[Fake]:
    """Run a fake server on a free port."""
    fake = Fake()
    async with serve(fake.talk, "127.0.0.1", 0, close_timeout=0.1) as server:
        fake.base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield fake


async def until(true: Callable[[], bool]) -> None:
    """Wait until something is true; the test's own time limit ends what never comes."""
    while not true():
        await asyncio.sleep(0.005)
