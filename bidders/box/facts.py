"""What can happen to a bid box, in the public log's own shape, and what is only ours.

Hashes, keys and signatures are base64url texts; an officer is `o` and its seat number, a vendor its id.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from auction.kernel import Event
from auction.record.logged import Linked, Logged
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


# --- before publication -----------------------------------------------------------------------------------------------------


class OfficerKeyed(Event, frozen=True, tag="box.officer_keyed"):
    """An officer made keys for this solicitation; `person` is who."""

    person: str
    kid: str
    pk: str
    vk: str


class ManifestFixed(Event, frozen=True, tag="box.manifest_fixed"):
    """What the officers are asked to accept, and the fingerprint of its document; earlier acceptances fall.

    `seeds` says that what is opened becomes the opening bids of a live auction.
    """

    manifest: dict[str, Any]
    document: str
    seeds: bool = False


class OfficerAccepted(Linked, frozen=True, tag="officer.accepted"):
    """An officer accepted the manifest of this hash."""

    x: int
    kid: str
    manifest: str
    sig: str


class OfficerRewrapped(Linked, frozen=True, tag="officer.rewrapped"):
    """An officer's secret was sealed to a successor, who took it; both signed."""

    rewrap: dict[str, Any]
    sig: str
    to_sig: str


class SeatTaken(Event, frozen=True, tag="box.seat_taken"):
    """A successor acts for a seat from now on; `leaver` is the person who held it."""

    x: int
    leaver: str


class OfficerHealth(Logged, frozen=True, tag="officer.health"):
    """An officer unlocked the keys again, by these ways."""

    x: int
    kinds: tuple[str, ...]


class Published(Linked, frozen=True, tag="tender.published"):
    """The manifest of this hash is in force; bids are taken."""

    manifest: str


class AddendumLogged(Linked, frozen=True, tag="tender.addendum"):
    """The next manifest is in force."""

    manifest: str
    sigs: tuple[Sig, ...]


class AddendumSigned(Event, frozen=True, tag="box.addendum_signed"):
    """An officer signed the next manifest, whole, before its addendum is issued."""

    manifest: dict[str, Any]
    document: str
    x: int
    sig: str


class Cancelled(Linked, frozen=True, tag="tender.cancelled"):
    """Nothing will ever be opened."""

    reason: str


class BoxCancelled(Event, frozen=True, tag="box.cancelled"):
    """The box was cancelled, with all of these lots."""

    lots: tuple[str, ...]
    reason: str


# --- bids -------------------------------------------------------------------------------------------------------------------


class BidReceived(Logged, frozen=True, tag="bid.received"):
    """A sealed envelope was received in time; `replaces` names the one before it."""

    eid: str
    lot: str
    env: str
    rev: int
    replaces: str | None
    manifest: str
    closes_at: datetime
    received_at: datetime
    kid: str
    sig_sha256: str


class BidAcknowledged(Logged, frozen=True, tag="bid.acknowledged"):
    """A vendor confirmed its envelope under a later manifest."""

    eid: str
    manifest: str
    received_at: datetime
    kid: str
    sig_sha256: str


class BidWithdrawn(Logged, frozen=True, tag="bid.withdrawn"):
    """A vendor withdrew its envelope; it stays sealed."""

    eid: str
    received_at: datetime
    kid: str
    sig_sha256: str


class BidRefused(Logged, frozen=True, tag="bid.refused"):
    """A request was refused; `eid` is None where it could not be read."""

    eid: str | None
    request_sha256: str
    reason: str
    received_at: datetime


class BidResupplied(Logged, frozen=True, tag="bid.resupplied"):
    """A vendor brought the same bytes again, because our copy was damaged."""

    eid: str


class BoxClosed(Logged, frozen=True, tag="tender.closed"):
    """The deadline passed: the complete list of what was received."""

    manifest: str
    current: tuple[Listed, ...]
    superseded: tuple[Listed, ...]
    withdrawn: tuple[Listed, ...]
    refused: tuple[Turned, ...]


# --- the opening ------------------------------------------------------------------------------------------------------------


