"""Events in the states that pages show."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from auction.live.room import TIME, PlaceBid, Tick
from auction.terms.schedule import LinePrice
from server import drafting
from tests.server.callers import Guest
from tests.server.house import SOON, House, event

PRICES = {"v-ash": ("45.00", "70.00"), "v-birch": ("44.00", "71.50"), "v-cedar": ("49.99", "79.00")}
"""What each vendor asks for a case of paper and a box of pens in its opening schedule."""


async def with_schedules(house: House, **rules: Any) -> str:
    """Publish an event whose opening bids are line schedules, and wait until it is open."""
    event_id = await filed(house, SOON * 7, **rules)
    await house.until(lambda: all(each.status == "open" for each in house.room(event_id).lots.values()))
    return event_id


async def filed(house: House, opens: timedelta, **rules: Any) -> str:
    """Publish an event that opens so much later, with every vendor's line schedules on file."""
    document = replace(event(ceiling="1000", **rules), opening="schedules")
    event_id = await house.publish(document, opens=opens, wait=False)
    for vendor, (paper, pens) in PRICES.items():
        for lot in ("L1", "L2"):
            lines = [LinePrice("A", paper), LinePrice("B", pens)]
            await drafting.file_schedule(house.parts, event_id, vendor, lot, lines)
    return event_id


async def finished(house: House, **rules: Any) -> str:
    """An event with schedules, bid on, over, and awarded by two people; no clock is waited for."""
    event_id = await filed(house, timedelta(minutes=10), **rules)
    opens = max(each.opens for each in house.room(event_id).lots.values())
    for late, told in (
        (1, Tick(by=TIME)),
        (2, PlaceBid(by="v-ash", lot="L1", amount=720_000_000, given="720.00", confirm=True)),
    ):
        await house.parts.desk.submit(f"room/{event_id}", told, opens + timedelta(seconds=late))
    await house.end(event_id)
    for lot, vendor in (("L1", "v-ash"), ("L2", "v-birch")):
        await drafting.award(house.parts, event_id, lot, vendor, REASON, "p-lead")
    return event_id


REASON = "The lowest price from a vendor in good standing."


async def propose(lead: Guest, event_id: str, lot: str, vendor: str) -> str:
    """Propose a lot's award by the console's form, and return the page that follows."""
    form = {"lot": lot, "vendor": vendor, "reason": REASON}
    return await followed(lead, f"/events/{event_id}/console/propose", **form)


async def confirm(second: Guest, event_id: str, lot: str, place: str = "1") -> str:
    """Confirm a lot's award as a second person, and return the page that follows."""
    return await followed(second, f"/events/{event_id}/award/confirm", lot=lot, proposal=place)


async def followed(guest: Guest, path: str, **form: str | list[str]) -> str:
    """Send a form and return the page that it leads to."""
    answer = await guest.post(path, **form)
    assert answer.status_code == 303, answer.text
    return (await guest.get(answer.headers["location"])).text
