"""A lead sees who is connected now, down to the last vendor that leaves."""

from __future__ import annotations

from tests.server.house import House, event


async def test_the_lead_is_told_when_vendors_come_and_when_the_last_one_leaves(house: House) -> None:
    await house.publish(event())
    lead = await house.watch("p-lead")
    ash = await house.watch("v-ash")
    here = {"vendor": "v-ash", "connections": 1}
    await lead.wait(lambda frame: frame.get("connected") == [here])
    told = len(lead.frames)
    await ash.line.close()
    await lead.wait(lambda frame: frame.get("connected") == [], told)
