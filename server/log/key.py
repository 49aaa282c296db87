"""The log's key: made at the first start, in a file that only its owner may read, and never in the database.

The file holds one line, in the form that other logs use too: `PRIVATE+KEY+name+id+base64`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from auction.record import note
from auction.record.note import ED25519, BadNote, Key
from server.log.unsound import Unsound

HEAD = "PRIVATE+KEY+"
SEED_LENGTH = 32


class LogKey:
    """The log's key with its secret part. `key` is what everybody may have."""

    def __init__(self, name: str, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self._seed = seed
        self.key = Key(name, ED25519, self._private.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """The Ed25519 signature of a message."""
        return self._private.sign(message)

    @property
    def secret(self) -> str:
        """The line of the key's file."""
        coded = note.spelled(bytes([ED25519]) + self._seed)
        return f"{HEAD}{self.key.name}+{self.key.id.hex()}+{coded}\n"


def verify(public: bytes, signature: bytes, message: bytes) -> bool:
    """Tell whether an Ed25519 signature is good."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def load(path: Path) -> LogKey:
    """Read the key's file; raises `Unsound` where it does not hold a key."""
    try:
        return _read(path.read_text("utf-8"))
    except ValueError as error:
        raise Unsound(f"{path} does not hold the public log's key. Put the right file back.") from error


def _read(text: str) -> LogKey:
    name, _, rest = text.removeprefix(HEAD).partition("+")
    data = note.unspelled(rest.partition("+")[2].strip())
    key = LogKey(name, data[1:])
    if key.secret.strip() != text.strip():
        raise BadNote("the key's line is not whole")
    return key


def make(path: Path, name: str, random: Callable[[int], bytes]) -> LogKey:
    """Make a key and its file, mode 0600, which must not be there yet."""
    if not note.is_name(name):
        raise Unsound(f"{name!r} cannot be the log's name: it must have no spaces and no plus sign in it")
    key = LogKey(name, random(SEED_LENGTH))
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(key.secret)
        out.flush()
        os.fsync(out.fileno())
    return key
