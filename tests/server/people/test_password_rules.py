"""A password is long, and none that everybody tries first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.people.password_rules import COMMON, ROWS, SHORTEST, fault, too_common

OWN = ("Ruth Mercer", "ruth.mercer@lakecoop.example")


@pytest.mark.parametrize(
    "password",
    [
        "password1234", "P@ssw0rd2026!", "123456789012", "qwertyuiop12", "iloveyou1234", "Welcome2026!!", "abcabcabcabc",
        "aaaaaaaaaaaa", "tenderbell2026", "summer2026summer", "1q2w3e4r5t6y7u", "letmein123456", "zaq12wsxcde3",
        "MonkeyDragon99", "passwordpassword", "    password    ", "2026-2027-2028", "!!!!!!!!!!!!",
    ],
)  # fmt: skip
def test_what_everybody_tries_first_is_refused(password: str) -> None:
    assert fault(password) is not None


@pytest.mark.parametrize("password", ["RuthMercer1962", "mercer.lakecoop", "lakecoop12345"])
def test_what_others_know_of_somebody_is_no_password(password: str) -> None:
    assert fault(password, OWN) is not None and "first that others would try" in str(fault(password, OWN))


@pytest.mark.parametrize(
    "password",
    [
        "tall giraffes drum softly",
        "a long pass phrase",
        "xk29!vQz71mw",
        "Nebel über dem Fluss",
        "пароль-совсем-иной",
    ],
)
def test_a_few_words_that_have_nothing_to_do_with_each_other_are_taken(password: str) -> None:
    assert fault(password, OWN) is None


def test_eleven_characters_are_one_too_few() -> None:
    assert "at least 12" in str(fault("xk29!vQz71m")) and fault("xk29!vQz71mw") is None
    assert "at most" in str(fault("xk29!vQz71mw" * 100))


@given(
    st.lists(st.sampled_from(sorted(COMMON)), min_size=1, max_size=6), st.text("0123456789!?.- _", max_size=8)
)
def test_common_words_in_any_number_with_any_digits_stay_common(words: list[str], tail: str) -> None:
    assert too_common("".join(words) + tail) and too_common(tail + "".join(words).upper())


@given(st.text(min_size=1, max_size=6).filter(lambda piece: piece.casefold() == piece), st.integers(3, 9))
def test_the_same_piece_again_and_again_is_common(piece: str, times: int) -> None:
    assert too_common(piece * times)


@given(st.sampled_from(ROWS), st.data())
def test_keys_in_a_row_are_common_either_way(row: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(row) - 3))
    piece = row[start:]
    assert too_common(piece) and too_common(piece[::-1])


@given(st.text(max_size=40))
def test_any_text_gets_an_answer(text: str) -> None:
    said = fault(text, OWN)
    assert said is not None or len(text) >= SHORTEST
