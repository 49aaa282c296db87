"""Taking a backup: a snapshot of the database as of one moment, then every file that a fact in it may refer to.

The server may run meanwhile. The snapshot is one read of the database, so nothing in it is half done; files come after it, and a
file is durable before the fact that names it, so each one that is named is there. While it is read, the snapshot lies beside the
database without a name, so that nothing of it is left behind.
"""

from __future__ import annotations

import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from server.backup.sealing import KEY, Sealing

DATABASE = "database"
FOLDERS = ("files", "sealed")
"""The folders beside the database whose files belong to it; each is `DATABASE-NAME`."""


class Taken(msgspec.Struct, frozen=True):
    """What a backup holds: entries of the journal, files, and the bytes of its own file."""

    entries: int
    files: int
    size: int


def folder(database: Path, name: str) -> Path:
    """A folder of files beside a database."""
    return database.with_name(f"{database.name}-{name}")


def take(database: Path, out: Path, to: bytes, random: Callable[[int], bytes]) -> Taken:
    """Write a backup into a new file, durably or not at all; raises `OSError` (also where it exists) and `sqlite3.Error`."""
    if out.exists():
        raise FileExistsError(
            f"{out} exists. A backup is never written over another file: choose a new name."
        )
    part = out.with_name(f"{out.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            entries, files = _fill(database, Sealing(file, to, random(KEY), random(KEY)))
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return Taken(entries, files, size)


def _fill(database: Path, sealing: Sealing) -> tuple[int, int]:
    files = 0
    with (
        _snapshot(database) as (snapshot, entries),
        tarfile.open(fileobj=cast("BinaryIO", sealing), mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        _add(tar, DATABASE, snapshot)
        for name, path in _files(database):
            with path.open("rb") as file:
                _add(tar, name, file)
            files += 1
    sealing.finish()
    return entries, files


class _snapshot:
    """A copy of the database as of one moment, in a file that has lost its name already, and how many entries it has."""

    def __init__(self, database: Path) -> None:
        self._database = database

    def __enter__(self) -> tuple[BinaryIO, int]:
        handle, name = tempfile.mkstemp(prefix=f".{self._database.name}-", dir=self._database.parent)
        self._file = os.fdopen(handle, "rb")
        try:
            with _reading(self._database) as source, sqlite3.connect(name) as copy:
                copy.execute("PRAGMA journal_mode=OFF")
                source.backup(copy)
                entries: int = copy.execute("SELECT count(*) FROM entry").fetchone()[0]
            copy.close()
            source.close()
        finally:
            os.unlink(name)
        return self._file, entries

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _reading(database: Path) -> sqlite3.Connection:
    if not database.is_file():
        raise FileNotFoundError(f"There is no database {database}. Name it with --database.")
    return sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)


def _files(database: Path) -> Iterator[tuple[str, Path]]:
    """Every file that is kept, by its name in the backup, in order; what is still being written is none yet."""
    for kind in FOLDERS:
        root = folder(database, kind)
        for path in sorted(root.rglob("*")):
            if path.is_file() and not path.name.startswith(".") and path.suffix != ".part":
                yield f"{kind}/{path.relative_to(root).as_posix()}", path


def _add(tar: tarfile.TarFile, name: str, file: BinaryIO) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = os.fstat(file.fileno()).st_size
    tar.addfile(entry, file)
