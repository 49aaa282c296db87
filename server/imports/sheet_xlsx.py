"""Excel workbooks: the first visible sheet that fits, its cells as texts, and what cannot be seen in the cells alone."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from xml.etree import ElementTree
from xml.parsers import expat

import python_calamine as calamine

from server.imports.sheet_csv import AROUND, LOOKED_AT, too_many
from server.imports.sheet_words import Grid, refuse

LARGEST_UNPACKED = 150 * 1024 * 1024
CHUNK = 1024 * 1024
DAMAGED = "is damaged and cannot be read as a workbook; open it in your spreadsheet program and save it again"
ROW = re.compile(rb"<(?:\w+:)?row[\s>]")
VALUE = re.compile(rb"<(?:\w+:)?(?:v|t)[\s>]")
ODD_CELL = re.compile(
    rb'<(?:\w+:)?c\s[^>]*?r="([A-Z]{1,3})(\d{1,7})"([^>]*)>((?:(?!</(?:\w+:)?c>).)*)', re.DOTALL
)
HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?col\s[^>]*>")
HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*hidden="(?:1|true)"')
FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
FILLED = re.compile(rb"<(?:\w+:)?v[^>/]*>[^<]")
BROKEN = (
    calamine.CalamineError,
    zipfile.BadZipFile,
    zlib.error,
    ElementTree.ParseError,
    expat.ExpatError,
    KeyError,
    OSError,
    EOFError,
    NotImplementedError,
)
NAMES = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def read(name: str, body: bytes, fits: Callable[[list[list[str]]], int], most_rows: int) -> Grid:
    """Read a workbook's cells; `fits` says how well a sheet's first rows do as a table of what is looked for."""
    try:
        archive, book = zipfile.ZipFile(io.BytesIO(body)), calamine.load_workbook(io.BytesIO(body))
        shown = [
            (place, sheet.name)
            for place, sheet in enumerate(book.sheets_metadata)
            if sheet.visible == calamine.SheetVisibleEnum.Visible
            and sheet.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        sources = _sources(archive)
        for _, title in shown:
            _bounded(name, archive, sources[title], most_rows)
        if not shown:
            refuse(name, "has no visible sheet; show the one that holds the table")
        sheets = {title: book.get_sheet_by_index(place) for place, title in shown}
        title = max(sheets, key=lambda each: fits(_first(sheets[each])))
        source = archive.read(sources[title])
        expat.ParserCreate().Parse(
            source, True
        )  # A sheet that ends too early would else be read up to there.
        return _grid(sheets, title, source)
    except BROKEN:
        refuse(name, DAMAGED)


def _sources(archive: zipfile.ZipFile) -> dict[str, str]:
    """Where each sheet lies within the file."""
    for part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        if archive.getinfo(part).file_size > CHUNK:
            raise KeyError(part)
    linked = {
        each.get("Id"): each.get("Target", "")
        for each in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    found = {}
    for each in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if each.tag.endswith("}sheet") and (target := linked.get(each.get(NAMES))):
            found[each.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def _bounded(name: str, archive: zipfile.ZipFile, source: str, most_rows: int) -> None:
    """Refuse at once what is too much, before it is read whole."""
    if sum(each.file_size for each in archive.infolist()) > 4 * LARGEST_UNPACKED:
        refuse(name, f"unpacks to more than {4 * LARGEST_UNPACKED // CHUNK} MB; split it into several files")
    rows = weight = 0
    rest = b""
    with archive.open(source) as opened:
        while chunk := opened.read(CHUNK):
            pieces = ROW.split(rest + chunk)
            rest = pieces.pop()
            rows += sum(1 for piece in pieces if VALUE.search(piece))
            weight += len(chunk)
            if rows > most_rows + AROUND:
                refuse(name, too_many(most_rows))
            if weight > LARGEST_UNPACKED:
                refuse(
                    name, f"unpacks to more than {LARGEST_UNPACKED // CHUNK} MB; split it into several files"
                )


def _first(sheet: calamine.CalamineSheet) -> list[list[str]]:
    return [[_text(each) for each in row] for row in sheet.to_python(nrows=LOOKED_AT)]


def _grid(sheets: dict[str, calamine.CalamineSheet], title: str, source: bytes) -> Grid:
    sheet = sheets[title]
    rows = [
        (number, cells)
        for number, row in enumerate(sheet.to_python(skip_empty_area=False), start=1)
        if any(cells := [_text(each) for each in row])
    ]
    merged = tuple(
        (top + 1, left + 1, bottom + 1, right + 1)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    )
    grid = Grid(rows, [], _hidden(source), merged, dict(_broken(source)))
    others = [each for each in sheets if each != title and sheets[each].height]
    if others:
        grid.notes.append(f"Only the sheet “{title}” was read; others were left out: {', '.join(others)}.")
    if rows_hidden := len(HIDDEN_ROW.findall(source)):
        grid.notes.append(f"{rows_hidden:,} hidden rows (by a filter perhaps) were read too.")
    if formulas := len(FORMULA.findall(source)):
        grid.notes.append(f"{formulas:,} cells hold formulas; their results were taken.")
    return grid


def _hidden(source: bytes) -> frozenset[int]:
    """The columns that are not shown."""
    found: set[int] = set()
    for each in HIDDEN_COLUMN.findall(source[: CHUNK // 4]):
        bounds = dict(re.findall(rb'(min|max|hidden)="(\w+)"', each))
        if bounds.get(b"hidden") in (b"1", b"true"):
            found.update(range(int(bounds[b"min"]), min(int(bounds[b"max"]), 1000) + 1))
    return frozenset(found)


def _broken(source: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    """Cells whose value is an error, and formulas that were never worked out."""
    if b't="e"' not in source and not FORMULA.search(source):
        return
    for column, row, kind, inside in ODD_CELL.findall(source):
        at = int(row), _number(column.decode())
        if b't="e"' in kind:
            yield at, "holds an error of the spreadsheet, such as #REF!; give the value itself"
        elif FORMULA.search(inside) and not FILLED.search(inside) and b't="str"' not in kind:
            yield (
                at,
                "holds a formula without a result; open the file, save it again, or give the value itself",
            )


def _number(column: str) -> int:
    value = 0
    for letter in column:
        value = value * 26 + ord(letter) - 64
    return value


def _text(value: object) -> str:
    """A cell as text: numbers with the 15 digits that spreadsheets show, dates as 2026-08-15."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{Decimal(f'{value:.15g}'):f}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, int | timedelta) else ""
