"""Alarms: what was refused of something sealed is put on record, and told to those who look into it."""

from __future__ import annotations

from litestar.exceptions import HTTPException

from bidders.box.alarm import Kind, RaiseAlarm
from server.parts import Parts
from server.saying import plain


async def refused(parts: Parts, event_id: str, person: str, kind: Kind, sentence: str) -> HTTPException:
    """Put an attempt on record and make the answer to it, to be raised."""
    await note(parts, event_id, person, kind)
    return plain(403, sentence)


async def note(parts: Parts, event_id: str, person: str, kind: Kind) -> None:
    """Put an attempt on record."""
    await parts.desk.submit(f"alarm/{event_id}", RaiseAlarm(by=person, kind=kind), parts.now())
