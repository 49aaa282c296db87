"""The demonstration's past: a procurement of last year, from its notice to its awards, told with a clock of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from auction.live.formats.english import next_good
from auction.live.room import TIME, PlaceBid, Room, Tick
from auction.money import ceil_div, exact, parse_amount, parse_decimal
from auction.tender.solicitation import Contract, District, Lot, Solicitation, Vendor, lot_baseline
from auction.terms.schedule import LinePrice
from server import drafting
from server.demo import figures
from server.demo.staging import CONSORTIUM, LEAD, SECOND
from server.parts import Parts

AGO = timedelta(days=320)
NOTICE, LENGTH, DECIDED = timedelta(days=21), timedelta(minutes=20), timedelta(days=6)
BIDDERS = {
    "v-cedar": "Cedar & Pine Supply",
    "v-northgate": "Northgate Office",
    "v-juniper": "Juniper Row School Goods",
    "v-tallgrass": "Tallgrass Paper & Print",
    "v-fairmeadow": "Fairmeadow Trading",
}
LOTS = (("L1", "Classroom supplies", "Classroom supplies"), ("L2", "Art and science", "Art and science"))
PLACES = 10_000
"""Unit prices are asked in ten-thousandths."""
RULES = {
    "format": "english",
    "decrement": {"base": "own", "percent": "0.5"},
    "overtime": {"window_s": 120, "extension_s": 120, "max_extensions": 5},
    "closing": {"mode": "parallel"},
    "visibility": {
        "rank": True,
        "lead": "after_first_bid",
        "lead_min_vendors": 3,
        "count": True,
        "public": "prices",
    },
}


class Then:
    """A clock that stands until it is put forward."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def __call__(self) -> datetime:
        """The time it shows."""
        return self._at

    def go(self, on: timedelta) -> datetime:
        """Put it forward."""
        self._at += on
        return self._at


async def live_through(parts: Parts, then: Then, members: Sequence[District]) -> str:
    """Publish last year's procurement, let its vendors bid, award both lots, and return the event's id."""
    event_id = await drafting.keep(parts, document(then(), members), LEAD, CONSORTIUM)
    opens = then() + NOTICE
    await drafting.publish(parts, event_id, LEAD, opens, opens + LENGTH, SECOND)
    document_ = parts.desk.state(f"tender/{event_id}").document
    draw = Random("last year")
    for lot in document_.lots:
        for vendor in BIDDERS:
            await drafting.file_schedule(parts, event_id, vendor, lot.id, _asked(lot, draw))
    then.go(opens - then())
    await _bidding(parts, then, event_id, draw)
    then.go(DECIDED)
    for name, lot_state in parts.desk.state(f"room/{event_id}").lots.items():
        reason = (
            "The lowest total from a vendor in good standing; references and delivery terms were checked."
        )
        await drafting.award(parts, event_id, name, lot_state.winner, reason, LEAD, SECOND)
    return event_id


def document(now: datetime, members: Sequence[District]) -> Solicitation:
    """Last year's solicitation: two lots of the catalog, with every member's quantities and what they paid before."""
    catalog, districts = figures.items(figures.FIXTURES), tuple(members)
    lots = tuple(
        figures.lot(id, title, tuple(item for item in catalog if item.category == category), districts, 2024)
        for id, title, category in LOTS
    )
    begins = now.date() + NOTICE + DECIDED + timedelta(days=14)
    return Solicitation(
        number=f"{now.year}-006",
        title="Classroom, art and science supplies",
        summary="A year of everyday supplies for all member districts, delivered to each school.",
        consortium="Lakeshore Purchasing Cooperative",
        jurisdiction="US-XL",
        category="supplies",
        rules=RULES,
        lots=lots,
        vendors=tuple(Vendor(id, name) for id, name in BIDDERS.items()),
        districts=districts,
        opening="schedules",
        contract=Contract(
            number=f"LPC-{now.year}-006",
            starts=begins.isoformat(),
            ends=begins.replace(year=begins.year + 1).isoformat(),
            renewals=2,
            freight="Delivered to each school, freight included",
            minimum_order="150.00",
            payment="Net 30 days",
        ),
        delivery="Within ten working days of each order, on weekdays from 7 a.m. to 2 p.m.",
    )


def _asked(lot: Lot, draw: Random) -> list[LinePrice]:
    """A vendor's opening prices: each line a little above or below what was paid before."""
    return [
        LinePrice(
            line.id, exact((parse_decimal(line.baseline, 6) or 0) * draw.randint(94, 103) // 100 // 100 * 100)
        )
        for line in lot.lines
    ]


async def _bidding(parts: Parts, then: Then, event_id: str, draw: Random) -> None:
    """Let time pass in short steps, in each of which somebody may go lower, until every lot is over."""
    stream = f"room/{event_id}"
    document_: Solicitation = parts.desk.state(f"tender/{event_id}").document
    floors = {
        (lot.id, vendor): (lot_baseline(lot) or 0) * draw.randint(79, 90) // 100
        for lot in document_.lots
        for vendor in BIDDERS
    }
    await parts.desk.submit(stream, Tick(by=TIME), then())
    while any(not lot.over for lot in parts.desk.state(stream).lots.values()):
        then.go(timedelta(seconds=draw.randint(9, 40)))
        await parts.desk.submit(stream, Tick(by=TIME), then())
        await _one(parts, stream, then(), draw, floors)
    await parts.errands.settled()
    await parts.projections.settled()


async def _one(
    parts: Parts, stream: str, now: datetime, draw: Random, floors: dict[tuple[str, str], int]
) -> None:
    """Perhaps one bid: a little under the best that is good, as long as that is not under the vendor's own floor."""
    room: Room = parts.desk.state(stream)
    lot, vendor = draw.choice(sorted(room.lots)), draw.choice(sorted(BIDDERS))
    good = parse_amount(next_good(room, room.lots[lot], vendor))
    if good is None:
        return
    amount = ceil_div(good * draw.randint(985, 1000), 1000 * PLACES) * PLACES
    if amount >= floors[lot, vendor] and amount <= good:
        bid = PlaceBid(by=vendor, lot=lot, amount=amount, given=exact(amount), rules=room.rules_hash)
        await parts.desk.submit(stream, bid, now)
