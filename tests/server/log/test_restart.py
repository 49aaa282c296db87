"""The log over restarts: it goes on where it was, and refuses to go on from anything else."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from auction.record import merkle, note, receipt
from server.journal_sql import SqlJournal
from server.log.key import load, verify
from server.log.unsound import Unsound
from tests.server.log.logs import BEGAN, MINUTE, running

DATABASE, KEY, OUTSIDE = "house.db", "house.db-log.key", "house.db-log.checkpoint"


async def lived(folder: Path, minutes: int = 3) -> None:
    """Let a log live for some minutes."""
    async with running(folder) as run:
        for _ in range(minutes):
            await run.state(2)
            await run.tick()


def copy(folder: Path, to: Path, *names: str) -> None:
    """Copy files, with the database by its own backup."""
    to.mkdir(exist_ok=True)
    for name in names:
        if name == DATABASE:
            with closing(sqlite3.connect(folder / name)) as had, closing(sqlite3.connect(to / name)) as made:
                had.backup(made)
        else:
            shutil.copy(folder / name, to / name)


def changed(database: Path, *statements: str) -> None:
    """Change a database behind everybody's back."""
    with closing(sqlite3.connect(database)) as line, line:
        for (name,) in line.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            line.execute(f"DROP TRIGGER {name}")
        for each in statements:
            line.execute(each)


