"""Which event of the engine asks for a command on the vendors' side; the server's errands carry each out."""

from __future__ import annotations

from collections.abc import Iterator

from auction.kernel import Command, Event
from auction.live.room import FileSchedule, VendorAdmitted, VendorWithdrawn
from auction.tender.sealed_bids import has_box
from auction.tender.words import AddendumIssued, EndLot, TenderCancelled, TenderPublished
from bidders.box.facts import BoxCancelled, BoxOver, OpeningBidRead
from bidders.box.words import CancelBox, IssueAddendum, PublishBox
from bidders.qualification import NoteAdmitted, NoteWithdrawn

NO_REASON = "The event was cancelled; no reason was recorded."


def follow(stream: str, event: Event) -> Iterator[tuple[str, Command]]:
    """Name what follows from an event of a stream; each command may be sent again without harm."""
    _, _, name = stream.partition("/")
    if isinstance(event, VendorAdmitted):
        vendor = event.vendor
        yield (
            f"admission/{name}",
            NoteAdmitted(
                by=event.by, vendor=vendor.id, lots=vendor.lots, reason=event.reason, happened=event.at
            ),
        )
    elif isinstance(event, VendorWithdrawn):
        yield (
            f"admission/{name}",
            NoteWithdrawn(by=event.by, vendor=event.vendor, reason=event.reason, happened=event.at),
        )
    elif isinstance(event, TenderPublished) and has_box(event.document):
        yield f"box/{name}", PublishBox(by=event.by, document=event.hash)
    elif isinstance(event, AddendumIssued) and has_box(event.document):
        yield f"box/{name}", IssueAddendum(by=event.by, document=event.hash)
    elif isinstance(event, TenderCancelled):
        yield f"box/{name}", CancelBox(by=event.by, reason=event.reason or NO_REASON)
    elif isinstance(event, OpeningBidRead):
        filed = FileSchedule(by=event.vendor, lot=event.lot, lines=event.lines, envelope=event.eid)
        yield f"room/{name}", filed
    elif isinstance(event, BoxOver):
        for lot, won in event.lots.items():
            yield f"tender/{name}", EndLot(by=event.by, lot=lot, won=won)
    elif isinstance(event, BoxCancelled):
        for lot in event.lots:
            yield f"tender/{name}", EndLot(by=event.by, lot=lot, cancelled=True, reason=event.reason)
