"""Second offers and equal products are read by the event's own leads, with their literature, and never before the close."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from auction.award.other_offers import other_offers
from auction.live.room import TIME, Tick
from auction.tender.solicitation import Document, Line, Lot
from auction.terms.offers import Alternate, Offer
from auction.terms.schedule import LinePrice
from server import drafting
from tests.server.house import House, event

PDF = b"%PDF-1.7 what it is made of"
HIDDEN = {"visibility": {"buyer_sees_names": False}}
ONE_BY_ONE = {"closing": {"mode": "staggered", "gap_s": 3600}}
MINUTE = timedelta(minutes=1)
OPEN = {"visibility": {"buyer_sees_names": True}}
LINES = (
    Line("A", "Paper", "case", "10", or_equal=True),
    Line("B", "Pens", "box", "5", alternates=True, no_bid=True),
)


async def filed(house: House, **rules: object) -> str:
    """An event of two lots, the second an hour longer, with another offer of each kind on the first."""
    paper = await house.parts.files.keep("data sheet.pdf", PDF)
    place = f"{paper.hash}/data%20sheet.pdf"
    lots = (Lot("L1", "Supplies", "1000", lines=LINES), Lot("L2", "More", "1000", lines=LINES))
    document = msgspec.structs.replace(event(lots, **rules), opening="schedules")
    event_id = await house.publish(document, opens=timedelta(minutes=10), wait=False)
    equal = Offer("equal", "Acme", "P-20", place)
    second = Alternate("3.10", "Zenith", "Gel", "")
    ash = [LinePrice("A", "40", equal), LinePrice("B", "4", alternate=second)]
    await drafting.file_schedule(house.parts, event_id, "v-ash", "L1", ash)
    await drafting.file_schedule(
        house.parts, event_id, "v-birch", "L1", [LinePrice("A", "41"), LinePrice("B", "5")]
    )
    async with house.parts.database.session.begin() as session:
        kept = Document("data sheet.pdf", paper.hash, 0, "")
        await house.parts.files.link(session, kept, f"room/{event_id}", "consortium:c-lake")
    return event_id


async def test_other_offers_are_told_once_the_lots_are_closed_and_never_before(house: House) -> None:
    event_id = await filed(house, **HIDDEN, **ONE_BY_ONE)
    lead, first = await house.sign_in("p-lead"), house.room(event_id).lots["L1"].plan
    assert first.opens is not None and first.closes is not None
    for at in (first.opens - MINUTE, first.opens + MINUTE, first.closes - MINUTE, first.closes + MINUTE):
        await house.parts.desk.submit(f"room/{event_id}", Tick(by=TIME), at)
        page = (await lead.get(f"/events/{event_id}/offers")).text
        assert "Shown once every lot is over" in page
        assert not any(told in page for told in ("Acme", "Zenith", "data sheet", "Ash Supply"))
        assert (other_offers(house.room(event_id), "L1") == ()) == (at < first.closes)
    await house.end(event_id)
    page = (await lead.get(f"/events/{event_id}/offers")).text
    for told in (
        "Acme P-20",
        "Equal product",
        "Zenith Gel",
        "Second offer",
        "Ash Supply",
        "$3.10",
        "$40.00",
        "$4.00",
    ):
        assert told in page
    assert page.count("Birch Supply") == 0 and "Nobody made another offer on this lot." in page
    link = page.partition('href="/files/')[2].partition('"')[0]
    assert (await lead.get(f"/files/{link}")).content == PDF
    assert f'href="/events/{event_id}/offers"' in (await lead.get(f"/events/{event_id}/award")).text


async def test_where_names_are_seen_each_lot_is_told_as_it_closes(house: House) -> None:
    event_id = await filed(house, **OPEN, **ONE_BY_ONE)
    lead = await house.sign_in("p-lead")
    first = house.room(event_id).lots["L1"].plan.closes
    await house.parts.desk.submit(f"room/{event_id}", Tick(by=TIME), first - timedelta(seconds=1))
    assert "Acme" not in (await lead.get(f"/events/{event_id}/offers")).text
    await house.parts.desk.submit(f"room/{event_id}", Tick(by=TIME), first + timedelta(seconds=1))
    page = (await lead.get(f"/events/{event_id}/offers")).text
    assert "Acme P-20" in page and "Shown once this lot is closed" in page


async def test_nobody_but_the_event_s_own_officers_reads_other_offers(house: House) -> None:
    event_id = await filed(house, **HIDDEN)
    await house.end(event_id)
    path = f"/events/{event_id}/offers"
    got = {
        who: (await (await house.sign_in(who)).get(path)).status_code
        for who in ("p-second", "p-auditor", "p-far")
    }
    assert got == {"p-second": 200, "p-auditor": 200, "p-far": 404}
    for who in ("p-ash", "p-birch", "p-oak", "p-evaluator"):
        assert (await (await house.sign_in(who)).get(path)).status_code == 403


async def test_an_equal_product_stands_at_the_line_s_price_as_the_lot_closed(house: House) -> None:
    event_id = await filed(house, **HIDDEN)
    await house.end(event_id)
    told = other_offers(house.room(event_id), "L1")
    assert [(each.line, each.vendor, each.kind, each.unit_price, each.first) for each in told] == [
        ("A", "v-ash", "equal", "40", "40"),
        ("B", "v-ash", "second", "3.10", "4"),
    ]
