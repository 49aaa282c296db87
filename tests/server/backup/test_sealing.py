"""A backup's outside: what was written is read again, whole or not at all, and its length says little."""

from __future__ import annotations

import hashlib
from io import BytesIO

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from bidders.sealing.stream import CHUNK, SEALED_CHUNK
from server.backup import sealing
from server.backup.sealing import HEAD, WRAP, NotABackup, Opening, Sealing, filled

SECRET = hashlib.sha256(b"a backup key").digest()
PUBLIC = X25519PrivateKey.from_private_bytes(SECRET).public_key().public_bytes_raw()
KEY, IKM = bytes(range(32)), bytes(range(32, 64))


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fill up to a quarter of a MiB, so that a test need not write more."""
    monkeypatch.setattr(sealing, "LEAST", 1 << 18)


def sealed(*parts: bytes) -> bytes:
    """A backup of a content that is written in parts."""
    out = BytesIO()
    writing = Sealing(out, PUBLIC, KEY, IKM)
    for each in parts:
        writing.write(each)
    writing.finish()
    return out.getvalue()


def read(backup: bytes, secret: bytes = SECRET) -> bytes:
    """The whole content of a backup, with what fills it."""
    opening = Opening(BytesIO(backup), secret)
    found = opening.read(1 << 30)
    opening.finish()
    return found


@given(sizes=st.lists(st.sampled_from([0, 1, 1000, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK]), max_size=6))
def test_what_was_written_is_read_again_and_filled_with_zeros(sizes: list[int]) -> None:
    parts = [bytes([place + 1]) * size for place, size in enumerate(sizes)]
    whole = b"".join(parts)
    found = read(sealed(*parts))
    assert found[: len(whole)] == whole and len(found) == filled(len(whole))
    assert not any(found[len(whole) :])


@given(length=st.integers(0, 1 << 40))
def test_a_length_is_filled_to_a_power_of_two_that_is_less_than_twice_as_long(length: int) -> None:
    found = filled(length)
    assert found >= max(length, sealing.LEAST) and found.bit_count() == 1
    assert found == sealing.LEAST or found < 2 * length


def test_contents_that_fill_to_the_same_length_cannot_be_told_apart_by_it() -> None:
    assert len(sealed(b"")) == len(sealed(bytes(200_000))) == len(sealed(bytes(1 << 18)))
    assert len(sealed(bytes((1 << 18) + 1))) > len(sealed(b""))


@pytest.mark.parametrize(
    "place",
    [0, len(HEAD) - 1, len(HEAD), len(HEAD) + 40, len(HEAD) + WRAP, len(HEAD) + WRAP + SEALED_CHUNK, -1, -20],
)
def test_a_byte_that_was_altered_anywhere_is_noticed(place: int) -> None:
    backup = bytearray(sealed(b"what was kept" * 10_000))
    backup[place] ^= 1
    with pytest.raises(NotABackup, match=r"altered|not a backup"):
        read(bytes(backup))


def chunks(backup: bytes) -> tuple[bytes, list[bytes]]:
    """A backup's head, and its chunks."""
    start = len(HEAD) + WRAP
    return backup[:start], [backup[at : at + SEALED_CHUNK] for at in range(start, len(backup), SEALED_CHUNK)]


def test_chunks_cannot_be_dropped_moved_or_added() -> None:
    head, pieces = chunks(sealed(b"what was kept" * 10_000))
    assert len(pieces) == 4
    for wrong in (pieces[:-1], pieces[1:], [pieces[1], pieces[0], *pieces[2:]], [*pieces, pieces[-1]], []):
        with pytest.raises(NotABackup):
            read(head + b"".join(wrong))


def test_it_is_read_with_its_own_key_alone() -> None:
    with pytest.raises(NotABackup, match="This key does not open"):
        read(sealed(b"x"), hashlib.sha256(b"another").digest())


def test_two_backups_of_the_same_content_share_nothing_but_their_first_line() -> None:
    other = BytesIO()
    writing = Sealing(other, PUBLIC, bytes(32), bytes(range(1, 33)))
    writing.write(b"x")
    writing.finish()
    one, two = sealed(b"x"), other.getvalue()
    assert one[: len(HEAD)] == two[: len(HEAD)]
    assert sum(a == b for a, b in zip(one[len(HEAD) :], two[len(HEAD) :], strict=True)) < len(one) // 128
