"""What happens at the opening: the meeting, released shares, what cannot be opened, results, and who passes."""

from __future__ import annotations

from datetime import datetime

from auction.kernel import Event
from auction.record.logged import Linked, Logged
from auction.terms.schedule import LinePrice
from bidders.box.facts.parts import Close, Outcome, Read, Sig, Verdict, Witness


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


class OfficerCalled(Event, frozen=True, tag="box.officer_called"):
    """An officer who had not released was asked to, at `asked_at`; `answer` says in words what came of it."""

    env: str
    x: int
    asked_at: datetime
    answer: str


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
