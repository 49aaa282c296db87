"""The load: websocket clients on bare transports, light enough that the server is what is measured."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from os import urandom
from struct import pack, unpack_from
from typing import Any

HEAD = (
    "GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{cookie}\r\n"
)


def masked(text: bytes, opcode: int = 1) -> bytes:
    """Frame a message as clients send it; the mask is zero, which costs nothing and is a mask all the same."""
    size, first = len(text), 0x80 | opcode
    if size < 126:
        return pack("!BB", first, 0x80 | size) + b"\0\0\0\0" + text
    return pack("!BBH", first, 0xFE, size) + b"\0\0\0\0" + text


class Client(asyncio.Protocol):
    """One connection; `hear` is called with each text message."""

    def __init__(self, path: str, host: str, cookie: str, hear: Callable[[Client, bytes], None]) -> None:
        self._head = HEAD.format(path=path, host=host, cookie=f"Cookie: {cookie}\r\n" if cookie else "")
        self._hear, self._rest, self._open = hear, b"", False
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.lost: int | None = None
        self.mine: dict[str, Any] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        self.transport = transport
        transport.write(self._head.encode())  # type: ignore[attr-defined]

    def connection_lost(self, exc: Exception | None) -> None:
        """Remember that the line is gone."""
        self.lost = self.lost or 1006
        if not self.ready.done():
            self.ready.set_exception(ConnectionError("the upgrade was refused"))

    def send(self, text: bytes) -> None:
        """Send a message."""
        self.transport.write(masked(text))  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        """Take whatever came; answer pings."""
        data = self._rest + data if self._rest else data
        if not self._open:
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self._rest = data
                return
            if b" 101 " not in data[:20]:
                self.ready.set_exception(ConnectionError(data[:60].decode()))
                return
            self._open, data = True, data[end + 4 :]
            self.ready.set_result(None)
        at = 0
        while len(data) - at >= 2:
            size, begin = data[at + 1], at + 2
            if size == 126:
                if len(data) - at < 4:
                    break
                size, begin = unpack_from("!H", data, at + 2)[0], at + 4
            elif size == 127:
                if len(data) - at < 10:
                    break
                size, begin = unpack_from("!Q", data, at + 2)[0], at + 10
            if len(data) < begin + size:
                break
            self._frame(data[at] & 0x0F, data[begin : begin + size])
            at = begin + size
        self._rest = data[at:]

    def _frame(self, opcode: int, payload: bytes) -> None:
        if opcode == 1:
            self._hear(self, payload)
        elif opcode == 9:
            self.transport.write(masked(payload, 10))  # type: ignore[attr-defined]
        elif opcode == 8:
            self.lost = unpack_from("!H", payload)[0] if len(payload) > 1 else 1005


async def connect(
    port: int,
    path: str,
    hear: Callable[[Client, bytes], None],
    cookie: str = "",
    mine: dict[str, Any] | None = None,
) -> Client:
    """Open one connection and wait for the upgrade."""
    loop, host = asyncio.get_running_loop(), f"127.0.0.1:{port}"
    _, made = await loop.create_connection(lambda: Client(path, host, cookie, hear), "127.0.0.1", port)
    made.mine.update(mine or {})
    await asyncio.wait_for(made.ready, 30)
    return made


def hello(client: Client) -> None:
    """Take a seat in a room."""
    client.send(b'{"k":"hello","last":0}')


def bid(client: Client, rules: str) -> bytes:
    """The vendor's next bid, one tick down."""
    client.mine["n"] += 1
    client.mine["amount"] -= 1
    cents = client.mine["amount"]
    return json.dumps(
        {
            "k": "bid",
            "id": f"b-{client.mine['n']}-{urandom(3).hex()}",
            "lot": "L1",
            "amount": f"{cents // 100}.{cents % 100:02d}",
            "rules": rules,
        }
    ).encode()
