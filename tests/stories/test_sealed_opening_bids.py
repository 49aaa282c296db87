"""Sealed opening bids as their people live them: a committee opens them, the room opens with them, and a vendor bids live."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from auction.tender.solicitation import Sealing, Solicitation
from bidders.box.state import Box
from server import drafting
from server.app import clock
from tests.server.callers import Guest
from tests.server.house import House, event, lot, opened
from tests.server.pages.solicitation.forms import fill
from tests.server.pages.solicitation.sealed import OFFICERS
from tests.server.sealed.committee import Officer, approved, at_console
from tests.server.sealed.scene import Clock, vendor

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
NAMES = ("v-ash", "v-birch", "v-cedar", "v-stranger")
SECRETS = (
    "Ash Supply",
    "Birch Supply",
    "Stranger Supply",
    "v-ash",
    "v-birch",
    "v-stranger",
    "800.00",
    "797.50",
)
"""What nobody but the committee may read before the room shows it: names, and the lot's totals."""


def seeding(house: House, **more: Any) -> Solicitation:
    """An auction of one lot whose opening bids come sealed, with officers and times."""
    now = house.parts.now().replace(microsecond=0)
    sealing = Sealing(officers=OFFICERS, due=now + DAY, opens=now + DAY + HOUR)
    times = {"opens": now + 2 * DAY, "closes": now + 2 * DAY + HOUR}
    given = event(lots=(lot("L1", "1000.00"),))
    return msgspec.structs.replace(given, opening="sealed", sealing=sealing, **(times | more))


class Story:
    """One auction with sealed opening bids, as far as it has come."""

    def __init__(self, house: House, time: Clock) -> None:
        self.house, self.time = house, time
        self.officers: list[Officer] = []

    @property
    def box(self) -> Box:
        """The bid box as it stands."""
        found: Box = self.house.parts.desk.state("box/1")
        return found

    @property
    def document(self) -> Solicitation:
        """The document in force."""
        found: Solicitation = self.house.parts.desk.state("tender/1").document
        return found

    async def publish(self) -> str:
        """Make keys, send it to the officers, have all accept, and publish; what the lead was told before they had."""
        await approved(self.house, seeding(self.house))
        lead = await self.house.sign_in("p-lead")
        self.officers = [await at_console(self.house, each.person) for each in OFFICERS]
        for each in self.officers:
            assert (await each.make_key()).status_code == 200
            assert (await each.drill()).status_code == 200
        await lead.post("/events/1/publication/send")
        early = await followed(lead, "/events/1/publication/publish")
        for each in self.officers:
            assert (await each.accept()).status_code == 200
        await lead.post("/events/1/publication/publish")
        await self.house.parts.errands.settled()
        assert self.box.published_at is not None and self.box.seeds
        assert self.house.room().opening == "sealed"
        return early

    async def seal(self) -> None:
        """Four vendors seal: the third is above the ceiling, the fourth is not admitted to the auction."""
        vendors = {each: await vendor(self.house, "1", each) for each in NAMES}
        assert (await vendors["v-ash"].submit(1, "45.00", "70.00")).status_code == 200
        assert (await vendors["v-birch"].submit(1, "44.00", "71.50")).status_code == 200
        assert (await vendors["v-cedar"].submit(1, "90.00", "90.00")).status_code == 200
        assert (await vendors["v-stranger"].submit(1, "1.00", "1.00")).status_code == 200

    async def open(self) -> None:
        """Let bids be due, meet with a witness, have two officers release, and open everything."""
        await self.begin()
        await self.finish()

    async def begin(self) -> None:
        """Let bids be due, and meet with a witness."""
        self.time.jump(self.document.sealing.due + SECOND)  # type: ignore[operator]
        await self.house.until(lambda: self.box.closed is not None)
        await self.house.parts.log.tick_now(self.house.parts.now())
        self.time.jump(self.document.sealing.opens + SECOND)  # type: ignore[operator]
        lead = await self.house.sign_in("p-lead")
        assert "Begin the opening" in (await lead.get("/events/1/opening-bids")).text
        said = await followed(lead, "/events/1/opening/start", witness="Wanda Witness", of="Press")
        assert "The opening has begun." in said

    async def finish(self) -> None:
        """Have two officers release, and open everything."""
        lead = await self.house.sign_in("p-lead")
        for officer in (self.officers[0], self.officers[2]):
            fresh = await at_console(self.house, officer.person)
            fresh.keys = officer.keys
            answer = await fresh.release(self.house)
            assert answer.status_code == 200, answer.text
        assert "Opened." in await followed(lead, "/events/1/opening/open")
        await self.house.parts.errands.settled()
        await self.house.parts.log.tick_now(self.house.parts.now())


async def followed(guest: Guest, path: str, **form: str) -> str:
    """Send a form and read the page that it leads to."""
    answer = await guest.post(path, **form)
    return (await guest.get(answer.headers["location"])).text


@pytest.fixture
async def story(tmp_path: Path) -> AsyncIterator[Story]:
    """A house on a clock that the story puts forward."""
    time = Clock(clock())
    async with opened(tmp_path, demo=True, now=time) as house:
        yield Story(house, time)


