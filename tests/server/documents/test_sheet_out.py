"""Spreadsheets that go out say what they hold, and never start a formula."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from server.documents.sheet_out import STARTS_FORMULA, csv_of, xlsx_of

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)


def read(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


@given(
    st.lists(
        st.lists(TEXT | st.sampled_from(["=1+1", "@SUM(A1)", "+a", "-b", "\t=1"]), min_size=2, max_size=2)
    )
)
def test_no_cell_of_a_csv_starts_a_formula_and_nothing_else_is_changed(rows: list[list[str]]) -> None:
    told = read(csv_of(["a", "b"], rows))[1:]
    for row, shown in zip(rows, told, strict=True):
        for cell, out in zip(row, shown, strict=True):
            assert out in (cell, f"'{cell}")
            number = cell[1:].replace(".", "", 1)
            assert not out.startswith(STARTS_FORMULA) or (number.isascii() and number.isdecimal())


def test_numbers_are_exact_and_negative_ones_stay_numbers() -> None:
    assert read(csv_of(["n"], [[Decimal("-1234.5670")], ["-12.50"], [None], [7]]))[1:] == [
        ["-1234.5670"],
        ["-12.50"],
        [""],
        ["7"],
    ]


def test_a_workbook_holds_text_as_text_and_numbers_as_numbers() -> None:
    body = xlsx_of("Prices: [2026]", ["item", "price"], [["=1+1", Decimal("41.8500")], ["007", None]])
    sheet = load_workbook(io.BytesIO(body)).active
    assert sheet is not None and sheet.title == "Prices 2026"
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["item", "price"],
        ["=1+1", 41.85],
        ["007", None],
    ]
    assert sheet["A2"].data_type == "s"
