"""Backups of a house: what is there comes back, whoever finds one learns nothing, and nothing is done by halves."""

from __future__ import annotations

import asyncio
import base64
import secrets
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from server import cli
from server.app import alive, build
from server.backup import backup_key, restoring, taking
from server.backup.sealing import NotABackup
from server.backup.taking import DATABASE, folder
from server.settings import Settings
from tests.server.house import House, event, opened
from tests.server.sealed.scene import Vendor, published, vendor


class Key:
    """A backup key in a folder: its public half as bytes and as a line, and its secret half's file."""

    def __init__(self, place: Path) -> None:
        self.file = place / "backup.key"
        self.line = backup_key.make(self.file, secrets.token_bytes)
        self.public, self.secret = backup_key.public_key(self.line), backup_key.secret_key(self.file)


@pytest.fixture
def key(tmp_path: Path) -> Key:
    """A fresh key."""
    return Key(tmp_path)


def placed(folder: Path) -> Path:
    """A folder that is there."""
    folder.mkdir(exist_ok=True)
    return folder


def database(house: House) -> Path:
    """A house's database file."""
    return house.parts.settings.database


async def take(house: House, out: Path, key: Key) -> taking.Taken:
    """Take a backup of a running house."""
    return await asyncio.to_thread(taking.take, database(house), out, key.public, secrets.token_bytes)


def kept(place: Path) -> dict[str, bytes]:
    """Every entry of a database's journal, by its place and stream."""
    with sqlite3.connect(place) as found:
        return {
            f"{n} {stream}": body for n, stream, body in found.execute("SELECT n, stream, body FROM entry")
        }


def files(place: Path) -> dict[str, bytes]:
    """Every file that is kept beside a database."""
    found: dict[str, bytes] = {}
    for name in taking.FOLDERS:
        root = folder(place, name)
        found |= {
            f"{name}/{each.relative_to(root)}": each.read_bytes()
            for each in root.rglob("*")
            if each.is_file()
        }
    return found


async def bidding(house: House, *who: str) -> list[Vendor]:
    """A published event with sealed bids, and the vendors who bid."""
    event_id = await published(house)
    vendors = [await vendor(house, event_id, each) for each in who]
    for each in vendors:
        assert (await each.submit()).status_code == 200
    return vendors


async def test_what_is_backed_up_while_the_house_runs_comes_back_and_answers_the_same(
    tmp_path: Path, key: Key
) -> None:
    async with opened(placed(tmp_path / "first")) as house:
        await bidding(house, "v-ash", "v-birch")
        await house.parts.files.keep("drawing.txt", b"a drawing")
        taken = await take(house, tmp_path / "backup", key)
        notice = (await (await house.sign_in(None)).get("/events/1")).text
        receipts = (await (await house.sign_in("v-ash")).get("/events/1/bid/mine.json")).json()
        there, beside = kept(database(house)), files(database(house))
    placed(tmp_path / "second")
    restored = restoring.restore(tmp_path / "backup", key.secret, tmp_path / "second" / "house.db")
    assert restored.entries == taken.entries == len(there) and restored.files == taken.files == len(beside)
    assert (
        kept(tmp_path / "second" / "house.db") == there and files(tmp_path / "second" / "house.db") == beside
    )
    for name in ("log.key", "log.checkpoint"):
        moved = (tmp_path / "first" / f"house.db-{name}").read_bytes()
        (tmp_path / "second" / f"house.db-{name}").write_bytes(moved)
    async with opened(placed(tmp_path / "second")) as house:
        assert (await (await house.sign_in("v-ash")).get("/events/1/bid/mine.json")).json() == receipts
        again = (await (await house.sign_in(None)).get("/events/1")).text
        assert [line for line in again.splitlines() if "<h1" in line] == [
            line for line in notice.splitlines() if "<h1" in line
        ]


SHORT = 6
"""A text as short as this stands in megabytes of noise by chance."""


def spelled(text: str) -> Iterator[bytes]:
    """A text as a file may hold it: as it is, in hex, and in base64 wherever it begins."""
    yield text.encode()
    yield text.encode().hex().encode()
    for before in range(3):
        whole = base64.b64encode(b"x" * before + text.encode())[4 if before else 0 : -4]
        if len(whole) > SHORT:
            yield whole


