"""Signed notes, as C2SP specifies them: a text, an empty line, and a line for each signature.

A key has a name, a type and a public key; its id is the beginning of a hash over them. Signing and checking are
handed in. A signature of an unknown key is ignored; a bad one of a known key makes the whole note worthless.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

DASH = "\u2014"
ED25519 = 1
COSIGNATURE = 4
PUBLIC_LENGTH = 32
MOST_SIGNATURES = 100
Verify = Callable[[bytes, bytes, bytes], bool]
"""Tells whether an Ed25519 signature is good: public key, signature, message."""


class BadNote(ValueError):
    """What was given is not what it should be; the message says what is wrong with it."""


class Key(msgspec.Struct, frozen=True):
    """A key that notes are checked with; its type says what it signs."""

    name: str
    type: int
    public: bytes

    @property
    def id(self) -> bytes:
        """Four bytes that stand for the key in a signature's line."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.type]) + self.public).digest()[:4]

    @property
    def vkey(self) -> str:
        """The key as text, to be handed on."""
        return f"{self.name}+{self.id.hex()}+{spelled(bytes([self.type]) + self.public)}"


class Signer(Protocol):
    """Who signs: a key, and its secret part."""

    @property
    def key(self) -> Key:
        """The key that checks what is signed."""

    def sign(self, message: bytes) -> bytes:
        """The Ed25519 signature of a message, 64 bytes."""


class Signature(msgspec.Struct, frozen=True):
    """One signature's line: the key's name and id, and what was signed with it."""

    name: str
    id: bytes
    value: bytes

    @property
    def line(self) -> str:
        """The line as it stands in a note."""
        return f"{DASH} {self.name} {spelled(self.id + self.value)}\n"


class Note(msgspec.Struct, frozen=True):
    """A text, which ends with a line's end, and its signatures."""

    text: str
    signatures: tuple[Signature, ...]

    @property
    def written(self) -> str:
        """The whole note."""
        return self.text + "\n" + "".join(each.line for each in self.signatures)


def spelled(data: bytes) -> str:
    """Write bytes as notes do: base64 with padding."""
    return base64.b64encode(data).decode()


def unspelled(text: str) -> bytes:
    """Read base64 that is exactly as it would be written; raises `BadNote`."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadNote(f"{text[:40]!r} is not base64") from error
    if spelled(data) != text:
        raise BadNote(f"{text[:40]!r} is not base64 as it is written")
    return data


def read_vkey(text: str) -> Key:
    """Read a key from its text; raises `BadNote` where its id is not that of its key."""
    name, _, rest = text.partition("+")
    id, _, coded = rest.partition("+")
    data = unspelled(coded)
    if not is_name(name) or len(data) != 1 + PUBLIC_LENGTH or data[0] not in (ED25519, COSIGNATURE):
        raise BadNote(f"{text[:80]!r} is not the text of an Ed25519 key")
    key = Key(name, data[0], data[1:])
    if key.vkey != text:
        raise BadNote(f"the id {id} of {name!r} is not that of its key; copy the whole key again")
    return key


def sign(text: str, signer: Signer) -> Signature:
    """Sign a text, which must end with a line's end."""
    return Signature(signer.key.name, signer.key.id, signer.sign(text.encode()))


def read(given: bytes) -> Note:
    """Read a note; raises `BadNote`."""
    text, gap, below = _decoded(given).rpartition("\n\n")
    if not gap or not text or not below.endswith("\n"):
        raise BadNote("there is no text with an empty line and signatures below it")
    lines = below[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise BadNote(f"there are more than {MOST_SIGNATURES} signatures")
    return Note(text + "\n", tuple(map(read_line, lines)))


def _decoded(given: bytes) -> str:
    try:
        text = given.decode()
    except UnicodeDecodeError as error:
        raise BadNote("the note is not UTF-8") from error
    if any(each < " " and each != "\n" for each in text):
        raise BadNote("there is a control character in the note")
    return text


def read_line(line: str) -> Signature:
    """Read one signature's line; raises `BadNote`."""
    dash, _, rest = line.removesuffix("\n").partition(" ")
    name, _, coded = rest.partition(" ")
    data = unspelled(coded)
    if dash != DASH or not is_name(name) or len(data) <= 4:
        raise BadNote(f"{line[:40]!r} is no signature's line")
    return Signature(name, data[:4], data[4:])


def is_name(text: str) -> bool:
    """Tell whether a key can be called so: without spaces and plus signs."""
    return bool(text) and "+" not in text and not any(each.isspace() for each in text)


def signers(note: Note, keys: Sequence[Key], good: Callable[[Key, Signature], bool]) -> list[Key]:
    """Which of the keys signed a note; raises `BadNote` where a known key's signature is bad."""
    found: list[Key] = []
    for each in note.signatures:
        for key in (key for key in keys if (key.name, key.id) == (each.name, each.id)):
            if not good(key, each):
                raise BadNote(f"the signature of {key.name} is not good")
            found.append(key)
    return found


def opened(given: bytes, key: Key, verify: Verify) -> Note:
    """Read a note that a key signed; raises `BadNote`."""
    note = read(given)
    if key.type != ED25519:
        raise BadNote(f"the key of {key.name} is a witness's; a log's key begins with type {ED25519}")
    if not signers(note, [key], lambda key, each: verify(key.public, each.value, note.text.encode())):
        raise BadNote(f"{key.name} has not signed it")
    return note
