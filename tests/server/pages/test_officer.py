"""A lead's day: a draft is published, a running event is led by hand, and closed lots are awarded; each with its reason."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from auction.kernel import Event
from auction.live.room import CloseMoved, LotCancelled, LotPaused, LotResumed, VendorSuspended
from server import drafting
from server.deciders import DECIDERS
from tests.server.house import OWNER, House, event
from tests.server.pages.showcase import confirm, finished, followed, propose, with_schedules

ZONE = ZoneInfo("America/New_York")


def local(time: datetime) -> str:
    """A time as the browser's date field writes it."""
    return time.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")


def on_record(house: House, kind: type[Event], event_id: str = "1") -> list[Event]:
    lines = [DECIDERS["room"].read(line.body) for line in house.parts.journal.read(f"room/{event_id}")]
    return [each for each in lines if isinstance(each, kind)]


# --- a draft ---------------------------------------------------------------------------------------------------------------


async def test_a_draft_is_nobody_s_but_the_leads_until_it_is_published(house: House) -> None:
    await drafting.keep(house.parts, event(), "p-lead", OWNER)
    for who in (None, "v-ash", "p-oak"):
        guest = await house.sign_in(who)
        assert "Paper and pens" not in (await guest.get("/")).text
        assert (await guest.get("/events/1")).status_code == 404
        assert (await guest.get("/events/1/room")).status_code in (303, 403, 404)
    lead = await house.sign_in("p-lead")
    assert "Paper and pens" in (await lead.get("/")).text
    assert (await lead.get("/events/1")).headers["location"] == "/events/1/console"
    assert (await lead.get("/events/1/console")).status_code == 200


# --- the hand ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["pause", "resume", "extend", "cancel", "suspend", "propose"])
@pytest.mark.parametrize("reason", ["", "   "])
async def test_no_action_goes_without_a_reason(house: House, action: str, reason: str) -> None:
    await house.publish(event())
    lead = await house.sign_in("p-lead")
    await house.parts.errands.settled()
    before = house.told()
    later = local(house.parts.now() + timedelta(hours=5))
    form = {"lot": "L1", "vendor": "v-ash", "closes": later, "reason": reason}
    assert "Give a reason in words" in await followed(lead, f"/events/1/console/{action}", **form)
    assert house.told() == before


async def test_a_lead_pauses_and_resumes_one_lot_and_all(house: House) -> None:
    await house.publish(event())
    lead = await house.sign_in("p-lead")
    page = await followed(lead, "/events/1/console/pause", lot="L1", reason="A question.")
    assert "Paused." in page and "A question." in page
    assert [each.status for each in house.room().lots.values()] == ["paused", "open"]
    assert "It is paused already" in await followed(
        lead, "/events/1/console/pause", lot="L1", reason="Again."
    )
    await followed(lead, "/events/1/console/pause", lot="", reason="Lunch.")
    assert [each.status for each in house.room().lots.values()] == ["paused", "paused"]
    page = await followed(lead, "/events/1/console/resume", lot="", reason="Back.")
    assert "Resumed." in page
    assert [each.status for each in house.room().lots.values()] == ["open", "open"]
    paused, resumed = on_record(house, LotPaused), on_record(house, LotResumed)
    assert [(each.by, each.reason) for each in paused] == [("p-lead", "A question."), ("p-lead", "Lunch.")]  # type: ignore[attr-defined]
    assert {each.reason for each in resumed} == {"Back."}  # type: ignore[attr-defined]


async def test_a_close_is_moved_to_a_later_time_of_the_event_s_zone_and_never_earlier(house: House) -> None:
    await house.publish(event())
    lead = await house.sign_in("p-lead")
    later = house.parts.now().replace(second=0, microsecond=0) + timedelta(hours=5)
    page = await followed(
        lead, "/events/1/console/extend", lot="L1", closes=local(later), reason="More time."
    )
    assert "Extended. The lot now closes at" in page
    assert house.room().lots["L1"].closes == later
    (moved,) = on_record(house, CloseMoved)
    assert (moved.cause, moved.reason, moved.by) == ("host", "More time.", "p-lead")  # type: ignore[attr-defined]
    sooner = local(later - timedelta(hours=1))
    page = await followed(lead, "/events/1/console/extend", lot="L1", closes=sooner, reason="Less time.")
    assert "Not done." in page and house.room().lots["L1"].closes == later
    page = await followed(lead, "/events/1/console/extend", lot="L1", closes="soon", reason="More time.")
    assert "needs a date and a time" in page


