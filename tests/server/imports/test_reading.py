"""A file that cannot be read says why and what to do, and no number in it has been a float."""

from __future__ import annotations

import ast
import json

import pytest

from auction.terms.faults import Faulty
from server.imports import reading
from server.imports.forms import read
from server.imports.reading import Number, parse
from tests.architecture.tree import modules
from tests.server.imports.tenders import MASKED, MULTILOT, content, faults, imported, ocds, usd


@pytest.mark.parametrize("name", [MULTILOT, MASKED])
def test_a_file_that_is_cut_off_anywhere_is_called_truncated(name: str) -> None:
    whole = content(name).rstrip()
    for end in [*range(1, 200), *range(200, len(whole) - 1, 37), len(whole) - 1]:
        told = faults(whole[:end])
        assert list(told) == ["tender.json"]
        assert "truncated" in told["tender.json"], whole[max(0, end - 40) : end]


@pytest.mark.parametrize(
    "end", ["1.", "1e", "1e-", "-", "tr", '"a', '"a\\', '"\\u00', '"a"', "", "[1,", '{"a":1,']
)
def test_a_value_that_is_cut_off_is_called_truncated(end: str) -> None:
    assert "truncated" in faults(b'{"tender": ' + end.encode())["tender.json"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"lots,items\n1,2\n", "is not JSON at line 1, column 1"),
        (b'{"tender": {}} x', "is not JSON at line 1, column 16"),
        (b'{"tender": {}} 2', "is not JSON at line 1, column 16"),
        (b'{"a": 1,\n "b" 2}', "is not JSON at line 2, column 6"),
        (b'{"a": "\n"}', "is not JSON"),
        (b"<?xml version='1.0'?>", "is XML or HTML, not JSON"),
        (b"PK\x03\x04etc", "is a ZIP or spreadsheet"),
        (b"%PDF-1.7", "is a PDF"),
        ('{"tender": {}}'.encode("utf-16"), "save it as UTF-8"),
        ('{"tender": {}}'.encode("utf-16-le"), "save it as UTF-8"),
        ('{"title": "Stühle"}'.encode("latin-1"), "is not UTF-8 at byte 14; save it as UTF-8"),
        ('{"title": "ü'.encode()[:-1], "it is truncated"),
        (b"[]", "is a list; give one object"),
        (b"{}", "is in no form that is known here"),
        (b"null", "is in no form that is known here"),
        (b"12", "is in no form that is known here"),
        (b'"tender"', "is in no form that is known here"),
        (b'{"anything": 1}', "OCDS 1.1 release"),
    ],
)
def test_a_file_that_is_no_tender_is_named_with_its_remedy(content: bytes, says: str) -> None:
    told = faults(content)
    assert list(told) == ["tender.json"]
    assert says in told["tender.json"]


def test_a_byte_order_mark_does_no_harm() -> None:
    assert read("x.json", b"\xef\xbb\xbf" + content(MULTILOT)).solicitation.number == "UA-12345"


def test_a_huge_file_is_refused_before_it_is_read() -> None:
    assert "is larger than 50 MiB" in faults(b" " * (reading.LARGEST + 1))["tender.json"]


def test_a_small_file_of_millions_of_values_is_refused_before_it_is_read() -> None:
    huge = b"[" + b"[]," * (reading.MOST_VALUES // 2 + 1) + b"0]"
    assert "holds more than 4,000,000 values" in faults(huge)["tender.json"]


@pytest.mark.parametrize("deep", [65, 500, 200_000])
@pytest.mark.parametrize(("opens", "closes"), [("[", "]"), ('{"a":', "}")])
def test_a_file_that_is_nested_too_deep_is_refused(deep: int, opens: str, closes: str) -> None:
    told = faults(('{"tender":' + opens * deep + "1" + closes * deep + "}").encode())
    assert ["nested more than 64 deep" in message for message in told.values()] == [True]


def test_members_that_stand_twice_are_all_named() -> None:
    told = faults(b'{"tender": {"value": {"amount": 1, "amount": 2}, "lots": [{"id": 1, "id": 2}]}}')
    assert told == {
        "tender.value.amount": "stands more than once in its object; keep one",
        "tender.lots[0].id": "stands more than once in its object; keep one",
    }


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_named_where_it_stands(word: str) -> None:
    told = faults(f'{{"tender": {{"items": [{{"quantity": {word}}}]}}}}'.encode())
    assert told == {"tender.items[0].quantity": f"is {word}, which is not JSON; write a number or null"}


def test_half_a_character_is_named_where_it_stands() -> None:
    told = faults(b'{"tender": {"title": "\\ud800", "\\udc00": 1}}')
    assert "holds half a character" in told["tender.title"]
    assert "half a character" in told["tender"]


def test_a_readable_number_of_faults_is_told() -> None:
    told = faults(b'{"tender": [' + b"NaN," * 5_000 + b"1]}")
    assert len(told) == reading.MOST_FAULTS + 1
    assert "has more faults" in told["tender.json"]


def test_what_a_terminal_would_obey_is_taken_out_of_texts_and_names() -> None:
    made = imported(ocds(title="Pa\x1b[31mper\x07\u202e", **{"x\x1b]0;y": "\x1b[2J", "a\nb": "c\nd"}))
    assert made.solicitation.title == "Pa [31mper"
    assert not any(mark in line for line in made.unmapped for mark in "\x1b\x07\u202e\n")


@pytest.mark.parametrize("text", ["0.1", "1E400", "-0.0", "1" * 5_000, "100.000000000000000000001"])
def test_a_number_is_what_stands_in_the_file(text: str) -> None:
    assert parse("x.json", f"[{text}]".encode()) == [Number(text)]


def test_the_import_names_no_float() -> None:
    # A cell of a workbook is a double in the file itself; `sheet_xlsx` alone takes such cells, and gives text.
    sources = {name: text for name, text in modules("server/imports") if "sheet_xlsx" not in str(name)}
    assert len(sources) > 10
    names = [
        node.id
        for text in sources.values()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Name)
    ]
    assert "float" not in names


def test_all_faults_are_told_at_once() -> None:
    lots = [{"id": "1", "title": "A"}, {"id": "1", "title": "B"}]
    items = [{"id": "a", "relatedLot": "9"}, {"id": "b", "relatedLot": "b"}, {"id": "b", "relatedLot": "1"}]
    told = faults({"tender": {"lots": lots, "items": items, "value": usd(1)}})
    assert told.keys() == {
        "ocid",
        "tender.lots[1].id",
        "tender.items[0].relatedLot",
        "tender.items[1].relatedLot",
        "tender.items[2].id",
    }


def test_a_file_name_cannot_speak_to_the_terminal() -> None:
    with pytest.raises(Faulty) as caught:
        read("\x1b[31m.json", json.dumps([]).encode())
    assert "\x1b" not in str(caught.value)
