"""Promises: the log's signed word, given at once, that an event will be in the tree of a certain tick.

A promise that was not kept convicts whoever signed it: its leaf is missing from a tree that has a tick at or after the time
it names.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

import msgspec

from auction.record import disclosed, note
from auction.record.disclosed import Disclosed
from auction.record.logged import written
from auction.record.note import BadNote, Key, Note, Signer, Verify
from auction.record.receipt import member

HEADER = "sealbid/v1 promise"
EXTENSION = ".promise"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


class Promise(msgspec.Struct, frozen=True):
    """What is promised: this event, whose cause arrived at `received`, will be in the tree by the tick of `due`."""

    disclosed: Disclosed
    origin: str
    received: datetime
    due: datetime


def make(shown: Disclosed, received: datetime, due: datetime, log: Signer) -> str:
    """A promise's text; times are written to the millisecond, rounded up."""
    lines = (f"{log.key.name}/promise", note.spelled(shown.commitment), written(received), written(due))
    text = "\n".join(lines) + "\n"
    signed = Note(text, (note.sign(text, log),))
    return f"{HEADER}\nextra {note.spelled(shown.written)}\n\n{signed.written}"


def verify(given: bytes, log: Key, good: Verify) -> Promise:
    """Check a promise offline against the log's key; raises `BadNote` saying what does not hold."""
    above, gap, below = given.partition(b"\n\n")
    head, _, line = above.decode("ascii", "replace").partition("\n")
    if not gap or head != HEADER:
        raise BadNote(f"a promise begins with {HEADER!r}, and its note stands below an empty line")
    shown = disclosed.read(note.unspelled(member(line, "extra")))
    origin, data, received, due = _four(note.opened(below, log, good).text)
    if origin != f"{log.name}/promise":
        raise BadNote(f"it is signed as {origin[:80]!r}, not as a promise of {log.name}")
    if note.unspelled(data) != shown.commitment or received != disclosed.time_of(shown.event):
        raise BadNote("the event is not the one that was promised")
    return Promise(shown, log.name, _time(received), _time(due))


def _four(text: str) -> list[str]:
    lines = text.split("\n")
    if len(lines) != 5 or lines[4]:
        raise BadNote("a promise signs four lines: its origin, the leaf and two times")
    return lines[:4]


def _time(text: str) -> datetime:
    if not TIME.fullmatch(text):
        raise BadNote(f"{text[:40]!r} is not a time of the log")
    try:
        return datetime.fromisoformat(text[:-1]).replace(tzinfo=UTC)
    except ValueError as error:
        raise BadNote(f"{text[:40]!r} is not a time of the log") from error
