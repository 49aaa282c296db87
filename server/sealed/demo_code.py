"""Recovery codes of a demonstration's officers: known to everybody, so that one click stands for a sheet in a drawer."""

from __future__ import annotations

import hashlib


def demo_code(person: str) -> bytes:
    """The 16 bytes of a made-up officer's recovery code; never used where real officers hold keys."""
    return hashlib.sha256(b"tenderbell demonstration officer\0" + person.encode()).digest()[:16]
