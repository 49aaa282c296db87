"""The heaviest page of each role: how fast it answers when twenty ask at once, beside a bare page on the same stack."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec

from tests.bench.measuring import share, worked

AT_ONCE = 20
ASK = "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{cookie}\r\n"


class Pace(msgspec.Struct, frozen=True):
    """Answers in a second of the server's core, what the slowest twentieth took in microseconds, an answer's size in bytes."""

    rate: int
    p95: int
    size: int


class Asker(asyncio.Protocol):
    """One connection that asks for the same page again as soon as it has been answered."""

    def __init__(self, ask: bytes, took: list[int]) -> None:
        self._ask, self._took, self._rest = ask, took, b""
        self._loop, self._asked = asyncio.get_running_loop(), 0.0
        self.size, self.failed = 0, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the first time."""
        self.transport = transport
        self._again()

    def _again(self) -> None:
        self._asked = self._loop.time()
        self.transport.write(self._ask)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        """Take a part of an answer; when it is whole, ask again."""
        data = self._rest + data
        head = data.find(b"\r\n\r\n")
        if head < 0:
            self._rest = data
            return
        length = int(data[:head].lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        if len(data) < head + 4 + length:
            self._rest = data
            return
        if b" 200 " not in data[:20]:
            self.failed = data[:60]
            self.transport.close()
            return
        self._took.append(round((self._loop.time() - self._asked) * 1_000_000))
        self.size, self._rest = length, b""
        self._again()


async def pace(port: int, pid: int, path: str, token: str | None, seconds: float) -> Pace:
    """Ask for a page on twenty connections for so long; raises `SystemExit` where it is not answered with a page.

    What the server `pid` worked is counted, not the time that passed, so that neighbours on the machine change no rate.
    """
    cookie = f"Cookie: tenderbell_session={token}\r\n" if token else ""
    ask, took = ASK.format(path=path, port=port, cookie=cookie).encode(), list[int]()
    loop = asyncio.get_running_loop()
    askers: Sequence[Asker] = [
        (await loop.create_connection(lambda: Asker(ask, took), "127.0.0.1", port))[1] for _ in range(AT_ONCE)
    ]
    await asyncio.sleep(0.3)
    took.clear()
    before = worked(pid)
    await asyncio.sleep(seconds)
    rate, p95 = round(len(took) / max(0.01, worked(pid) - before)), share(took, 95) if took else 0
    for asker in askers:
        asker.transport.close()
        if asker.failed:
            raise SystemExit(f"{path} was not answered with a page: {asker.failed!r}")
    return Pace(rate, p95, askers[0].size)
