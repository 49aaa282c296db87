"""Numbered facts, committed to one by one, in one gapless order; and the journal's twin in memory.

Each entry has its place `n` in the installation's single order, its stream and its `seq` there (both from 1), a 32-byte
salt, and a commitment: SHA-256 over a domain label, the salt, and the canonical JSON of the event (RFC 8785). An
export may disclose an entry's body and salt, or its commitment alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

import msgspec

from auction.kernel import Event

LEAF = b"sealbid/v1 leaf\0"
EMPTY_HEAD = bytes(32)


class Conflict(Exception):
    """Somebody else wrote this `seq` first: read on, decide again, append again."""


class Entry(msgspec.Struct, frozen=True):
    """One line of the journal; `body` is the event's canonical JSON."""

    n: int
    stream: str
    seq: int
    salt: bytes
    commitment: bytes
    body: bytes


class Append(msgspec.Struct, frozen=True):
    """Events to be written to one stream after `after`, with a fresh 32-byte salt for each."""

    stream: str
    after: int
    events: tuple[Event, ...]
    salts: tuple[bytes, ...]


class Journal(Protocol):
    """Where facts are kept. Everything in one call is durable together, or not at all."""

    def append(self, batch: Sequence[Append]) -> list[Entry]:
        """Write a batch in one commit; raises `Conflict` when a stream has moved on."""

    def read(self, stream: str, after: int = 0) -> list[Entry]:
        """Read a stream's entries behind a `seq`."""

    def streams(self, prefix: str = "") -> list[str]:
        """Name the streams that begin with this prefix, in order of their first entry."""

    def length(self) -> int:
        """Count all entries of the installation."""


_encoder = msgspec.json.Encoder(order="sorted")


def canonical(event: object) -> bytes:
    """Encode as canonical JSON: sorted keys, no blanks, UTF-8; facts of the public log say their own exact form."""
    own = getattr(event, "canonical", None)
    return own() if own is not None else _encoder.encode(event)


def commit(salt: bytes, body: bytes) -> bytes:
    """Commit to one entry without disclosing it (the leaf data of the public log)."""
    return hashlib.sha256(LEAF + salt + body).digest()


class Place(msgspec.Struct):
    """A public fact's own number in its stream, from 0; other facts have none."""

    seq: int | None = None
    prev: str | None = None


LINK = b'"prev":'
"""What stands in the body of every fact that names the one before it; a cheap first look."""
Link = tuple[int, bytes | None]
"""How many linked facts a stream has, and the last one's commitment."""


def last_link(lines: Iterable[tuple[bytes, bytes]]) -> Link:
    """Find a stream's last linked fact among bodies and commitments, newest first."""
    for body, commitment in lines:
        place = msgspec.json.decode(body, type=Place) if LINK in body else Place()
        if place.seq is not None:
            return place.seq + 1, commitment
    return 0, None


def entries(batch: Sequence[Append], n: int, last: Callable[[str], Link]) -> list[Entry]:
    """Number a batch's events, the first being the installation's entry `n`; `last` tells a stream's last linked fact.

    A fact with a method `linked` names its place among those and the commitment of the one before it.
    """
    made: list[Entry] = []
    links: dict[str, Link] = {}
    for part in batch:
        for offset, (event, salt) in enumerate(zip(part.events, part.salts, strict=True), start=1):
            linked = getattr(event, "linked", None)
            if linked is not None:
                count, before = links.get(part.stream) or last(part.stream)
                event = linked(count, before)
            body = canonical(event)
            made.append(
                Entry(n + len(made), part.stream, part.after + offset, salt, commit(salt, body), body)
            )
            if linked is not None:
                links[part.stream] = (count + 1, made[-1].commitment)
    return made


def head(commitments: Iterable[bytes]) -> bytes:
    """Chain commitments in their order into one 32-byte hash that stands for the whole journal."""
    value = EMPTY_HEAD
    for commitment in commitments:
        value = hashlib.sha256(value + commitment).digest()
    return value


class MemoryJournal:
    """The journal's twin in memory, for tests, scenarios and rehearsals of thought."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._streams: dict[str, list[Entry]] = {}

    def append(self, batch: Sequence[Append]) -> list[Entry]:
        """Write a batch, all or nothing."""
        written: dict[str, int] = {}
        for part in batch:
            if part.after != written.get(part.stream, len(self._streams.get(part.stream, ()))):
                raise Conflict(part.stream)
            written[part.stream] = part.after + len(part.events)
        made = entries(batch, len(self._entries) + 1, self._last_link)
        for entry in made:
            self._entries.append(entry)
            self._streams.setdefault(entry.stream, []).append(entry)
        return made

    def _last_link(self, stream: str) -> Link:
        return last_link((each.body, each.commitment) for each in reversed(self._streams.get(stream, [])))

    def read(self, stream: str, after: int = 0) -> list[Entry]:
        """Read a stream's entries behind a `seq`."""
        return self._streams.get(stream, [])[after:]

    def streams(self, prefix: str = "") -> list[str]:
        """Name the streams that begin with this prefix, in order of their first entry."""
        return [name for name in self._streams if name.startswith(prefix)]

    def length(self) -> int:
        """Count all entries."""
        return len(self._entries)
