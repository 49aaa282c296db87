"""A tender from draft to close: the decider of the stream `tender/<id>`.

A draft may be replaced until it is published; after that its document never changes. The tender follows its room: it
opens with the first lot and ends with the last.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import datetime
from typing import Literal

import msgspec

from auction.kernel import Command, Event, Refused
from auction.refusals import Refusal, no
from auction.tender.solicitation import Solicitation, faults
from auction.terms import rules
from auction.terms.faults import Fault

Status = Literal["none", "draft", "published", "live", "closed", "cancelled"]


class DraftTender(Command, frozen=True):
    """Keep a solicitation as the draft, in place of the one before."""

    document: Solicitation


class PublishTender(Command, frozen=True):
    """Publish the draft with these times; `vendors` are the ids admitted (None is all); `seed` is 32 bytes in hex."""

    opens: datetime
    closes: datetime
    seed: str
    vendors: tuple[str, ...] | None = None


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


class TenderDrafted(Event, frozen=True, tag="tender.drafted"):
    """A draft was made or replaced."""

    document: Solicitation


class TenderPublished(Event, frozen=True, tag="tender.published"):
    """The tender was published. Private, because it holds the vendors' factors and the seed; the room tells the public part."""

    document: Solicitation
    seed: str


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


TenderEvent = TenderDrafted | TenderPublished | TenderOpened | LotEnded | TenderClosed | TenderCancelled


class Tender(msgspec.Struct):
    """What is remembered of a tender; `ended` holds the lots that are over."""

    status: Status = "none"
    document: Solicitation | None = None
    drafted_at: datetime | None = None
    ended: dict[str, LotEnded] = msgspec.field(default_factory=dict)
    reason: str | None = None


class TenderDone(msgspec.Struct, frozen=True):
    """The answer to a command that was carried out."""

    status: Status


def initial() -> Tender:
    """Return a tender of which nothing is known yet."""
    return Tender()


def decide(tender: Tender, command: Command, now: datetime) -> Generator[Event, None, TenderDone]:
    """Judge one command."""
    if isinstance(command, DraftTender):
        if tender.status not in ("none", "draft"):
            raise Refused(no("CLOSED", "A published event is never changed."))
        yield TenderDrafted(at=now, by=command.by, document=command.document)
    elif isinstance(command, PublishTender):
        yield from _publish(tender, command, now)
    elif isinstance(command, OpenTender):
        if tender.status == "published":
            yield TenderOpened(at=now, by=command.by, vis="public")
    elif isinstance(command, EndLot):
        yield from _end(tender, command, now)
    elif isinstance(command, CancelTender):
        if tender.status != "draft":
            raise Refused(
                no(
                    "NOT_ALLOWED",
                    "Only a draft is given up here; a published event is cancelled in its room.",
                )
            )
        yield TenderCancelled(at=now, by=command.by, reason=_words(command.reason))
    else:
        raise Refused(no("BAD_COMMAND"))
    return TenderDone(tender.status)


def _words(reason: str) -> str:
    if not reason.strip():
        raise Refused(no("BAD_COMMAND", "Give the reason in words."))
    return reason.strip()


def _publish(tender: Tender, command: PublishTender, now: datetime) -> Iterator[Event]:
    if tender.document is None or tender.status != "draft":
        raise Refused(no("CLOSED", "Only a draft can be published, and only once."))
    document = published(tender.document, command)
    found = publish_faults(document, now)
    if found:
        raise Refused(no("BAD_RULES", "; ".join(f"{fault.path}: {fault.message}" for fault in found)))
    yield TenderPublished(at=now, by=command.by, document=document, seed=command.seed)


def published(draft: Solicitation, command: PublishTender) -> Solicitation:
    """The document as it would be published: with its times, and with the admitted vendors alone."""
    chosen = draft.vendors
    if command.vendors is not None:
        chosen = tuple(vendor for vendor in chosen if vendor.id in command.vendors)
    return msgspec.structs.replace(draft, opens=command.opens, closes=command.closes, vendors=chosen)


def publish_faults(document: Solicitation, now: datetime) -> list[Fault]:
    """Name everything that keeps this document from being published now."""
    found = faults(document)
    if document.opens is not None and document.opens <= now:
        found.append(Fault("opens", "must be in the future"))
    try:
        least = rules.parse(document.rules, "rules").min_vendors
    except rules.BadRules as bad:
        return found + list(bad.faults)
    if len(document.vendors) < least:
        found.append(
            Fault("vendors", f"needs at least {least} admitted, or it would be cancelled at its opening")
        )
    return found


def _end(tender: Tender, command: EndLot, now: datetime) -> Iterator[Event]:
    """Note that a lot is over, once; with the last one the tender is over too."""
    known = {lot.id for lot in tender.document.lots} if tender.document is not None else set()
    if tender.status not in ("published", "live") or command.lot not in known or command.lot in tender.ended:
        return
    who = command.by
    yield LotEnded(
        at=now, by=who, vis="public", lot=command.lot, cancelled=command.cancelled, won=command.won
    )
    if known <= tender.ended.keys():
        if all(lot.cancelled for lot in tender.ended.values()):
            yield TenderCancelled(at=now, by=who, vis="public", reason=command.reason)
        else:
            yield TenderClosed(at=now, by=who, vis="public")


def evolve(tender: Tender, event: Event) -> Tender:
    """Write one event into the tender."""
    if isinstance(event, TenderDrafted):
        tender.status, tender.document = "draft", event.document
        tender.drafted_at = tender.drafted_at or event.at
    elif isinstance(event, TenderPublished):
        tender.status, tender.document = "published", event.document
    elif isinstance(event, TenderOpened):
        tender.status = "live"
    elif isinstance(event, LotEnded):
        tender.ended[event.lot] = event
    elif isinstance(event, TenderClosed):
        tender.status = "closed"
    elif isinstance(event, TenderCancelled):
        tender.status, tender.reason = "cancelled", event.reason
    return tender


def refusal(tender: Tender, command: Command, reason: Refusal, now: datetime) -> Iterator[Event]:
    """Refusals to a lead are answered, not written."""
    return iter(())