async def test_whoever_finds_a_backup_before_the_opening_learns_neither_who_bid_nor_how_many(
    tmp_path: Path, key: Key
) -> None:
    sizes = []
    for number, who in enumerate(((), ("v-ash",), ("v-ash", "v-birch", "v-cedar"))):
        async with opened(placed(tmp_path / str(number))) as house:
            vendors = await bidding(house, *who)
            box = house.parts.desk.state("box/1")
            await take(house, tmp_path / f"backup-{number}", key)
        written = (tmp_path / f"backup-{number}").read_bytes()
        sizes.append(len(written))
        for text in (
            *who,
            "Ash Supply",
            "box/1",
            "41.50",
            *box.envelopes,
            *(each.vendor for each in vendors),
        ):
            assert not any(each in written for each in spelled(text)), text
    assert len(set(sizes)) == 1
    plain = (tmp_path / "2" / "house.db").read_bytes() + b"".join(
        each.read_bytes() for each in (tmp_path / "2").glob("house.db-*") if each.is_file()
    )
    assert b"v-ash" in plain, "the search would have found it"


async def test_a_backup_that_is_taken_while_bids_come_in_holds_a_whole_moment(
    tmp_path: Path, key: Key
) -> None:
    async with opened(placed(tmp_path / "first")) as house:
        await house.publish(event())
        ash = await house.watch("v-ash")
        amounts = [f"{1000 - each}.00" for each in range(1, 60)]

        async def bids() -> None:
            for each in amounts:
                assert (await ash.bid("L1", each))["k"] == "taken"

        coming = asyncio.create_task(bids())
        for number in range(4):
            await take(house, tmp_path / f"backup-{number}", key)
        await coming
        whole = kept(database(house))
    for number in range(4):
        place = tmp_path / f"restored-{number}.db"
        restoring.restore(tmp_path / f"backup-{number}", key.secret, place)
        found = kept(place)
        assert found == {name: body for name, body in whole.items() if int(name.split()[0]) <= len(found)}


async def test_nothing_is_left_behind_beside_the_database_and_no_file_is_overwritten(
    tmp_path: Path, key: Key
) -> None:
    async with opened(placed(tmp_path / "first")) as house:
        before = {each.name for each in (tmp_path / "first").iterdir()}
        await take(house, tmp_path / "backup", key)
        assert {each.name for each in (tmp_path / "first").iterdir()} == before
        assert (tmp_path / "backup").stat().st_mode & 0o777 == 0o600
        was = (tmp_path / "backup").read_bytes()
        with pytest.raises(FileExistsError, match="choose a new name"):
            await take(house, tmp_path / "backup", key)
        assert (tmp_path / "backup").read_bytes() == was
        with pytest.raises(FileNotFoundError, match="There is no database"):
            taking.take(tmp_path / "nowhere.db", tmp_path / "other", key.public, secrets.token_bytes)
        assert not (tmp_path / "other").exists() and not (tmp_path / "other.part").exists()