async def test_a_log_goes_on_where_it_was(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        (entry,) = await run.state()
        await run.tick()
        before, given, vkey = run.log.latest(), run.log.proof(entry.n), run.log.vkey
    async with running(tmp_path, BEGAN + 5 * MINUTE) as run:
        after = run.log.latest()
        assert before is not None and after is not None and run.log.vkey == vkey
        assert run.log.proof(entry.n) == given and run.log.at(before.size) == before
        proof = run.log.consistency(before.size, after.size)
        assert merkle.grew(before.size, after.size, proof, before.root, after.root)


async def test_the_key_is_nobodys_to_read_but_the_owners_and_not_in_the_database(tmp_path: Path) -> None:
    await lived(tmp_path)
    path = tmp_path / KEY
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    key = load(path)
    assert key.key.name == "bids.example/log/1"
    kept = (tmp_path / DATABASE).read_bytes() + (tmp_path / OUTSIDE).read_bytes()
    assert key._seed not in kept and note.spelled(b"\1" + key._seed).encode() not in kept


async def test_what_was_committed_but_not_published_before_a_crash_is_published_after_it(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as run:
        (entry,) = await run.state()
        copy(tmp_path, tmp_path / "crashed", DATABASE, KEY, OUTSIDE)
    async with running(tmp_path / "crashed", BEGAN + 3 * MINUTE) as run:
        text = run.log.proof(entry.n)
        assert text is not None
        receipt.verify(text.encode(), note.read_vkey(run.log.vkey), verify)
        assert run.log.promise(entry)


async def test_a_crash_between_the_ticks_entry_and_its_padding_forks_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        before = run.log.latest()
        (entry,) = await run.state()
        run.log._published.grow = lambda: False  # type: ignore[method-assign]
        await run.tick()
        assert run.log.latest() == before
        copy(tmp_path, tmp_path / "crashed", DATABASE, KEY, OUTSIDE)
    async with running(tmp_path / "crashed", BEGAN + MINUTE) as run:
        after = run.log.latest()
        assert before is not None and after is not None and run.log.index_of(entry.n) is not None
        proof = run.log.consistency(before.size, after.size)
        assert merkle.grew(before.size, after.size, proof, before.root, after.root)


async def test_a_crash_before_the_file_outside_was_written_goes_on(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        copy(tmp_path, tmp_path / "crashed", OUTSIDE)
        await run.state()
        await run.tick()
        copy(tmp_path, tmp_path / "crashed", DATABASE, KEY)
        latest = run.log.latest()
    async with running(tmp_path / "crashed", BEGAN + MINUTE) as run:
        assert run.log.latest() == latest
        assert latest is not None and (tmp_path / "crashed" / OUTSIDE).read_text() == latest.note


async def test_an_older_backup_is_refused_and_lets_the_journal_go(tmp_path: Path) -> None:
    await lived(tmp_path, 2)
    copy(tmp_path, tmp_path / "backup", DATABASE)
    async with running(tmp_path, BEGAN + 2 * MINUTE) as run:
        await run.tick()
    copy(tmp_path, tmp_path / "backup", KEY, OUTSIDE)
    with pytest.raises(
        Unsound, match="and the database only.*older or changed database was put back.*LOG_ORIGIN"
    ):
        async with running(tmp_path / "backup", BEGAN + 9 * MINUTE):
            pass
    SqlJournal(tmp_path / "backup" / DATABASE).close()


async def test_a_backup_that_went_on_by_itself_is_refused(tmp_path: Path) -> None:
    await lived(tmp_path, 2)
    copy(tmp_path, tmp_path / "fork", DATABASE, KEY, OUTSIDE)
    for folder in (tmp_path, tmp_path / "fork"):
        async with running(folder, BEGAN + 2 * MINUTE) as run:
            await run.tick()
    copy(tmp_path, tmp_path / "fork", OUTSIDE)
    with pytest.raises(Unsound, match="another root"):
        async with running(tmp_path / "fork", BEGAN + 9 * MINUTE):
            pass


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET commitment = randomblob(32) WHERE n = 2",
        "UPDATE log_tick SET pads = randomblob(length(pads)) WHERE size = 64",
        "UPDATE log_tick SET pads = zeroblob(32) WHERE size = 64",
        "DELETE FROM entry WHERE n = (SELECT max(n) FROM entry)",
        "DELETE FROM log_tick WHERE size = (SELECT max(size) FROM log_tick)",
        "UPDATE log_tick SET note = replace(note, 'bids', 'bits')",
    ],
)
async def test_a_database_that_was_changed_is_refused(tmp_path: Path, statement: str) -> None:
    await lived(tmp_path)
    changed(tmp_path / DATABASE, statement)
    with pytest.raises(Unsound):
        async with running(tmp_path, BEGAN + 9 * MINUTE):
            pass


@pytest.mark.parametrize(
    "gone, says", [(KEY, "key is not"), (OUTSIDE, "--trust"), (DATABASE, "older or changed")]
)
async def test_a_missing_file_is_named_with_what_to_do(tmp_path: Path, gone: str, says: str) -> None:
    await lived(tmp_path)
    for path in tmp_path.glob(f"{DATABASE}*" if gone == DATABASE else gone):
        if gone != DATABASE or "log." not in path.name:
            path.unlink()
    with pytest.raises(Unsound, match=says):
        async with running(tmp_path, BEGAN + 9 * MINUTE):
            pass


async def test_without_its_key_and_the_file_outside_a_log_is_not_begun_again_under_its_name(
    tmp_path: Path,
) -> None:
    await lived(tmp_path)
    for name in (KEY, OUTSIDE):
        (tmp_path / name).unlink()
    with pytest.raises(Unsound, match="/log/2"):
        async with running(tmp_path, BEGAN + 9 * MINUTE):
            pass
    async with running(tmp_path, BEGAN + 9 * MINUTE, log_origin="bids.example/log/2") as run:
        latest = run.log.latest()
        assert latest is not None and latest.note.startswith("bids.example/log/2\n64\n")
        assert run.log.index_of(1) is not None


async def test_a_key_of_another_log_is_refused(tmp_path: Path) -> None:
    await lived(tmp_path)
    with pytest.raises(Unsound, match="is that of the log bids.example/log/1"):
        async with running(tmp_path, log_origin="bids.example/log/9"):
            pass
    (tmp_path / KEY).write_text("PRIVATE+KEY+bids.example/log/1+00000000+AAAA\n")
    with pytest.raises(Unsound, match="does not hold the public log's key"):
        async with running(tmp_path):
            pass


async def test_files_lie_where_the_settings_say(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    chosen = {"log_key": str(elsewhere / "key"), "log_checkpoint": str(elsewhere / "checkpoint")}
    async with running(tmp_path, **chosen) as run:
        latest = run.log.latest()
    assert latest is not None and (elsewhere / "checkpoint").read_text() == latest.note
    assert load(elsewhere / "key").key.vkey == run.log.vkey and not (tmp_path / KEY).exists()
