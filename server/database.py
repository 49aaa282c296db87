"""The house's own connection to the database: foreign keys on, write-ahead log, patient writers."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session

from server.tables import Base, Meta

T = TypeVar("T")
READERS = 2
"""How many may read at once in threads."""
PRAGMAS = ("foreign_keys=ON", "journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000")


class Database:
    """An engine on one file, and sessions of it."""

    def __init__(self, path: Path) -> None:
        self.engine: AsyncEngine = create_async_engine(f"sqlite+aiosqlite:///{path}")
        event.listen(self.engine.sync_engine, "connect", _pragmas)
        self.session: async_sessionmaker[AsyncSession] = async_sessionmaker(
            self.engine, expire_on_commit=False
        )
        self._reading = plain(path)
        self._readers = ThreadPoolExecutor(READERS, "reader")
        self._watching = sqlite3.connect(path, check_same_thread=False)

    def version(self) -> int:
        """A number that changes with every commit to the file, whoever makes it, also another process.

        It takes some microseconds. What was read after a version is good for as long as that version stands.
        """
        found: int = self._watching.execute("PRAGMA data_version").fetchone()[0]
        return found

    async def read(self, look: Callable[[Session], T]) -> T:
        """Read in a thread, the whole of `look` at one go: several times cheaper than awaiting each step of it.

        What it returns must be complete: nothing can be loaded later. It only reads.
        """
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._look, look)

    def _look(self, look: Callable[[Session], T]) -> T:
        with Session(self._reading, expire_on_commit=False, autoflush=False) as session:
            return look(session)

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()
        self._readers.shutdown()
        self._reading.dispose()
        self._watching.close()


class Known(msgspec.Struct, frozen=True):
    """What a database says about itself: whether it is a demonstration's, and the secret that signs its forms."""

    demo: bool
    secret: bytes


def prepare(
    path: Path, random: Callable[[int], bytes], fill: Callable[[Session], None] | None = None
) -> Known:
    """Make the tables that are not there yet, let `fill` write into them, and read what the database is."""
    engine = plain(path)
    Base.metadata.create_all(engine)
    with Session(engine) as session, session.begin():
        if session.get(Meta, "secret") is None:
            session.add(Meta(key="secret", value=random(32).hex()))
        if fill is not None:
            fill(session)
        session.flush()
        demo, secret = session.get(Meta, "demo"), session.get_one(Meta, "secret")
        known = Known(demo is not None and demo.value == "1", bytes.fromhex(secret.value))
    engine.dispose()
    return known


def plain(path: Path) -> Engine:
    """An engine without a loop, for the time before the server runs."""
    engine = create_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", _pragmas)
    return engine


def _pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