async def test_a_backup_that_was_cut_short_restores_nothing(tmp_path: Path, key: Key) -> None:
    async with opened(placed(tmp_path / "first")) as house:
        await take(house, tmp_path / "backup", key)
    whole = (tmp_path / "backup").read_bytes()
    placed(tmp_path / "second")
    for wrong in (whole[:-1], whole[: len(whole) // 2], whole[:50], b"", whole[:-5] + b"wrong"):
        (tmp_path / "wrong").write_bytes(wrong)
        with pytest.raises(NotABackup):
            restoring.restore(tmp_path / "wrong", key.secret, tmp_path / "second" / "house.db")
        assert list((tmp_path / "second").iterdir()) == []


async def test_a_journal_that_is_not_what_was_committed_to_is_not_restored(tmp_path: Path, key: Key) -> None:
    async with opened(placed(tmp_path / "first")) as house:
        await house.publish(event(), wait=False)
    place = tmp_path / "first" / "house.db"
    with sqlite3.connect(place) as found:
        found.execute("DROP TRIGGER entry_never_changes")
        found.execute(
            "UPDATE entry SET body = CAST(replace(body, 'Paper', 'Paler') AS BLOB) WHERE stream = 'tender/1' AND seq = 1"
        )
    taking.take(place, tmp_path / "backup", key.public, secrets.token_bytes)
    with pytest.raises(NotABackup, match="not what was committed to"):
        restoring.restore(tmp_path / "backup", key.secret, tmp_path / "second.db")
    assert not (tmp_path / "second.db").exists()


async def test_a_file_that_is_not_what_its_name_says_is_not_restored(tmp_path: Path, key: Key) -> None:
    async with opened(placed(tmp_path / "first")) as house:
        made = await house.parts.files.keep("drawing.txt", b"a drawing")
        house.parts.files.path(made.hash).write_bytes(b"another one")
        await take(house, tmp_path / "backup", key)
    with pytest.raises(NotABackup, match="is another one"):
        restoring.restore(tmp_path / "backup", key.secret, tmp_path / "second.db")


async def test_a_restored_backup_that_is_older_than_what_was_published_does_not_start(
    tmp_path: Path, key: Key
) -> None:
    async with opened(placed(tmp_path / "first")) as house:
        await take(house, tmp_path / "backup", key)
        await house.publish(event(), wait=False)
        await house.parts.log.tick_now(house.parts.now())
    placed(tmp_path / "second")
    restoring.restore(tmp_path / "backup", key.secret, tmp_path / "second" / "house.db")
    for name in ("log.key", "log.checkpoint"):
        (tmp_path / "first" / f"house.db-{name}").rename(tmp_path / "second" / f"house.db-{name}")
    with pytest.raises(Exception, match="older"):
        async with alive(build(Settings(database=tmp_path / "second" / "house.db"))):
            pass


# --- the commands ------------------------------------------------------------------------------------------------------------


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Carry a command out; its exit code, and what it said and complained of."""
    code = cli.main(arguments)
    told = capsys.readouterr()
    return code, told.out, told.err


async def made(place: Path) -> Path:
    """A database with something in it."""
    async with opened(placed(place)) as house:
        await house.publish(event(), wait=False)
    return place / "house.db"


def test_the_commands_make_a_key_take_a_backup_and_restore_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = asyncio.run(made(tmp_path / "first"))
    code, out, _ = said(capsys, "backup-key", str(tmp_path / "key"))
    line = out.partition("TENDERBELL_BACKUP_TO=")[2].strip()
    assert code == 0 and (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "key").read_text().strip() not in out
    monkeypatch.setenv("TENDERBELL_BACKUP_TO", line)
    code, out, _ = said(capsys, "backup", str(tmp_path / "backup"), "--database", str(place))
    assert code == 0 and "entries" in out
    arguments = ("--key", str(tmp_path / "key"), "--database", str(tmp_path / "second.db"))
    code, out, _ = said(capsys, "restore", str(tmp_path / "backup"), *arguments)
    assert code == 0 and "checkpoint" in out and kept(tmp_path / "second.db") == kept(place)


def test_the_commands_say_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, key: Key
) -> None:
    monkeypatch.delenv("TENDERBELL_BACKUP_TO", raising=False)
    out, at = str(tmp_path / "backup"), ("--database", str(tmp_path / "no.db"))
    assert said(capsys, "backup", out, *at)[2].startswith("Set TENDERBELL_BACKUP_TO")
    monkeypatch.setenv("TENDERBELL_BACKUP_TO", key.line[:-1])
    assert "not the public line" in said(capsys, "backup", out, *at)[2]
    monkeypatch.setenv("TENDERBELL_BACKUP_TO", key.file.read_text().strip())
    assert "not the public line" in said(capsys, "backup", out, *at)[2]
    monkeypatch.setenv("TENDERBELL_BACKUP_TO", key.line)
    assert "There is no database" in said(capsys, "backup", out, *at)[2]
    assert "may hold a key" in said(capsys, "backup-key", str(key.file))[2]
    (tmp_path / "wrong").write_text(key.line)
    told = said(capsys, "restore", out, "--key", str(tmp_path / "wrong"), *at)
    assert told[0] == 2 and "does not hold a backup key" in told[2]
    assert said(capsys, "restore", out, "--key", str(key.file), *at)[0] == 2
    assert DATABASE not in {each.name for each in tmp_path.iterdir()}
