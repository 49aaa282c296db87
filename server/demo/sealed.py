"""The demonstration's sealed bids: one solicitation of last winter, opened and awarded, and one whose bids are due in minutes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from auction.money import exact, parse_decimal
from auction.tender.promised import Sealing
from auction.tender.solicitation import Contract, District, Lot, Solicitation
from auction.terms.schedule import LinePrice
from bidders.box.facts import Witness
from bidders.box.state import Box
from bidders.box.words import CloseBox, StartMeeting
from bidders.sealing.encoding import b64u
from server import drafting
from server.demo import committee, figures
from server.demo.past import Then
from server.demo.staging import LEAD, SECOND
from server.parts import Parts
from server.sealed.opening import open_stage

DUE_IN, OPENED_AFTER = timedelta(seconds=150), timedelta(seconds=60)
NOTICE = timedelta(days=30)
"""How long before bids are due a solicitation was published: the made-up law asks for ten working days."""
BIDDERS = ("v-northgate", "v-tallgrass", "v-larkspur", "v-old-quarry")
CENTS = 10_000
WITNESS = Witness("Marisol Reyes", "Port Ellery City SD")


async def live_through(parts: Parts, then: Then, members: Sequence[District]) -> str:
    """Tell of the winter's solicitation from its notice to its award; the clock goes on to there."""
    due = then() + NOTICE
    event_id, officers = await committee.publish(parts, _janitorial(due, members))
    await bids(parts, event_id)
    then.go(due - then() + timedelta(seconds=1))
    await _close(parts, event_id, then)
    then.go(OPENED_AFTER)
    start = StartMeeting(by=LEAD, witnesses=(WITNESS,))
    await drafting.tell(parts, f"box/{event_id}", start)
    for person in (LEAD, "p-lindqvist"):
        then.go(timedelta(seconds=40))
        await officers.release(person)
    await open_stage(parts, event_id, LEAD)
    await parts.errands.settled()
    then.go(timedelta(days=5))
    reason = "The lowest total; samples and references were checked."
    box: Box = parts.desk.state(f"box/{event_id}")
    for lot in (each for each, priced in (box.over or {}).items() if priced):
        await drafting.award(parts, event_id, lot, committee.lowest(box, lot), reason, LEAD, SECOND)
    return event_id


async def _close(parts: Parts, event_id: str, then: Then) -> None:
    """Let the deadline pass, and publish the close in the log."""
    stream = f"box/{event_id}"
    leaves = {entry.seq: b64u(entry.commitment) for entry in parts.journal.read(stream)}
    await drafting.tell(parts, stream, CloseBox(by="time", leaves=leaves))
    await parts.log.tick_now(then.go(timedelta(seconds=59)))


async def announce(parts: Parts, members: Sequence[District], due: datetime) -> str:
    """Publish the solicitation whose bids are due at a time; vendors put theirs in at once."""
    event_id, _ = await committee.publish(parts, _cafeteria(due, members))
    await bids(parts, event_id)
    return event_id


async def bids(parts: Parts, event_id: str) -> None:
    """Let every simulated vendor seal a bid on all lots."""
    document: Solicitation = parts.desk.state(f"tender/{event_id}").document
    for vendor in BIDDERS:
        draw = Random(f"sealed {event_id} {vendor}")
        await committee.bid(parts, event_id, vendor, {lot.id: _asked(lot, draw) for lot in document.lots})


def _asked(lot: Lot, draw: Random) -> list[LinePrice]:
    """A vendor's prices: each line somewhat under what was paid before, in cents."""
    return [LinePrice(line.id, _price(line.baseline, draw)) for line in lot.lines]


def _price(baseline: str | None, draw: Random) -> str:
    micros = (parse_decimal(baseline, 6) or 0) * draw.randint(80, 97) // 100 // CENTS * CENTS
    return exact(max(micros, CENTS))


def _janitorial(due: datetime, members: Sequence[District]) -> Solicitation:
    return _document(due, members, "003", "Custodial supplies", "Custodial", 2024)


def _cafeteria(due: datetime, members: Sequence[District]) -> Solicitation:
    return _document(due, members, "017", "Cafeteria supplies by sealed bid", "Food service", 2025)


def _document(
    due: datetime, members: Sequence[District], number: str, title: str, category: str, year: int
) -> Solicitation:
    """One lot of a category of the catalog, for every member."""
    wanted = tuple(item for item in figures.items(figures.FIXTURES) if item.category == category)
    begins = due.date() + timedelta(days=30)
    return Solicitation(
        number=f"{due.year}-{number}",
        title=title,
        summary="Sealed bids: nobody can read a price before officers of two organizations open it in public.",
        consortium=committee.COOPERATIVE,
        kind="sealed_bid",
        jurisdiction="US-XL",
        category="supplies",
        rules={},
        lots=(figures.lot("L1", title.partition(" by ")[0], wanted, tuple(members), year),),
        districts=tuple(members),
        closes=due,
        sealing=Sealing(opens=due + OPENED_AFTER, quorum=committee.QUORUM, officers=committee.OFFICERS),
        contract=Contract(
            number=f"LPC-{due.year}-{number}",
            starts=begins.isoformat(),
            ends=begins.replace(year=begins.year + 1).isoformat(),
            renewals=1,
            freight="Delivered to each school, freight included",
            minimum_order="150.00",
            payment="Net 30 days",
        ),
        delivery="Within ten working days of each order, on weekdays from 7 a.m. to 2 p.m.",
    )
