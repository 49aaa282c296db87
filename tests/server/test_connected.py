"""A lead sees who is connected now, down to the last vendor that leaves."""

from __future__ import annotations

from pathlib import Path

from tests.server.house import House, event, opened


async def test_the_lead_is_told_when_vendors_come_and_when_the_last_one_leaves(house: House) -> None:
    await house.publish(event())
    lead = await house.watch("p-lead")
    ash = await house.watch("v-ash")
    here = {"vendor": "v-ash", "connections": 1}
    await lead.wait(lambda frame: frame.get("connected") == [here])
    told = len(lead.frames)
    await ash.line.close()
    await lead.wait(lambda frame: frame.get("connected") == [], told)


async def test_what_is_only_counted_is_shown_to_the_lead_and_leaves_no_entry(tmp_path: Path) -> None:
    async with opened(tmp_path, bids_per_second=1, bids_burst=1) as house:
        await house.publish(event())
        await house.parts.errands.settled()
        before = house.told()
        ash, public = await house.watch("v-ash"), await house.watch(None)
        assert (await ash.ask("{"))["code"] == "BAD_COMMAND"
        assert (await ash.ask(b"\x00"))["code"] == "BAD_COMMAND"
        assert (await public.bid("L1", "900"))["code"] == "NOT_ALLOWED"
        answers = [(await ash.bid("L1", "900")).get("code") for _ in range(2)]
        assert answers == [None, "SLOW_DOWN"]
        page = (await (await house.sign_in("p-lead")).get("/events/1/console")).text
        assert "2&nbsp;unreadable messages, 1 too many at once, 1 from somebody who may not bid" in page
        assert house.told() == before + 1
