"""Drafting: a new draft, its publication and its awards by two people, and line schedules, for commands without a browser."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from auction.kernel import Command
from auction.live.room import FileSchedule
from auction.refusals import Refusal
from auction.tender.solicitation import Solicitation
from auction.tender.tender import ApproveTender, DraftTender, ProposeTender, PublishTender, Tender
from auction.terms.faults import Fault, Faulty
from auction.terms.schedule import LinePrice
from server.awarding import confirmation, ended, panel_of, proposal
from server.jurisdictions import ground
from server.parts import Parts

SECOND = "p-second"
"""Who approves where nobody else is named: the second lead of demonstrations, rehearsals and tests."""


LATEST = 20
"""Among how many of the latest events a form sent twice is looked for."""


async def keep(parts: Parts, document: Solicitation, by: str, owner: str, once: bool = False) -> str:
    """Keep a solicitation as a consortium's new draft and return its event's id; raises `Faulty`, or `NotRecorded`.

    With `once` a draft that is the very same already is returned in its place, so that a form sent twice makes one.
    """
    document = msgspec.structs.replace(document, owner=owner)
    async with parts.numbers:
        taken = sorted(int(stream.partition("/")[2]) for stream in parts.journal.streams("tender/"))
        for number in reversed(taken[-LATEST:] if once else []):
            if _tender(parts, f"tender/{number}").document == document:
                return str(number)
        event_id = str(max(taken, default=0) + 1)
        await tell(parts, f"tender/{event_id}", DraftTender(by=by, document=document))
    return event_id


async def publish(
    parts: Parts, event_id: str, by: str, opens: datetime, closes: datetime, second: str = SECOND
) -> None:
    """Publish a draft with these times: `by` proposes it and `second` approves; raises `Faulty` with what keeps it from that."""
    stream = f"tender/{event_id}"
    document = msgspec.structs.replace(_document(parts, stream), opens=opens, closes=closes)
    await _order(parts, stream, DraftTender(by=by, document=document))
    grounds = ground(parts.jurisdictions, document, parts.now())
    await _order(parts, stream, ProposeTender(by=by, hash=_tender(parts, stream).hash, ground=grounds))
    await _order(parts, stream, ApproveTender(by=second, hash=_tender(parts, stream).hash))
    await tell(parts, stream, PublishTender(by=by, seed=parts.random(32).hex(), ground=grounds))


def _tender(parts: Parts, stream: str) -> Tender:
    found = parts.desk.state(stream)
    assert isinstance(found, Tender)
    return found


def _document(parts: Parts, stream: str) -> Solicitation:
    found = _tender(parts, stream).document
    if found is None:
        raise Faulty([Fault(stream, "there is no such draft")])
    return found


async def file_schedule(
    parts: Parts, event_id: str, vendor: str, lot: str, prices: Sequence[LinePrice]
) -> None:
    """File a vendor's line schedule; raises `Faulty`."""
    await tell(parts, f"room/{event_id}", FileSchedule(by=vendor, lot=lot, lines=tuple(prices)))


async def award(
    parts: Parts, event_id: str, lot: str, vendor: str, reason: str, by: str, second: str = SECOND
) -> None:
    """Award a closed lot: one person proposes, a second one confirms; raises `Faulty`."""
    document = parts.desk.state(f"tender/{event_id}").document
    kind = "box" if document.kind == "sealed_bid" else "room"
    panel = panel_of(parts.desk.state, event_id, document)
    result = ended(parts.desk.state(f"{kind}/{event_id}"), lot, panel)
    proposed = proposal(document, result, vendor, reason, by, parts.now())
    await tell(parts, f"award/{event_id}", proposed)
    place = parts.desk.state(f"award/{event_id}").proposed[lot].proposal
    await tell(parts, f"award/{event_id}", confirmation(result, place, second))


async def tell(parts: Parts, stream: str, command: Command) -> None:
    """Have a command carried out, with all that follows from it; raises `Faulty` when it is refused."""
    await _order(parts, stream, command)
    await parts.errands.settled()
    await parts.projections.settled()


async def _order(parts: Parts, stream: str, command: Command) -> None:
    outcome = await parts.desk.submit(stream, command, parts.now())
    if isinstance(outcome.answer, Refusal):
        raise Faulty([Fault(stream, outcome.answer.message)])
