"""Around a solicitation of sealed bids: who is asked for what, which letters go out, and what a history tells when."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bidders.box.words import CancelBox
from server.pages.event_tasks import event_tasks
from server.sealed.opening import open_stage
from server.tables import NoticeRow
from tests.server.house import House, membership, opened
from tests.server.sealing import HOUR, LENGTH, PRICES, Box, later, shifting


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A house whose pages' clock can be put forward."""
    async with opened(tmp_path, demo=True, changed=shifting) as running:
        yield running


async def with_bids(house: House) -> Box:
    """A published solicitation with three vendors' bids."""
    box = Box(house)
    await box.publish()
    for vendor, prices in PRICES.items():
        await box.bid(vendor, prices)
    return box


async def tasks(house: House, who: str) -> list[str]:
    """The titles of what events ask of somebody."""
    held = await house.parts.login.memberships()
    found = await house.parts.login.find(
        await house.session(membership(who, [each for each, _, _ in held]).person_id)
    )
    assert found is not None
    return [each.title for each in await event_tasks(house.parts, found.identity)]


async def letters(house: House) -> list[tuple[str, str]]:
    """The letters so far, by kind and address."""
    await house.parts.teller.settled()
    async with house.parts.database.session() as session:
        rows = (await session.execute(select(NoticeRow.notice, NoticeRow.address))).all()
    return sorted((row.notice, row.address) for row in rows)


async def test_each_is_asked_for_what_is_its_own_and_no_lead_learns_that_somebody_bid(house: House) -> None:
    box = Box(house)
    await box.draft()
    assert "Make your key: Paper and pens" in await tasks(house, "p-oak")
    box = await with_bids(house)
    assert "Your bid is in: Paper and pens" in await tasks(house, "v-ash")
    assert "Make a sealed bid: Paper and pens" in await tasks(house, "v-stranger")
    lead = await tasks(house, "p-lead")
    assert "Opening of Paper and pens" in lead and not any("bid is in" in each for each in lead)
    await box.close()
    later(house, LENGTH + 2 * HOUR)
    assert "Begin the opening of Paper and pens" in await tasks(house, "p-lead")
    await box.meet()
    assert "Release your part of the key for Paper and pens" in await tasks(house, "p-oak")


async def test_letters_reach_bidders_only_after_the_opening(house: House) -> None:
    box = await with_bids(house)
    await box.close()
    later(house, LENGTH + 2 * HOUR)
    before = await letters(house)
    assert {notice for notice, _ in before} == {"bids_closed"}
    assert not any("ash" in to or "birch" in to for _, to in before)
    await box.meet()
    for person in ("p-lead", "p-oak"):
        await box.release(person)
    await open_stage(house.parts, box.id, "p-lead")
    await house.parts.errands.settled()
    assert ("bids_opened", "p-birch@tenderbell.example") in await letters(house)


async def test_a_history_tells_of_envelopes_only_once_they_are_opened(house: House) -> None:
    box = await with_bids(house)
    auditor = await house.sign_in("p-auditor")
    assert f"box/{box.id}" not in (await auditor.get(f"/events/{box.id}/history")).text
    await box.close()
    later(house, LENGTH + 2 * HOUR)
    await box.meet()
    for person in ("p-lead", "p-oak"):
        await box.release(person)
    assert f"box/{box.id}" not in (await auditor.get(f"/events/{box.id}/history")).text
    await open_stage(house.parts, box.id, "p-lead")
    assert f"box/{box.id}" in (await auditor.get(f"/events/{box.id}/history")).text


async def test_what_is_cancelled_is_never_opened_and_nobody_is_told_who_bid(house: House) -> None:
    box = await with_bids(house)
    await box.tell(CancelBox(by="p-lead", reason="The need is gone."))
    assert house.parts.desk.state(f"tender/{box.id}").status == "cancelled"
    assert not any("ash" in to or "birch" in to for _, to in await letters(house))
    lead = await house.sign_in("p-lead")
    page = (await lead.get(f"/events/{box.id}/console")).text
    assert "The need is gone." in page and "Begin the opening" not in page
    answer = await lead.post(f"/events/{box.id}/opening/start", witness="Wanda Witness")
    assert box.state.meeting is None and answer.status_code == 303


async def test_the_calendar_says_when_sealed_bids_are_due_and_opened(house: House) -> None:
    await with_bids(house)
    guest = await house.sign_in(None)
    page = (await guest.get("/calendar")).text
    assert (
        "Sealed bids are due" in page and "Sealed bids are opened" in page and "First lot closes" not in page
    )
    lobby = (await guest.get("/")).text
    assert "sealed bids" in lobby and "Opened in public" in lobby


async def test_questions_are_taken_until_bids_are_due(house: House) -> None:
    box = await with_bids(house)
    guest = await house.sign_in("v-stranger")
    address = f"/events/{box.id}/questions"
    assert (await guest.post(address, text="May pens be of another color than blue?")).status_code == 303
    await box.close()
    later(house, LENGTH + HOUR)
    late = await guest.post(address, text="May pens be of another color than green?")
    assert late.status_code == 422 and "The time for questions is over." in late.text
