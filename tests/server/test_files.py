"""Files: kept once by their content, refused when they lie, and read by whom a link's audience includes."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
import pytest_asyncio

from auction.terms.faults import Faulty
from server.documents.sheet_out import xlsx_of
from server.files import LARGEST, clean, media_of
from tests.server.house import House, opened

PDF = b"%PDF-1.7\n1 0 obj\n"


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with opened(tmp_path) as running:
        yield running


def packed(inside: str) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as made:
        made.writestr(inside, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("notice.pdf", b"", "is empty"),
        ("notice.pdf", b"<html>", "its content is something else"),
        ("notice.pdf", packed("xl/workbook.xml"), "its content is something else"),
        ("lines.xlsx", PDF, "its content is something else"),
        ("lines.xlsx", packed("word/document.xml"), "its content is something else"),
        ("lines.xlsx", b"PK\x03\x04 and no more", "its content is something else"),
        ("lines.csv", b"a\0b", "its content is something else"),
        ("page.html", b"<script>", "of a kind that is not taken"),
        ("logo.svg", b"<svg/>", "of a kind that is not taken"),
        ("no ending", b"x", "of a kind that is not taken"),
        ("large.pdf", b"%PDF-" + bytes(LARGEST), "is larger than 50 MB"),
    ],
)
def test_a_file_that_lies_or_cannot_be_taken_is_named_with_the_remedy(
    name: str, body: bytes, words: str
) -> None:
    with pytest.raises(Faulty) as bad:
        media_of(name, body)
    assert bad.value.faults[0].path == name and words in bad.value.faults[0].message


def test_files_are_seen_to_be_what_they_are() -> None:
    assert media_of("A.PDF", PDF) == "application/pdf"
    assert media_of("lines.xlsx", xlsx_of("Lines", ["a"], [["b"]])).endswith("spreadsheetml.sheet")
    assert media_of("lines.csv", "a,b\r\né,1".encode("utf-16")) == "text/csv"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\docs\\notice.pdf", "notice.pdf"),
        ('a"b;c\n.pdf', "a_b_c_.pdf"),
        ("é" * 300 + ".pdf", "é" * 120 + ".pdf"),
        ("...", "file"),
    ],
)
def test_a_name_keeps_no_folder_and_nothing_that_could_do_harm(given: str, kept: str) -> None:
    assert clean(given) == kept


async def test_a_file_is_read_by_its_audience_alone_and_comes_back_as_it_was(house: House) -> None:
    kept = await house.parts.files.keep("resolution.pdf", PDF)
    assert kept.hash == hashlib.sha256(PDF).hexdigest() and kept.size == len(PDF)
    address = f"/files/{kept.hash}/{kept.name}"
    lead, public, other = [await house.sign_in(who) for who in ("p-lead", None, "p-far")]
    assert (await lead.get(address)).status_code == 404  # Kept, but nobody was given it.
    async with house.parts.database.session.begin() as session:
        await house.parts.files.link(session, kept, "organisation/d-oak", "consortium:c-lake")
    answer = await lead.get(address)
    assert answer.content == PDF and answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == "inline; filename*=UTF-8''resolution.pdf"
    assert [(await each.get(address)).status_code for each in (public, other)] == [404, 404]
    async with house.parts.database.session.begin() as session:
        await house.parts.files.link(session, kept, "tender/1", "public")
    assert (await public.get(address)).content == PDF


async def test_the_same_content_is_kept_once_and_half_a_file_never(house: House) -> None:
    first, second = [await house.parts.files.keep(name, PDF) for name in ("a.pdf", "b.pdf")]
    assert first.hash == second.hash
    folder = house.parts.files.path(first.hash).parent.parent
    assert [each.name for each in folder.rglob("*") if each.is_file()] == [first.hash]
