"""What is near is told in time, once, to whom it concerns, and never so that anybody learns who has bid."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from auction.record.logged import moment
from bidders.qualification import Invite
from server.app import clock
from server.notices.following import follow
from server.tables import NoticeRow
from tests.server.house import House, opened
from tests.server.sealed.scene import Clock, do, postponed, published
from tests.server.sealed.test_alarms import told
from tests.server.sealed.test_release import Opening

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
async def opening(tmp_path: Path) -> AsyncIterator[Opening]:
    """A published solicitation that a company is invited to, and that somebody of a district follows."""
    hands = Clock(clock())
    async with opened(tmp_path, now=hands) as house:
        made = Opening(house, hands)
        await made.publish()
        await do(house.parts, "admission/1", Invite(by="p-lead", vendor="v-birch", frozen=False))
        await follow(house.parts.database, "p-elm", "1", house.parts.now())
        yield made


def at(opening: Opening, name: str, before: timedelta) -> None:
    """Let it be so long before a time of the manifest."""
    assert opening.box.manifest is not None
    opening.hands.jump(moment(opening.box.manifest[name]) - before)


async def text_of(house: House, notice: str, person: str) -> str:
    """What somebody's letter says."""
    async with house.parts.database.session() as session:
        mine = NoticeRow.address == f"{person}@tenderbell.example"
        wanted = select(NoticeRow.text).where(NoticeRow.notice == notice, mine)
        found: str = (await session.execute(wanted)).scalar_one()
        return found


@pytest.mark.parametrize("bidders", [(), ("v-ash", "v-birch")])
async def test_bids_due_tomorrow_are_told_once_to_the_same_people_whoever_has_bid(
    opening: Opening, bidders: Sequence[str]
) -> None:
    house = opening.house
    await opening.bid(*bidders)
    at(opening, "closes_at", DAY + MINUTE)
    await house.parts.rounds.look()
    assert await told(house, "bids_due") == []
    at(opening, "closes_at", DAY - MINUTE)
    for _ in range(2):
        await house.parts.rounds.look()
    assert await told(house, "bids_due") == ["p-birch", "p-elm"]
    letter = await text_of(house, "bids_due", "p-birch")
    assert "whether they have bid or not" in letter and "/events/1" in letter
    await follow(house.parts.database, "p-fir", "1", house.parts.now())
    await house.parts.rounds.look()
    assert await told(house, "bids_due") == ["p-birch", "p-elm", "p-fir"]


@pytest.mark.parametrize("bidders", [(), ("v-ash",)])
async def test_an_opening_in_two_hours_is_told_once_to_officers_leads_and_followers(
    opening: Opening, bidders: Sequence[str]
) -> None:
    house = opening.house
    await opening.bid(*bidders)
    at(opening, "opens_at", 2 * HOUR + MINUTE)
    await house.parts.rounds.look()
    assert await told(house, "opening_soon") == []
    at(opening, "opens_at", 2 * HOUR - MINUTE)
    for _ in range(2):
        await house.parts.rounds.look()
    assert await told(house, "opening_soon") == [
        "p-admin",
        "p-auditor",
        "p-elm",
        "p-lead",
        "p-oak",
        "p-second",
    ]
    assert "You hold a key" in await text_of(house, "opening_soon", "p-lead")
    assert "with a witness who is no officer" in await text_of(house, "opening_soon", "p-second")
    assert "Everybody may watch" in await text_of(house, "opening_soon", "p-elm")


async def test_a_moved_time_is_told_anew_and_what_is_published_within_the_day_is_not_told_twice(
    tmp_path: Path,
) -> None:
    hands = Clock(clock())
    async with opened(tmp_path, now=hands) as house:
        closes = house.parts.now().replace(microsecond=0) + 3 * DAY
        first, second = await published(house, closes), await published(house)
        for event_id in (first, second):
            await follow(house.parts.database, "p-elm", event_id, house.parts.now())
        await house.parts.rounds.look()
        assert await told(house, "bids_due") == []
        hands.jump(closes - HOUR)
        await house.parts.rounds.look()
        await postponed(house, first, closes + 3 * DAY)
        await house.parts.rounds.look()
        assert await told(house, "bids_due") == ["p-elm"]
        hands.jump(closes + 3 * DAY - HOUR)
        await house.parts.rounds.look()
        assert await told(house, "bids_due") == ["p-elm", "p-elm"]


async def test_nothing_is_told_of_what_is_cancelled_closed_or_begun(opening: Opening) -> None:
    house = opening.house
    await opening.close()
    await opening.begin()
    await house.parts.rounds.look()
    assert await told(house, "bids_due") == await told(house, "opening_soon") == []


async def test_whoever_wants_no_such_letter_has_none(opening: Opening) -> None:
    house = opening.house
    guest = await house.sign_in("p-elm")
    assert (await guest.post("/account/notices", **{"want-opening_soon": ""})).status_code == 303
    at(opening, "closes_at", HOUR)
    await house.parts.rounds.look()
    assert await told(house, "bids_due") == ["p-birch"]
