"""What facts of a bid box are made of: signatures, the rows of the close, witnesses, and what an envelope says."""

from __future__ import annotations

import msgspec

from auction.terms.schedule import LinePrice

SERVER = "_server"


class Sig(msgspec.Struct, frozen=True):
    """An officer's signature, by its seat."""

    x: int
    sig: str


class Listed(msgspec.Struct, frozen=True):
    """An envelope in the list of the close; `leaf` is the commitment of its receipt."""

    eid: str
    lot: str
    env: str
    vendor: str
    rev: int
    leaf: str


class Turned(msgspec.Struct, frozen=True):
    """What was refused, in the list of the close; `eid` is None where it could not be read."""

    eid: str | None
    leaf: str
    reason: str


class Outcome(msgspec.Struct, frozen=True):
    """How one envelope's opening went."""

    eid: str
    result: str
    fault: str | None


class Close(msgspec.Struct, frozen=True):
    """The log's tree at the close: its size and root."""

    size: int
    root: str


class Witness(msgspec.Struct, frozen=True):
    """Somebody present at the opening, named for the minutes."""

    name: str
    of: str


class Read(msgspec.Struct, frozen=True):
    """What an opened envelope says: prices of a lot with their total (a decimal string), answers in words, names of files."""

    lines: tuple[LinePrice, ...] = ()
    total: str | None = None
    answers: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    note: str = ""


class Verdict(msgspec.Struct, frozen=True):
    """Whether a vendor's technical envelope is acceptable, and why."""

    vendor: str
    passes: bool
    reason: str
