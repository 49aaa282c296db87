"""`tenderbell import`: a draft event of a published tender, and the list of what could not be mapped."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import chain
from pathlib import Path

from auction.tender.solicitation import Line, Lot, Solicitation
from auction.terms.faults import Faulty
from server.imports.forms import Imported, read
from server.imports.reading import LARGEST, seen
from server.terminal import complain

MOST_SHOWN = 20
"""Rows shown of the lines of a lot, of the vendors and of the districts; of the others the number."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Name the command's arguments."""
    parser.add_argument(
        "file", type=Path, help="a published tender (OCDS or Prozorro) or an event's own file, JSON"
    )
    parser.add_argument("--database", type=Path, help="the database file (TENDERBELL_DATABASE)")
    parser.add_argument("--consortium", metavar="ID", help="whose draft it becomes, where there are several")
    parser.add_argument("--dry-run", action="store_true", help="show the draft and keep nothing")


def run(args: argparse.Namespace) -> int:
    """Make the draft and keep it; 2 with every fault when it cannot be made, or cannot be kept."""
    try:
        imported = read(args.file.name, content(args.file))
        kept = "Nothing was kept." if args.dry_run else _keep(imported.solicitation, args)
    except Faulty as bad:
        return complain(f"{fault.path}: {fault.message}" for fault in bad.faults)
    except OSError as error:
        return complain([seen(f"{error.filename}: {error.strerror}" if error.filename else str(error))])
    for line in chain(_told(imported), (kept,)):
        _say(line)
    return 0


def _say(line: str) -> None:
    """Print a line, with escapes for what the terminal's encoding does not have."""
    encoding = sys.stdout.encoding or "utf-8"
    print(line.encode(encoding, "backslashreplace").decode(encoding))


def content(file: Path) -> bytes:
    """Read a file, but no more of it than shows that it is too large; raises `OSError`."""
    with file.open("rb") as opened:
        return opened.read(LARGEST + 1)


def _keep(document: Solicitation, args: argparse.Namespace) -> str:
    """Keep the draft. The server's modules are loaded here alone, so that a dry run starts at once."""
    said: str = import_module("server.imports.keeping").keep(document, args.database, args.consortium)
    return said


def _told(imported: Imported) -> Iterator[str]:
    """What was made, and what was not, line by line."""
    made = imported.solicitation
    yield f"{made.title} ({made.number})"
    yield f"From {made.source}; for {made.consortium or 'nobody that is named'}; in {made.currency}."
    for lot in made.lots:
        yield from _lot(lot, made.currency)
    yield from _rows("Vendors", [f"{vendor.id}: {vendor.name}" for vendor in made.vendors])
    yield from _rows("Districts", [f"{district.id}: {district.name}" for district in made.districts])
    step = made.rules.get("decrement", {}).get("amount")
    yield f"\nSmallest step: {f'{step} {made.currency}' if step else 'as by default'}"
    yield f"\nCould not be mapped: {len(imported.unmapped) or 'nothing'}"
    yield from (f"  - {line}" for line in imported.unmapped)
    yield ""


def _lot(lot: Lot, currency: str) -> Iterator[str]:
    ceiling = f"ceiling {lot.ceiling} {currency}" if lot.ceiling else "no ceiling"
    yield f"\nLot {lot.id}: {lot.title} ({ceiling})"
    yield from _few([_line(line, currency) for line in lot.lines[:MOST_SHOWN]], len(lot.lines))


def _line(line: Line, currency: str) -> str:
    paid = f", last paid {line.baseline} {currency}" if line.baseline else ""
    return f"{line.id}: {line.quantity} {line.unit} {_short(line.description)}{paid}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else line[:79] + "…"


def _rows(title: str, rows: list[str]) -> Iterator[str]:
    yield f"\n{title}: {len(rows) or 'none'}"
    yield from _few(rows[:MOST_SHOWN], len(rows))


def _few(rows: Iterable[str], count: int) -> Iterator[str]:
    yield from (f"  {row}" for row in rows)
    if count > MOST_SHOWN:
        yield f"  and {count - MOST_SHOWN:,} more"
