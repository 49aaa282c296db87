"""The backup key: its public half is all that the server has, so that nobody who takes the server or a backup can open one.

Both halves are written as one line each, `tenderbell-backup-…` and `tenderbell-backup-secret-…`: the key in base64url, with four
bytes of a hash after it, so that a line that was copied wrongly is noticed.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from bidders.sealing.encoding import BadEncoding, b64u, unb64u
from bidders.sealing.hpke import is_low_order

PUBLIC, SECRET = "tenderbell-backup-", "tenderbell-backup-secret-"
LENGTH, CHECK = 32, 4


class BadKey(ValueError):
    """A line is no half of a backup key; the message says what to do."""


def _line(head: str, key: bytes) -> str:
    return head + b64u(key + hashlib.sha256(head.encode() + key).digest()[:CHECK])


def _read(head: str, line: str) -> bytes | None:
    try:
        key = unb64u(line.strip().removeprefix(head), LENGTH + CHECK)[:LENGTH]
    except BadEncoding:
        return None
    return key if _line(head, key) == line.strip() else None


def public_key(line: str) -> bytes:
    """The public key of 32 bytes that a line holds; raises `BadKey`."""
    key = _read(PUBLIC, line)
    if key is None or is_low_order(key):
        raise BadKey(
            f"{line!r} is not the public line of a backup key. Copy the line that `tenderbell backup-key` printed, whole."
        )
    return key


def make(path: Path, random: Callable[[int], bytes]) -> str:
    """Make a key, keep its secret line in a new file of mode 0600, and return the public line; raises `OSError`."""
    secret = random(LENGTH)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(_line(SECRET, secret) + "\n")
        out.flush()
        os.fsync(out.fileno())
    return _line(PUBLIC, X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw())


def secret_key(path: Path) -> bytes:
    """The secret key of 32 bytes that a file holds; raises `BadKey`, or `OSError`."""
    key = _read(SECRET, path.read_text("utf-8", errors="replace"))
    if key is None:
        raise BadKey(
            f"{path} does not hold a backup key’s secret line. Take the file that `tenderbell backup-key` made."
        )
    return key
