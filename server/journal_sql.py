"""The journal in SQLite: append-only and gapless by trigger, durable before an append returns, written by one process alone.

The database is in write-ahead mode with `synchronous=FULL`. One connection writes and another reads, so that a reader
never waits for a commit. While a journal is open it holds a lock beside its database; a second process is
refused at once and told so, and a lock dies with its process.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from threading import Lock

import msgspec

from auction.journal import LINK, Append, Conflict, Entry, Link, entries, last_link

SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (
    n INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    seq INTEGER NOT NULL,
    salt BLOB NOT NULL,
    commitment BLOB NOT NULL,
    body BLOB NOT NULL,
    UNIQUE (stream, seq)
);
CREATE TABLE IF NOT EXISTS heartbeat (one INTEGER PRIMARY KEY CHECK (one = 1), at TEXT NOT NULL);
CREATE TRIGGER IF NOT EXISTS entry_never_changes BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER IF NOT EXISTS entry_never_goes BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER IF NOT EXISTS entry_follows_on BEFORE INSERT ON entry
WHEN NEW.n IS NOT 1 + (SELECT coalesce(max(n), 0) FROM entry)
    OR NEW.seq IS NOT 1 + (SELECT coalesce(max(seq), 0) FROM entry WHERE stream = NEW.stream)
BEGIN SELECT RAISE(ABORT, 'the journal is append-only, and an entry follows on the last one'); END;
"""
COLUMNS = "n, stream, seq, salt, commitment, body"
BUSY_S = 5


class Locked(Exception):
    """Another process writes this database; the message says what to do."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"Another Tenderbell process is using {path}. Stop it first, or choose another database."
        )


class SqlJournal:
    """The journal of one database file. `append` and `beat` are called by one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._lock = _only_writer(path)
        self._writer = _connect(path)
        self._writer.execute("PRAGMA journal_mode=WAL")
        self._writer.execute("PRAGMA synchronous=FULL")
        self._writer.executescript(SCHEMA)
        self._reader, self._reading = _connect(path), Lock()
        self._n = self._last()
        self._named: list[str] = []
        self._named_up_to = 0

    def _last(self) -> int:
        found: int = self._writer.execute("SELECT coalesce(max(n), 0) FROM entry").fetchone()[0]
        return found

    def append(self, batch: Sequence[Append]) -> list[Entry]:
        """Write a batch in one durable commit; raises `Conflict`, or `sqlite3.Error` with nothing written."""
        made = entries(batch, self._n + 1, self._last_link)
        try:
            with self._writer:
                self._writer.execute("BEGIN IMMEDIATE")
                self._follow_on(batch)
                self._writer.executemany(
                    f"INSERT INTO entry ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",
                    map(msgspec.structs.astuple, made),
                )
        except sqlite3.IntegrityError as error:
            self._n = self._last()
            raise Conflict(str(error)) from error
        self._n += len(made)
        return made

    def _follow_on(self, batch: Sequence[Append]) -> None:
        """Every part must follow on its stream's last entry."""
        ends: dict[str, int] = {}
        for part in batch:
            end = ends.get(part.stream)
            if end is None:
                end = self._end(part.stream)
            if part.after != end:
                raise Conflict(f"{part.stream} is at {end}, not at {part.after}")
            ends[part.stream] = part.after + len(part.events)

    def _end(self, stream: str) -> int:
        wanted = "SELECT coalesce(max(seq), 0) FROM entry WHERE stream = ?"
        found: int = self._writer.execute(wanted, (stream,)).fetchone()[0]
        return found

    def _last_link(self, stream: str) -> Link:
        found = "SELECT body, commitment FROM entry WHERE stream = ? AND instr(body, ?) ORDER BY seq DESC"
        return last_link(self._writer.execute(found, (stream, LINK)))

    def _read(self, where: str, *given: object) -> list[Entry]:
        with self._reading:
            rows = self._reader.execute(f"SELECT {COLUMNS} FROM entry WHERE {where}", given).fetchall()
        return [Entry(*row) for row in rows]

    def read(self, stream: str, after: int = 0) -> list[Entry]:
        """Read a stream's entries behind a `seq`."""
        return self._read("stream = ? AND seq > ? ORDER BY seq", stream, after)

    def pick(self, stream: str, seqs: Sequence[int]) -> list[Entry]:
        """Read chosen entries of a stream, in order."""
        marks = ",".join("?" * len(seqs))
        return self._read(f"stream = ? AND seq IN ({marks}) ORDER BY seq", stream, *seqs)

    def since(self, n: int) -> list[Entry]:
        """Read the entries of all streams behind a place in the installation's order."""
        return self._read("n > ? ORDER BY n", n)

    def place(self, n: int) -> Entry | None:
        """Read the entry at a place in the installation's order; None where there is none yet."""
        found = self._read("n = ?", n)
        return found[0] if found else None

    def commitments(self, up_to: int) -> list[bytes]:
        """Read what the first entries were committed to with, in the installation's order, without their bodies."""
        with self._reading:
            wanted = "SELECT commitment FROM entry WHERE n <= ? ORDER BY n"
            return [row[0] for row in self._reader.execute(wanted, (up_to,))]

    def latest(self, streams: Sequence[str], before: int | None, most: int) -> list[Entry]:
        """Read the newest entries of some streams, newest first; those before a place in the installation's order, if given."""
        marks = ",".join("?" * len(streams))
        bound = before if before is not None else self._n + 1
        return self._read(f"stream IN ({marks}) AND n < ? ORDER BY n DESC LIMIT ?", *streams, bound, most)

    def streams(self, prefix: str = "") -> list[str]:
        """Name the streams that begin with this prefix, in order of their first entry; read on from the last time."""
        with self._reading:
            new = self._reader.execute(
                "SELECT n, stream, seq FROM entry WHERE n > ? ORDER BY n", (self._named_up_to,)
            ).fetchall()
            if new:
                self._named += [stream for _, stream, seq in new if seq == 1]
                self._named_up_to = new[-1][0]
        return [stream for stream in self._named if stream.startswith(prefix)]

    def length(self) -> int:
        """Count all entries."""
        return self._n

    def beat(self, at: datetime) -> None:
        """Write down that the server was alive at this time."""
        self._writer.execute("INSERT OR REPLACE INTO heartbeat VALUES (1, ?)", (at.isoformat(),))

    def last_beat(self) -> datetime | None:
        """When the server was last known to be alive; None before the first time."""
        with self._reading:
            row = self._reader.execute("SELECT at FROM heartbeat").fetchone()
        return datetime.fromisoformat(row[0]) if row is not None else None

    def close(self) -> None:
        """Close the connections and let the next process in."""
        for connection in (self._writer, self._reader, self._lock):
            connection.close()


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)


def _only_writer(path: Path) -> sqlite3.Connection:
    """Hold the lock beside the database for as long as the connection is open; raises `Locked`."""
    lock = sqlite3.connect(f"{path}-lock", timeout=0, isolation_level=None, check_same_thread=False)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        lock.close()
        raise Locked(path) from error
    return lock
