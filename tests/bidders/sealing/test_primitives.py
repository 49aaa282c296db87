"""Shares, HPKE, streams, padding, codes and keys agree with what others published, and refuse what is wrong."""

from __future__ import annotations

import hashlib
import hmac
import json
from itertools import combinations
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from bidders.sealing import crockford, hpke, officers, points, shares, stream
from tests.bidders.sealing.vectors import FOLDER

HPKE = [
    each
    for each in json.loads((FOLDER / "hpke/rfc9180-base-p256-x25519.json").read_bytes())
    if (each["mode"], each["kem_id"], each["kdf_id"], each["aead_id"]) == (0, 32, 1, 2)
]
WORDS = (FOLDER / "slip39/wordlist.txt").read_text().split()
SLIP39 = json.loads((FOLDER / "slip39/vectors.json").read_bytes())
P = (1 << 255) - 19
SMALL_X25519 = [
    0, 1, 325606250916557431795983626356110631294008115727848805560023387167927233504,
    39382357235489614581723060781553021112529911719440698176882885853963445705823, P - 1, P, P + 1,
]  # fmt: skip


def hexed(case: dict[str, Any], name: str) -> bytes:
    """A vector's bytes."""
    return bytes.fromhex(case[name])


# --- HPKE ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", HPKE)
def test_sealing_gives_the_bytes_of_the_rfc(case: dict[str, Any]) -> None:
    private, public = hpke.key_pair(hexed(case, "ikmR"))
    assert (private, public) == (hexed(case, "skRm"), hexed(case, "pkRm"))
    enc, key, nonce = hpke.schedule(public, hexed(case, "info"), hexed(case, "ikmE"))
    assert (enc, key, nonce) == (hexed(case, "enc"), hexed(case, "key"), hexed(case, "base_nonce"))
    first = case["encryptions"][0]
    plain = hexed(first, "pt")
    assert AESGCM(key).encrypt(nonce, plain, hexed(first, "aad")) == hexed(first, "ct")
    wrap = hpke.seal(public, hexed(case, "info"), plain, hexed(case, "ikmE"))
    assert wrap[:-16] == enc + hexed(first, "ct")[:-16]
    assert hpke.open_(private, hexed(case, "info"), wrap) == plain


def test_there_are_vectors_of_this_suite() -> None:
    assert HPKE


def test_a_wrap_opens_with_its_key_for_its_purpose_unaltered_alone() -> None:
    (private, public), (other, _) = hpke.key_pair(b"a" * 32), hpke.key_pair(b"b" * 32)
    wrap = hpke.seal(public, b"info", b"share", b"e" * 32)
    assert hpke.open_(private, b"info", wrap) == b"share" and len(wrap) == len(b"share") + hpke.OVERHEAD
    for sk, info, data in [
        (other, b"info", wrap), (private, b"other", wrap), (private, b"info", wrap[:-1]), (private, b"info", b""),
        *((private, b"info", wrap[:n] + bytes((wrap[n] ^ 1,)) + wrap[n + 1 :]) for n in range(len(wrap))),
    ]:  # fmt: skip
        with pytest.raises(hpke.Broken):
            hpke.open_(sk, info, data)


@pytest.mark.parametrize("point", SMALL_X25519)
def test_keys_of_small_order_are_found(point: int) -> None:
    pk = point.to_bytes(32, "little")
    assert hpke.is_low_order(pk)
    with pytest.raises(ValueError):
        hpke.seal(pk, b"", b"share", bytes(32))
    assert not hpke.is_low_order(hpke.key_pair(bytes(32))[1])


# --- shares ----------------------------------------------------------------------------------------------------------


def naive(points: dict[int, int], at: int) -> int:
    """Interpolation by its definition, with the field's product as polynomials."""

    def times(a: int, b: int) -> int:
        whole = 0
        for place in range(8):
            whole ^= (a << place) * (b >> place & 1)
        for place in range(14, 7, -1):
            whole ^= (0x11B << place - 8) * (whole >> place & 1)
        return whole

    found = 0
    for x, y in points.items():
        for other in points:
            if other != x:
                under = next(n for n in range(256) if times(n, x ^ other) == 1)
                y = times(times(y, at ^ other), under)
        found ^= y
    return found


