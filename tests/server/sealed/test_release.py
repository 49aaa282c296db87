"""At the opening officers release shares of exactly what is due; what is early, another's or forged is put on record."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from auction.record.logged import moment
from bidders.box.alarm import Alarms
from bidders.box.state import Box
from bidders.sealing import release
from bidders.sealing.encoding import b64u
from server.app import clock
from tests.server.callers import PATIENCE_S
from tests.server.house import House, opened
from tests.server.pages.solicitation.sealed import OFFICERS, sealed
from tests.server.sealed.committee import Officer, approved, at_console
from tests.server.sealed.scene import Clock, vendor

SECOND = timedelta(seconds=1)


class Opening:
    """A published solicitation whose clock a test moves."""

    def __init__(self, house: House, hands: Clock) -> None:
        self.house, self.hands = house, hands

    @property
    def box(self) -> Box:
        """The box as the server holds it."""
        found: Box = self.house.parts.desk.state("box/1")
        return found

    @property
    def alarms(self) -> list[tuple[str, str]]:
        """What was put on record, and of whom."""
        found: Alarms = self.house.parts.desk.state("alarm/1")
        return [(each.by, each.kind) for each in found.raised]

    async def publish(self, **sealing: Any) -> None:
        """Come as far as bids are taken."""
        await approved(self.house, sealed(self.house.parts.now(), **sealing))
        officers = [await self.officer(each.person) for each in OFFICERS]
        for each in officers:
            assert (await each.make_key()).status_code == 200
            assert (await each.drill()).status_code == 200
        lead = await self.house.sign_in("p-lead")
        await lead.post("/events/1/publication/send")
        for each in officers:
            assert (await each.accept()).status_code == 200
        await lead.post("/events/1/publication/publish")
        await self.house.parts.errands.settled()
        assert self.box.published_at is not None

    async def officer(self, person: str) -> Officer:
        """An officer at the console, signed in now."""
        return await at_console(self.house, person)

    async def bid(self, *vendors: str) -> None:
        """Let vendors put a bid in."""
        for each in vendors:
            found = await vendor(self.house, "1", each)
            assert (await found.submit()).status_code == 200

    async def close(self) -> None:
        """Let the deadline pass, and the log tick."""
        self.at("closes_at")
        async with asyncio.timeout(PATIENCE_S):
            while self.box.closed is None:
                await asyncio.sleep(0.02)
        await self.house.parts.desk.at_rest()
        await self.house.parts.log.tick_now(self.house.parts.now() + timedelta(minutes=2))

    async def begin(self) -> None:
        """Let the time of the opening come, and the lead start it."""
        self.at("opens_at")
        lead = await self.house.sign_in("p-lead")
        started = await lead.post("/events/1/opening/start", witness="Wanda Witness", of="Press")
        assert "The opening has begun" in (await lead.get(started.headers["location"])).text

    def at(self, name: str) -> datetime:
        """Jump to just after a time of the manifest."""
        assert self.box.manifest is not None
        found = moment(self.box.manifest[name]) + SECOND
        self.hands.jump(max(found, self.house.parts.now()))
        return found


@pytest.fixture
async def opening(tmp_path: Path) -> AsyncIterator[Opening]:
    """A house with a clock that the test moves, and a published solicitation."""
    hands = Clock(clock())
    async with opened(tmp_path, now=hands) as house:
        made = Opening(house, hands)
        await made.publish()
        yield made


async def test_a_quorum_of_officers_releases_and_the_bids_are_opened(opening: Opening) -> None:
    await opening.bid("v-ash", "v-birch")
    await opening.close()
    await opening.begin()
    for person in ("p-lead", "p-oak"):
        answer = await (await opening.officer(person)).release(opening.house)
        assert answer.status_code == 200, answer.text
        assert answer.json()["done"] == {"good": 2, "unread": [], "forged": []}
    lead = await opening.house.sign_in("p-lead")
    done = await lead.post("/events/1/opening/open")
    assert "Opened." in (await lead.get(done.headers["location"])).text
    assert [each.result for each in opening.box.results.values()] == ["opened", "opened"]
    assert opening.alarms == []


async def test_before_the_close_nobody_reads_what_is_sealed_and_the_attempt_is_on_record(
    opening: Opening,
) -> None:
    await opening.bid("v-ash")
    officer = await opening.officer("p-oak")
    eid = next(iter(opening.box.envelopes))
    for path in ("/closing.json", f"/bodies/{eid}", f"/bodies/{eid}/0"):
        answer = await officer.get(path)
        assert answer.status_code == 403 and "is recorded" in answer.text
    assert opening.alarms == [("p-oak", "early_reading")]
    assert "v-ash" not in (await officer.get("/state.json")).text


async def test_no_share_is_released_before_its_time(opening: Opening) -> None:
    await opening.bid("v-ash")
    await opening.close()
    officer = await opening.officer("p-oak")
    answer = await officer.release(opening.house)
    assert answer.status_code == 403 and "time of the opening has not come" in answer.text
    assert opening.alarms == [("p-oak", "early_release")] and opening.box.releases == {}


async def test_no_share_is_released_before_the_lead_starts_the_meeting(opening: Opening) -> None:
    await opening.bid("v-ash")
    await opening.close()
    opening.at("opens_at")
    answer = await (await opening.officer("p-oak")).release(opening.house)
    assert answer.status_code == 422 and "lead has not started" in answer.json()["words"]
    assert opening.box.releases == {}


async def test_another_seat_s_release_and_a_wrong_signature_are_on_record(opening: Opening) -> None:
    await opening.bid("v-ash")
    await opening.close()
    await opening.begin()
    oak, lead = await opening.officer("p-oak"), await opening.officer("p-lead")
    assert (await oak.release(opening.house, x=1)).status_code == 403
    oak.keys, before = lead.keys, oak.keys
    assert (await oak.release(opening.house, x=3, kid=before.kid)).status_code == 403
    assert opening.alarms == [("p-oak", "another_seat"), ("p-oak", "bad_release")]
    assert opening.box.releases == {}


async def test_a_release_for_another_close_or_another_set_does_not_count(opening: Opening) -> None:
    await opening.bid("v-ash", "v-birch")
    await opening.close()
    await opening.begin()
    oak = await opening.officer("p-oak")
    other = await oak.release(opening.house, close={"size": 32, "root": b64u(bytes(32))})
    assert other.status_code == 422 and "close" in other.json()["words"]
    fewer = await oak.release(opening.house, items=[])
    assert fewer.status_code == 422 and "due set" in fewer.json()["words"]
    early = await oak.release(opening.house, at="2020-01-01T00:00:00.000Z")
    assert early.status_code == 422
    assert opening.box.releases == {}


async def test_a_forged_share_is_named_and_its_officer_is_on_record(opening: Opening) -> None:
    await opening.bid("v-ash", "v-birch")
    await opening.close()
    await opening.begin()
    oak = await opening.officer("p-oak")
    told = (await oak.get("/closing.json")).json()
    eids = sorted(told["envelopes"])
    shares = {each: release.wrapped_share(told["envelopes"][each], 3, oak.keys.sk) for each in eids}
    items = [
        {"eid": eids[0], "share": b64u(bytes(32))},
        {"eid": eids[1], "share": b64u(shares[eids[1]] or b"")},
    ]
    answer = await oak.release(opening.house, items=items)
    assert answer.json()["done"] == {"good": 1, "unread": [], "forged": [eids[0]]}
    assert opening.alarms == [("p-oak", "forged_share")]
    assert opening.box.releases["price", 3].forged == (eids[0],)


async def test_officers_sign_together_whose_prices_are_opened(tmp_path: Path) -> None:
    hands = Clock(clock())
    async with opened(tmp_path, now=hands) as house:
        opening = Opening(house, hands)
        await opening.publish(envelopes=("technical", "price"))
        ash = await vendor(house, "1", "v-ash")
        made = [
            ash.sealed(
                ash.ctx(lot="_all", env="technical"), {"fields": [["answers/method", "By van"]], "note": ""}
            ),
            ash.sealed(ash.ctx(), ash.bid()),
        ]
        assert (await ash.send("commit", ash.commit(*made))).status_code == 200
        await opening.close()
        await opening.begin()
        for person in ("p-lead", "p-oak"):
            assert (await (await opening.officer(person)).release(house)).status_code == 200
        lead = await house.sign_in("p-lead")
        await lead.post("/events/1/opening/open")
        assert set(opening.box.finished) == {"technical"}
        judged = {"vendor": "v-ash", "passes-v-ash": "yes", "reason-v-ash": "It fits."}
        await lead.post("/events/1/opening/pass", **judged)
        for person in ("p-auditor", "p-oak"):
            officer = await opening.officer(person)
            (asked,) = (await officer.state())["asks"]
            told = release.stage_message(release.stage("1", asked["body"]["close"], asked["body"]["vendors"]))
            bad = await officer.send("sign", {"number": asked["number"], "sig": officer.keys.sign(b"other")})
            assert bad.status_code == 422
            done = await officer.send("sign", {"number": asked["number"], "sig": officer.keys.sign(told)})
            assert done.status_code == 200, done.text
        assert opening.box.passed is not None and opening.box.passed.vendors == ("v-ash",)
        assert (await officer.state())["asks"] == []
        assert (await officer.release(house)).status_code == 200
