"""The line to the server: notices at once when nothing is heard, and comes back by itself, naming the last fact it knows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from random import Random
from urllib.parse import quote

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.typing import Origin
from websockets.uri import parse_uri

from bidders import frames
from bidders.door import COOKIE, origin

MOST_DOUBLINGS = 10
NOT_ADMITTED, TOO_MANY = 4403, 4429
FINAL = frozenset({4400, 4401, NOT_ADMITTED, 4404})
"""Close codes after which coming back is of no use."""
FORBIDDEN = 403
"""How the handshake is answered where `Origin` is not the server's own: a wrong base address, which stays wrong."""
PING = b'{"k":"ping","c":0}'
LARGEST = 8 * 1024 * 1024


class Manners(msgspec.Struct, frozen=True):
    """How patient a line is, in seconds."""

    open_within: float = 5.0
    dead_after: float = 5.0
    ping_every: float = 2.0
    first_wait: float = 0.2
    longest_wait: float = 5.0

    def wait(self, code: int, tries: int, random: Random) -> float:
        """How long to wait before coming back: longer each time, and never at one time with all others."""
        if code == TOO_MANY:
            return self.longest_wait * (1 + random.random())
        longest = min(self.longest_wait, self.first_wait * (1 << min(tries, MOST_DOUBLINGS)))
        return longest * (0.5 + random.random() / 2)


GOOD = Manners()


class Ended(Exception):
    """The server closed the line for good; `code` says why."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}".strip())
        self.code = code


class Line:
    """One line into one room, as its listener is told of it.

    `hear` is called with each frame, `last` gives the number of the last fact known, and `unanswered` the bids to be sent
    again on a new line. Raises `InvalidURI` for a base that is no http(s) address.
    """

    def __init__(
        self,
        base: str,
        event: str,
        session: str,
        hear: Callable[[frames.Heard], None],
        last: Callable[[], int],
        unanswered: Callable[[], Iterable[frames.Bid]],
        random: Random,
        manners: Manners,
    ) -> None:
        self.open = False
        self.frames = 0
        self._base, self._session = origin(base), session
        self._address = f"ws{self._base.removeprefix('http')}/events/{quote(event)}/socket?as=vendor"
        parse_uri(self._address)
        self._hear, self._last, self._unanswered = hear, last, unanswered
        self._random, self._manners = random, manners
        self._socket: ClientConnection | None = None
        self._outbox: asyncio.Queue[bytes] = asyncio.Queue()
        self._tries = 0

    async def run(self) -> None:
        """Hold the line until cancelled; raises `Ended` when the server closes it for good."""
        while True:
            ended = await self._once()
            if ended.code in FINAL:
                raise ended
            await asyncio.sleep(self._manners.wait(ended.code, self._tries, self._random))
            self._tries += 1

    async def _once(self) -> Ended:
        """One connection, from its opening to its end; why it ended, with code 0 where the server said nothing."""
        try:
            async with self._connect() as socket:
                self._socket = socket
                return await self._talk(socket)
        except ConnectionClosed as closed:
            return Ended(closed.rcvd.code, closed.rcvd.reason) if closed.rcvd is not None else Ended(0, "")
        except InvalidStatus as refused:
            status = refused.response.status_code
            return Ended(NOT_ADMITTED if status == FORBIDDEN else 0, f"the server answered {status}")
        except (OSError, TimeoutError, InvalidHandshake, EOFError):
            return Ended(0, "")
        finally:
            self._socket, self.open = None, False

    def _connect(self) -> connect:
        return connect(
            self._address,
            origin=Origin(self._base),
            additional_headers={"Cookie": f"{COOKIE}={self._session}"},
            compression=None,
            ping_interval=None,
            open_timeout=self._manners.open_within,
            close_timeout=1,
            max_size=LARGEST,
        )

    async def _talk(self, socket: ClientConnection) -> Ended:
        """Listen until nothing is heard any more; whatever is said meanwhile is said by another task, in order."""
        self._outbox = asyncio.Queue()
        self._outbox.put_nowait(b'{"k":"hello","last":%d}' % self._last())
        speaking = asyncio.create_task(self._speak(socket, self._outbox))
        try:
            while True:
                # Not `wait_for`: it forgets that it was cancelled when a frame comes in at that very moment.
                async with asyncio.timeout(self._manners.dead_after):
                    text = await socket.recv(decode=False)
                self.frames += 1
                self._take(text)
        except TimeoutError:
            socket.transport.abort()
            return Ended(0, "nothing was heard")
        finally:
            speaking.cancel()

    def _take(self, text: bytes) -> None:
        """Hand a frame on; one that this version does not know is passed over."""
        try:
            frame = frames.read(text)
        except msgspec.DecodeError:
            return
        self._hear(frame)
        if isinstance(frame, frames.Welcome):
            self._tries, self.open = 0, True
            for bid in self._unanswered():
                self.send(bid)

    async def _speak(self, socket: ClientConnection, outbox: asyncio.Queue[bytes]) -> None:
        """Say what is to be said, and where there is nothing, show that this side is alive."""
        with suppress(ConnectionClosed):
            while True:
                text = PING
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._manners.ping_every):
                        text = await outbox.get()
                await socket.send(text, text=True)

    def send(self, bid: frames.Bid) -> None:
        """Send a bid where the line is open; where it is not, it will be sent again once it is."""
        if self.open:
            self._outbox.put_nowait(frames.encode(bid))

    def drop(self) -> None:
        """Break the line, as a bad network would."""
        if self._socket is not None:
            self._socket.transport.abort()

    def stall(self) -> None:
        """Stop reading, as a program that hangs would."""
        if self._socket is not None:
            self._socket.transport.pause_reading()
