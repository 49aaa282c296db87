"""The line to the server: notices at once when nothing is heard, and comes back by itself, naming the last fact it knows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random
from urllib.parse import quote

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage
from websockets.typing import Origin

from bidders import frames

COOKIE = "tenderbell_session"
DEAD_AFTER_S, PING_EVERY_S, OPEN_WITHIN_S = 5.0, 2.0, 5.0
FIRST_WAIT_S, LONGEST_WAIT_S = 0.2, 5.0
FINAL = frozenset({4400, 4401, 4403, 4404})
"""Close codes after which coming back is of no use."""
TOO_MANY = 4429
LARGEST = 8 * 1024 * 1024


class Ended(Exception):
    """The server closed the line for good; `code` says why."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}".strip())
        self.code = code


class Line:
    """One line into one room. `hear` is called with each frame, `last` gives the number of the last fact known."""

    def __init__(
        self,
        base: str,
        event: str,
        session: str,
        hear: Callable[[frames.Heard], None],
        last: Callable[[], int],
        random: Random,
    ) -> None:
        self.open = False
        self.frames = 0
        self._address = f"ws{base.removeprefix('http')}/events/{quote(event)}/socket?as=vendor"
        self._base, self._session = base, session
        self._hear, self._last, self._random = hear, last, random
        self._socket: ClientConnection | None = None
        self._tries = 0

    async def run(self) -> None:
        """Hold the line until cancelled; raises `Ended` when the server closes it for good."""
        while True:
            code = await self._once()
            self.open = False
            if code in FINAL:
                raise Ended(code, "the server closed the line")
            wait = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2**self._tries) * (0.5 + self._random.random() / 2)
            self._tries += 1
            await asyncio.sleep(LONGEST_WAIT_S if code == TOO_MANY else wait)

    async def _once(self) -> int:
        """One connection, from its opening to its end; the close code, or 0 where there was none."""
        try:
            async with connect(
                self._address,
                origin=Origin(self._base),
                additional_headers={"Cookie": f"{COOKIE}={self._session}"},
                compression=None,
                ping_interval=None,
                open_timeout=OPEN_WITHIN_S,
                close_timeout=1,
                max_size=LARGEST,
            ) as socket:
                self._socket = socket
                return await self._talk(socket)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd is not None else 0
        except (OSError, TimeoutError, InvalidHandshake, InvalidMessage, EOFError):
            return 0
        finally:
            self._socket = None

    async def _talk(self, socket: ClientConnection) -> int:
        await socket.send(b'{"k":"hello","last":%d}' % self._last(), text=True)
        pinging = asyncio.create_task(self._ping(socket))
        try:
            while True:
                text = await asyncio.wait_for(socket.recv(decode=False), DEAD_AFTER_S)
                self.frames += 1
                self._take(text)
        except TimeoutError:
            socket.transport.abort()
            return 0
        finally:
            pinging.cancel()

    def _take(self, text: bytes) -> None:
        try:
            frame = frames.read(text)
        except msgspec.ValidationError:
            return
        if isinstance(frame, frames.Welcome):
            self._tries, self.open = 0, True
        self._hear(frame)

    async def _ping(self, socket: ClientConnection) -> None:
        while True:
            await asyncio.sleep(PING_EVERY_S)
            await socket.send(b'{"k":"ping","c":0}', text=True)

    async def send(self, frame: frames.Bid) -> None:
        """Send a bid where the line is open; where it is not, it will be sent again once it is."""
        if self._socket is not None and self.open:
            try:
                await self._socket.send(frames.encode(frame), text=True)
            except ConnectionClosed:
                return

    def drop(self) -> None:
        """Break the line, as a bad network would."""
        if self._socket is not None:
            self._socket.transport.abort()

    def stall(self) -> None:
        """Stop reading, as a program that hangs would."""
        if self._socket is not None:
            self._socket.transport.pause_reading()
