"""Papers: tagged for a screen reader, in the order of their data, and never led astray by what somebody wrote."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pypdf import PdfReader

from server import drafting
from server.documents import paper
from server.pages.opening.files import TEMPLATE
from server.sealed.opening import open_stage
from tests.server.house import House, opened
from tests.server.sealed.test_opening import closed
from tests.server.sealing import PRICES, REASON, Box, shifting

AT = datetime(2026, 12, 1, tzinfo=UTC)
NASTY = (
    "#panic(1)", "$x$", "\\ \" ' `raw`", "@label", "*bold* _it_", "<script>", "日本語", "שלום", "😀", "w" * 500,
    "= Heading", "- item", "// comment", "#include \"/etc/passwd\"", "\u202eright to left", "",
)  # fmt: skip


def data(word: str, vendors: int = 2) -> dict[str, Any]:
    """A tabulation in which everything that somebody writes is one word."""
    rows = [[str(n + 1), f"{word} {n}", "$1.00", word] for n in range(vendors)]
    offers = [
        {"vendor": f"{word} {n}", "lines": [[word, "1", word, "$1.00", "$1.00"]]} for n in range(vendors)
    ]
    lot = {"title": word or "Lot", "award": word, "rows": rows, "offers": offers}
    return {
        "number": word, "title": word or "Title", "consortium": word, "opened": "Opened", "note": word, "fingerprint": "ab",
        "lots": [lot, lot],
    }  # fmt: skip


def set_(given: dict[str, Any]) -> PdfReader:
    """The paper of some data."""
    return PdfReader(BytesIO(paper.pdf(TEMPLATE, given, AT)))


def tags(node: Any) -> Iterator[tuple[str, Any]]:
    """The structure's tags, in reading order."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for each in node:
            yield from tags(each)
    elif isinstance(node, dict):
        if "/S" in node:
            yield str(node["/S"]), node
        yield from tags(node.get("/K", []))


@pytest.mark.parametrize("word", NASTY)
def test_whatever_somebody_wrote_stands_there_as_text(word: str) -> None:
    set_(data(word))


@settings(max_examples=15, deadline=None)
@given(word=st.text(st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"]), max_size=40))
def test_no_text_breaks_a_paper(word: str) -> None:
    set_(data(word))


def test_a_paper_says_what_it_is_and_in_which_language() -> None:
    found = set_(data("Paper & pens"))
    root: Any = found.trailer["/Root"]
    assert found.metadata is not None and found.metadata.title == "Bid tabulation: Paper & pens"
    assert root["/Lang"] == "en-US" and root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()


def test_tables_have_header_cells_and_headings_go_down_one_at_a_time() -> None:
    found: Any = set_(data("word", vendors=3)).trailer["/Root"]["/StructTreeRoot"]
    names = [name for name, _ in tags(found["/K"])]
    assert names.count("/Table") == 2 * (1 + 3)
    assert names.count("/TH") == 2 * (4 + 3 * 5) and names.count("/Caption") == 2 * 4
    levels = [int(name[2:]) for name in names if name in ("/H1", "/H2", "/H3")]
    assert levels[0] == 1 and all(
        after - before <= 1 for before, after in zip(levels, levels[1:], strict=False)
    )
    heads = [node for name, node in tags(found["/K"]) if name == "/TH"]
    assert all("Column" in str(each.get("/A", "").get_object() if each.get("/A") else "") for each in heads)


# --- the tabulation of a house -------------------------------------------------------------------------------------------------


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A house whose clock can be put on."""
    async with opened(tmp_path, changed=shifting) as running:
        yield running


async def tabulated(house: House) -> Box:
    """Sealed bids of three vendors, opened, one lot awarded."""
    box = await closed(house)
    for person in ("p-lead", "p-oak"):
        await box.release(person)
    await open_stage(house.parts, box.id, "p-lead")
    await house.parts.errands.settled()
    await drafting.award(house.parts, box.id, "L1", "v-birch", REASON, "p-lead")
    return box


async def test_every_form_of_a_tabulation_holds_every_amount_and_names_one_fingerprint(house: House) -> None:
    box = await tabulated(house)
    guest, at = await house.sign_in(None), f"/events/{box.id}/tabulation"
    csv, xlsx, pdf = [(await guest.get(f"{at}/{kind}")).content for kind in ("csv", "xlsx", "pdf")]
    page = (await guest.get(f"/events/{box.id}/opening")).text
    text = "".join(each.extract_text() for each in PdfReader(BytesIO(pdf)).pages)
    print_ = hashlib.sha256(csv).hexdigest()
    assert print_ in "".join(text.split()) and print_ in "".join(page.split())
    cells = {str(cell) for row in load_workbook(BytesIO(xlsx)).worksheets[0].values for cell in row}
    for prices in PRICES.values():
        for price in prices:
            assert price.encode() in csv and f"${price}" in text
            assert price in cells or str(float(price)) in cells or str(int(float(price))) in cells
    for word in ("797.50", "800.00", "Ash Supply", "Birch Supply", "Cedar Supply"):
        assert word.encode() in csv and word in text and word in page
    assert "Awarded to Birch Supply at $797.50." in text
    assert text.index("Lot L1") < text.index("Lot L2") and text.index("Birch Supply") < text.index(
        "Ash Supply"
    )


async def test_there_is_no_paper_before_the_opening(house: House) -> None:
    box = Box(house)
    await box.publish()
    answer = await (await house.sign_in(None)).get(f"/events/{box.id}/tabulation/pdf")
    assert answer.status_code == 404 and "There is no tabulation yet" in answer.text


def test_a_letter_that_the_font_lacks_is_written_by_its_number_and_all_others_stand_as_they_are() -> None:
    text = "".join(each.extract_text() for each in set_(data("Ünïts ₤5 日\u2043")).pages)
    assert "Ünïts ₤5 [U+65E5][U+2043]" in text


def test_the_same_data_give_the_same_paper() -> None:
    assert paper.pdf(TEMPLATE, data("x"), AT) == paper.pdf(TEMPLATE, data("x"), AT)