@settings(max_examples=15, deadline=None)
@given(st.binary(min_size=2, max_size=4), st.lists(st.binary(min_size=4, max_size=4), min_size=1, max_size=3))
def test_any_quorum_gives_the_secret_as_the_definition_does(secret: bytes, coefficients: list[bytes]) -> None:
    rest = [each[: len(secret)] for each in coefficients]
    made = shares.split(secret, rest, 5)
    for xs in combinations(range(1, 6), len(rest) + 1):
        held = {x: made[x - 1] for x in xs}
        assert shares.combine(held) == secret
    told = bytes(naive({x: share[n] for x, share in held.items()}, 0) for n in range(len(secret)))
    assert told == secret


def test_fewer_than_the_quorum_fit_any_secret() -> None:
    made = shares.split(b"\x07", [b"\x21", b"\x99"], 3)
    two = {1: made[0], 2: made[1]}
    assert {shares.interpolate({**two, 0: bytes((guess,))}, 3)[0] for guess in range(256)} == {*range(256)}


def slip39(mnemonic: str) -> dict[str, Any]:
    """A mnemonic's parts: its value is what its polynomial has at its place."""
    words = [WORDS.index(word) for word in mnemonic.split()]
    number = sum(word << 10 * place for place, word in enumerate(reversed(words)))
    header, bits = number >> 10 * len(words) - 40, 10 * len(words) - 70
    value = number >> 30 & (1 << bits) - 1
    size = bits // 16 * 2
    parts = {"group": header >> 16 & 15, "groups": (header >> 12 & 15) + 1, "member": header >> 4 & 15}
    return {**parts, "members": (header & 15) + 1, "value": value.to_bytes(size)}


def joined(points: dict[int, bytes], threshold: int) -> bytes | None:
    """The secret of a level of SLIP-39, by its own check that the shares agree."""
    if threshold == 1:
        return next(iter(points.values()))
    secret, digest = shares.interpolate(points, 255), shares.interpolate(points, 254)
    good = hmac.new(digest[4:], secret, hashlib.sha256).digest()[:4] == digest[:4]
    return secret if good else None


def test_slip39_shares_are_joined_in_the_same_field() -> None:
    done = 0
    for said, mnemonics, secret, _ in SLIP39:
        read = [slip39(each) for each in mnemonics if secret]
        if max((each["members"] for each in read), default=1) == 1:
            continue
        groups: dict[int, bytes] = {}
        for group in {each["group"] for each in read}:
            among = [each for each in read if each["group"] == group]
            found = joined({each["member"]: each["value"] for each in among}, among[0]["members"])
            assert found is not None, said
            groups[group] = found
        assert joined(groups, read[0]["groups"]) is not None, said
        done += 1
    assert done >= 4


def test_a_wrong_slip39_share_is_found() -> None:
    read = [slip39(each) for each in SLIP39[3][1]]
    points = {each["member"]: each["value"] for each in read}
    assert joined(points, 2)
    x = next(iter(points))
    points[x] = bytes((points[x][0] ^ 1,)) + points[x][1:]
    assert joined(points, 2) is None


@pytest.mark.parametrize("bad", [{}, {0: b"a"}, {256: b"a"}, {1: b"a", 2: b"ab"}])
def test_what_cannot_be_shares_is_refused(bad: dict[int, bytes]) -> None:
    with pytest.raises(ValueError):
        shares.combine(bad)


# --- streams and padding ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000])
def test_a_stream_opens_whole_and_is_as_long_as_told(length: int) -> None:
    key, plain = bytes(32), bytes(n % 251 for n in range(length))
    sealed = stream.seal(key, plain)
    assert stream.open_(key, sealed) == plain
    assert len(sealed) == stream.sealed_length(length)
    first = AESGCM(key).encrypt(
        bytes(11) + (b"\0" if length > stream.CHUNK else b"\1"), plain[: stream.CHUNK], None
    )
    assert sealed.startswith(first)


