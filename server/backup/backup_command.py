"""`tenderbell backup OUT`: everything that cannot be made again, in one file that only the backup key opens."""

from __future__ import annotations

import argparse
import os
import sqlite3
from pathlib import Path

import msgspec

from server.backup import backup_key, taking
from server.backup.backup_key import BadKey
from server.settings import BadSettings, Settings, read
from server.terminal import complain

NO_KEY = (
    "Set TENDERBELL_BACKUP_TO to the public line of a backup key; `tenderbell backup-key FILE` makes one."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Name the command's arguments."""
    parser.add_argument("out", type=Path, help="a new file for the backup")
    parser.add_argument("--database", type=Path, help="the database file (TENDERBELL_DATABASE)")


def run(args: argparse.Namespace) -> int:
    """Take a backup, also while the server runs; 2 with the reason where none was taken."""
    try:
        settings = read(os.environ)
        settings = msgspec.structs.replace(settings, database=args.database or settings.database)
        taken = taking.take(settings.database, args.out, _to(settings), args.random)
    except (BadSettings, BadKey) as error:
        return complain([str(error)])
    except (OSError, sqlite3.Error) as error:
        return complain([f"No backup was taken. {error}"])
    print(f"{args.out}: {taken.entries} entries and {taken.files} files in {taken.size} bytes.")
    return 0


def _to(settings: Settings) -> bytes:
    if not settings.backup_to:
        raise BadKey(NO_KEY)
    return backup_key.public_key(settings.backup_to)
