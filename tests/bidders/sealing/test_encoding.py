"""There is one way to write a thing, and nothing else is read."""

from __future__ import annotations

import hmac
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from bidders.sealing.encoding import (
    BadEncoding,
    Mac,
    b64u,
    canonical,
    exp,
    ext,
    is_decimal,
    is_id,
    kid_of,
    moment,
    read,
    unb64u,
    written,
)
from tests.bidders.sealing.vectors import FOLDER

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,63}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
LEAVES = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner), max_leaves=30)


def nested(depth: int) -> Any:
    """An array in an array, so many deep."""
    return [] if depth == 1 else [nested(depth - 1)]


@given(VALUES)
@example({"a": '\u2028\x7f\x00\x1f\b\f\n\r\t"\\/é\U0001f600'})
def test_it_is_what_others_write(value: Any) -> None:
    ours = canonical(value)
    plain = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert ours == rfc8785.dumps(value) == plain.encode()
    assert read(ours) == value


@pytest.mark.parametrize(
    ("value", "where", "why"),
    [
        ({"a": [1, {"b": 0.5}]}, "a[1].b", "float"),
        ({"a": -0.0}, "a", "float"),
        ([2**53], "[0]", "too large"),
        ([-(2**53)], "[0]", "too large"),
        ({"A": 1}, "", "name"),
        ({"1": 1}, "", "name"),
        ({"": 1}, "", "name"),
        ({"a" * 65: 1}, "", "name"),
        ({"é": 1}, "", "name"),
        ({"a\n": 1}, "", "name"),
        ({"x": {1: 1}}, "x", "name"),
        (nested(33), "[0]" * 32, "too deep"),
        ("\ud800", "", "surrogate"),
        ({"a": b"bytes"}, "a", "bytes"),
        ({"a": {1, 2}}, "a", "set"),
    ],
)
def test_what_has_no_encoding_is_named_with_its_place(value: Any, where: str, why: str) -> None:
    with pytest.raises(BadEncoding, match=why) as caught:
        canonical(value)
    assert caught.value.path == where


def test_thirty_two_deep_is_deep_enough() -> None:
    assert read(canonical(nested(32))) == nested(32)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b" 1", b"1 ", b"[1.0]", b"[1e3]", b"[-0]", b'{"a":1,"a":1}', b'{"b":1,"a":2}', b'"\\u0041"', b'"\\/"',
        b'"\\ud800"', b'"\xff"', b'"\xed\xa0\x80"', b"\xef\xbb\xbf1", b"9007199254740992", b"1" * 400, b"[" * 33 + b"]" * 33,
        b"[" * 100_000, b"NaN", b"nul", b'{"a": 1}', b"01", b"'a'",
    ],
)  # fmt: skip
def test_bytes_that_are_not_their_own_encoding_are_not_read(data: bytes) -> None:
    with pytest.raises(BadEncoding):
        read(data)


@given(VALUES, st.data())
def test_a_blank_anywhere_is_not_read(value: Any, data: st.DataObject) -> None:
    whole = canonical([value])
    place = data.draw(st.integers(0, len(whole)))
    altered = whole[:place] + b" " + whole[place:]
    try:
        assert canonical(read(altered)) == altered
    except BadEncoding:
        return
    assert b'"' in whole, "the blank was in a string, or it was read"


@pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode", "values", "weird"])
def test_others_vectors_lie_outside_the_subset_and_their_texts_inside(name: str) -> None:
    value = json.loads((FOLDER / "jcs/testdata/input" / f"{name}.json").read_bytes())
    expected = (FOLDER / "jcs/testdata/output" / f"{name}.json").read_bytes()
    with pytest.raises(BadEncoding):
        canonical(value)
    for text in filter(
        lambda each: isinstance(each, str), value.values() if isinstance(value, dict) else value
    ):
        assert canonical(text) in expected


@given(st.binary(max_size=70))
def test_base64url_has_one_form(data: bytes) -> None:
    text = b64u(data)
    assert unb64u(text) == data == unb64u(text, len(data))
    for other in (text + "=", text + "\n", f" {text}", text + "A" * (len(text) % 4 == 0)):
        if other != text:
            with pytest.raises(BadEncoding):
                unb64u(other)


@pytest.mark.parametrize("text", ["A", "AB", "AAB", "+/8", "A===", "é", None, 1, b"AA", "AAAA\u0661"])
def test_stray_bits_and_other_alphabets_are_not_read(text: Any) -> None:
    with pytest.raises(BadEncoding):
        unb64u(text)


def test_a_length_is_insisted_on() -> None:
    with pytest.raises(BadEncoding, match="must be 32 bytes, not 31"):
        unb64u(b64u(bytes(31)), 32)


def test_a_measured_time_is_rounded_up_and_compares_as_before() -> None:
    deadline = datetime(2026, 12, 1, 16, tzinfo=UTC)
    for micros in (-1001, -1000, -1, 0, 1, 999, 1000, 1001):
        measured = deadline + timedelta(microseconds=micros)
        assert (moment(written(measured)) <= deadline) == (measured <= deadline)
    assert written(datetime(2026, 12, 31, 23, 59, 59, 999_001, tzinfo=UTC)) == "2027-01-01T00:00:00.000Z"
    assert (
        written(datetime(2026, 12, 1, 18, tzinfo=timezone(timedelta(hours=2)))) == "2026-12-01T16:00:00.000Z"
    )
    with pytest.raises(BadEncoding, match="zone"):
        written(datetime(2026, 12, 1))


@pytest.mark.parametrize(
    "text",
    ["2026-12-01T16:00:00Z", "2026-12-01T16:00:00.0000Z", "2026-12-01T16:00:00.000+00:00", "2026-02-30T00:00:00.000Z", "", None],
)  # fmt: skip
def test_a_time_has_one_form(text: Any) -> None:
    with pytest.raises(BadEncoding):
        moment(text)


def test_ids_and_decimals() -> None:
    assert all(map(is_id, ["a", "_buyer", "A-1", "x" * 64]))
    assert not any(map(is_id, ["", "x" * 65, "a b", "a/b", "é", "a\n", None, 1]))
    assert all(map(is_decimal, ["0", "-1", "0.25", "10.00", "-0.5", "0.0"]))
    assert not any(map(is_decimal, ["", "-0", "-0.00", "01", ".5", "1.", "1e3", "+1", "1,0", "1\n", 1, None]))


@given(st.binary(max_size=64), st.lists(st.binary(max_size=200), max_size=3))
def test_a_prepared_key_hashes_as_any_other(key: bytes, messages: list[bytes]) -> None:
    expected = [hmac.digest(key, message, "sha256") for message in messages]
    assert [Mac(key)(message) for message in messages] == expected == Mac(key).each(messages)


def test_keys_are_derived_as_in_the_rfc() -> None:
    prk = ext(bytes(range(13)), b"\x0b" * 22)
    assert prk.hex() == "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"
    assert (
        exp(prk, bytes(range(0xF0, 0xFA))).hex()
        == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
    )
    assert len(unb64u(kid_of(bytes(32)))) == 16
