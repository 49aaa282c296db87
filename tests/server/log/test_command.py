"""The log on the command line: what operators hand on, and what they are told when it cannot go on."""

from __future__ import annotations

from pathlib import Path

import pytest

from auction.record import checkpoint, note
from server import cli
from server.demo.command import ORIGIN, make_way
from server.log.key import make, verify
from tests.server.away import command
from tests.server.log.logs import BEGAN, MINUTE, running

DATABASE, KEY, OUTSIDE = "house.db", "house.db-log.key", "house.db-log.checkpoint"


async def test_the_key_and_the_last_checkpoint_are_printed_and_the_secret_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with running(tmp_path) as run:
        latest = run.log.latest()
    assert cli.main(["log", "--database", str(tmp_path / DATABASE)]) == 0
    said = capsys.readouterr().out
    _, vkey, _, rest = said.split("\n", 3)
    assert latest is not None and rest.strip() == latest.note.strip()
    assert checkpoint.opened(latest.note.encode(), note.read_vkey(vkey), verify).checkpoint.size == 32
    assert "PRIVATE" not in said


def test_where_there_is_no_log_yet_the_command_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for more in ([], ["--trust"]):
        assert cli.main(["log", "--database", str(tmp_path / DATABASE), *more]) == 2
        assert "There is no log yet" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


async def test_an_operator_who_lost_the_file_outside_can_take_the_databases_word(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        latest = run.log.latest()
    (tmp_path / OUTSIDE).unlink()
    assert cli.main(["log", "--database", str(tmp_path / DATABASE), "--trust"]) == 0
    assert latest is not None and (tmp_path / OUTSIDE).read_text() == latest.note
    async with running(tmp_path, BEGAN + MINUTE):
        pass


async def test_the_databases_word_is_not_taken_against_what_stands_outside(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with running(tmp_path) as run:
        await run.tick()
    for path in tmp_path.glob(f"{DATABASE}*"):
        if "log." not in path.name:
            path.unlink()
    (tmp_path / DATABASE).touch()
    assert cli.main(["log", "--database", str(tmp_path / DATABASE), "--trust"]) == 2
    assert "older or changed database" in capsys.readouterr().err


async def test_the_server_does_not_start_behind_what_was_published(tmp_path: Path) -> None:
    async with running(tmp_path):
        pass
    for path in tmp_path.glob(f"{DATABASE}*"):
        if "log." not in path.name:
            path.unlink()
    process = await command("serve", "--database", str(tmp_path / DATABASE), "--port", "0")
    said, error = await process.communicate()
    assert process.returncode == 2 and said == b""
    assert b"Put the newest one" in error and b"Traceback" not in error


def test_a_demonstration_takes_away_what_is_left_of_its_own_log_alone(tmp_path: Path) -> None:
    leftovers: list[tuple[str, list[str]]] = [(ORIGIN, []), ("bids.example/log/1", [KEY, OUTSIDE])]
    for origin, left in leftovers:
        make(tmp_path / KEY, origin, bytes)
        (tmp_path / OUTSIDE).write_text("x")
        make_way(tmp_path / DATABASE)
        assert sorted(path.name for path in tmp_path.iterdir()) == sorted(left)
