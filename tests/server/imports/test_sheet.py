"""Spreadsheets: whatever a clerk's program saved is read as it was meant, or every fault is named with its place and remedy."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from time import perf_counter
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.terms.faults import Fault, Faulty
from server.imports.sheet import Column, read_sheet, read_table
from server.imports.sheet_words import letters

COLUMNS = (
    Column("item", ("Item", "Item number", "SKU")),
    Column("quantity", ("Quantity", "Qty")),
    Column("unit", ("Unit", "UOM"), required=False),
)
PLAIN = "Item,Quantity,Unit\nP-1,12,ream\nP-2,3,carton\n"


def book(*rows: Sequence[object], change: Any = None) -> bytes:
    """A workbook of one sheet."""
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(list(row))
    if change is not None:
        change(made)
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def cells(name: str, body: bytes, **more: Any) -> list[tuple[str, ...]]:
    """What is read, without the names of the columns."""
    return [tuple(row.cells.values()) for row in read_sheet(name, body, COLUMNS, **more)]


def faults(name: str, body: bytes, most_rows: int = 20_000) -> list[Fault]:
    """What is wrong with a file."""
    with pytest.raises(Faulty) as bad:
        read_sheet(name, body, COLUMNS, most_rows)
    return list(bad.value.faults)


def told(name: str, body: bytes, most_rows: int = 20_000) -> str:
    """What is wrong, as text."""
    return "\n".join(f"{each.path}: {each.message}" for each in faults(name, body, most_rows))


READ = [("P-1", "12", "ream"), ("P-2", "3", "carton")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_text_file_is_read_in_every_usual_encoding_and_separator(
    encoding: str, separator: str, end: str
) -> None:
    text = PLAIN.replace(",", separator).replace("\n", end)
    assert cells("needs.csv", text.encode(encoding)) == READ


def test_letters_with_accents_come_out_right_and_a_guessed_encoding_is_told() -> None:
    text = "Item,Quantity\nCafé – 8½,3\n"
    assert cells("a.csv", text.encode())[0][0] == "Café – 8½"
    table = read_table("a.csv", text.encode("cp1252"), COLUMNS, 10)
    assert table.rows[0].cells["item"] == "Café – 8½"
    assert "Windows-1252" in table.notes[0]


def test_headings_are_found_below_a_title_whatever_their_case_and_signs() -> None:
    text = "Lake needs 2026\n\n qty* ,Notes,ITEM-NUMBER\n12,,P-1\n"
    rows = read_sheet("a.csv", text.encode(), COLUMNS)
    assert [(row.number, row.cells) for row in rows] == [(4, {"item": "P-1", "quantity": "12", "unit": ""})]


def test_columns_that_nobody_asked_for_are_left_out_and_named() -> None:
    table = read_table("a.csv", b"Item,Colour,Qty\nP-1,red,2\n", COLUMNS, 10)
    assert table.notes == ("Columns that are not used here were left out: B (Colour).",)


def test_cells_in_quotes_may_hold_separators_quotes_and_line_ends() -> None:
    text = 'Item,Qty\n"Paper, 8½ x 11""\nwhite",2\nP-9,1\n'
    rows = read_sheet("a.csv", text.encode(), COLUMNS)
    assert [(row.number, row.cells["item"]) for row in rows] == [
        (2, 'Paper, 8½ x 11"\nwhite'),
        (3, "P-9"),
    ]


def test_a_separator_line_of_the_spreadsheet_program_is_minded() -> None:
    assert cells("a.csv", b"sep=;\nItem;Qty\nP,1;2\n") == [("P,1", "2", "")]


def test_a_workbook_gives_the_same_rows_as_text() -> None:
    body = book(
        ("Item", "Quantity", "Unit"),
        ("P-1", 12, "ream"),
        (None, None, None),
        ("007", 41.5, date(2026, 8, 15)),
    )
    assert cells("a.xlsx", body) == [("P-1", "12", "ream"), ("007", "41.5", "2026-08-15")]


def test_a_number_is_read_as_it_was_shown_and_never_with_an_exponent() -> None:
    body = book(("Item", "Quantity"), ("a", 0.1 + 0.2), ("b", 1e15), ("c", 0.0000001), ("d", 123456789012.25))
    assert [row[1] for row in cells("a.xlsx", body)] == [
        "0.3",
        "1000000000000000",
        "0.0000001",
        "123456789012.25",
    ]


def test_a_formula_s_result_is_taken_and_one_that_was_never_worked_out_is_named() -> None:
    said = told("a.xlsx", book(("Item", "Qty"), ("P-1", "=1+1"), ("P-2", 2)))
    assert (
        said
        == "row 2, Quantity: holds a formula without a result; open the file, save it again, or give the value itself"
    )
    worked_out = edited(
        book(("Item", "Qty"), ("P-1", "=1+1")), "xl/worksheets/sheet1.xml", b"<v />", b"<v>2</v>"
    )
    table = read_table("a.xlsx", worked_out, COLUMNS, 10)
    assert table.rows[0].cells["quantity"] == "2" and "1 cells hold formulas" in table.notes[0]


def edited(body: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """A workbook with one of its parts changed."""
    before, held = zipfile.ZipFile(io.BytesIO(body)), io.BytesIO()
    with zipfile.ZipFile(held, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            assert name != part or old in content
            after.writestr(name, content.replace(old, new) if name == part else content)
    return held.getvalue()


@pytest.mark.parametrize("text", ["=SUM(A1:A2)", "@SUM(1)", "+A1*2", "-A1", "=1+cmd|'/C calc'!A0"])
def test_a_text_that_begins_like_a_formula_is_named_with_its_place(text: str) -> None:
    said = told("a.csv", f'Item,Qty\nP-1,3\n"{text}",4\n'.encode())
    assert said.startswith("row 3, Item: “") and "begins like a formula" in said
    assert told(
        "a.xlsx", edited(book(("Item", "Qty"), ("xyz", 4)), "xl/worksheets/sheet1.xml", b"xyz", text.encode())
    )


def test_numbers_with_a_sign_are_no_formulas() -> None:
    assert cells("a.csv", b"Item,Qty\nP-1,-3\nP-2,+4\n") == [("P-1", "-3", ""), ("P-2", "+4", "")]


def test_an_error_of_the_spreadsheet_is_named_with_its_place() -> None:
    assert "row 2, Quantity: holds an error" in told("a.xlsx", book(("Item", "Qty"), ("P-1", "#DIV/0!")))


def test_merged_cells_are_named_in_headings_and_below() -> None:
    body = book(
        ("Item", "Quantity"), ("P-1", 2), ("P-2", 3), change=lambda made: made.active.merge_cells("A1:B1")
    )
    assert "the heading in A1:B1 is merged" in told("a.xlsx", body)
    body = book(
        ("Item", "Quantity"), ("P-1", 2), ("P-2", 3), change=lambda made: made.active.merge_cells("B2:B3")
    )
    assert told("a.xlsx", body).splitlines() == [
        "row 2, Quantity: is merged (B2:B3); unmerge it and fill each cell",
        "row 3, Quantity: is merged (B2:B3); unmerge it and fill each cell",
    ]


def test_headings_that_are_missing_or_there_twice_are_named_with_those_that_would_do() -> None:
    said = told("a.csv", b"Item,SKU,Unit\nP-1,P-1,ream\n")
    assert "the heading “SKU” is named twice, in A1 and B1; keep one" in said
    assert "the column Quantity is missing; a heading that would do is “Quantity” or “Qty”" in said
    assert "in its first row it needs Item and Quantity" in told("a.csv", b"one,two\n1,2\n")


def test_a_hidden_column_is_left_out_and_named_and_one_that_is_needed_must_be_shown() -> None:
    def hide(column: str) -> Any:
        return lambda made: setattr(made.active.column_dimensions[column], "hidden", True)

    rows = (("Item", "Quantity", "Unit"), ("P-1", 2, "ream"))
    table = read_table("a.xlsx", book(*rows, change=hide("C")), COLUMNS, 10)
    assert table.rows[0].cells["unit"] == "" and "Hidden columns were left out: C." in table.notes
    assert "the column Quantity is hidden" in told("a.xlsx", book(*rows, change=hide("B")))


def test_the_sheet_that_holds_the_table_is_read_and_others_are_named() -> None:
    def add(made: Any) -> None:
        made.create_sheet("Needs").append(["Item", "Qty"])
        made["Needs"].append(["P-1", 2])
        made.create_sheet("Old").append(["Item", "Qty"])
        made["Old"].sheet_state = "hidden"

    table = read_table("a.xlsx", book(("How to fill this in",), change=add), COLUMNS, 10)
    assert table.rows[0].cells["item"] == "P-1"
    assert "Only the sheet “Needs” was read" in table.notes[0]


@pytest.mark.parametrize(
    ("name", "body", "why"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b" \n\n", "is empty"),
        ("a.csv", book(("Item",)), "is called .csv but is an Excel workbook"),
        ("a.xlsx", PLAIN.encode(), "is called .xlsx but is a text file"),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            "old kind (.xls) or one with a password",
        ),
        ("a.csv", b"%PDF-1.7\n", "is a PDF"),
        ("a.xls", b"<html><table><tr><td>Item</td></tr></table></html>", "is a web page or XML"),
        ("a.csv", b"Item,Qty\nP\x00Q,1\n", "null bytes"),
        ("a.csv", b"Item,Qty\nP\x81\xff,1\n", "encoding that cannot be told (line 2)"),
        ("a.csv", PLAIN.encode("utf-32"), "is UTF-32"),
        ("a.xlsx", b"PK\x03\x04" + b"junk" * 99, "is damaged"),
        ("a.csv", b"Item,Qty\n", "nothing under them"),
        ("a.csv", b'Item,Qty\n"P-1,1\nP-2,2\n', "does not close"),
        ("a.csv", b"Item,Qty\nPaper, white,2\n", "has 3 cells under 2 headings"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_its_remedy(name: str, body: bytes, why: str) -> None:
    assert why in told(name, body)


@pytest.mark.parametrize(
    ("inside", "why"),
    [
        ("word/document.xml", "a text document"),
        ("xl/workbook.bin", ".xlsb"),
        ("mimetype", "OpenDocument"),
        ("x", "another kind"),
    ],
)
def test_a_packed_file_of_another_kind_is_named(inside: str, why: str) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        made.writestr(inside, "x")
    assert why in told("a.xlsx", held.getvalue())


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"]
)
def test_a_workbook_with_a_broken_part_is_refused_in_words(part: str) -> None:
    body = edited(book(("Item", "Qty"), ("P-1", 1)), part, b"</", b"<")
    assert "is damaged" in told("a.xlsx", body)


def test_a_million_rows_are_refused_at_once_with_the_limit() -> None:
    text = b"Item,Qty\n" + b"P-1,1\n" * 1_000_000
    row = b'<row r="9"><c r="A9" t="inlineStr"><is><t>P-1</t></is></c><c r="B9"><v>1</v></c></row>'
    sheet = edited(
        book(("Item", "Qty")), "xl/worksheets/sheet1.xml", b"</sheetData>", row * 300_000 + b"</sheetData>"
    )
    for name, body in (("a.csv", text), ("a.xlsx", sheet)):
        began = perf_counter()
        assert "has more than 20,000 rows, which is the limit" in told(name, body)
        assert perf_counter() - began < 2


def test_as_many_rows_as_the_limit_are_read_and_not_one_more() -> None:
    assert len(cells("a.csv", b"Item,Qty\n" + b"P,1\n" * 50, most_rows=50)) == 50
    assert "more than 50 rows" in told("a.csv", b"Item,Qty\n" + b"P,1\n" * 51, 50)


def test_all_faults_are_told_up_to_a_number_and_then_how_many_more_there_are() -> None:
    found = faults("a.csv", b"Item,Qty\n" + b"=x,1\n" * 250)
    assert len(found) == 101 and found[-1] == Fault("a.csv", "and 150 more; these are the first 100")


def test_columns_are_named_as_the_spreadsheet_shows_them() -> None:
    assert [letters(each) for each in (1, 26, 27, 52, 53, 702, 703)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading(body: bytes) -> None:
    for name in ("a.csv", "a.xlsx"):
        for given_ in (body, b"Item,Qty\n" + body, b"PK\x03\x04" + body):
            try:
                read_sheet(name, given_, COLUMNS, 100)
            except Faulty as bad:
                assert bad.faults


@given(
    st.lists(
        st.tuples(*[st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=9)] * 2),
        min_size=1,
        max_size=9,
    )
)
def test_what_is_written_as_a_workbook_is_read_back(rows: list[tuple[str, str]]) -> None:
    kept = [tuple(" ".join(each.split()) for each in row) for row in rows]
    kept = [
        row for row in kept if any(row) and not any(each[:1] in ("=", "@", "+", "-", "#") for each in row)
    ]
    if kept and not any("_x" in each or "￾" in each or "￿" in each for row in kept for each in row):
        assert [row[:2] for row in cells("a.xlsx", book(("Item", "Qty"), *kept))] == kept
