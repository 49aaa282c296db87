"""An addendum of sealed bids is signed by an officer before a second person issues it, and moves times only later."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from auction.record.logged import moment
from server.app import clock
from tests.server.callers import Guest
from tests.server.house import opened
from tests.server.pages.solicitation.forms import fill
from tests.server.sealed.scene import Clock
from tests.server.sealed.test_release import Opening

DRAFT = "/events/1/addenda/draft"


@pytest.fixture
async def opening(tmp_path: Path) -> AsyncIterator[Opening]:
    """A published solicitation."""
    hands = Clock(clock())
    async with opened(tmp_path, now=hands) as house:
        made = Opening(house, hands)
        await made.publish()
        yield made


async def proposed(opening: Opening, lead: Guest) -> str:
    """Move the opening a day later, and propose that; the addendum's fingerprint."""
    manifest = opening.box.manifest
    assert manifest is not None
    later = moment(manifest["opens_at"]).astimezone(ZoneInfo("America/New_York")) + timedelta(days=1)
    saved = await fill(lead, "/events/1/draft/dates", sealing_opens=later.strftime("%Y-%m-%dT%H:%M:%S"))
    assert saved.status_code == 303, saved.text
    hash: str = opening.house.parts.desk.state("tender/1").amending.hash
    answer = await lead.post("/events/1/addenda/propose", hash=hash, reason="The hall is taken.")
    assert "Proposed." in (await lead.get(answer.headers["location"])).text
    return hash


async def test_it_is_issued_when_an_officer_has_signed_it_and_not_before(opening: Opening) -> None:
    lead, second = await opening.house.sign_in("p-lead"), await opening.house.sign_in("p-second")
    hash = await proposed(opening, lead)
    early = await second.post("/events/1/addenda/approval/issue", hash=hash)
    assert "An officer signs" in (await second.get(early.headers["location"])).text
    assert len(opening.box.manifests) == 1
    officer = await opening.officer("p-oak")
    assert (await officer.sign_addendum()).status_code == 200
    await second.post("/events/1/addenda/approval/issue", hash=hash)
    await opening.house.parts.errands.settled()
    assert [each["ver"] for each in opening.box.manifests.values()] == [1, 2]
    assert "The hall is taken." in (await lead.get("/events/1/addenda")).text
    assert (await officer.state())["addendum"] is None


async def test_a_signature_under_an_older_proposal_issues_nothing(opening: Opening) -> None:
    lead, second = await opening.house.sign_in("p-lead"), await opening.house.sign_in("p-second")
    await proposed(opening, lead)
    officer = await opening.officer("p-oak")
    assert (await officer.sign_addendum()).status_code == 200
    await second.post("/events/1/addenda/approval/return", reason="Say why.")
    await fill(lead, "/events/1/draft/basics", summary="Milk for all.")
    hash = opening.house.parts.desk.state("tender/1").amending.hash
    await lead.post("/events/1/addenda/propose", hash=hash, reason="The hall is taken.")
    early = await second.post("/events/1/addenda/approval/issue", hash=hash)
    assert "An officer signs" in (await second.get(early.headers["location"])).text
    assert len(opening.box.manifests) == 1


async def test_neither_the_officers_nor_an_earlier_time_come_by_an_addendum(opening: Opening) -> None:
    lead = await opening.house.sign_in("p-lead")
    other = await fill(lead, "/events/1/draft/sealing", officer_3="p-elm")
    assert other.status_code == 422 and "An addendum never changes sealing" in other.text
    manifest = opening.box.manifest
    assert manifest is not None
    sooner = moment(manifest["closes_at"]).astimezone(ZoneInfo("America/New_York")) - timedelta(days=1)
    await fill(lead, "/events/1/draft/dates", closes=sooner.strftime("%Y-%m-%dT%H:%M:%S"))
    assert "may only move later by an addendum" in (await lead.get(DRAFT)).text
