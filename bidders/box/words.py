"""What may be asked of a bid box."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from auction.kernel import Command
from bidders.box.facts import (
    Close,
    Read,
    Sig,
    Verdict,
    Witness,
)

# --- before publication -----------------------------------------------------------------------------------------------------


class EnterKeys(Command, frozen=True):
    """An officer's public keys for this solicitation; `by` is the person."""

    tender: str
    kid: str
    pk: str
    vk: str


class FixManifest(Command, frozen=True):
    """Ask the officers to accept this manifest, made from the approved draft of the fingerprint `document`.

    `seeds` says that what is opened becomes the opening bids of a live auction.
    """

    manifest: dict[str, Any]
    document: str
    seeds: bool = False


class AcceptManifest(Command, frozen=True):
    """An officer's signed acceptance of the manifest of this hash."""

    manifest: str
    sig: str


class HandOver(Command, frozen=True):
    """A successor takes the seat of `leaver`, by a hand-over that both signed; `by` is the successor."""

    leaver: str
    rewrap: dict[str, Any]
    sig: str
    to_sig: str


class NoteHealth(Command, frozen=True):
    """An officer unlocked the keys again, by these ways."""

    kinds: tuple[str, ...]


class PublishBox(Command, frozen=True):
    """Put the accepted manifest of this document in force; asked again, it changes nothing."""

    document: str


class SignAddendum(Command, frozen=True):
    """An officer's signature under the next manifest, made from a proposed addendum's document; `by` is the person."""

    manifest: dict[str, Any]
    document: str
    sig: str


class IssueAddendum(Command, frozen=True):
    """Put the signed next manifest of this document in force; asked again, it changes nothing."""

    document: str


class CancelBox(Command, frozen=True):
    """Cancel before anything is opened."""

    reason: str


# --- bids -------------------------------------------------------------------------------------------------------------------


class Item(msgspec.Struct, frozen=True):
    """One envelope of a request: its id, and what its context names."""

    eid: str
    lot: str
    env: str
    rev: int
    manifest: str


class Asked(Command, frozen=True):
    """What every request of a vendor tells: when its last byte came, the hash of its bytes, and what its bytes already failed."""

    received_at: datetime
    request_sha256: str
    fault: str | None = None
    kid: str = ""
    sig_sha256: str = ""


class Submit(Asked, frozen=True):
    """Put envelopes into the box, all or none."""

    items: tuple[Item, ...] = ()


class Withdraw(Asked, frozen=True):
    """Take envelopes out of the count; they stay sealed."""

    eids: tuple[str, ...] = ()


class Acknowledge(Asked, frozen=True):
    """Confirm envelopes under the manifest of this hash."""

    eids: tuple[str, ...] = ()
    manifest: str = ""


class Resupply(Command, frozen=True):
    """Bring the same bytes again of an envelope whose copy was damaged."""

    eid: str


class RefuseStale(Command, frozen=True):
    """The deadline passed: refuse what was not confirmed; `requests` are the hashes of the requests, by envelope."""

    requests: dict[str, str]


class CloseBox(Command, frozen=True):
    """The deadline passed and all that came in time is answered; `leaves` are the commitments of this stream, by `seq`."""

    leaves: dict[int, str]


# --- the opening ------------------------------------------------------------------------------------------------------------


class StartMeeting(Command, frozen=True):
    """Start the opening, with at least one witness."""

    witnesses: tuple[Witness, ...]


class NameWitness(Command, frozen=True):
    """Name somebody else who is present."""

    witness: Witness


class Checked(msgspec.Struct, frozen=True):
    """What was found in a release: shares that hold, wraps that could not be opened, shares that were forged."""

    hash: str
    due: tuple[str, ...]
    good: tuple[str, ...]
    unread: tuple[str, ...]
    forged: tuple[str, ...]


class Release(Command, frozen=True):
    """An officer's release of its shares for a stage, as checked against the envelopes; `by` is the person."""

    env: str
    x: int
    close: Close
    checked: Checked


class Called(msgspec.Struct, frozen=True):
    """An officer, by its seat, who was asked to release at a time, and the answer in words."""

    x: int
    asked_at: datetime
    answer: str


class NoteCalled(Command, frozen=True):
    """Note that officers who had not released were asked to, and what they answered."""

    env: str
    calls: tuple[Called, ...]


class DeclareUnopenable(Command, frozen=True):
    """All officers were asked, and too few shares of this envelope hold."""

    eid: str
    env: str
    sig: str
    close_root: str


class AskRescue(Command, frozen=True):
    """Ask vendors for their seeds until `due_at`, signed by all remaining officers."""

    env: str
    eids: tuple[str, ...]
    due_at: datetime
    sigs: tuple[Sig, ...]


class Reveal(Command, frozen=True):
    """A vendor's seed seals to the logged envelope again."""

    eid: str
    received_at: datetime


class Tried(msgspec.Struct, frozen=True):
    """How one envelope's opening went, and what it says where it was opened."""

    eid: str
    result: str
    fault: str | None
    plain_sha256: str | None
    disc_root: str
    read: Read | None = None


class RecordOpening(Command, frozen=True):
    """Write down the results of a stage, all due envelopes at once; `names` are those of their vendors, to be read out."""

    env: str
    tried: tuple[Tried, ...]
    names: dict[str, str] = {}


class RecordLater(Command, frozen=True):
    """Write down a later result of an envelope that could not be read before."""

    env: str
    tried: Tried


class ProposeStage(Command, frozen=True):
    """Say of each vendor whose technical envelope was opened whether it passes, and why."""

    verdicts: tuple[Verdict, ...]


class PassStage(Command, frozen=True):
    """Say whose price envelopes are opened next, signed by a quorum of officers."""

    vendors: tuple[str, ...]
    close: Close
    sigs: tuple[Sig, ...]


class BoxDone(msgspec.Struct, frozen=True):
    """The answer to a command that was carried out; `seqs` are the places of the facts that it led to, or led to before."""

    seqs: tuple[int, ...] = ()
