"""Restoring a backup into a place where there is nothing yet: all of it, checked first, or nothing."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

import msgspec

from auction.journal import commit
from server.backup.sealing import NotABackup, Opening
from server.backup.taking import DATABASE, FOLDERS, folder

COPIED = 1 << 20


class Restored(msgspec.Struct, frozen=True):
    """What was restored: entries of the journal, when the last one was written (ISO 8601, None for none), and files."""

    entries: int
    last_at: str | None
    files: int


def restore(backup: Path, secret: bytes, database: Path) -> Restored:
    """Restore into a new place; raises `NotABackup`, or `OSError`, also where something lies there already."""
    for each in (database, *(folder(database, name) for name in FOLDERS)):
        if each.exists():
            raise FileExistsError(
                f"{each} exists. A backup is restored where nothing is yet: choose another --database."
            )
    with _apart(database) as place, backup.open("rb") as file:
        opening = Opening(file, secret)
        files = _unpack(opening, place)
        opening.finish()
        entries, last_at = _checked(place / DATABASE)
        _hashed(place / "files")
        for name in FOLDERS:
            if (place / name).is_dir():
                (place / name).replace(folder(database, name))
        (place / DATABASE).replace(database)
    return Restored(entries, last_at, files)


@contextmanager
def _apart(database: Path) -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix=f".{database.name}-", dir=database.absolute().parent))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _unpack(opening: Opening, place: Path) -> int:
    files = 0
    try:
        with tarfile.open(fileobj=cast("BinaryIO", opening), mode="r|") as tar:
            for entry in tar:
                content = tar.extractfile(entry)
                if content is None or not _ours(entry.name):
                    raise NotABackup(
                        f"This backup holds {entry.name!r}, which has no place. Nothing was restored."
                    )
                _put(place / entry.name, cast("BinaryIO", content))
                files += entry.name != DATABASE
    except tarfile.TarError as error:
        raise NotABackup(f"This backup cannot be read ({error}). Nothing was restored.") from error
    if not (place / DATABASE).is_file():
        raise NotABackup("This backup holds no database. Nothing was restored.")
    return files


def _ours(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return name == DATABASE or (
        parts[0] in FOLDERS and len(parts) > 1 and not any(each.startswith(".") for each in parts)
    )


def _put(path: Path, content: BinaryIO) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        shutil.copyfileobj(content, out, COPIED)
        out.flush()
        os.fsync(out.fileno())


def _checked(path: Path) -> tuple[int, str | None]:
    """See that the database is whole, and every entry what was committed to; how many there are, and when the last came."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as found:
        said = [row[0] for row in found.execute("PRAGMA integrity_check")]
        if said != ["ok"]:
            raise NotABackup(f"The database in this backup is damaged ({said[0]}). Nothing was restored.")
        count, at = 0, None
        for n, salt, commitment, body in found.execute(
            "SELECT n, salt, commitment, body FROM entry ORDER BY n"
        ):
            count += 1
            if n != count or commit(salt, body) != commitment:
                raise NotABackup(
                    f"Entry {n} of the journal in this backup is not what was committed to. Nothing was restored."
                )
            at = msgspec.json.decode(body).get("at", at)
    return count, at


def _hashed(root: Path) -> None:
    """See that every file is the one that its name says."""
    for path in root.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != path.name:
                    raise NotABackup(
                        f"The file {path.name} in this backup is another one. Nothing was restored."
                    )
