"""Opening the log: its key, its tables and its last word outside the database, found or made, and compared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from server.journal_sql import SqlJournal
from server.log import key as keys
from server.log.key import LogKey
from server.log.outside import Outside
from server.log.published import Published
from server.log.rows import Rows
from server.log.unsound import Unsound
from server.settings import Settings


class Found(msgspec.Struct, frozen=True):
    """The log's parts, its tree not loaded yet."""

    key: LogKey
    rows: Rows
    outside: Outside
    published: Published


def key_file(settings: Settings) -> Path:
    """Where the log's secret key lies."""
    return settings.beside(settings.log_key, "log.key")


def outside_file(settings: Settings) -> Path:
    """Where the last published checkpoint lies."""
    return settings.beside(settings.log_checkpoint, "log.checkpoint")


def trusted(settings: Settings, random: Callable[[int], bytes]) -> None:
    """Take the database's word for what was last published, where the file outside is lost; raises `Unsound`, `Locked`."""
    if not (settings.database.exists() and key_file(settings).exists()):
        raise Unsound(f"There is no log yet that {settings.database} and {key_file(settings)} belong to.")
    journal = SqlJournal(settings.database)
    try:
        find(settings, journal, random).published.trust()
    finally:
        journal.close()


def opened(settings: Settings, journal: SqlJournal, random: Callable[[int], bytes]) -> Found:
    """Find or begin the log and load its tree; raises `Unsound`, with the journal closed, where it cannot go on."""
    try:
        found = find(settings, journal, random)
        found.published.load()
    except Unsound:
        journal.close()
        raise
    return found


def find(settings: Settings, journal: SqlJournal, random: Callable[[int], bytes]) -> Found:
    """Find the log's parts, or begin a log; raises `Unsound` where one of them is missing."""
    outside = Outside(outside_file(settings))
    key = _key(settings, outside, random)
    rows = Rows(settings.database, key.key.name)
    return Found(key, rows, outside, Published(rows, outside, journal, key, random))


def _key(settings: Settings, outside: Outside, random: Callable[[int], bytes]) -> LogKey:
    path, name = key_file(settings), settings.log_origin
    if path.exists():
        return _called(keys.load(path), name, str(path))
    if outside.path.exists():
        raise Unsound(
            f"The public log's key is not in {path}, but its last checkpoint is in {outside.path}. Put the key back. If it "
            "is lost, tell vendors and witnesses so, move the checkpoint away, and set TENDERBELL_LOG_ORIGIN to a new name."
        )
    name = name or f"{urlsplit(settings.origin).hostname}/log/1"
    _unused(settings, name)
    return keys.make(path, name, random)


def _called(key: LogKey, name: str, path: str) -> LogKey:
    if name and key.key.name != name:
        raise Unsound(
            f"The key in {path} is that of the log {key.key.name}, and TENDERBELL_LOG_ORIGIN says {name}. Give the log's own "
            "name, or none; for a new log, move the key and the last checkpoint away first."
        )
    return key


def _unused(settings: Settings, name: str) -> None:
    """A new key must not speak for a log that others know already."""
    rows = Rows(settings.database, name)
    used = next(rows.every(), None) is not None
    rows.close()
    if used:
        raise Unsound(
            f"The database holds the log {name}, and its key is not there. Put the key's file back. If it is lost, tell "
            "vendors and witnesses so, and set TENDERBELL_LOG_ORIGIN to a new name, as with /log/2 at its end."
        )
