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
from bidders.sealing.encoding import b64u, sha256
from server.app import clock
from server.pages.solicitation.fields import local
from tests.server.callers import PATIENCE_S, Guest
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


async def test_an_envelope_whose_file_is_lost_is_left_out_of_what_officers_verify(opening: Opening) -> None:
    await opening.bid("v-ash", "v-birch")
    await opening.close()
    await opening.begin()
    lost, left = sorted(opening.box.envelopes)
    opening.house.parts.store.drop(lost)
    told = (await (await opening.officer("p-oak")).get("/closing.json")).json()
    assert set(told["envelopes"]) == {left} and len(told["signatures"]) == 1


async def test_the_manifest_pins_the_list_of_scripts_that_anybody_may_read(opening: Opening) -> None:
    assert opening.box.manifest is not None
    client, public = opening.box.manifest["client"], await opening.house.sign_in(None)
    assert client["url"] == f"{opening.house.origin}/log/client.txt"
    answer = await public.http.get(client["url"])
    assert b64u(sha256(answer.content)) == client["sha256"]
    for name in ("js/sealing/envelope.js", "js/sealed_bid/form.js", "js/sealed_bid_page.js", "kit.js"):
        assert f"  {name}\n" in answer.text


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


async def followed(guest: Guest, path: str, **form: str | list[str]) -> str:
    """Send a form and read the page that it leads to."""
    answer = await guest.post(f"/events/1/opening/{path}", **form)
    return (await guest.get(answer.headers["location"])).text


def now_in(opening: Opening) -> str:
    """The time of day in the event's zone, as a form's field gives it."""
    zone = opening.house.parts.desk.state("tender/1").document.zone
    return local(opening.house.parts.now(), zone)


async def test_what_absent_officers_leave_sealed_is_opened_by_its_vendor_after_all_have_signed(
    opening: Opening,
) -> None:
    ash, birch = [await vendor(opening.house, "1", each) for each in ("v-ash", "v-birch")]
    bids = {each.vendor: each.bid() for each in (ash, birch)}
    made = {each.vendor: each.sealed(each.ctx(), bids[each.vendor]) for each in (ash, birch)}
    for each in (ash, birch):
        assert (await each.send("commit", each.commit(made[each.vendor]))).status_code == 200
    await opening.close()
    await opening.begin()
    lead, public = await opening.house.sign_in("p-lead"), await opening.house.sign_in(None)
    officer = await opening.officer("p-lead")
    assert (await officer.release(opening.house)).status_code == 200
    page = (await lead.get("/events/1/console")).text
    assert "An officer does not come" in page and "cannot be read</button>" not in page
    assert "Nothing is noted of Aud Auditor, Olga Oak." in await followed(lead, "unopenable")
    form = {"seat": ["2", "3"], "asked_at": [now_in(opening)] * 2}
    assert "needs a date and a time" in await followed(
        lead, "called", seat="2", asked_at="soon", answer="Comes."
    )
    page = await followed(lead, "called", **form, answer=["On a plane", "No answer by telephone"])
    assert "It stands in the public minutes." in page and "Answer: On a plane" in page
    assert "What follows:" in page
    told = (await public.get("/events/1/opening")).text
    assert "Aud Auditor was asked to release a part of the key" in told and "On a plane" in told
    assert "Put before the officers" in await followed(lead, "unopenable")
    asks = (await officer.state())["asks"]
    assert {each["kind"] for each in asks} == {"unopenable"} and len(asks) == 2
    assert [each["answer"] for each in asks[0]["body"]["called"]] == ["On a plane", "No answer by telephone"]
    for each in asks:
        bad = officer.keys.sign(release.unopenable_message(each["body"]["eid"], b64u(bytes(32))))
        refused = await officer.send("sign", {"number": each["number"], "sig": bad})
        assert refused.status_code == 422 and "does not fit your key" in refused.json()["words"]
    assert opening.box.unopenable == {}
    for each in asks:
        body = each["body"]
        sig = officer.keys.sign(release.unopenable_message(body["eid"], body["close"]["root"]))
        assert (await officer.send("sign", {"number": each["number"], "sig": sig})).status_code == 200
    assert set(opening.box.unopenable) == {each.eid for each in made.values()}
    assert "asked for their copies first" in await followed(lead, "open")
    assert "from 1 to" in await followed(lead, "rescue", hours="never")
    assert "Put before the officers" in await followed(lead, "rescue", hours="24")
    (asked,) = (await officer.state())["asks"]
    body = asked["body"]
    message = release.rescue_message("1", body["env"], body["eids"], body["due_at"])
    forged = {"number": asked["number"], "sig": officer.keys.sign(message + b"!")}
    assert (await officer.send("sign", forged)).status_code == 422 and opening.box.rescues == {}
    signed = await officer.send("sign", {"number": asked["number"], "sig": officer.keys.sign(message)})
    assert signed.status_code == 200 and opening.box.rescues["price"].eids == tuple(sorted(body["eids"]))
    copy = {
        "seed": b64u(ash.seeds[made["v-ash"].eid]),
        "envelope": made["v-ash"].envelope,
        "bid": bids["v-ash"],
    }
    ash.guest = await opening.house.sign_in("v-ash")
    assert (await ash.bring(copy)).status_code == 303
    page = (await lead.get("/events/1/console")).text
    assert "1 of 2 came." in page
    assert "is not over" in await followed(lead, "open")
    assert "signed that" not in (await public.get("/events/1/opening")).text
    opening.hands.jump(moment(body["due_at"]) + SECOND)
    assert "Opened." in await followed(await opening.house.sign_in("p-lead"), "open")
    results = {opening.box.envelopes[eid].vendor: each.result for eid, each in opening.box.results.items()}
    assert results == {"v-ash": "opened", "v-birch": "unopenable_officers"}
    told = (await (await opening.house.sign_in(None)).get("/events/1/opening")).text
    assert "An officer signed that 2 envelopes cannot be opened" in told
    assert "who brings none has withdrawn" in told and "copies of 1 of 2 had come" in told


async def test_a_rescue_waits_for_every_officer_who_takes_part(opening: Opening) -> None:
    await opening.bid("v-ash")
    await opening.close()
    await opening.begin()
    first, second = await opening.officer("p-lead"), await opening.officer("p-oak")
    await first.release(opening.house)
    (eid,) = opening.box.envelopes
    await second.release(opening.house, items=[{"eid": eid, "fault": "wrap"}])
    lead = await opening.house.sign_in("p-lead")
    await followed(lead, "called", seat="2", asked_at=now_in(opening), answer="No answer")
    await followed(lead, "unopenable")
    (asked,) = (await second.state())["asks"]
    told = release.unopenable_message(eid, asked["body"]["close"]["root"])
    await second.send("sign", {"number": asked["number"], "sig": second.keys.sign(told)})
    assert opening.box.unopenable[eid].x == 3
    await followed(lead, "rescue", hours="2")
    (asked,) = (await first.state())["asks"]
    message = release.rescue_message("1", "price", [eid], asked["body"]["due_at"])
    for officer, there in ((first, False), (second, True)):
        done = await officer.send("sign", {"number": asked["number"], "sig": officer.keys.sign(message)})
        assert done.status_code == 200 and ("price" in opening.box.rescues) is there


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
