"""`tenderbell backup-key FILE`: make the key to which backups are sealed."""

from __future__ import annotations

import argparse
from pathlib import Path

from server.backup import backup_key
from server.terminal import complain


def configure(parser: argparse.ArgumentParser) -> None:
    """Name the command's arguments."""
    parser.add_argument(
        "file", type=Path, help="a new file for the secret line; keep it away from the server"
    )


def run(args: argparse.Namespace) -> int:
    """Make the key and print its public line; 2 where the file cannot be written, or is there already."""
    try:
        line = backup_key.make(args.file, args.random)
    except FileExistsError:
        return complain([f"{args.file} exists, and may hold a key that old backups need: choose a new name."])
    except OSError as error:
        return complain([f"{args.file} cannot be written: {error.strerror}."])
    print(
        f"The secret line is in {args.file}. Print it, keep it in two safe places, and take it off this machine."
    )
    print(f"The public line is for the server:\n\nTENDERBELL_BACKUP_TO={line}")
    return 0
