"""Spreadsheets in: the rows of a CSV or Excel file under known headings, or every fault with its row, column and remedy."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from auction.terms.faults import Fault, Faulty
from server.imports import sheet_csv, sheet_xlsx
from server.imports.sheet_kinds import is_workbook
from server.imports.sheet_words import (
    Column,
    Grid,
    Row,
    Table,
    capped,
    cell,
    letters,
    listed,
    place,
    refuse,
    short,
)

HEADINGS_WITHIN = 20
"""Headings stand in one of the first rows that are not empty."""
FORMULA = re.compile(r"[=@]|[+-](?=[A-Za-z(=+@-])")


def read_sheet(name: str, body: bytes, columns: Sequence[Column], most_rows: int = 20_000) -> list[Row]:
    """Read a file's rows that are not empty; raises `Faulty` with every fault, each with its place and remedy."""
    return read_table(name, body, columns, most_rows).rows


def read_table(name: str, body: bytes, columns: Sequence[Column], most_rows: int = 20_000) -> Table:
    """Read a file's rows, with notes of what was left out; raises `Faulty`."""
    read = sheet_xlsx.read if is_workbook(name, body) else sheet_csv.read
    grid = read(name, body, lambda rows: max((_score(row, columns) for row in rows), default=0), most_rows)
    number, at = _headings(name, grid, columns)
    below = [(row, cells) for row, cells in grid.rows if row > number]
    if len(below) > most_rows:
        refuse(name, sheet_csv.too_many(most_rows))
    if not below:
        refuse(name, f"has headings in row {number:,} but nothing under them; fill in at least one row")
    titles = {column.name: column.titles[0] for column in columns}
    found = list(_faults(grid, number, below, {at[each]: titles[each] for each in at}))
    if found:
        raise Faulty(capped(name, found))
    rows = [Row(row, {each: _cell(cells, at.get(each)) for each in titles}) for row, cells in below]
    return Table(rows, (*_left_out(grid, number, at), *grid.notes))


def _plain(title: str) -> str:
    """A heading as it is compared: no case, no signs, nothing in brackets, and a star for "required" is not minded."""
    return " ".join(re.sub(r"[\W_]+", " ", re.sub(r"\([^)]*\)", " ", title)).casefold().split())


def _score(row: Sequence[str], columns: Sequence[Column]) -> int:
    """How many of the columns a row names."""
    have = {_plain(each) for each in row}
    return sum(1 for column in columns if have & {_plain(title) for title in column.titles})


def _headings(name: str, grid: Grid, columns: Sequence[Column]) -> tuple[int, dict[str, int]]:
    """Find the row of headings, and for each column where it stands, counted from 1."""
    first = grid.rows[:HEADINGS_WITHIN]
    if not first:
        refuse(name, "has no rows; fill in at least one under the headings")
    number, cells = max(first, key=lambda each: _score(each[1], columns))
    if not _score(cells, columns):
        wanted = listed((column.titles[0] for column in columns if column.required), "and")
        refuse(name, f"has no headings that are known; in its first row it needs {wanted}")
    known = {_plain(title): column.name for column in columns for title in column.titles}
    at: dict[str, int] = {}
    faults: list[Fault] = list(_merged_headings(grid, number))
    for column, title in enumerate(cells, start=1):
        meant = known.get(_plain(title))
        if meant is None or column in grid.hidden:
            continue
        if meant in at:
            there, here = cell(number, at[meant]), cell(number, column)
            faults.append(
                Fault(
                    f"row {number:,}",
                    f"the heading “{short(title)}” is named twice, in {there} and {here}; keep one",
                )
            )
        at.setdefault(meant, column)
    faults += _missing(grid, number, cells, columns, at)
    if faults:
        raise Faulty(capped(name, faults))
    return number, at


def _missing(
    grid: Grid, number: int, cells: list[str], columns: Sequence[Column], at: dict[str, int]
) -> Iterator[Fault]:
    hidden = {_plain(title) for place, title in enumerate(cells, start=1) if place in grid.hidden}
    for column in columns:
        if column.required and column.name not in at:
            if hidden & {_plain(title) for title in column.titles}:
                why = f"the column {column.titles[0]} is hidden; show it, so that you see what is read"
            else:
                would = listed(f"“{title}”" for title in column.titles)
                why = f"the column {column.titles[0]} is missing; a heading that would do is {would}"
            yield Fault(f"row {number:,}", why)


def _merged_headings(grid: Grid, number: int) -> Iterator[Fault]:
    for top, left, bottom, right in grid.merged:
        if top <= number <= bottom:
            where = f"{cell(top, left)}:{cell(bottom, right)}"
            yield Fault(
                f"row {number:,}",
                f"the heading in {where} is merged; unmerge it and give each column its own",
            )


def _faults(
    grid: Grid, number: int, below: list[tuple[int, list[str]]], titles: dict[int, str]
) -> Iterator[Fault]:
    """What is wrong with cells under the headings, in the order of the file."""
    shared = {
        (row, column): f"{cell(top, left)}:{cell(bottom, right)}"
        for top, left, bottom, right in grid.merged[:1000]
        if top > number
        for row in range(top, min(bottom, top + 1000) + 1)
        for column in range(left, min(right, left + 100) + 1)
    }
    width = max((column for column in titles), default=0)
    wide = max(
        [
            width,
            *(at for row, cells in grid.rows if row == number for at, each in enumerate(cells, 1) if each),
        ]
    )
    for row, cells in below:
        for column, title in titles.items():
            if (row, column) in grid.broken:
                yield Fault(place(row, title), grid.broken[row, column])
            if (row, column) in shared:
                yield Fault(
                    place(row, title), f"is merged ({shared[row, column]}); unmerge it and fill each cell"
                )
            if column <= len(cells) and FORMULA.match(cells[column - 1]):
                yield Fault(
                    place(row, title),
                    f"“{short(cells[column - 1])}” begins like a formula; give the plain value",
                )
        if grid.separated and len(cells) > wide and any(cells[wide:]):
            yield Fault(
                f"row {row:,}",
                f"has {len(cells)} cells under {wide} headings; a cell that holds the separator must stand in quotes",
            )


def _cell(cells: list[str], at: int | None) -> str:
    return cells[at - 1] if at is not None and at <= len(cells) else ""


def _left_out(grid: Grid, number: int, at: dict[str, int]) -> Iterator[str]:
    """Columns that nothing was asked of, in words."""
    cells = next(cells for row, cells in grid.rows if row == number)
    used, times = set(at.values()), Counter(cells)
    extra = [
        f"{letters(column)} ({short(title)})"
        for column, title in enumerate(cells, start=1)
        if title and column not in used and column not in grid.hidden and times[title]
    ]
    if extra:
        yield f"Columns that are not used here were left out: {', '.join(extra[:12])}{' and more' if len(extra) > 12 else ''}."
    if grid.hidden and any(column <= len(cells) and cells[column - 1] for column in grid.hidden):
        names = ", ".join(letters(each) for each in sorted(grid.hidden) if each <= len(cells))
        yield f"Hidden columns were left out: {names}."
