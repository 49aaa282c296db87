"""`tenderbell log`: say the public log's key and its last checkpoint; or take the database's own word for it."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import msgspec

from server.app import trust_log
from server.journal_sql import Locked
from server.log import key as keys
from server.log.opening import key_file, outside_file
from server.log.outside import Outside
from server.log.unsound import Unsound
from server.settings import BadSettings, Settings, read
from server.terminal import complain


def configure(parser: argparse.ArgumentParser) -> None:
    """Name the command's arguments."""
    parser.add_argument("--database", type=Path, help="the database file (TENDERBELL_DATABASE)")
    parser.add_argument(
        "--trust",
        action="store_true",
        help="where the last checkpoint's file is lost: take the database for the newest one",
    )


def run(args: argparse.Namespace) -> int:
    """Print the log's key and its last checkpoint; 2 when there is no log, or it cannot be trusted."""
    try:
        settings = read(os.environ)
        settings = msgspec.structs.replace(settings, database=args.database or settings.database)
        if args.trust:
            trust_log(settings)
        return _tell(settings)
    except (BadSettings, Locked, Unsound, OSError) as error:
        return complain([str(error)])


def _tell(settings: Settings) -> int:
    path = key_file(settings)
    if not path.exists():
        raise Unsound(f"There is no log yet: {path} is made when the server first starts.")
    print(f"The log's key, for everybody:\n{keys.load(path).key.vkey}\n")
    last = Outside(outside_file(settings)).read()
    print(last.decode() if last is not None else "Nothing is published yet.")
    return 0
