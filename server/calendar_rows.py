"""The calendar's rows, written from the tenders' streams: each event's dates as they now stand."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from auction.journal import Entry
from auction.kernel import Event
from auction.tender.sealed_bids import has_box, seeds
from auction.tender.solicitation import Solicitation
from auction.tender.tender import AddendumIssued, TenderCancelled, TenderDrafted, TenderPublished
from server.tables import Base, CalendarRow

DATES = ("questions_until", "opens", "closes")
SEALED = {"closes": "due"}
"""The dates of sealed bids that have another name in the calendar."""


class CalendarRows:
    """Keeps the dates of drafts and of published events; what was given up or cancelled has none."""

    name = "calendar"
    version = 2
    kinds = frozenset({"tender"})
    tables: Sequence[type[Base]] = (CalendarRow,)

    async def heard(self, session: AsyncSession, entry: Entry, event: Event) -> None:
        """Write an event's dates anew where they may have changed."""
        event_id = entry.stream.partition("/")[2]
        if isinstance(event, TenderDrafted | TenderPublished | AddendumIssued | TenderCancelled):
            await session.execute(delete(CalendarRow).where(CalendarRow.event_id == event_id))
        if isinstance(event, TenderDrafted | TenderPublished | AddendumIssued):
            session.add_all(rows(event_id, event.document, isinstance(event, TenderDrafted)))


def rows(event_id: str, document: Solicitation, planned: bool) -> list[CalendarRow]:
    """The dates that a document has."""
    times = [(what, getattr(document, what)) for what in DATES]
    if document.kind == "sealed_bid":
        times = [(SEALED.get(what, what), at) for what, at in times if what != "opens"]
    if seeds(document):
        times.append(("due", document.sealing.due))
    if has_box(document):
        times.append(("unsealed", document.sealing.opens))
    return [
        CalendarRow(
            event_id=event_id,
            what=what,
            at=at,
            number=document.number,
            title=document.title,
            consortium=document.consortium,
            owner=document.owner,
            zone=document.zone,
            planned=planned,
        )
        for what, at in times
        if at is not None
    ]
