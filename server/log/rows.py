"""The log's own tables beside the journal: how each tick grew the tree, what witnesses added, and which entries are its facts.

Padding is kept, because without it no root could be made again. A tick's row is durable before anybody hears of its root.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Lock

import msgspec

from auction.record import checkpoint, note
from auction.record.note import Signature

SCHEMA = """
CREATE TABLE IF NOT EXISTS log_tick (
    origin TEXT NOT NULL,
    size INTEGER NOT NULL,
    n INTEGER NOT NULL,
    places BLOB NOT NULL,
    pads BLOB NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (origin, size)
);
CREATE TABLE IF NOT EXISTS log_cosignature (
    origin TEXT NOT NULL, size INTEGER NOT NULL, line TEXT NOT NULL, PRIMARY KEY (origin, size, line)
);
CREATE TABLE IF NOT EXISTS log_fact (n INTEGER PRIMARY KEY, tender TEXT NOT NULL, type TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS log_fact_tender ON log_fact (tender, type);
CREATE TRIGGER IF NOT EXISTS log_tick_never_changes BEFORE UPDATE ON log_tick
BEGIN SELECT RAISE(ABORT, 'what the log published never changes'); END;
CREATE TRIGGER IF NOT EXISTS log_tick_never_goes BEFORE DELETE ON log_tick
BEGIN SELECT RAISE(ABORT, 'what the log published never changes'); END;
"""
BUSY_S = 5
NO_TENDER = ""
"""What stands for the tender of a fact that concerns none."""


class Grown(msgspec.Struct, frozen=True):
    """One tick: the size after it, the last entry in it, where its entries stand among the new leaves, the padding, the note."""

    size: int
    n: int
    places: tuple[int, ...]
    pads: bytes
    note: str


class Fact(msgspec.Struct, frozen=True):
    """An entry that the log may disclose: its place in the journal, its tender, and its type."""

    n: int
    tender: str
    type: str


class Told(msgspec.Struct, frozen=True):
    """A fact's salt and body, by its place in the journal."""

    n: int
    salt: bytes
    body: bytes


class Rows:
    """The tables of one log, by its origin; may be used from several threads."""

    def __init__(self, path: Path, origin: str) -> None:
        self._origin, self._lock = origin, Lock()
        self._line = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        self._line.execute("PRAGMA synchronous=FULL")
        self._line.executescript(SCHEMA)

    def _all(self, wanted: str, *given: object) -> list[tuple[object, ...]]:
        with self._lock:
            return self._line.execute(wanted, given).fetchall()

    def every(self) -> Iterator[Grown]:
        """All ticks, in their order."""
        wanted = "SELECT size, n, places, pads, note FROM log_tick WHERE origin = ? AND size > ? ORDER BY size LIMIT 500"
        last = 0
        while rows := self._all(wanted, self._origin, last):
            for size, n, places, pads, written in msgspec.convert(
                rows, list[tuple[int, int, bytes, bytes, str]]
            ):
                yield Grown(size, n, struct.unpack(f">{len(places) // 4}I", places), pads, written)
                last = size

    def add(self, grown: Grown, facts: Sequence[Fact]) -> None:
        """Keep a tick and what it may disclose, durably; raises `sqlite3.Error` with nothing kept."""
        places = struct.pack(f">{len(grown.places)}I", *grown.places)
        row = (self._origin, grown.size, grown.n, places, grown.pads, grown.note)
        with self._lock, self._line:
            self._line.execute("BEGIN IMMEDIATE")
            self._line.execute("INSERT INTO log_tick VALUES (?, ?, ?, ?, ?, ?)", row)
            self._line.executemany(
                "INSERT OR IGNORE INTO log_fact VALUES (?, ?, ?)", map(msgspec.structs.astuple, facts)
            )

    def cosign(self, size: int, more: Signature) -> None:
        """Keep a witness's signature of a checkpoint."""
        with self._lock:
            self._line.execute(
                "INSERT OR IGNORE INTO log_cosignature VALUES (?, ?, ?)", (self._origin, size, more.line)
            )

    def note(self, size: int) -> str:
        """A published size's checkpoint, with the signatures of its witnesses."""
        kept = self._all("SELECT note FROM log_tick WHERE origin = ? AND size = ?", self._origin, size)
        written = str(kept[0][0])
        wanted = "SELECT line FROM log_cosignature WHERE origin = ? AND size = ? ORDER BY rowid"
        for (line,) in self._all(wanted, self._origin, size):
            written = checkpoint.with_signature(written, note.read_line(str(line)))
        return written

    def facts(self, tender: str, types: Sequence[str] = ()) -> list[Told]:
        """The facts of a tender, in the journal's order; of these types alone, where some are named."""
        marks = f" AND f.type IN ({','.join('?' * len(types))})" if types else ""
        wanted = (
            f"SELECT n, salt, body FROM log_fact f JOIN entry USING (n) WHERE tender = ?{marks} ORDER BY n"
        )
        return msgspec.convert([*map(_told, self._all(wanted, tender, *types))], list[Told])

    def close(self) -> None:
        """Close the connection."""
        self._line.close()


def _told(row: tuple[object, ...]) -> dict[str, object]:
    return dict(zip(("n", "salt", "body"), row, strict=True))
