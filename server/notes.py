"""Notes to the next page: what an action came to, kept in memory until its own session has read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

MOST = 5_000


class Notes:
    """A bounded pile of notes, each for one session; a page that is loaded again shows its note again."""

    def __init__(self, random: Callable[[int], bytes]) -> None:
        self._random = random
        self._notes: dict[str, tuple[bytes, dict[str, Any]]] = {}

    def leave(self, session: bytes, note: dict[str, Any]) -> str:
        """Leave a note and return its name for the address."""
        name = self._random(9).hex()
        self._notes[name] = (session, note)
        while len(self._notes) > MOST:
            del self._notes[next(iter(self._notes))]
        return name

    def read(self, session: bytes, name: str | None) -> dict[str, Any] | None:
        """Read a note, if it is this session's."""
        owner, note = self._notes.get(name or "", (b"", None))
        return note if owner == session else None

    def take(self, session: bytes, name: str | None) -> dict[str, Any] | None:
        """Read a note that is shown once and then gone."""
        note = self.read(session, name)
        if note is not None:
            del self._notes[name or ""]
        return note
