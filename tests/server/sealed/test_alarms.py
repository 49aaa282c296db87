"""A refused attempt is told to those who look into it; keys are checked in time, and deleted when a solicitation is over."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from auction.record.logged import moment
from server.app import clock
from server.sealed.doing import working_days_before
from server.tables import NoticeRow, OfficerLock
from tests.server.house import House, opened
from tests.server.sealed.scene import Clock
from tests.server.sealed.test_release import Opening


@pytest.fixture
async def opening(tmp_path: Path) -> AsyncIterator[Opening]:
    """A house with a clock that the test moves, and a published solicitation."""
    hands = Clock(clock())
    async with opened(tmp_path, now=hands) as house:
        made = Opening(house, hands)
        await made.publish()
        yield made


async def told(house: House, notice: str) -> list[str]:
    """Whom a notice was put for."""
    async with house.parts.database.session() as session:
        wanted = select(NoticeRow.address).where(NoticeRow.notice == notice).order_by(NoticeRow.address)
        return [address.partition("@")[0] for address in (await session.execute(wanted)).scalars()]


async def test_an_attempt_alerts_administrators_and_auditors_until_somebody_answers_for_it(
    opening: Opening,
) -> None:
    house = opening.house
    for _ in range(3):
        await (await opening.officer("p-oak")).get("/closing.json")
    await house.parts.teller.settled()
    assert await told(house, "sealed_alarm") == ["p-admin", "p-auditor"]
    for person, sees in (("p-admin", True), ("p-auditor", True), ("p-lead", False), ("p-oak", False)):
        today = (await (await house.sign_in(person)).get("/today")).text
        assert ("Look into 1 refused attempt" in today) == sees
    auditor = await house.sign_in("p-auditor")
    assert "Olga Oak</strong> asked for the sealed bids" in (await auditor.get("/events/1/alarms")).text
    empty = await auditor.post("/events/1/alarms", words=" ")
    assert "Say in words" in (await auditor.get(empty.headers["location"])).text
    await auditor.post("/events/1/alarms", words="A click too early.")
    assert "Look into" not in (await auditor.get("/today")).text
    assert "A click too early." in (await auditor.get("/events/1/alarms")).text
    assert (await (await house.sign_in("p-far")).get("/events/1/alarms")).status_code == 404


async def test_officers_check_their_keys_two_working_days_before_and_are_reminded_until_they_have(
    opening: Opening,
) -> None:
    house, manifest = opening.house, opening.box.manifest
    assert manifest is not None
    first = working_days_before(moment(manifest["opens_at"]), 2)
    opening.hands.jump(first - timedelta(minutes=1))
    await house.parts.rounds.look()
    assert await told(house, "key_check") == []
    opening.hands.jump(first + timedelta(minutes=1))
    oak = await opening.officer("p-oak")
    assert (await oak.state())["check"]
    assert (await oak.drill()).status_code == 200
    assert not (await oak.state())["check"]
    await house.parts.rounds.look()
    await house.parts.rounds.look()
    assert await told(house, "key_check") == ["p-auditor", "p-lead"]


async def test_the_locked_keys_are_deleted_when_the_solicitation_is_cancelled_and_codes_stay(
    opening: Opening,
) -> None:
    house = opening.house
    await house.parts.rounds.look()
    assert await kinds(house) == ["code"] * 3 + ["os"] * 3
    lead = await house.sign_in("p-lead")
    await lead.post("/events/1/opening/cancel", reason="The need is gone.")
    await house.parts.errands.settled()
    await house.parts.rounds.look()
    assert await kinds(house) == ["code"] * 3
    assert (await (await opening.officer("p-oak")).state())["gone"]


async def kinds(house: House) -> list[str]:
    """The kinds of all locked records."""
    async with house.parts.database.session() as session:
        return sorted((await session.execute(select(OfficerLock.kind))).scalars())
