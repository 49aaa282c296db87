"""Addenda: after publication and before bidding opens, the document changes only by an addendum that two people issue.

What it changes is computed, never typed. One that comes too late for the law's cut-off must move the opening.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import msgspec

from auction.kernel import Event, Refused
from auction.refusals import no
from auction.tender import authority, calendar, conditions, sealed_bids
from auction.tender.authority import Ground
from auction.tender.difference import difference
from auction.tender.solicitation import Solicitation
from auction.tender.words import (
    AddendumDrafted,
    AddendumDropped,
    AddendumIssued,
    AddendumProposed,
    AddendumReturned,
    Amending,
    ApproveAddendum,
    DraftAddendum,
    DropAddendum,
    ProposeAddendum,
    ReturnAddendum,
    Tender,
    fingerprint,
)
from auction.terms.faults import Fault

FIXED = ("number", "kind", "owner", "consortium", "currency", "zone", "jurisdiction", "source", "plan")
"""What no addendum changes."""
CHANGED = "The addendum has changed since you looked at it; look at it again first."
TIMES = ("opens", "closes", "sealing.due")
"""Where a law asks for a later time; an addendum is held to the cut-off alone."""
MARGIN = timedelta(minutes=1)
"""How long before the opening the last addendum is issued, so that the room is set up anew in time."""


def words(reason: str) -> str:
    """A reason, which must be given in words."""
    if not reason.strip():
        raise Refused(no("BAD_COMMAND", "Give the reason in words."))
    return reason.strip()


def draft(tender: Tender, command: DraftAddendum, now: datetime) -> Iterator[Event]:
    """Keep a changed document beside the one in force; an edit of an older draft overwrites nothing."""
    _before_opening(tender, now)
    before, base = working(tender)
    if command.document == before:
        return
    if command.base != base:
        raise Refused(
            no(
                "STALE_RULES",
                "Somebody else saved this addendum since you opened it; nothing was overwritten.",
            )
        )
    changed = fixed_changes(tender, command.document)
    if changed:
        raise Refused(no("NOT_ALLOWED", f"An addendum never changes {', '.join(changed)}."))
    yield AddendumDrafted(at=now, by=command.by, document=command.document)


def drop(tender: Tender, command: DropAddendum, now: datetime) -> Iterator[Event]:
    """Throw the draft of an addendum away."""
    if tender.amending is not None:
        yield AddendumDropped(at=now, by=command.by)


def propose(tender: Tender, command: ProposeAddendum, now: datetime) -> Iterator[Event]:
    """Put the drafted addendum before a second person."""
    _before_opening(tender, now)
    drafted = tender.amending
    if drafted is None or drafted.proposal is not None:
        raise Refused(no("CLOSED", "Only a drafted addendum can be proposed, and only once."))
    if drafted.hash != command.hash:
        raise Refused(no("STALE_RULES", CHANGED))
    reason = words(command.reason)
    _refuse(addendum_faults(tender, drafted.document, now, command.ground))
    yield AddendumProposed(at=now, by=command.by, reason=reason, hash=drafted.hash)


def approve(tender: Tender, command: ApproveAddendum, now: datetime) -> Iterator[Event]:
    """Issue what was proposed, as another person than who last edited or proposed it."""
    _before_opening(tender, now)
    drafted, before = tender.amending, tender.document
    if drafted is None or drafted.proposal is None or before is None:
        raise Refused(no("CLOSED", "No addendum waits for a second person."))
    if drafted.hash != command.hash:
        raise Refused(no("STALE_RULES", CHANGED))
    if command.by in (drafted.by, drafted.proposal.by):
        raise Refused(
            no("NOT_ALLOWED", "A second person issues an addendum: not who last edited it or proposed it.")
        )
    _refuse(addendum_faults(tender, drafted.document, now, command.ground))
    yield AddendumIssued(
        at=now,
        by=command.by,
        number=len(tender.addenda) + 1,
        document=drafted.document,
        changes=difference(before, drafted.document),
        reason=drafted.proposal.reason,
        proposed_by=drafted.proposal.by,
        hash=drafted.hash,
    )


def give_back(tender: Tender, command: ReturnAddendum, now: datetime) -> Iterator[Event]:
    """Send a proposal back to be edited."""
    if tender.amending is None or tender.amending.proposal is None:
        raise Refused(no("CLOSED", "No addendum waits for a second person."))
    yield AddendumReturned(at=now, by=command.by, reason=words(command.reason))


def working(tender: Tender) -> tuple[Solicitation | None, str]:
    """What an edit begins from, with its fingerprint: the drafted addendum, else the document in force."""
    if tender.amending is not None:
        return tender.amending.document, tender.amending.hash
    return tender.document, tender.hash


def remember(tender: Tender, event: Event) -> None:
    """Write an event of an addendum into the tender."""
    if isinstance(event, AddendumDrafted):
        hash = fingerprint(event.document)
        tender.amending = Amending(event.document, hash, event.by, event.at)
    elif isinstance(event, AddendumDropped):
        tender.amending = tender.sent_back = None
    elif isinstance(event, AddendumProposed) and tender.amending is not None:
        tender.amending = msgspec.structs.replace(tender.amending, proposal=event)
        tender.sent_back = None
    elif isinstance(event, AddendumReturned) and tender.amending is not None:
        tender.amending = msgspec.structs.replace(tender.amending, proposal=None)
        tender.sent_back = event
    elif isinstance(event, AddendumIssued):
        tender.amending, tender.document, tender.hash = None, event.document, event.hash
        tender.addenda.append(event)


def addendum_faults(
    tender: Tender,
    document: Solicitation,
    now: datetime,
    ground: Ground,
    lasting: Sequence[Fault] | None = None,
) -> list[Fault]:
    """Name everything that keeps a changed document from being issued now; `lasting` is what is wrong on any day, where known."""
    before = tender.document
    assert before is not None
    found = list(conditions.lasting(document) if lasting is None else lasting)
    if document == before:
        found.append(Fault("document", "nothing is changed yet"))
    found += [Fault(name, "is never changed by an addendum") for name in fixed_changes(tender, document)]
    if sealed_bids.has_box(document):
        found += sealed_bids.moved(before, document)
    last = last_moment(document)
    if last is None or last - MARGIN < now:
        path = sealed_bids.due_path(document) if sealed_bids.has_box(document) else "opens"
        found.append(Fault(path, "must be in the future"))
    if document.questions_until and document.opens and document.questions_until > document.opens:
        found.append(Fault("questions_until", "must not be after bidding opens"))
    law = [each for each in authority.faults(document, ground) if each.path not in TIMES]
    return found + law + list(_too_late(document, ground))


def fixed_changes(tender: Tender, document: Solicitation) -> list[str]:
    """What a document changes that no addendum may; vendors come by admission, and go only with the last of their lots."""
    before = tender.document
    assert before is not None
    changed = [name for name in FIXED if getattr(document, name) != getattr(before, name)]
    new = {each.id for each in document.vendors} - {each.id for each in before.vendors}
    gone = {each.id for each in before.vendors if each.lots is None} - {each.id for each in document.vendors}
    changed += ["sealing"] if sealed_bids.fixed(before.sealing) != sealed_bids.fixed(document.sealing) else []
    changed += ["opening"] if sealed_bids.has_box(before) != sealed_bids.has_box(document) else []
    return [*changed, "vendors"] if new or gone else changed


def last_moment(document: Solicitation) -> datetime | None:
    """Until when it can be amended: until sealed envelopes are due where it takes them, else until the first lot opens."""
    return sealed_bids.due(document) if sealed_bids.has_box(document) else first_opening(document)


def first_opening(document: Solicitation) -> datetime | None:
    """When the first lot opens."""
    own = [lot.opens for lot in document.lots if lot.opens is not None]
    return min([*own, document.opens]) if document.opens is not None else None


def _too_late(document: Solicitation, ground: Ground) -> Iterator[Fault]:
    """An addendum after the law's cut-off must move the opening by the days that are missing."""
    profile, deadline = ground.profile, ground.deadline
    if profile is None or profile.cutoff is None or deadline is None:
        return
    missing = calendar.shortfall(profile.cutoff, profile.holidays, ground.today, deadline)
    if missing:
        first = calendar.after_addendum(profile.cutoff, profile.holidays, ground.today)
        yield Fault(
            "opens",
            f"an addendum of {calendar.said(ground.today)} comes too late: move the opening by at least "
            f"{missing} day{'' if missing == 1 else 's'}, to {calendar.said(first)} or later"
            f"{profile.source('addendum_cutoff')}",
        )


def _before_opening(tender: Tender, now: datetime) -> None:
    document = tender.document
    opens = last_moment(document) if document is not None else None
    if tender.status != "published" or opens is None or opens - MARGIN < now:
        raise Refused(no("CLOSED", "Addenda are issued after publication and before bidding opens."))


def _refuse(found: Sequence[Fault]) -> None:
    if found:
        raise Refused(no("BAD_RULES", "; ".join(f"{fault.path}: {fault.message}" for fault in found)))
