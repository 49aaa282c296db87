"""`tenderbell restore BACKUP`: put a backup where there is nothing yet, checked through and through."""

from __future__ import annotations

import argparse
import sqlite3
from pathlib import Path

from server.backup import backup_key, restoring
from server.backup.backup_key import BadKey
from server.backup.sealing import NotABackup
from server.terminal import complain

NEXT = (
    "Put the public log’s key and its last checkpoint beside it before you start. Where the checkpoint is newer than this "
    "backup, the server does not start and says what to do: what came after the backup is lost, and others can prove it."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Name the command's arguments."""
    parser.add_argument("backup", type=Path, help="the backup's file")
    parser.add_argument("--key", type=Path, required=True, help="the file with the backup key's secret line")
    parser.add_argument(
        "--database", type=Path, required=True, help="a new database file, where nothing is yet"
    )


def run(args: argparse.Namespace) -> int:
    """Restore a backup; 2 with the reason where nothing was restored."""
    try:
        restored = restoring.restore(args.backup, backup_key.secret_key(args.key), args.database)
    except (BadKey, NotABackup) as error:
        return complain([str(error)])
    except (OSError, sqlite3.Error) as error:
        return complain([f"Nothing was restored. {error}"])
    print(
        f"{args.database}: {restored.entries} entries, the last of {restored.last_at}, and {restored.files} files."
    )
    print(NEXT)
    return 0
