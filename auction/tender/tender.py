"""A tender from draft to close: the decider of the stream `tender/<id>`.

A draft may be replaced until it is published, each time withdrawing what was approved. Two people publish: whoever last
edited or proposed the draft cannot approve it. After that only an addendum changes the document, again by two people. The
tender follows its room: it opens with the first lot and ends with the last.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from datetime import datetime
from typing import Any

from auction.kernel import Command, Event, Refused
from auction.refusals import Refusal, no
from auction.tender import addenda, authority, conditions, sealed_bids
from auction.tender.addenda import words
from auction.tender.authority import Ground
from auction.tender.solicitation import Solicitation
from auction.tender.words import (
    AddendumDrafted,
    AddendumDropped,
    AddendumIssued,
    AddendumProposed,
    AddendumReturned,
    ApproveAddendum,
    ApproveTender,
    CancelTender,
    DraftAddendum,
    DraftTender,
    DropAddendum,
    EndLot,
    LotEnded,
    OpenTender,
    ProposeAddendum,
    ProposeTender,
    PublishTender,
    ReturnAddendum,
    ReturnTender,
    Status,
    Tender,
    TenderApproved,
    TenderCancelled,
    TenderClosed,
    TenderDone,
    TenderDrafted,
    TenderEvent,
    TenderOpened,
    TenderProposed,
    TenderPublished,
    TenderReturned,
    fingerprint,
)
from auction.terms.faults import Fault

__all__ = ["AddendumDrafted", "AddendumDropped", "DraftAddendum", "DropAddendum"]
__all__ += ["AddendumIssued", "AddendumProposed", "AddendumReturned", "ApproveAddendum", "ApproveTender"]
__all__ += ["CancelTender", "DraftTender", "EndLot", "LotEnded", "OpenTender", "ProposeAddendum"]
__all__ += ["ProposeTender", "PublishTender", "ReturnAddendum", "ReturnTender", "Status", "Tender"]
__all__ += ["TenderApproved", "TenderCancelled", "TenderClosed", "TenderDone", "TenderDrafted", "TenderEvent"]
__all__ += ["TenderOpened", "TenderProposed", "TenderPublished", "TenderReturned", "fingerprint"]
STALE = "STALE_RULES"
FIXED = {"kind": "method", "owner": "consortium"}
"""What a draft keeps from its first version on."""
EDITABLE = ("draft", "proposed", "approved")


def initial() -> Tender:
    """Return a tender of which nothing is known yet."""
    return Tender()


def decide(tender: Tender, command: Command, now: datetime) -> Generator[Event, None, TenderDone]:
    """Judge one command."""
    judge = _JUDGES.get(type(command))
    if judge is None:
        raise Refused(no("BAD_COMMAND"))
    yield from judge(tender, command, now)
    return TenderDone(tender.status)


# --- the draft -------------------------------------------------------------------------------------------------------------


def _draft(tender: Tender, command: DraftTender, now: datetime) -> Iterator[Event]:
    """Keep a draft; the same again changes nothing, and one made from an older draft overwrites nothing."""
    before = tender.document
    if tender.status not in ("none", *EDITABLE):
        raise Refused(no("CLOSED", "A published event is never changed."))
    if before is not None:
        if command.document == before:
            return
        if command.base is not None and command.base != tender.hash:
            raise Refused(
                no(STALE, "Somebody else saved this draft since you opened it; nothing was overwritten.")
            )
        for name, said in FIXED.items():
            if getattr(before, name) != getattr(command.document, name):
                raise Refused(
                    no("NOT_ALLOWED", f"A draft’s {said} never changes; start another draft instead.")
                )
    yield TenderDrafted(at=now, by=command.by, document=command.document)


def _propose(tender: Tender, command: ProposeTender, now: datetime) -> Iterator[Event]:
    if tender.document is None or tender.status != "draft":
        raise Refused(no("CLOSED", "Only a draft can be proposed, and only once."))
    if command.hash != tender.hash:
        raise Refused(no(STALE, "The draft has changed since you looked at it; look at it again first."))
    _refuse(publish_faults(tender.document, now, command.ground))
    yield TenderProposed(at=now, by=command.by, hash=tender.hash)


def _approve(tender: Tender, command: ApproveTender, now: datetime) -> Iterator[Event]:
    if tender.status != "proposed" or tender.proposed is None:
        raise Refused(no("CLOSED", "There is nothing to approve."))
    if command.hash != tender.hash:
        raise Refused(no(STALE, "The draft has changed since you looked at it; look at it again first."))
    if command.by in (tender.edited_by, tender.proposed.by):
        raise Refused(
            no("NOT_ALLOWED", "A second person approves: not who last edited the draft or proposed it.")
        )
    yield TenderApproved(at=now, by=command.by, hash=tender.hash)


def _return(tender: Tender, command: ReturnTender, now: datetime) -> Iterator[Event]:
    if tender.status not in ("proposed", "approved"):
        raise Refused(no("CLOSED", "There is nothing to send back."))
    yield TenderReturned(at=now, by=command.by, reason=words(command.reason))


def _publish(tender: Tender, command: PublishTender, now: datetime) -> Iterator[Event]:
    if tender.document is None or tender.status != "approved":
        raise Refused(no("CLOSED", "Only what a second person approved is published, and only once."))
    _refuse(publish_faults(tender.document, now, command.ground))
    if sealed_bids.has_box(tender.document) and not command.accepted:
        raise Refused(no("NOT_ALLOWED", "Sealed bids are published when every officer has accepted."))
    yield TenderPublished(
        at=now, by=command.by, document=tender.document, seed=command.seed, hash=tender.hash
    )


def _refuse(found: Sequence[Fault]) -> None:
    if found:
        raise Refused(no("BAD_RULES", "; ".join(f"{fault.path}: {fault.message}" for fault in found)))


def publish_faults(
    document: Solicitation, now: datetime, ground: Ground, lasting: Sequence[Fault] | None = None
) -> list[Fault]:
    """Name everything that keeps this document from being published now; `lasting` is what is wrong on any day, where known."""
    found = list(conditions.lasting(document) if lasting is None else lasting)
    if document.kind == "sealed_bid":
        return [*found, *sealed_bids.dated(document, now), *authority.faults(document, ground)]
    if sealed_bids.seeds(document):
        found += sealed_bids.dated(document, now)
    opens = addenda.first_opening(document)
    if opens is None:
        found.append(Fault("opens", "must be set"))
    elif opens <= now:
        found.append(Fault("opens", "must be in the future"))
    if document.closes is None:
        found.append(Fault("closes", "must be set"))
    if document.questions_until and document.opens and document.questions_until > document.opens:
        found.append(Fault("questions_until", "must not be after bidding opens"))
    return found + authority.faults(document, ground)


def _cancel(tender: Tender, command: CancelTender, now: datetime) -> Iterator[Event]:
    if tender.status not in EDITABLE:
        told = "Only a draft is given up here; a published event is cancelled in its room."
        raise Refused(no("NOT_ALLOWED", told))
    yield TenderCancelled(at=now, by=command.by, reason=words(command.reason))


# --- following the room ----------------------------------------------------------------------------------------------------


def _open(tender: Tender, command: OpenTender, now: datetime) -> Iterator[Event]:
    if tender.status == "published":
        yield TenderOpened(at=now, by=command.by, vis="public")


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


_JUDGES: dict[type[Command], Callable[[Tender, Any, datetime], Iterator[Event]]] = {
    DraftTender: _draft,
    ProposeTender: _propose,
    ApproveTender: _approve,
    ReturnTender: _return,
    PublishTender: _publish,
    OpenTender: _open,
    EndLot: _end,
    CancelTender: _cancel,
    DraftAddendum: addenda.draft,
    DropAddendum: addenda.drop,
    ProposeAddendum: addenda.propose,
    ApproveAddendum: addenda.approve,
    ReturnAddendum: addenda.give_back,
}


# --- remembering -----------------------------------------------------------------------------------------------------------


def evolve(tender: Tender, event: Event) -> Tender:
    """Write one event into the tender."""
    if isinstance(event, TenderDrafted):
        tender.status, tender.document, tender.hash = "draft", event.document, fingerprint(event.document)
        tender.drafted_at = tender.drafted_at or event.at
        tender.edited_by, tender.edited_at = event.by, event.at
        tender.proposed = tender.approved = None
    elif isinstance(event, TenderProposed):
        tender.status, tender.proposed, tender.returned = "proposed", event, None
    elif isinstance(event, TenderApproved):
        tender.status, tender.approved = "approved", event
    elif isinstance(event, TenderReturned):
        tender.status, tender.returned = "draft", event
        tender.proposed = tender.approved = None
    elif isinstance(event, TenderPublished):
        tender.status, tender.document, tender.hash = "published", event.document, fingerprint(event.document)
        tender.published_at, tender.published_by, tender.original = event.at, event.by, event.document
    elif isinstance(event, TenderOpened):
        tender.status = "live"
    elif isinstance(event, LotEnded):
        tender.ended[event.lot] = event
    elif isinstance(event, TenderClosed):
        tender.status = "closed"
    elif isinstance(event, TenderCancelled):
        tender.status, tender.reason = "cancelled", event.reason
    else:
        addenda.remember(tender, event)
    return tender


def refusal(tender: Tender, command: Command, reason: Refusal, now: datetime) -> Iterator[Event]:
    """Refusals to a lead are answered, not written."""
    return iter(())
