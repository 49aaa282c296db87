"""`tenderbell envelope-check`: compute files of known answers again, and name what differs."""

from __future__ import annotations

import argparse
from pathlib import Path

from bidders.sealing.answers.checking import tally
from bidders.sealing.answers.known import checks
from bidders.sealing.encoding import BadEncoding
from server.terminal import complain


def configure(parser: argparse.ArgumentParser) -> None:
    """Name the command's arguments."""
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="known answers of sealbid/v1, JSON"
    )


def run(args: argparse.Namespace) -> int:
    """Print each answer that differs, and how many are identical; 1 when not all are, 2 without a file to read."""
    count, differing = 0, 0
    for file in args.files:
        try:
            found = tally(checks(file.read_bytes()))
        except BadEncoding as bad:
            print(f"{file}: {bad}")
            count, differing = count + 1, differing + 1
            continue
        except OSError as error:
            return complain([f"{file}: {error.strerror or error}"])
        for each in found.differing:
            print(f"{file}: {each}")
        count, differing = count + found.count, differing + len(found.differing)
    print(f"{count - differing} of {count} identical")
    return 1 if differing else 0
