"""A tender's words: what may be asked of it, what can happen to it, and what it remembers."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Literal

import msgspec

from auction.kernel import Command, Event
from auction.tender.authority import Ground
from auction.tender.difference import Change
from auction.tender.solicitation import Solicitation

Status = Literal["none", "draft", "proposed", "approved", "published", "live", "closed", "cancelled"]


def fingerprint(document: Solicitation) -> str:
    """The SHA-256 of a document's canonical JSON: what is approved, exactly."""
    return hashlib.sha256(msgspec.json.encode(document, order="sorted")).hexdigest()


# --- what may be asked of it -----------------------------------------------------------------------------------------------


class DraftTender(Command, frozen=True):
    """Keep a solicitation as the draft. `base` is the fingerprint of the draft that it was made from, where it was edited."""

    document: Solicitation
    base: str | None = None


class ProposeTender(Command, frozen=True):
    """Put the draft of this fingerprint before a second person."""

    hash: str
    ground: Ground


class ApproveTender(Command, frozen=True):
    """Approve what was proposed, named by its fingerprint."""

    hash: str


class ReturnTender(Command, frozen=True):
    """Send what was proposed or approved back to be edited, with a reason."""

    reason: str


class PublishTender(Command, frozen=True):
    """Publish what was approved; `seed` is 32 bytes in hex, `accepted` says that the officers of sealed bids all accepted it."""

    seed: str
    ground: Ground
    accepted: bool = False


class OpenTender(Command, frozen=True):
    """Its first lot has opened."""


class EndLot(Command, frozen=True):
    """One of its lots is over: closed, with or without a winner, or cancelled."""

    lot: str
    cancelled: bool = False
    won: bool = False
    reason: str = ""


class CancelTender(Command, frozen=True):
    """Give up a draft. What is published ends through its room."""

    reason: str


class DraftAddendum(Command, frozen=True):
    """Keep the document as an addendum would make it; `base` is the fingerprint of what it was edited from."""

    document: Solicitation
    base: str


class DropAddendum(Command, frozen=True):
    """Throw the draft of an addendum away; the published event stays as it is."""


class ProposeAddendum(Command, frozen=True):
    """Put the drafted addendum of this fingerprint before a second person, with its reason."""

    hash: str
    reason: str
    ground: Ground


class ApproveAddendum(Command, frozen=True):
    """Issue the addendum that was proposed, named by its document's fingerprint."""

    hash: str
    ground: Ground


class ReturnAddendum(Command, frozen=True):
    """Send a proposed addendum back to be edited, with a reason."""

    reason: str


# --- what can happen to it -------------------------------------------------------------------------------------------------


class TenderDrafted(Event, frozen=True, tag="tender.drafted"):
    """A draft was made or replaced; an approval that stood before is withdrawn by it."""

    document: Solicitation


class TenderProposed(Event, frozen=True, tag="tender.proposed"):
    """The draft was put before a second person."""

    hash: str


class TenderApproved(Event, frozen=True, tag="tender.approved"):
    """A second person approved the draft of this fingerprint."""

    hash: str


class TenderReturned(Event, frozen=True, tag="tender.returned"):
    """The draft was sent back with a reason."""

    reason: str


class TenderPublished(Event, frozen=True, tag="tender.published"):
    """The tender was published. Private, because it holds the vendors' factors and the seed; the room tells the public part."""

    document: Solicitation
    seed: str
    hash: str = ""


class TenderOpened(Event, frozen=True, tag="tender.opened"):
    """The first lot opened."""


class LotEnded(Event, frozen=True, tag="tender.lot_ended"):
    """A lot is over."""

    lot: str
    cancelled: bool
    won: bool


class TenderClosed(Event, frozen=True, tag="tender.closed"):
    """The last lot is over; at least one was not cancelled."""


class TenderCancelled(Event, frozen=True, tag="tender.cancelled"):
    """Nothing is left of the tender."""

    reason: str


class AddendumDrafted(Event, frozen=True, tag="tender.addendum_drafted"):
    """An addendum was drafted or edited; a proposal that stood before is withdrawn by it."""

    document: Solicitation


class AddendumDropped(Event, frozen=True, tag="tender.addendum_dropped"):
    """The draft of an addendum was thrown away."""


class AddendumProposed(Event, frozen=True, tag="tender.addendum_proposed"):
    """The drafted addendum was put before a second person."""

    reason: str
    hash: str


class AddendumReturned(Event, frozen=True, tag="tender.addendum_returned"):
    """A proposed addendum was sent back with a reason."""

    reason: str


class AddendumIssued(Event, frozen=True, tag="tender.addendum_issued"):
    """Addendum `number` is in force, with its computed changes. Private like the publication; its page tells the public part."""

    number: int
    document: Solicitation
    changes: tuple[Change, ...]
    reason: str
    proposed_by: str
    hash: str


TenderEvent = (
    TenderDrafted
    | TenderProposed
    | TenderApproved
    | TenderReturned
    | TenderPublished
    | TenderOpened
    | LotEnded
    | TenderClosed
    | TenderCancelled
    | AddendumDrafted
    | AddendumDropped
    | AddendumProposed
    | AddendumReturned
    | AddendumIssued
)


# --- what it remembers -----------------------------------------------------------------------------------------------------


class Amending(msgspec.Struct, frozen=True):
    """An addendum that is drafted, and proposed once `proposal` says so."""

    document: Solicitation
    hash: str
    by: str
    at: datetime
    proposal: AddendumProposed | None = None


class Tender(msgspec.Struct):
    """What is remembered of a tender.

    `ended` holds the lots that are over, `original` what was published, `amending` what an addendum would make of it.
    """

    status: Status = "none"
    document: Solicitation | None = None
    hash: str = ""
    drafted_at: datetime | None = None
    edited_by: str = ""
    edited_at: datetime | None = None
    proposed: TenderProposed | None = None
    approved: TenderApproved | None = None
    returned: TenderReturned | None = None
    published_at: datetime | None = None
    published_by: str = ""
    original: Solicitation | None = None
    amending: Amending | None = None
    sent_back: AddendumReturned | None = None
    addenda: list[AddendumIssued] = msgspec.field(default_factory=list)
    ended: dict[str, LotEnded] = msgspec.field(default_factory=dict)
    reason: str | None = None


class TenderDone(msgspec.Struct, frozen=True):
    """The answer to a command that was carried out."""

    status: Status
