"""Ed25519 for the tests of notes, and the published examples."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from auction.record.note import ED25519, Key

VECTORS = Path(__file__).parents[3] / "fixtures" / "vectors"
CASES: list[dict[str, Any]] = json.loads((VECTORS / "sealbid-full.json").read_text("utf-8"))["cases"]


def verify(public: bytes, signature: bytes, message: bytes) -> bool:
    """Check an Ed25519 signature."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def b64u(text: str) -> bytes:
    """Read base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Seed:
    """A signer from its seed."""

    def __init__(self, name: str, seed: bytes, type: int = ED25519) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.key = Key(name, type, self._private.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """Sign."""
        return self._private.sign(message)