class MeetingStarted(Event, frozen=True, tag="box.meeting_started"):
    """The lead started the opening."""


class WitnessNamed(Event, frozen=True, tag="box.witness_named"):
    """Somebody present was named for the minutes."""

    witness: Witness


class ReleaseReceived(Logged, frozen=True, tag="release.received"):
    """An officer released its shares of a stage; `hash` names the whole release."""

    x: int
    env: str
    hash: str


class SharesCounted(Event, frozen=True, tag="box.shares_counted"):
    """Which shares of a release hold, which wraps could not be opened, and which were forged, by envelope."""

    x: int
    env: str
    hash: str
    good: tuple[str, ...]
    unread: tuple[str, ...]
    forged: tuple[str, ...]


class BidUnopenable(Logged, frozen=True, tag="bid.unopenable"):
    """All officers were asked, and too few shares of this envelope hold."""

    eid: str
    env: str
    asked: tuple[int, ...]
    x: int
    sig: str


class OpeningRescue(Logged, frozen=True, tag="opening.rescue"):
    """Vendors are asked for the seeds that they kept, until `due_at`."""

    env: str
    eids: tuple[str, ...]
    due_at: datetime
    sigs: tuple[Sig, ...]


class RescueRevealed(Logged, frozen=True, tag="rescue.revealed"):
    """A vendor revealed its seed, and the envelope seals again to the same."""

    eid: str
    received_at: datetime


class BidOpened(Linked, frozen=True, tag="bid.opened"):
    """How an envelope's opening went; `plain_sha256` is None unless it was opened."""

    eid: str
    env: str
    result: str
    fault: str | None
    plain_sha256: str | None
    disc_root: str


class OpeningFinished(Linked, frozen=True, tag="opening.finished"):
    """All due envelopes of a stage have their result."""

    env: str
    current: tuple[str, ...]
    releases: tuple[str, ...]
    results: tuple[Outcome, ...]


class VendorsNamed(Event, frozen=True, tag="box.vendors_named"):
    """The vendors whose envelopes are opened, by the names under which they are read out."""

    names: dict[str, str]


class BidRead(Event, frozen=True, tag="box.bid_read"):
    """What an opened envelope says, as it is read out at the opening."""

    eid: str
    env: str
    lot: str
    vendor: str
    read: Read


class Verdict(msgspec.Struct, frozen=True):
    """Whether a vendor's technical envelope is acceptable, and why."""

    vendor: str
    passes: bool
    reason: str


class StageProposed(Event, frozen=True, tag="box.stage_proposed"):
    """The lead said who passes the technical stage, with a reason for each; officers sign it next."""

    verdicts: tuple[Verdict, ...]


class StagePassed(Linked, frozen=True, tag="stage.passed"):
    """These vendors' price envelopes are opened; those of others stay sealed."""

    env: str
    close: Close
    vendors: tuple[str, ...]
    sigs: tuple[Sig, ...]


class BoxOver(Event, frozen=True, tag="box.over"):
    """The last stage is over; for each lot that ends with it, whether an acceptable price was opened."""

    lots: dict[str, bool]


class OpeningBidRead(Event, frozen=True, tag="box.opening_bid_read"):
    """An opened envelope holds a vendor's opening bid for a lot of the live auction that follows."""

    vendor: str
    lot: str
    eid: str
    lines: tuple[LinePrice, ...]


BoxEvent = (
    OfficerKeyed
    | ManifestFixed
    | OfficerAccepted
    | OfficerHealth
    | OfficerRewrapped
    | SeatTaken
    | Published
    | AddendumLogged
    | AddendumSigned
    | Cancelled
    | BoxCancelled
    | BidReceived
    | BidAcknowledged
    | BidWithdrawn
    | BidRefused
    | BidResupplied
    | BoxClosed
    | MeetingStarted
    | WitnessNamed
    | ReleaseReceived
    | SharesCounted
    | BidUnopenable
    | OpeningRescue
    | RescueRevealed
    | BidOpened
    | OpeningFinished
    | VendorsNamed
    | BidRead
    | StageProposed
    | StagePassed
    | BoxOver
    | OpeningBidRead
)
