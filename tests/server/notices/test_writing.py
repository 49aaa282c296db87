"""Writing: what people typed is data, never a line, a link or markup of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2.exceptions import TemplateNotFound, UndefinedError

from server.app import TEMPLATES
from server.notices.writing import Writing, one_line, quoted

WORDS = {"person": "Ann", "organisation": "Oak", "role": "buyer", "inviter": "Ida", "link": "/x"}
WORDS |= {"expires": "noon", "call": "Spring", "due": "May 1", "district": "Oak District"}
KINDS = ("invitation", "verify", "reset", "joined", "role_changed", "removed", "needs_due")
writing = Writing(TEMPLATES / "notices", "https://bids.example")


@pytest.mark.parametrize("kind", KINDS)
def test_every_notice_of_people_and_needs_is_one_subject_a_text_and_one_link(kind: str) -> None:
    letter = writing.letter(kind, WORDS)
    assert "\n" not in letter.subject and len(letter.subject) > 10
    assert letter.text.count("://") == 1 and "https://bids.example/x" in letter.text
    assert all(len(line) < 900 for line in letter.text.splitlines())


def test_a_name_brings_neither_lines_nor_links_nor_templates_of_its_own() -> None:
    evil = "Oak\r\nBcc: all@world.example\n\nClick https://evil.example {{ link }} <b>"
    letter = writing.letter("joined", WORDS | {"organisation": evil})
    assert (
        letter.subject
        == "Ann has joined Oak Bcc: all@world.example Click https: //evil.example {{ link }} <b>"
    )
    assert "https://evil.example" not in letter.text and "\nBcc" not in letter.text


@given(st.text(max_size=60))
def test_whatever_is_typed_is_one_line_without_a_link(text: str) -> None:
    made = one_line(text)
    assert len(made.splitlines()) <= 1 and "://" not in made


@given(st.text(max_size=80))
def test_every_line_that_is_quoted_is_marked_as_quoted(text: str) -> None:
    assert all(line.startswith(">") for line in quoted(text).split("\n"))


@pytest.mark.parametrize(
    "link", ["https://evil.example/x", "//evil.example", "https://bids.example.evil/", "x"]
)
def test_a_notice_links_to_this_house_alone(link: str) -> None:
    with pytest.raises(ValueError, match="this house"):
        writing.letter("joined", WORDS | {"link": link})


def test_a_word_that_is_missing_and_a_kind_that_is_not_there_are_faults_of_ours() -> None:
    with pytest.raises(UndefinedError):
        writing.letter("joined", {"link": "/x"})
    with pytest.raises(TemplateNotFound):
        writing.letter("nothing", WORDS)


def test_html_is_escaped_and_text_is_not(tmp_path: Path) -> None:
    folder = tmp_path / "hello"
    folder.mkdir()
    for name in ("subject.txt", "body.txt", "body.html"):
        (folder / name).write_text("{{ person }} {{ link }}")
    letter = Writing(tmp_path, "https://bids.example").letter("hello", {"person": "<i> & Co", "link": "/x"})
    assert letter.text == "<i> & Co https://bids.example/x\n"
    assert letter.html == "&lt;i&gt; &amp; Co https://bids.example/x"