async def test_from_the_committee_to_a_live_bid(story: Story) -> None:
    early = await story.publish()
    assert "Not done." in early or "Not published." in early
    anybody, ash = await story.house.sign_in(None), await story.house.sign_in("v-ash")
    notice = (await ash.get("/events/1")).text
    assert "Make your sealed opening bid" in notice and "Opening bids are sealed" in notice
    assert "Line schedules</a>" not in notice
    assert (await ash.get("/events/1/schedule")).status_code == 404
    assert "Make your sealed opening bid" in (await ash.get("/today")).text
    assert "Your sealed opening bid" in (await ash.get("/events/1/bid")).text

    await story.seal()
    lead = await story.house.sign_in("p-lead")
    for address in (
        "/events/1/opening-bids",
        "/events/1/admissions",
        "/events/1/history",
        "/events/1/console",
    ):
        assert "Stranger Supply" not in (await lead.get(address)).text, address
    await story.open()

    lead = await story.house.sign_in("p-lead")
    room = story.house.room()
    assert set(room.lots["L1"].schedules) == {"v-ash", "v-birch"}
    for guest, address in (
        (anybody, "/events/1/opening"),
        (anybody, "/events/1"),
        (anybody, "/log/events/1.jsonl"),
        (lead, "/events/1/opening-bids"),
    ):
        answer = await guest.get(address)
        assert answer.status_code == 200, address
        assert not [each for each in SECRETS if each in answer.text], address
    assert '"opening.finished"' in (await anybody.get("/log/events/1.jsonl")).text
    page = (await anybody.get("/events/1/opening")).text
    assert "4 opening bids in all" in page and not [each for each in SECRETS if each in page]
    assert (await anybody.get("/events/1/tabulation/csv")).status_code == 404
    assert (await lead.get("/events/1/opened")).status_code == 404
    assert "The sealed opening bids were opened" in (await lead.get("/events/1/console")).text
    mine = (await (await story.house.sign_in("v-ash")).get("/events/1/bid")).text
    assert "stand as your opening bid in the live room" in mine and ">Opened</td>" in mine
    mine = (await (await story.house.sign_in("v-stranger")).get("/events/1/bid")).text
    assert "was not admitted by then" in mine

    story.time.jump(story.document.opens + SECOND)  # type: ignore[operator]
    await story.house.until(lambda: story.house.room().lots["L1"].status == "open")
    lot = story.house.room().lots["L1"]
    assert [(each.vendor, each.amount) for each in lot.order] == [
        ("v-birch", 797_500_000),
        ("v-ash", 800_000_000),
    ]
    live = await (await story.house.sign_in("v-ash")).watch()
    taken = await live.bid("L1", "790.00")
    assert taken["k"] == "taken", taken
    other = await (await story.house.sign_in("v-cedar")).watch()
    refused = await other.bid("L1", "780.00")
    assert refused["code"] == "NOT_ADMITTED" and "sealed opening bid" in refused["message"]
    await story.house.end()
    assert '"v-birch"' not in (await anybody.get("/log/events/1.jsonl")).text
    lead = await story.house.sign_in("p-lead")
    read = (await lead.get("/events/1/opened")).text
    assert "Ash Supply" in read and "Stranger Supply" in read and "tabulation" not in read
    await drafting.award(story.house.parts, "1", "L1", "v-ash", "The lowest total.", "p-lead")
    assert '"v-birch"' in (await anybody.get("/log/events/1.jsonl")).text


async def test_when_the_event_is_cancelled_in_its_room_no_envelope_is_opened(story: Story) -> None:
    await story.publish()
    await story.seal()
    lead = await story.house.sign_in("p-lead")
    await lead.post("/events/1/console/cancel", lot="L1", reason="The need is gone.")
    await story.house.parts.errands.settled()
    assert story.house.parts.desk.state("tender/1").status == "cancelled"
    assert story.box.cancelled == "The need is gone."


async def test_an_addendum_is_signed_by_an_officer_and_the_room_still_begins_with_what_was_confirmed(
    story: Story,
) -> None:
    await story.publish()
    ash, birch = await vendor(story.house, "1", "v-ash"), await vendor(story.house, "1", "v-birch")
    assert (await ash.submit(1, "45.00", "70.00")).status_code == 200
    assert (await birch.submit(1, "44.00", "71.50")).status_code == 200
    lead, second = await story.house.sign_in("p-lead"), await story.house.sign_in("p-second")
    assert (
        await fill(lead, "/events/1/draft/basics", summary="Delivered to each school.")
    ).status_code == 303
    mark = story.house.parts.desk.state("tender/1").amending.hash
    said = await followed(lead, "/events/1/addenda/propose", hash=mark, reason="Where it goes was left out.")
    assert "Proposed." in said
    early = await followed(second, "/events/1/addenda/approval/issue", hash=mark)
    assert "An officer signs" in early and len(story.box.manifests) == 1
    assert (await story.officers[2].sign_addendum()).status_code == 200
    await followed(second, "/events/1/addenda/approval/issue", hash=mark)
    await story.house.parts.errands.settled()
    assert len(story.box.manifests) == 2 and story.house.room().addendum == 1
    assert "Confirm your bid: Paper and pens" in (await ash.guest.get("/today")).text
    mine = [each.eid for each in story.box.envelopes.values() if each.vendor == "v-ash"]
    assert (await ash.acknowledge(*mine)).status_code == 200

    await story.open()
    assert set(story.house.room().lots["L1"].schedules) == {"v-ash"}
    story.time.jump(story.document.opens + SECOND)  # type: ignore[operator]
    await story.house.until(lambda: story.house.room().lots["L1"].status == "open")
    live = await (await story.house.sign_in("v-ash")).watch()
    assert "Acknowledge it first" in (await live.bid("L1", "790.00"))["message"]
    fresh = await story.house.sign_in("v-ash")
    await fresh.post("/events/1/acknowledge", number="1")
    assert (await live.bid("L1", "790.00"))["k"] == "taken"
