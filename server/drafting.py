"""Drafting: keeping a solicitation as a new draft, publishing it, and filing line schedules, for commands without a browser."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from auction.kernel import Command
from auction.live.room import FileSchedule
from auction.refusals import Refusal
from auction.tender.solicitation import Solicitation
from auction.tender.tender import DraftTender, PublishTender
from auction.terms.faults import Fault, Faulty
from auction.terms.schedule import LinePrice
from server.parts import Parts


async def keep(parts: Parts, document: Solicitation, by: str, owner: str) -> str:
    """Keep a solicitation as a consortium's new draft and return its event's id; raises `Faulty`, or `NotRecorded`."""
    document = msgspec.structs.replace(document, owner=owner)
    async with parts.numbers:
        taken = [int(stream.partition("/")[2]) for stream in parts.journal.streams("tender/")]
        event_id = str(max(taken, default=0) + 1)
        await tell(parts, f"tender/{event_id}", DraftTender(by=by, document=document))
    return event_id


async def publish(parts: Parts, event_id: str, by: str, opens: datetime, closes: datetime) -> None:
    """Publish a draft for all of its vendors; raises `Faulty` with what keeps it from being published."""
    command = PublishTender(by=by, opens=opens, closes=closes, seed=parts.random(32).hex())
    await tell(parts, f"tender/{event_id}", command)


async def file_schedule(
    parts: Parts, event_id: str, vendor: str, lot: str, prices: Sequence[LinePrice]
) -> None:
    """File a vendor's line schedule; raises `Faulty`."""
    await tell(parts, f"room/{event_id}", FileSchedule(by=vendor, lot=lot, lines=tuple(prices)))


async def tell(parts: Parts, stream: str, command: Command) -> None:
    """Have a command carried out, with all that follows from it; raises `Faulty` when it is refused."""
    outcome = await parts.desk.submit(stream, command, parts.now())
    if isinstance(outcome.answer, Refusal):
        raise Faulty([Fault(stream, outcome.answer.message)])
    await parts.errands.settled()
    await parts.projections.settled()
