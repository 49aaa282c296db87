"""Events in the states that pages show."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from auction.terms.schedule import LinePrice
from server import drafting
from tests.server.callers import Guest
from tests.server.house import SOON, House, event

PRICES = {"v-ash": ("45.00", "70.00"), "v-birch": ("44.00", "71.50"), "v-cedar": ("49.99", "79.00")}
"""What each vendor asks for a case of paper and a box of pens in its opening schedule."""


async def with_schedules(house: House, **rules: Any) -> str:
    """Publish an event whose opening bids are line schedules, and wait until it is open."""
    document = replace(event(ceiling="1000", **rules), opening="schedules")
    event_id = await house.publish(document, opens=SOON * 7, wait=False)
    for vendor, (paper, pens) in PRICES.items():
        for lot in ("L1", "L2"):
            lines = [LinePrice("A", paper), LinePrice("B", pens)]
            await drafting.file_schedule(house.parts, event_id, vendor, lot, lines)
    await house.until(lambda: all(each.status == "open" for each in house.room(event_id).lots.values()))
    return event_id


async def finished(house: House, **rules: Any) -> str:
    """An event with schedules, bid on, over, and awarded by its lead."""
    event_id = await with_schedules(house, **rules)
    ash = await house.watch("v-ash", event_id)
    await ash.bid("L1", "720.00")
    await house.end(event_id)
    lead, second = await house.sign_in("p-lead"), await house.sign_in("p-second")
    for lot, vendor in (("L1", "v-ash"), ("L2", "v-birch")):
        await propose(lead, event_id, lot, vendor)
        await confirm(second, event_id, lot)
    return event_id


async def propose(lead: Guest, event_id: str, lot: str, vendor: str) -> str:
    """Propose a lot's award by the console's form, and return the page that follows."""
    form = {"lot": lot, "vendor": vendor, "reason": "The lowest price from a vendor in good standing."}
    return await followed(lead, f"/events/{event_id}/console/propose", **form)


async def confirm(second: Guest, event_id: str, lot: str, place: str = "1") -> str:
    """Confirm a lot's award as a second person, and return the page that follows."""
    return await followed(second, f"/events/{event_id}/award/confirm", lot=lot, proposal=place)


async def followed(guest: Guest, path: str, **form: str | list[str]) -> str:
    """Send a form and return the page that it leads to."""
    answer = await guest.post(path, **form)
    assert answer.status_code == 303, answer.text
    return (await guest.get(answer.headers["location"])).text
