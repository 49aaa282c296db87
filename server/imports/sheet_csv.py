"""Comma-separated values: which separator a text uses, and its cells, row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from itertools import islice

from auction.terms.faults import Fault, Faulty
from server.imports.sheet_kinds import decoded
from server.imports.sheet_words import Grid, refuse

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
LOOKED_AT, LOOKED_INTO = 20, 64 * 1024
"""Rows, and characters, that are tried with each separator."""
AROUND = 100
"""Rows beside those with values that a file may have: titles above the headings, and empty ones."""


def read(name: str, body: bytes, fits: Callable[[list[list[str]]], int], most_rows: int) -> Grid:
    """Read a text file's cells; `fits` says how well its first rows do as a table of what is looked for."""
    text, encoding = decoded(name, body)
    head = text[:LOOKED_INTO]
    first = head.lstrip().split("\n", 1)[0].strip().lower()
    told = next((each for each in SEPARATORS if first == f"sep={each}".strip()), None)
    separator = told or max(SEPARATORS, key=lambda each: _rated(head, each, fits))
    rows = list(_numbered(name, text, separator, 1 if told else 0, most_rows))
    grid = Grid(rows, separated=True)
    if encoding != "UTF-8":
        grid.notes.append(f"Read as {encoding}; look whether letters with accents came out right.")
    if separator != ",":
        grid.notes.append(f"Its cells are separated by {SEPARATORS[separator]}s.")
    return grid


def _rated(head: str, separator: str, fits: Callable[[list[list[str]]], int]) -> tuple[int, int]:
    """How well a separator does: by the headings found with it, then by how often it stands in the first rows."""
    try:
        rows = list(islice(csv.reader(io.StringIO(head, newline=""), delimiter=separator), LOOKED_AT))
    except csv.Error:
        return (0, 0)
    return fits(rows), max((len(row) for row in rows), default=0)


def _numbered(
    name: str, text: str, separator: str, skipped: int, most_rows: int
) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, with its number; stops at once behind the greatest number of rows."""
    number = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for number, row in enumerate(reader, start=1):
            if number > most_rows + AROUND:
                refuse(name, too_many(most_rows))
            cells = [each.strip() for each in row]
            if number > skipped and any(cells):
                yield number, cells
    except csv.Error as error:
        raise Faulty([Fault(f"row {number + 1:,}", _said(error))]) from None


def _said(error: csv.Error) -> str:
    if "field larger" in str(error):
        return "has a cell of more than 131,072 characters; a quote is probably never closed before it"
    return 'has a quote (") that does not close its cell; inside a quoted cell write it twice ("")'


def too_many(most_rows: int) -> str:
    """Say that a file has too many rows."""
    return f"has more than {most_rows:,} rows, which is the limit; split it into several files"
