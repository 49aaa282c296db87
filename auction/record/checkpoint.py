"""Checkpoints: the log's signed word on how many leaves it has and which root they make; and what witnesses add to it.

A checkpoint is a signed note of three lines: the log's origin, the size, the root. A witness that saw the log only
grow adds a cosignature with its time.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from auction.record import note
from auction.record.merkle import SIZE
from auction.record.note import BadNote, Key, Note, Signature, Signer, Verify

TIME_LENGTH = 8


class Checkpoint(msgspec.Struct, frozen=True):
    """A tree of a log: the log's name, the number of leaves, the root's 32 bytes."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{note.spelled(self.root)}\n"


class Seen(msgspec.Struct, frozen=True):
    """A checkpoint that its log signed, and the witnesses that cosigned it: their names with the time, in Unix seconds."""

    checkpoint: Checkpoint
    cosigned: dict[str, int]


def read(text: str) -> Checkpoint:
    """Read a checkpoint's text; raises `BadNote`. Further lines are not taken."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:
        raise BadNote("a checkpoint has three lines: origin, size and root")
    root = note.unspelled(lines[2])
    if len(root) != SIZE:
        raise BadNote(f"the root has {len(root)} bytes, not {SIZE}")
    return Checkpoint(lines[0], number(lines[1]), root)


def number(text: str) -> int:
    """Read a count that is written in plain digits without leading zeros; raises `BadNote`."""
    if not (text.isascii() and text.isdigit()) or str(int(text[:20])) != text:
        raise BadNote(f"{text[:40]!r} is not a number in plain digits")
    return int(text)


def signed(checkpoint: Checkpoint, signer: Signer) -> str:
    """A checkpoint with the log's signature."""
    return Note(checkpoint.text, (note.sign(checkpoint.text, signer),)).written


def cosignature(text: str, witness: Signer, at: int) -> Signature:
    """A witness's signature of a checkpoint's text at a time in Unix seconds."""
    value = witness.sign(_cosigned_text(text, at))
    return Signature(witness.key.name, witness.key.id, at.to_bytes(TIME_LENGTH, "big") + value)


def with_signature(written: str, more: Signature) -> str:
    """A note with one more signature at its end; the same where it stands there already."""
    had = note.read(written.encode())
    return written if more in had.signatures else Note(had.text, (*had.signatures, more)).written


def _cosigned_text(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def opened(given: bytes, log: Key, verify: Verify, witnesses: Sequence[Key] = ()) -> Seen:
    """Read a checkpoint that the log signed, and which of these witnesses did; raises `BadNote`."""
    found = note.opened(given, log, verify)
    checkpoint = read(found.text)
    if checkpoint.origin != log.name:
        raise BadNote(f"it is a checkpoint of {checkpoint.origin}, not of {log.name}")
    return Seen(checkpoint, cosigners(found, witnesses, verify))


def cosigners(found: Note, witnesses: Sequence[Key], verify: Verify) -> dict[str, int]:
    """Which witnesses cosigned a note, with their times; raises `BadNote` for a bad cosignature of one of them."""

    def good(key: Key, each: Signature) -> bool:
        signed = _cosigned_text(found.text, _time(each))
        return len(each.value) > TIME_LENGTH and verify(key.public, each.value[TIME_LENGTH:], signed)

    wrong = [key.name for key in witnesses if key.type != note.COSIGNATURE]
    if wrong:
        raise BadNote(f"the key of {wrong[0]} is not a witness's, whose type is {note.COSIGNATURE}")
    ids = {(key.name, key.id) for key in note.signers(found, witnesses, good)}
    return {each.name: _time(each) for each in found.signatures if (each.name, each.id) in ids}


def _time(signature: Signature) -> int:
    return int.from_bytes(signature.value[:TIME_LENGTH], "big")
