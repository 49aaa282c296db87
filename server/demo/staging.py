"""What the demonstration begins with, as the consortium's people would have made it."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from auction.tender.solicitation import Solicitation
from auction.terms.schedule import LinePrice
from server import drafting
from server.demo.figures import FIXTURES
from server.imports.forms import read as read_tender
from server.parts import Parts

TENDER = FIXTURES / "tenders" / "openprocurement_auction_worker_tender_multilot.json"
LEAD, SECOND, CONSORTIUM = "p-okafor", "p-bright", "c-lakeshore"
OPENS_IN, FIRST_CLOSE_IN = timedelta(seconds=20), timedelta(minutes=3)


class Schedule(msgspec.Struct, frozen=True):
    """A vendor's line schedule for a lot."""

    vendor: str
    lot: str
    lines: tuple[LinePrice, ...]


class Filed(msgspec.Struct, frozen=True):
    """The demonstration's line schedules."""

    schedules: tuple[Schedule, ...]


async def prepare(parts: Parts) -> None:
    """Publish the school event with its line schedules, and keep the imported tender as a draft."""
    given = (FIXTURES / "demo" / "school_event.json").read_bytes()
    event = msgspec.json.decode(given, type=Solicitation)
    name, now = await drafting.keep(parts, event, LEAD, CONSORTIUM), parts.now()
    await drafting.publish(parts, name, LEAD, now + OPENS_IN, now + OPENS_IN + FIRST_CLOSE_IN, SECOND)
    filed = msgspec.json.decode((FIXTURES / "demo" / "schedules.json").read_bytes(), type=Filed)
    for each in filed.schedules:
        await drafting.file_schedule(parts, name, each.vendor, each.lot, each.lines)
    await drafting.keep(parts, read_tender(TENDER.name, TENDER.read_bytes()).solicitation, LEAD, CONSORTIUM)
