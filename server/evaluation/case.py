"""A case for the award's commands: a JSON file read without loss, and one JSON object or every fault printed."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from auction.terms.faults import Fault, Faulty


def configure(parser: argparse.ArgumentParser) -> None:
    """Name the file that holds the case."""
    parser.add_argument("case", type=Path, metavar="FILE", help="the case, JSON")


def answer(path: Path, work: Callable[[object], object]) -> int:
    """Print what comes of a case; 0 when it was reckoned, 2 with every fault when it cannot be."""
    try:
        tell(work(read(path)))
    except Faulty as faulty:
        return refuse(faulty.faults)
    except OSError as error:
        return refuse([Fault("(file)", f"{path}: {error.strerror or error}")])
    return 0


def read(path: Path) -> object:
    """Read a JSON file; numbers with a point stay decimals, and a name that is used twice is a fault."""
    twice: list[str] = []

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice.extend(dict.fromkeys(name for name in names if names.count(name) > 1))
        return found

    try:
        text = path.read_bytes().decode("utf-8")
        value: object = json.loads(
            text, object_pairs_hook=members, parse_float=Decimal, parse_constant=Decimal
        )
    except (ValueError, RecursionError) as error:
        raise Faulty([Fault("(file)", f"is not JSON: {error}")]) from error
    if twice:
        raise Faulty([Fault(name, "is given twice in one object; keep one of them") for name in twice])
    return value


def tell(value: object) -> None:
    """Print one JSON object."""
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n")
    sys.stdout.buffer.flush()


def refuse(faults: Sequence[Fault]) -> int:
    """Print every fault, as JSON and in plain lines; the exit code of a case that cannot be used."""
    tell({"faults": faults})
    for fault in faults:
        print(f"{fault.path}: {fault.message}", file=sys.stderr)
    return 2
