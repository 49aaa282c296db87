"""Receipts: a file that shows, with the log's key alone, that an event is in the log (C2SP `tlog-proof@v1`).

It holds the event with its salt, the leaf's place, the inclusion proof, and the checkpoint that the proof leads to.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from auction.record import checkpoint, disclosed, merkle, note
from auction.record.checkpoint import Checkpoint
from auction.record.disclosed import Disclosed
from auction.record.note import BadNote, Key, Verify

HEADER = "c2sp.org/tlog-proof@v1"
EXTENSION = ".tlog-proof"


class Receipt(msgspec.Struct, frozen=True):
    """A receipt's parts: what it is about, its place, its proof, and the checkpoint as a signed note."""

    disclosed: Disclosed
    index: int
    path: tuple[bytes, ...]
    checkpoint: str

    @property
    def written(self) -> str:
        """The file's text."""
        extra = note.spelled(self.disclosed.written)
        above = (HEADER, f"extra {extra}", f"index {self.index}", *map(note.spelled, self.path))
        return "\n".join(above) + "\n\n" + self.checkpoint


class Proven(msgspec.Struct, frozen=True):
    """What a receipt shows: the event, at this place of this tree; and who cosigned it, with times in Unix seconds."""

    disclosed: Disclosed
    index: int
    checkpoint: Checkpoint
    cosigned: dict[str, int]


def read(given: bytes) -> Receipt:
    """Read a receipt without believing it; raises `BadNote`."""
    above, gap, below = _text(given).partition("\n\n")
    lines = above.split("\n")
    if not gap or len(lines) < 3 or lines[0] != HEADER:
        raise BadNote(f"a receipt begins with {HEADER}, and its checkpoint stands below an empty line")
    shown = disclosed.read(note.unspelled(member(lines[1], "extra")))
    index = checkpoint.number(member(lines[2], "index"))
    return Receipt(shown, index, tuple(map(note.unspelled, lines[3:])), below)


def _text(given: bytes) -> str:
    try:
        return given.decode()
    except UnicodeDecodeError as error:
        raise BadNote("the receipt is not UTF-8") from error


def member(line: str, name: str) -> str:
    """What stands on a line behind its name; raises `BadNote`."""
    found, gap, value = line.partition(" ")
    if found != name or not gap:
        raise BadNote(f"{line[:40]!r} stands where {name!r} belongs")
    return value


def verify(given: bytes, log: Key, good: Verify, witnesses: Sequence[Key] = ()) -> Proven:
    """Check a receipt offline against the log's key; raises `BadNote` saying what does not hold."""
    receipt = read(given)
    seen = checkpoint.opened(receipt.checkpoint.encode(), log, good, witnesses)
    tree, data = seen.checkpoint, receipt.disclosed.commitment
    if not merkle.included(data, receipt.index, tree.size, receipt.path, tree.root):
        raise BadNote(f"the event is not leaf {receipt.index} of this checkpoint")
    return Proven(receipt.disclosed, receipt.index, tree, seen.cosigned)
