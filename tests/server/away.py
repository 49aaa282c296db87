"""A house in a process of its own, to be stopped and killed."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.server.callers import PATIENCE_S, Guest

ROOT = Path(__file__).resolve().parents[2]


class Away:
    """A server in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process, origin: str, secret: bytes) -> None:
        self.process, self.origin, self._secret = process, origin, secret

    def guest(self, token: str | None) -> Guest:
        """A guest with a session that was opened before."""
        return Guest(self.origin, token, self._secret)

    def signal(self, number: signal.Signals) -> None:
        """Send the process a signal."""
        self.process.send_signal(number)

    async def kill(self) -> None:
        """Kill the process and wait until it is gone."""
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()


async def command(*arguments: str, **environment: str) -> asyncio.subprocess.Process:
    """Start `tenderbell` with these arguments, its output in pipes."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server.cli", *arguments),
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@asynccontextmanager
async def away(database: Path, secret: bytes) -> AsyncIterator[Away]:
    """Serve a database in a process of its own."""
    process = await command(
        "serve", "--database", str(database), "--port", "0", TENDERBELL_BIDS_PER_SECOND="1000"
    )
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE_S):
        said = (await process.stdout.readline()).decode()
    assert said, (await process.communicate())[1].decode()
    served = Away(process, next(word for word in said.split() if "://" in word).rstrip(","), secret)
    try:
        yield served
    finally:
        await served.kill()