def test_pieces_cannot_be_dropped_moved_or_added() -> None:
    key, plain = bytes(32), bytes(3 * stream.CHUNK)
    a, b, c = stream.chunks(stream.seal(key, plain), stream.SEALED_CHUNK)
    for pieces in (
        [a, b],
        [b, c],
        [a, c],
        [b, a, c],
        [a, b, c, c],
        [a, b, c[:-1]],
        [a, b, c, b""],
        [],
        [b""],
    ):
        with pytest.raises(hpke.Broken):
            stream.open_(key, b"".join(pieces)) if pieces else stream.open_(key, b"")
            b"".join(stream.open_chunks(key, pieces))


@given(st.integers(0, 3_000_000))
def test_a_bucket_holds_the_mark_and_is_not_much_longer(length: int) -> None:
    bucket = stream.blob_bucket(length)
    assert length < bucket and bucket % 16 == 0
    if length >= stream.BLOB_EXACT:
        assert bucket <= (length + 1) * 9 // 8
    body = stream.body_bucket(length)
    assert body is not None and (body == 4096 or length < body <= 2 * length)


@given(st.binary(max_size=100), st.integers(101, 200))
def test_padding_comes_off_as_it_went_on(plain: bytes, bucket: int) -> None:
    assert stream.unpad(stream.pad(plain, bucket)) == plain


@pytest.mark.parametrize("padded", [b"", b"\0\0", b"abc", b"abc\x80\x01", b"\x81\0"])
def test_a_missing_mark_is_found(padded: bytes) -> None:
    with pytest.raises(stream.BadPadding):
        stream.unpad(padded)


def test_what_does_not_fit_is_not_padded() -> None:
    with pytest.raises(stream.BadPadding):
        stream.pad(bytes(4096), 4096)
    assert stream.body_bucket(16 * 1024 * 1024) is None


# --- codes and keys --------------------------------------------------------------------------------------------------


@given(st.binary(min_size=16, max_size=16))
def test_a_recovery_code_is_read_as_people_type_it(code: bytes) -> None:
    text = officers.code_text(code)
    assert [len(group) for group in text.split("-")] == [4] * 7
    typed = f" {text.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')}\n"
    assert officers.code_bytes(typed) == officers.code_bytes(text.replace("1", "I")) == code


@given(st.binary(min_size=16, max_size=16), st.integers(0, 27), st.integers(1, 31))
def test_one_wrong_character_of_a_code_is_nearly_always_found(code: bytes, place: int, by: int) -> None:
    text = officers.code_text(code).replace("-", "")
    other = crockford.LETTERS[(crockford.LETTERS.index(text[place]) + by) % 32]
    try:
        assert officers.code_bytes(text[:place] + other + text[place + 1 :]) != code
    except crockford.BadCode:
        return


def test_a_code_copied_wrongly_says_how() -> None:
    text = officers.code_text(bytes(16))
    for wrong, why in [
        (text[:-1], "27 letters"),
        (text + "0", "29 letters"),
        ("U" + text[1:], "without I, L, O and U"),
    ]:
        with pytest.raises(crockford.BadCode, match=why):
            officers.code_bytes(wrong)
    with pytest.raises(crockford.BadCode, match="compare it"):
        officers.code_bytes("1" + text[1:])


@pytest.mark.parametrize("y", [0, 1, P - 1, P, P + 1, 2**255 - 1, int.from_bytes(bytes.fromhex(
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"), int.from_bytes(bytes.fromhex(
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little"), 2])  # fmt: skip
@pytest.mark.parametrize("sign", [0, 1])
def test_verifying_keys_of_small_order_off_the_curve_or_written_twice_are_not_sound(
    y: int, sign: int
) -> None:
    assert not points.is_sound((y | sign << 255).to_bytes(32, "little"))


def test_honest_verifying_keys_are_sound() -> None:
    for x in range(20):
        assert points.is_sound(officers.OfficerKeys("T", bytes((x,)) * 32).vk)
    assert not points.is_sound(b"") and not points.is_sound(bytes(33))
