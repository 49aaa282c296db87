"""Long texts in chunks (STREAM over AES-256-GCM), and the padding that hides how long they are.

A chunk of 65,536 bytes becomes 65,552; the last one may be shorter. Chunks cannot be dropped, moved or added unnoticed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bidders.sealing.hpke import Broken

CHUNK, TAG = 65_536, 16
SEALED_CHUNK = CHUNK + TAG
BODY_LEAST, BODY_STEPS = 4096, 12
BLOB_LEAST, BLOB_EXACT = 65_536, 1 << 20


class BadPadding(ValueError):
    """The end of a padded text is not as it must be."""


def chunks(data: bytes, size: int = CHUNK) -> Iterator[bytes]:
    """A text in pieces of `size`, the last perhaps shorter; an empty one is one empty piece."""
    yield from (data[at : at + size] for at in range(0, max(len(data), 1), size))


def nonce(number: int, last: bool) -> bytes:
    """A chunk's nonce: its number from 0 in eleven bytes, and whether it is the last one."""
    return number.to_bytes(11) + (b"\1" if last else b"\0")


def _numbered(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    number, waiting = 0, None
    for piece in pieces:
        if waiting is not None:
            yield nonce(number, last=False), waiting
            number += 1
        waiting = piece
    if waiting is not None:
        yield nonce(number, last=True), waiting


def seal_chunks(key: bytes, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Seal pieces of 65,536 bytes, the last perhaps shorter, one by one."""
    cipher = AESGCM(key)
    yield from (cipher.encrypt(once, piece, None) for once, piece in _numbered(pieces))


def open_chunks(key: bytes, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Open sealed pieces of 65,552 bytes, one by one; raises Broken at the first that is not right."""
    cipher = AESGCM(key)
    try:
        yield from (cipher.decrypt(once, piece, None) for once, piece in _numbered(pieces))
    except (InvalidTag, ValueError) as error:
        raise Broken("the text was altered, or the key is another") from error


def seal(key: bytes, plain: bytes) -> bytes:
    """Seal a whole text under a key of 32 bytes that serves for it alone."""
    return b"".join(seal_chunks(key, chunks(plain)))


def open_(key: bytes, sealed: bytes) -> bytes:
    """The text that was sealed; raises Broken."""
    return b"".join(open_chunks(key, chunks(sealed, SEALED_CHUNK)))


def sealed_length(length: int) -> int:
    """How long a text of so many bytes is when it is sealed."""
    return length + TAG * max(1, -(-length // CHUNK))


def body_bucket(length: int) -> int | None:
    """The padded length of a bid's text of so many bytes; None when it is too long (16 MiB and more)."""
    return next((size for k in range(BODY_STEPS + 1) if (size := BODY_LEAST << k) > length), None)


def blob_bucket(length: int) -> int:
    """The padded length of an attachment of so many bytes: small ones alike, large ones in steps of a few percent."""
    n = length + 1
    if n <= BLOB_LEAST:
        return BLOB_LEAST
    if n <= BLOB_EXACT:
        return 1 << (n - 1).bit_length()
    exponent = n.bit_length() - 1
    step = 1 << exponent - exponent.bit_length()
    return -(-n // step) * step


def pad(plain: bytes, bucket: int) -> bytes:
    """Fill a text up to its bucket, which is longer than the text."""
    if bucket <= len(plain):
        raise BadPadding(f"{len(plain)} bytes do not fit a bucket of {bucket}")
    return (plain + b"\x80").ljust(bucket, b"\0")


def unpad(padded: bytes) -> bytes:
    """The text before its padding; raises BadPadding when the mark is missing."""
    plain = padded.rstrip(b"\0")
    if not plain.endswith(b"\x80"):
        raise BadPadding("the mark at the text's end is missing")
    return plain[:-1]