async def test_a_lot_and_an_event_are_cancelled_and_a_vendor_suspended(house: House) -> None:
    await house.publish(event())
    lead, ash = await house.sign_in("p-lead"), await house.watch("v-ash")
    page = await followed(lead, "/events/1/console/suspend", vendor="v-ash", reason="No insurance.")
    assert "The vendor is suspended." in page
    assert (await ash.bid("L1", "900"))["code"] == "NOT_ADMITTED"
    assert "suspended already" in await followed(
        lead, "/events/1/console/suspend", vendor="v-ash", reason="x y"
    )
    assert "Not done." in await followed(lead, "/events/1/console/suspend", vendor="v-none", reason="Who?")
    await followed(lead, "/events/1/console/cancel", lot="L1", reason="Bought elsewhere.")
    assert [each.status for each in house.room().lots.values()] == ["cancelled", "open"]
    assert "Choose the lot" in await followed(lead, "/events/1/console/cancel", lot="", reason="No money.")
    await followed(lead, "/events/1/console/cancel", whole="yes", reason="No money.")
    assert [each.reason for each in on_record(house, LotCancelled)] == ["Bought elsewhere.", "No money."]  # type: ignore[attr-defined]
    assert [each.reason for each in on_record(house, VendorSuspended)] == ["No insurance."]  # type: ignore[attr-defined]
    await house.parts.errands.settled()
    assert "No money." in (await (await house.sign_in(None)).get("/events/1")).text


@pytest.mark.parametrize(
    "path", ["/events/1/console/void", "/events/9/console/pause", "/events/x/console/pause"]
)
async def test_an_action_that_is_not_there_is_not_found(house: House, path: str) -> None:
    await house.publish(event())
    lead = await house.sign_in("p-lead")
    assert (await lead.post(path, lot="L1", reason="Because.")).status_code == 404


async def test_an_unknown_lot_is_refused_in_words(house: House) -> None:
    await house.publish(event())
    lead = await house.sign_in("p-lead")
    for action in ("pause", "cancel", "propose"):
        form = {"lot": "L9", "vendor": "v-ash", "reason": "Because."}
        assert "no lot" in (page := await followed(lead, f"/events/1/console/{action}", **form)) or (
            "no such lot" in page
        )


# --- the award -----------------------------------------------------------------------------------------------------------------


async def test_nothing_is_awarded_before_every_lot_is_over(house: House) -> None:
    await with_schedules(house)
    lead = await house.sign_in("p-lead")
    assert "Awards wait until every lot is over" in await propose(lead, "1", "L1", "v-ash")
    assert house.parts.desk.state("award/1").lots == {}


async def test_a_closed_lot_is_awarded_once_to_a_vendor_in_good_standing(house: House) -> None:
    await with_schedules(house)
    lead = await house.sign_in("p-lead")
    await followed(lead, "/events/1/console/suspend", vendor="v-birch", reason="No insurance.")
    await house.end()
    second = await house.sign_in("p-second")
    assert "Not proposed. This vendor is suspended" in await propose(lead, "1", "L1", "v-birch")
    assert "no standing bid" in await propose(lead, "1", "L1", "v-stranger")
    assert "Proposed: Ash Supply at $800.00." in await propose(lead, "1", "L1", "v-ash")
    assert "Awarded to Ash Supply at $800.00." in await confirm(second, "1", "L1")
    assert "awarded already" in await propose(lead, "1", "L1", "v-cedar")
    assert list(house.parts.desk.state("award/1").lots) == ["L1"]
    assert (
        'value="v-birch"'
        not in (await lead.get("/events/1/console?lot=L2")).text.partition("award-vendor")[2][:900]
    )


async def test_an_award_stands_in_the_notice_and_in_the_price_list_with_every_line(house: House) -> None:
    await finished(house)
    anybody = await house.sign_in(None)
    notice = (await anybody.get("/events/1")).text
    assert (
        "Ash Supply" in notice
        and "$720.00" in notice
        and "The lowest price" in notice
        and "Lea Lead" in notice
    )
    prices = (await anybody.get("/prices")).text
    for told in ("Paper of L1", "Pens of L1", "Paper of L2", "Ash Supply", "Birch Supply", "40.50", "44.00"):
        assert told in prices
    assert "Oak District" not in prices


async def test_what_people_write_is_shown_as_they_wrote_it_and_never_as_markup(house: House) -> None:
    await house.publish(event())
    lead = await house.sign_in("p-lead")
    evil = '<script>alert("x")</script><img src=x onerror=alert(1)>'
    page = await followed(lead, "/events/1/console/pause", lot="L1", reason=evil)
    rooms = [page, (await (await house.sign_in("v-ash")).get("/events/1/room")).text]
    for each in rooms:
        assert "&lt;script&gt;" in each and "<script>alert" not in each and "<img src=x" not in each


async def test_the_lobby_says_how_far_each_event_is(house: House) -> None:
    await finished(house)
    await house.publish(event())
    page = (await (await house.sign_in(None)).get("/")).text.lower()
    assert "awarded" in page and "live" in page
