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
    """Print each answer that differs, and how many cases are identical; 1 when not all are, 2 without a file to read."""
    cases, identical, answers = 0, 0, 0
    for file in args.files:
        try:
            found = tally(checks(file.read_bytes()))
        except BadEncoding as bad:
            print(f"{file}: {bad}")
            cases += 1
            continue
        except OSError as error:
            return complain([f"{file}: {error.strerror or error}"])
        for each in found.differing:
            print(f"{file}: {each}")
        cases, identical, answers = cases + found.cases, identical + found.identical, answers + found.answers
    print(f"Compared {answers} answers.")
    print(f"{identical} of {cases} identical")
    return 0 if identical == cases else 1
