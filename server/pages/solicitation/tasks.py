"""What solicitations ask of people now: a draft to finish, something to approve or to publish, an addendum to acknowledge."""

from __future__ import annotations

from collections.abc import Iterator

from server.guards import may
from server.login import Identity
from server.pages.showing import Shown
from server.tasks import Task


def officer_tasks(shown: Shown, who: Identity) -> Iterator[Task]:
    """What an event that is not open yet asks of its consortium's people."""
    tender, document = shown.tender, shown.document
    console, addendum = f"/events/{shown.id}/console", f"/events/{shown.id}/addenda/draft"
    if tender.status == "draft" and may(who, "run events"):
        back = tender.returned is not None
        yield Task(
            title=f"Finish the draft {document.number}",
            words=f"{document.title}: {'it was sent back with a reason' if back else 'check it and propose it'}.",
            href=console,
            action="Open the draft",
            icon="sheet",
        )
    elif (
        tender.status == "proposed"
        and tender.proposed is not None
        and _second(who, tender.edited_by, tender.proposed.by)
    ):
        yield Task(
            title=f"Approve {document.number}",
            words=f"{document.title} was proposed; it is published only with a second person’s approval.",
            href=console,
            action="Look at it",
            icon="check",
        )
    elif tender.status == "approved" and may(who, "run events"):
        yield Task(
            title=f"Publish {document.number}",
            words=f"{document.title} is approved.",
            href=console,
            action="Publish it",
            due=document.opens,
            zone=document.zone,
            icon="sheet",
        )
    drafted = tender.amending if tender.status == "published" else None
    if drafted is not None and drafted.proposal is not None and _second(who, drafted.by, drafted.proposal.by):
        yield Task(
            title=f"Issue an addendum to {document.number}",
            words=f"{document.title}: {drafted.proposal.reason}",
            href=addendum,
            action="Look at it",
            due=document.opens,
            zone=document.zone,
            icon="check",
        )
    elif drafted is not None and drafted.proposal is None and may(who, "run events"):
        yield Task(
            title=f"Finish the addendum to {document.number}",
            words=f"{document.title}: what it changes is drafted, and not proposed yet.",
            href=addendum,
            action="Open the addendum",
            due=document.opens,
            zone=document.zone,
            icon="sheet",
        )


def _second(who: Identity, *others: str) -> bool:
    """Tell whether somebody may approve as the second person."""
    return may(who, "approve") and who.person_id not in others


def vendor_tasks(shown: Shown, who: Identity) -> Iterator[Task]:
    """What an event asks of an admitted vendor beside bidding."""
    room = shown.room
    if room is None or shown.status not in ("published", "live") or not room.behind(who.organisation_id):
        return
    yield Task(
        title=f"Acknowledge addendum {room.addendum}",
        words=f"{shown.document.title} has changed. Until your company acknowledges it, its bids and prices do not count.",
        href=f"/events/{shown.id}/addenda",
        action="Read and acknowledge it",
        due=shown.document.opens,
        zone=shown.document.zone,
        icon="warn",
    )
