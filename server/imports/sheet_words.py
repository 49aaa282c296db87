"""The words of reading a spreadsheet: the columns that are looked for, the rows that were found, and where a fault lies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NoReturn

import msgspec

from auction.terms.faults import Fault, Faulty

MOST_FAULTS = 100
"""Faults told of one file; of the others the number."""


class Column(msgspec.Struct, frozen=True):
    """A column that is looked for: `titles` are the headings that would do, the first of them the one that is proposed.

    `required` is about the column, not about its cells: whoever reads the rows says which cells may be empty.
    """

    name: str
    titles: tuple[str, ...]
    required: bool = True


class Row(msgspec.Struct, frozen=True):
    """One row, by its number in the file; `cells` has a text for every column that was looked for, "" where there is none."""

    number: int
    cells: dict[str, str]


class Table(msgspec.Struct, frozen=True):
    """What a file holds: its rows, and `notes` of what was left out or taken in a particular way."""

    rows: list[Row]
    notes: tuple[str, ...] = ()


class Grid(msgspec.Struct):
    """A sheet as it lies in the file, before its headings are known.

    `rows` are numbered from 1 and leave out those that are empty. `hidden` are columns that are not shown, `merged` ranges of
    cells as (top, left, bottom, right), counted from 1, and `broken` what is wrong with single cells, by row and column.
    `separated` says that nothing but separators tells the columns apart.
    """

    rows: list[tuple[int, list[str]]]
    notes: list[str] = msgspec.field(default_factory=list)
    hidden: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    broken: dict[tuple[int, int], str] = msgspec.field(default_factory=dict)
    separated: bool = False


def place(row: int, column: str) -> str:
    """Say where something stands: `row 7, Quantity`."""
    return f"row {row:,}, {column}"


def letters(column: int) -> str:
    """A column's letters as spreadsheet programs show them, counted from 1: 28 is `AB`."""
    named = ""
    while column:
        column, rest = divmod(column - 1, 26)
        named = chr(65 + rest) + named
    return named


def cell(row: int, column: int) -> str:
    """A cell's name as spreadsheet programs show it: `C7`."""
    return f"{letters(column)}{row}"


def short(text: str, most: int = 40) -> str:
    """A text for a message: on one line, and no longer than so much."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def capped(name: str, found: Sequence[Fault], most: int = MOST_FAULTS) -> list[Fault]:
    """The first faults, and in place of all others how many more there are."""
    if len(found) <= most:
        return list(found)
    return [*found[:most], Fault(name, f"and {len(found) - most:,} more; these are the first {most}")]


def refuse(name: str, message: str) -> NoReturn:
    """Raise `Faulty` about the file as a whole."""
    raise Faulty([Fault(name, message)])


def listed(words: Iterable[str], last: str = "or") -> str:
    """Write words as a list: `A, B or C`."""
    told = list(words)
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} {last} {told[-1]}"
