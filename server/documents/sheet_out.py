"""Spreadsheets that go out, as CSV and as XLSX: a cell is what it says, and never starts a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

Cell = str | int | Decimal | None
"""Text, or an exact number; nothing is an empty cell."""
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet program take a text for a formula (OWASP, CSV injection)."""
LONGEST_CELL = 32_767
"""How many characters a cell of XLSX holds."""
WIDEST, NARROWEST = 60, 8


def csv_of(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write rows as CSV in UTF-8 with its mark, so that spreadsheet programs read it rightly; lines end as RFC 4180 says."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_harmless(each) for each in headings])
    for row in rows:
        writer.writerow(["" if each is None else _plain(each) for each in row])
    return out.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return _harmless(cell) if isinstance(cell, str) else "" if cell is None else str(cell)


def _harmless(text: str) -> str:
    """Put an apostrophe before what would start a formula; a number written as text is left alone."""
    return f"'{text}" if text.startswith(STARTS_FORMULA) and not _number(text) else text


def _number(text: str) -> bool:
    body = text[1:] if text[:1] in "+-" else ""
    return bool(body) and body.isascii() and body.replace(".", "", 1).isdecimal()


def xlsx_of(title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write rows as a workbook of one sheet, its headings frozen; text stays text and numbers stay exact to 15 digits."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(out, options) as book:
        sheet = book.add_worksheet(_sheet_name(title))
        bold = book.add_format({"bold": True})
        widths = [len(each) for each in headings]
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, bold)
        for place, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                _write(sheet, place, column, cell)
                widths[column] = max(widths[column], len(_plain(cell)))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(WIDEST, max(NARROWEST, width + 1)))
        sheet.freeze_panes(1, 0)
    return out.getvalue()


def _write(sheet: Worksheet, row: int, column: int, cell: Cell) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, column, cell[:LONGEST_CELL])
    elif cell is not None:
        sheet.write_number(row, column, cell)


def _sheet_name(title: str) -> str:
    """A sheet's name: at most 31 characters, without those that XLSX forbids."""
    return "".join(each for each in title if each not in "[]:*?/\\'")[:31].strip() or "Sheet"
