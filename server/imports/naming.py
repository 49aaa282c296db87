"""Ids that fit: those of the file where they can be used, else made of them, the same each time and never twice the same."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from server.imports.source import Place

FITS = re.compile(r"[A-Za-z0-9_-]{1,64}")
ROOM = 48


def named(places: Sequence[Place], kind: str) -> list[str]:
    """Give each place its id in the draft, by its own `id`; a repeated id is a fault."""
    ids = [place.id() for place in places]
    _once(places, ids)
    made = fitted(ids, kind)
    for place, old, new in zip(places, ids, made, strict=True):
        if not old:
            place.note(f"has no id; the draft numbers it as a {kind}", "id")
        elif old != new:
            place.note(
                "has characters that an id may not have, or too many; the draft has one made of it", "id"
            )
    return made


def _once(places: Sequence[Place], ids: Sequence[str]) -> None:
    first: dict[str, Place] = {}
    for place, name in zip(places, ids, strict=True):
        if name and name in first:
            place.fault(f"{shortened(name)} is already the id of {first[name].path}; give each its own", "id")
        first.setdefault(name, place)


def shortened(name: str) -> str:
    """A quoted id for a message."""
    return repr(name if len(name) <= 64 else name[:63] + "…")


def fitted(ids: Sequence[str], kind: str) -> list[str]:
    """Make ids that fit: those that do stay as they are, the others keep what fits of them, and empty ones are numbered."""
    used, made = {name for name in ids if FITS.fullmatch(name)}, dict[str, None]()
    for row, name in enumerate(ids, 1):
        fits = FITS.fullmatch(name) and name not in made
        made[name if fits else _new(name, f"{kind}-{row}", used)] = None
        used.add(next(reversed(made)))
    return list(made)


def _new(name: str, number: str, used: set[str]) -> str:
    """Make an id that is not used yet, with a digest of the old where much is lost or the plain one is taken."""
    head = re.sub(r"[^A-Za-z0-9_-]+", "-", name)[:ROOM].strip("-") or number
    new, salt = head if name.isascii() and len(name) <= ROOM else "", name
    while not new or new in used:
        salt = hashlib.sha256(salt.encode()).hexdigest()
        new = f"{head}-{salt[:12]}"
    return new
