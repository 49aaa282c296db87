"""The search's own rules: what a word is, the nearest spelling, and a shelf that forgets."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.prices.search import beginnings, quoted, words_of
from server.prices.shelf import Shelf
from server.prices.spelling import variants

SLIPS = [
    ("paper", "papr"),
    ("paper", "papper"),
    ("paper", "pepar"[:2] + "per"),
    ("paper", "paepr"),
    ("paper", "aper"),
]


@pytest.mark.parametrize(("right", "wrong"), SLIPS)
def test_a_word_with_one_slip_leads_back_to_the_right_one(right: str, wrong: str) -> None:
    assert wrong == right or right in variants(wrong)


def test_a_word_is_no_variant_of_itself() -> None:
    assert "paper" not in variants("paper")


def test_only_what_holds_a_letter_or_a_digit_is_a_word() -> None:
    assert words_of(' 8½ × 11 "-" ** pens ') == ["8½", "11", "pens"]


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=4))
def test_no_text_breaks_the_search(texts: list[str]) -> None:
    words = words_of(" ".join(texts))
    if not words:
        return
    line = sqlite3.connect(":memory:")
    line.execute("CREATE VIRTUAL TABLE price_words USING fts5(description, brand)")
    line.execute("INSERT INTO price_words VALUES (?, '')", (" ".join(words),))
    for match in beginnings(words):
        line.execute("SELECT rowid FROM price_words WHERE price_words MATCH ?", (match,)).fetchall()
    line.close()


def test_a_quote_is_taken_as_it_stands() -> None:
    assert quoted('17" screen') == '"17"" screen"'


def test_a_shelf_makes_a_thing_once_and_forgets_what_was_asked_for_the_longest_ago() -> None:
    shelf, made = Shelf(2), []

    def make(name: str) -> str:
        made.append(name)
        return name.upper()

    for name in ("a", "b", "a", "c", "a", "b"):
        assert shelf.take(name, lambda name=name: make(name)) == name.upper()  # type: ignore[misc]
    assert made == ["a", "b", "c", "b"]
