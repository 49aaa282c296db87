"""Today says to each of a vendor's people, and to a lead, what waits for them about taking part."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import msgspec

from server.pages.vendor_tasks import admission_tasks, vendor_tasks
from tests.server.house import House, event, opened
from tests.server.pages.test_schedule import FULL, LOT

LATER = timedelta(days=3)


async def titles(house: House, who: str) -> list[str]:
    """The titles of somebody's tasks."""
    found = await house.parts.login.find((await house.sign_in(who)).token)
    assert found is not None
    both = [await provider(house.parts, found.identity) for provider in (vendor_tasks, admission_tasks)]
    return [task.title for tasks in both for task in tasks]


async def test_a_schedule_to_file_is_a_task_until_it_is_filed(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        event_id = await house.publish(msgspec.structs.replace(event((LOT,))), opens=LATER, wait=False)
        assert "Price lot 1, Supplies" in await titles(house, "p-preparer")
        owner = await house.sign_in("p-ash")
        await owner.post(f"/events/{event_id}/schedule/L1", **FULL)
        assert await titles(house, "p-preparer") == []
        assert "Sign and file lot 1, Supplies" in await titles(house, "p-signer")
        page = (await owner.get(f"/events/{event_id}/schedule/L1/file")).text
        mark = re.search(r'name="fingerprint" value="([0-9a-f]{64})"', page)
        assert mark is not None
        await owner.post(f"/events/{event_id}/schedule/L1/file", sign="yes", fingerprint=mark.group(1))
        assert await titles(house, "p-signer") == []
        assert await titles(house, "p-ash") == ["Complete your company’s record"]
        assert "Sign and file" not in (await owner.get("/today")).text


async def test_a_question_is_a_leads_task_and_its_answer_the_vendors(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        event_id = await house.publish(event(), opens=LATER, wait=False)
        vendor, lead = await house.sign_in("v-stranger"), await house.sign_in("p-lead")
        assert await titles(house, "p-lead") == []
        page = (await vendor.get(f"/events/{event_id}/take-part")).text
        terms = re.search(r'name="terms" value="([0-9a-f]{64})"', page)
        assert terms is not None
        form = {"lots": ["L1"], "accept": "yes", "independent": "yes", "terms": terms.group(1)}
        await vendor.post(f"/events/{event_id}/take-part", **form)
        assert await titles(house, "p-lead") == ["1 vendor asks to take part"]
        assert await titles(house, "p-far") == [] and await titles(house, "p-auditor") == []
        assert "1 vendor asks to take part" in (await lead.get("/today")).text
        await lead.post(f"/events/{event_id}/admissions/v-stranger/decline", reason="No insurance.")
        assert await titles(house, "p-lead") == []
        assert "Declined: Paper and pens" in await titles(house, "v-stranger")
        await lead.post(f"/events/{event_id}/admissions/v-stranger/invite", reason="")
        assert "You are invited: Paper and pens" in await titles(house, "v-stranger")
