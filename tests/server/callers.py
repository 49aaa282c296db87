"""Guests of a house: pages and forms with a session's cookie, and sockets that keep what was heard on them, in order."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from typing import Any

import httpx
import websockets

from server import csrf
from server.login import COOKIE, token_hash

PATIENCE_S = 20
"""After so long a wait has failed; no wait that succeeds depends on it."""
Frame = dict[str, Any]


class Guest:
    """A browser of somebody's: pages, forms and sockets with its session's cookie."""

    def __init__(self, origin: str, token: str | None, secret: bytes) -> None:
        self.origin, self.token = origin, token
        self.csrf = csrf.token(secret, token_hash(token) if token is not None else None)
        cookies = {COOKIE: token} if token is not None else {}
        transport = httpx.AsyncHTTPTransport(verify=False)
        self.http = httpx.AsyncClient(
            base_url=origin,
            headers={"origin": origin},
            cookies=cookies,
            transport=transport,
            timeout=PATIENCE_S,
        )
        self.callers: list[Caller] = []

    async def get(self, path: str) -> httpx.Response:
        """Ask for a page."""
        return await self.http.get(path)

    async def post(self, path: str, **form: str | list[str]) -> httpx.Response:
        """Send a form of one of our own pages."""
        return await self.http.post(path, data={"csrf": self.csrf} | form)

    async def watch(
        self,
        event_id: str = "1",
        *,
        last: int | None = 0,
        view: str | None = None,
        origin: str | None = None,
        **more: Any,
    ) -> Caller:
        """Open a socket and say hello, unless `last` is None; `view` is what the page was made for."""
        address = self.origin.replace("http", "ws", 1) + f"/events/{event_id}/socket"
        headers = {"Cookie": f"{COOKIE}={self.token}"} if self.token is not None else {}
        line = await websockets.connect(
            address + (f"?as={view}" if view is not None else ""),
            additional_headers=headers,
            origin=websockets.Origin(origin or self.origin),
            compression=None,
            proxy=None,
            **more,
        )
        caller = Caller(line)
        self.callers.append(caller)
        if last is not None:
            await caller.say({"k": "hello", "last": last})
        return caller

    async def leave(self) -> None:
        """Hang up."""
        for caller in self.callers:
            await caller.hang_up()
        await self.http.aclose()


class Caller:
    """One socket: what was heard on it, in order, and what was asked."""

    def __init__(self, line: Any) -> None:
        self.line, self.frames, self.code = line, list[Frame](), None
        self._news = asyncio.Condition()
        self._bids = 0
        self._task = asyncio.create_task(self._read())

    async def _read(self) -> None:
        try:
            async for text in self.line:
                async with self._news:
                    self.frames.append(json.loads(text))
                    self._news.notify_all()
        except websockets.ConnectionClosedError:
            pass
        async with self._news:
            self.code = self.line.close_code
            self._news.notify_all()

    async def say(self, frame: object) -> None:
        """Send a frame; text and bytes go as they are."""
        await self.line.send(frame if isinstance(frame, str | bytes) else json.dumps(frame))

    async def wait(self, fits: Callable[[Frame], object], since: int = 0) -> Frame:
        """The first frame that fits, heard already or still to come; fails when the line ends before."""
        seen = since

        def look() -> bool:
            nonlocal seen
            while seen < len(self.frames) and not fits(self.frames[seen]):
                seen += 1
            return seen < len(self.frames) or self.code is not None

        async with asyncio.timeout(PATIENCE_S), self._news:
            await self._news.wait_for(look)
        assert seen < len(self.frames), f"the line ended with {self.code} after {str(self.frames)[-300:]}"
        return self.frames[seen]

    async def hear(self, kind: str, **members: Any) -> Frame:
        """The first frame of a kind with these members."""
        return await self.wait(lambda f: f["k"] == kind and members.items() <= f.items())

    async def closed(self) -> int:
        """Wait for the end, and say with which code."""
        async with asyncio.timeout(PATIENCE_S), self._news:
            await self._news.wait_for(lambda: self.code is not None)
        return int(self.code or 0)

    async def ask(self, frame: object) -> Frame:
        """Send a frame and return the next reply to it: no, taken, fail or pong."""
        since = len(self.frames)
        await self.say(frame)
        return await self.wait(lambda f: f["k"] in ("no", "taken", "fail", "pong"), since)

    async def bid(self, lot: str, amount: object, id: str | None = None, **more: Any) -> Frame:
        """Bid and return the reply."""
        self._bids += 1
        name = id or f"b-{id_of(self)}-{self._bids}"
        since = len(self.frames)
        await self.say({"k": "bid", "id": name, "lot": lot, "amount": amount} | more)
        return await self.wait(lambda f: f.get("id") == name and f["k"] in ("no", "taken", "fail"), since)

    async def caught_up(self) -> None:
        """Wait until everything that was written to the line before is heard."""
        self._bids += 1
        await self.say({"k": "ping", "c": self._bids})
        await self.hear("pong", c=self._bids)

    async def facts(self, most: int) -> list[Frame]:
        """Wait for the fact of this number, and return all that were told up to now."""
        await self.wait(lambda f: "facts" in f and f["first"] + len(f["facts"]) > most)
        return self.told()

    def told(self) -> list[Frame]:
        """All facts told so far; fails where a number is left out or comes twice."""
        told: list[Frame] = []
        first: int | None = None
        for frame in [frame for frame in self.frames if "facts" in frame]:
            first = frame["first"] if first is None else first
            assert frame["first"] == first + len(told), "a number was left out or came twice"
            told += frame["facts"]
        return told

    def board(self, part: str = "board") -> dict[str, Frame]:
        """The lots as the frames so far say that they stand."""
        rows: dict[str, Frame] = {}
        for frame in self.frames:
            for row in frame.get(part, ()):
                rows[row["id"]] = rows.get(row["id"], {}) | row
        return rows

    async def hang_up(self) -> None:
        """Close the line."""
        await self.line.close()
        await self._task


def id_of(caller: Caller) -> str:
    """A name for a caller's bids that no other line uses."""
    return f"{id(caller):x}-{os.getpid()}"
