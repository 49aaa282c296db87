"""What is SQLite's own of the journal: it cannot be changed, it is durable, and one process alone writes it."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from auction.journal import Append, Conflict, commit
from auction.live.room import PauseLifted
from server.journal_sql import Locked, SqlJournal
from tests.server.away import ROOT, command

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
HOLD = """
import sys, pathlib
from server.journal_sql import SqlJournal
journal = SqlJournal(pathlib.Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def part(stream: str, after: int, *names: str) -> Append:
    """Events by these names behind a place."""
    events = tuple(PauseLifted(at=NOW, by=name) for name in names)
    return Append(stream, after, events, tuple(os.urandom(32) for _ in events))


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqlJournal]:
    """An empty journal."""
    made = SqlJournal(tmp_path / "house.db")
    yield made
    made.close()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE entry SET body = x'00'",
        "UPDATE entry SET n = n + 1",
        "DELETE FROM entry",
        "DELETE FROM entry WHERE n = 1",
        "INSERT INTO entry VALUES (4, 'room/2', 1, x'00', x'00', x'00')",
        "INSERT INTO entry VALUES (3, 'room/1', 4, x'00', x'00', x'00')",
        "REPLACE INTO entry VALUES (3, 'room/1', 2, x'00', x'00', x'00')",
        "REPLACE INTO entry SELECT n, stream, seq, salt, commitment, x'00' FROM entry WHERE n = 1",
    ],
)
def test_what_is_written_is_never_changed_nor_taken_back(
    journal: SqlJournal, tmp_path: Path, change: str
) -> None:
    written = journal.append([part("room/1", 0, "a", "b")])
    with (
        sqlite3.connect(tmp_path / "house.db") as stranger,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        stranger.execute(change)
    stranger.close()
    assert journal.read("room/1") == written


def test_a_commit_is_on_the_disk_before_it_counts(journal: SqlJournal) -> None:
    ask = journal._writer.execute
    assert ask("PRAGMA journal_mode").fetchone() == ("wal",)
    assert ask("PRAGMA synchronous").fetchone() == (2,)


def test_all_streams_share_one_order_without_gaps(journal: SqlJournal) -> None:
    journal.append([part("room/1", 0, "a"), part("tender/1", 0, "b", "c"), part("room/1", 1, "d")])
    journal.append([part("tender/1", 2, "e")])
    lines = journal.since(0)
    assert [line.n for line in lines] == [1, 2, 3, 4, 5]
    assert [(line.stream, line.seq) for line in lines] == [
        ("room/1", 1),
        ("tender/1", 1),
        ("tender/1", 2),
        ("room/1", 2),
        ("tender/1", 3),
    ]
    assert journal.length() == 5
    assert journal.streams() == ["room/1", "tender/1"]
    assert journal.streams("tender/") == ["tender/1"]
    assert [line.seq for line in journal.pick("tender/1", [1, 3])] == [1, 3]


def test_every_commitment_can_be_checked_from_its_salt_and_body(journal: SqlJournal) -> None:
    journal.append([part("room/1", 0, "a", "b")])
    lines = journal.read("room/1")
    assert all(line.commitment == commit(line.salt, line.body) for line in lines)
    assert len({line.salt for line in lines}) == 2
    assert all(len(line.salt) == 32 for line in lines)


@pytest.mark.parametrize("after", [0, 2])
def test_a_batch_that_does_not_follow_on_leaves_nothing_behind(journal: SqlJournal, after: int) -> None:
    journal.append([part("room/1", 0, "a")])
    with pytest.raises(Conflict):
        journal.append([part("tender/1", 0, "b"), part("room/1", after, "c")])
    assert journal.length() == 1
    assert journal.streams() == ["room/1"]
    assert [line.n for line in journal.append([part("room/1", 1, "d")])] == [2]


def test_an_order_that_somebody_else_wrote_into_is_a_conflict_and_then_goes_on(
    journal: SqlJournal, tmp_path: Path
) -> None:
    journal.append([part("room/1", 0, "a")])
    with sqlite3.connect(tmp_path / "house.db") as other:
        other.execute("INSERT INTO entry VALUES (2, 'room/9', 1, x'00', x'00', x'00')")
    other.close()
    with pytest.raises(Conflict):
        journal.append([part("room/1", 1, "b")])
    assert [line.n for line in journal.append([part("room/1", 1, "b")])] == [3]


def test_a_full_disk_takes_nothing_of_a_batch_and_later_ones_are_taken_again(journal: SqlJournal) -> None:
    journal.append([part("room/1", 0, "a")])
    pages = journal._writer.execute("PRAGMA page_count").fetchone()[0]
    journal._writer.execute(f"PRAGMA max_page_count = {pages}")
    large = part("room/1", 1, *(f"{name:0900}" for name in range(50)))
    with pytest.raises(sqlite3.OperationalError, match="full"):
        journal.append([part("tender/1", 0, "b"), large])
    assert (journal.length(), journal.streams()) == (1, ["room/1"])
    journal._writer.execute("PRAGMA max_page_count = 1000000")
    assert [line.n for line in journal.append([part("tender/1", 0, "b"), large])] == list(range(2, 53))


def test_the_last_heartbeat_alone_is_kept(journal: SqlJournal) -> None:
    assert journal.last_beat() is None
    journal.beat(NOW)
    journal.beat(NOW + timedelta(microseconds=1))
    assert journal.last_beat() == NOW + timedelta(microseconds=1)


def test_a_journal_is_read_again_as_it_was_written(tmp_path: Path) -> None:
    first = SqlJournal(tmp_path / "house.db")
    written = first.append([part("room/1", 0, "a", "b")])
    first.close()
    second = SqlJournal(tmp_path / "house.db")
    assert second.since(0) == written
    assert [line.n for line in second.append([part("room/1", 2, "c")])] == [3]
    second.close()


def test_a_second_journal_in_the_same_process_is_refused_until_the_first_is_closed(tmp_path: Path) -> None:
    first = SqlJournal(tmp_path / "house.db")
    with pytest.raises(Locked, match="Another Tenderbell process is using"):
        SqlJournal(tmp_path / "house.db")
    first.close()
    SqlJournal(tmp_path / "house.db").close()


async def test_a_second_process_is_refused_at_once_and_let_in_when_the_first_is_killed(
    tmp_path: Path,
) -> None:
    path = tmp_path / "house.db"
    holder = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", HOLD, str(path)), cwd=ROOT, stdin=-1, stdout=-1
    )
    assert holder.stdout is not None
    assert await holder.stdout.readline() == b"held\n"
    second = await command("serve", "--database", str(path), "--port", "0")
    said, complained = await second.communicate()
    assert (second.returncode, said) == (2, b"")
    assert complained.decode() == (
        f"Another Tenderbell process is using {path}. Stop it first, or choose another database.\n"
    )
    with pytest.raises(Locked):
        SqlJournal(path)
    holder.kill()
    await holder.wait()
    SqlJournal(path).close()
