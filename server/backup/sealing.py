"""A backup's outside: a key sealed to the backup key (HPKE), then chunks under it (STREAM), filled up to a power of two.

Each chunk is 65,536 bytes of a tar and its tag; none can be altered, dropped, moved or added unnoticed, and the last one says
so. Filling hides how much happened: of two backups of one length, one may hold no envelope, and the other a hundred.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bidders.sealing import hpke, stream
from bidders.sealing.hpke import Broken
from bidders.sealing.stream import CHUNK, SEALED_CHUNK

HEAD, INFO = b"tenderbell backup 1\n", b"tenderbell backup 1 key"
KEY = 32
WRAP = KEY + hpke.OVERHEAD
LEAST = 1 << 24
"""The shortest backup's content, in bytes: 16 MiB."""


class NotABackup(ValueError):
    """A file is no backup, was altered or cut short, or is sealed to another key; the message says what can be told."""


def filled(length: int) -> int:
    """The length up to which a content of so many bytes is filled: the next power of two, 16 MiB at least."""
    return max(LEAST, 1 << max(0, length - 1).bit_length())


class Sealing:
    """A file that is sealed as it is written: `write` takes bytes, `finish` fills it up and ends it."""

    def __init__(self, out: BinaryIO, to: bytes, key: bytes, ikm: bytes) -> None:
        self._out, self._cipher = out, AESGCM(key)
        self._held, self._number, self.length = bytearray(), 0, 0
        out.write(HEAD + hpke.seal(to, INFO, key, ikm))

    def write(self, data: bytes) -> int:
        """Take some of the content."""
        self._held += data
        self.length += len(data)
        while len(self._held) > CHUNK:
            self._chunk(last=False)
        return len(data)

    def finish(self) -> None:
        """Fill up with zeros, and write the last chunk."""
        left = filled(self.length) - self.length
        for at in range(0, left, CHUNK):
            self.write(bytes(min(CHUNK, left - at)))
        self._chunk(last=True)

    def _chunk(self, last: bool) -> None:
        piece = bytes(self._held[:CHUNK])
        del self._held[:CHUNK]
        self._out.write(self._cipher.encrypt(stream.nonce(self._number, last), piece, None))
        self._number += 1


class Opening:
    """A backup's content, read forwards by `read`; `finish` sees that the rest is whole. Both raise `NotABackup`."""

    def __init__(self, file: BinaryIO, secret: bytes) -> None:
        if file.read(len(HEAD)) != HEAD:
            raise NotABackup("This file is not a backup of Tenderbell, or its beginning was altered.")
        try:
            key = hpke.open_(secret, INFO, file.read(WRAP))
        except Broken as error:
            raise NotABackup(
                "This key does not open this backup: it was made for another key, or its beginning was altered."
            ) from error
        pieces = iter(lambda: file.read(SEALED_CHUNK), b"")
        self._pieces: Iterator[bytes] = stream.open_chunks(key, pieces)
        self._held, self._begun = bytearray(), False

    def read(self, size: int) -> bytes:
        """The next bytes, fewer only at the end."""
        while len(self._held) < size and (piece := self._next()) is not None:
            self._held += piece
        found = bytes(self._held[:size])
        del self._held[:size]
        return found

    def finish(self) -> None:
        """Read to the end."""
        while self._next() is not None:
            pass

    def _next(self) -> bytes | None:
        try:
            piece = next(self._pieces, None)
            if piece is None and not self._begun:
                raise Broken("it has no chunk at all")
            self._begun = True
            return piece
        except Broken as error:
            raise NotABackup(
                "This backup was altered or cut short. Nothing was restored; take another copy of it, or an older backup."
            ) from error
