"""After publication a change is an addendum: two people issue it, everybody reads it, and each vendor acknowledges it."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from auction.live.room import PlaceBid
from auction.refusals import Refusal
from auction.tender.solicitation import LotCeiling, Vendor
from auction.terms.schedule import LinePrice
from server import drafting
from tests.server.callers import Guest
from tests.server.house import House, event
from tests.server.pages.showcase import followed
from tests.server.pages.solicitation.forms import fields, fill


async def published(house: House, **changes: object) -> None:
    document = msgspec.structs.replace(event(ceiling="1000"), **changes)
    await house.publish(document, opens=timedelta(hours=2), wait=False)


def mark(house: House) -> str:
    amending = house.parts.desk.state("tender/1").amending
    return str(amending.hash) if amending is not None else ""


async def issued(house: House, lead: Guest, second: Guest, **changes: str) -> str:
    """Issue an addendum that changes the title, or something else of the basics."""
    answer = await fill(lead, "/events/1/draft/basics", **({"title": "Paper, pens and glue"} | changes))
    assert answer.status_code == 303, answer.text
    page = await followed(lead, "/events/1/addenda/propose", hash=mark(house), reason="Glue was forgotten.")
    assert "Proposed." in page
    return await followed(second, "/events/1/addenda/approval/issue", hash=mark(house))


async def test_an_addendum_is_drafted_proposed_issued_and_read_by_everybody(house: House) -> None:
    await published(house)
    lead, second, anybody = [await house.sign_in(who) for who in ("p-lead", "p-second", None)]
    page = await issued(house, lead, second)
    assert "Issued." in page
    told = (await anybody.get("/events/1/addenda")).text
    for said in ("Addendum 1", "Glue was forgotten.", "Paper and pens", "Paper, pens and glue", "Title"):
        assert said in told
    notice = (await anybody.get("/events/1")).text
    assert "Paper, pens and glue" in notice and "Addendum 1" in notice
    await house.parts.errands.settled()
    assert "Paper, pens and glue" in (await anybody.get("/")).text
    assert house.room().addendum == 1


async def test_until_it_is_issued_nobody_outside_sees_anything_of_it(house: House) -> None:
    await published(house)
    lead = await house.sign_in("p-lead")
    assert (await fill(lead, "/events/1/draft/basics", title="Secret glue")).status_code == 303
    await followed(lead, "/events/1/addenda/propose", hash=mark(house), reason="Glue.")
    for who in (None, "v-ash", "p-oak", "p-far"):
        guest = await house.sign_in(who)
        for path in ("/", "/events/1", "/events/1/addenda", "/calendar"):
            assert "Secret glue" not in (await guest.get(path)).text
        assert (await guest.get("/events/1/addenda/draft")).status_code in (303, 403, 404)
    assert "Secret glue" in (await lead.get("/events/1/addenda/draft")).text


async def test_nobody_issues_what_they_drafted_or_proposed(house: House) -> None:
    await published(house)
    lead = await house.sign_in("p-lead")
    assert (await fill(lead, "/events/1/draft/basics", title="Ink")).status_code == 303
    await followed(lead, "/events/1/addenda/propose", hash=mark(house), reason="Ink.")
    page = await followed(lead, "/events/1/addenda/approval/issue", hash=mark(house))
    assert "A second person issues an addendum" in page
    assert house.parts.desk.state("tender/1").addenda == []


async def test_a_second_sends_it_back_and_a_lead_throws_it_away(house: House) -> None:
    await published(house)
    lead, second = await house.sign_in("p-lead"), await house.sign_in("p-second")
    assert (await fill(lead, "/events/1/draft/basics", title="Ink")).status_code == 303
    await followed(lead, "/events/1/addenda/propose", hash=mark(house), reason="Ink.")
    await followed(second, "/events/1/addenda/approval/return", reason="Which ink?")
    assert "Sam Second sent it back: Which ink?" in (await lead.get("/events/1/addenda/draft")).text
    page = await followed(lead, "/events/1/addenda/drop")
    assert "gone" in page and house.parts.desk.state("tender/1").amending is None


async def test_what_was_published_for_good_cannot_be_edited(house: House) -> None:
    await published(house)
    lead = await house.sign_in("p-lead")
    answer = await fill(lead, "/events/1/draft/basics", number="2026-999")
    assert answer.status_code == 422 and "An addendum never changes number" in answer.text
    await house.publish(event())
    assert (await lead.get("/events/2/draft/basics")).status_code == 404


async def test_a_vendor_acknowledges_and_only_then_its_bids_count(house: House) -> None:
    document = event(ceiling="1000")
    await house.publish(document, opens=timedelta(seconds=61.5), wait=False)
    lead, second, ash = [await house.sign_in(who) for who in ("p-lead", "p-second", "p-ash")]
    preparer = await house.sign_in("p-preparer")
    assert "Issued." in await issued(house, lead, second)
    assert "Your bids and line prices do not count" in (await ash.get("/events/1")).text
    assert "Your bids are refused until" in (await ash.get("/events/1/room")).text
    bid = PlaceBid(by="v-ash", lot="L1", amount=90_000_000, given="90")
    late = house.room().opens
    assert late is not None
    told = (await house.parts.desk.submit("room/1", bid, late + timedelta(seconds=1))).answer
    assert isinstance(told, Refusal) and told.code == "NOT_ADMITTED" and "Addendum 1" in told.message
    assert "An owner or a signer" in (await preparer.get("/events/1/addenda")).text
    assert (await preparer.post("/events/1/acknowledge", number="1")).status_code == 403
    page = await followed(ash, "/events/1/acknowledge", number="1")
    assert "Your bids and prices count again" in page
    told = (await house.parts.desk.submit("room/1", bid, late + timedelta(seconds=2))).answer
    assert not isinstance(told, Refusal)
    assert "1 of 3" in (await lead.get("/events/1/addenda")).text


async def test_filed_prices_are_confirmed_with_the_acknowledgement(house: House) -> None:
    await published(house, opening="schedules")
    lines = [LinePrice("A", "45.00"), LinePrice("B", "70.00")]
    for lot in ("L1", "L2"):
        await drafting.file_schedule(house.parts, "1", "v-ash", lot, lines)
    lead, second, ash = [await house.sign_in(who) for who in ("p-lead", "p-second", "p-ash")]
    await issued(house, lead, second)
    page = (await ash.get("/events/1/addenda")).text
    assert "These line prices still hold" in page
    form = {"number": "1", "schedule": ["L1"]}
    assert "count again" in await followed(ash, "/events/1/acknowledge", **form)
    room = house.room()
    assert "v-ash" in room.lots["L1"].schedules and "v-ash" not in room.lots["L2"].schedules
    assert "wait to be filed anew" in (await ash.get("/events/1/addenda")).text


async def test_a_form_of_an_older_addendum_acknowledges_nothing(house: House) -> None:
    await published(house)
    lead, second, ash = [await house.sign_in(who) for who in ("p-lead", "p-second", "p-ash")]
    await issued(house, lead, second)
    page = fields((await ash.get("/events/1/addenda")).text)
    await issued(house, lead, second, title="Paper, pens, glue and tape")
    assert "read that one first" in await followed(ash, "/events/1/acknowledge", **page)
    assert house.room().behind("v-ash")


async def test_who_is_not_admitted_acknowledges_nothing(house: House) -> None:
    await published(house)
    lead, second = await house.sign_in("p-lead"), await house.sign_in("p-second")
    await issued(house, lead, second)
    stranger = await house.sign_in("p-stranger")
    assert (await stranger.post("/events/1/acknowledge", number="1")).status_code == 403


async def test_two_leads_at_one_addendum_overwrite_nothing(house: House) -> None:
    await published(house)
    mine, yours = await house.sign_in("p-lead"), await house.sign_in("p-admin")
    page = fields((await mine.get("/events/1/draft/basics")).text)
    assert (await fill(yours, "/events/1/draft/basics", title="Yours")).status_code == 303
    answer = await mine.post("/events/1/draft/basics", **(page | {"title": "Mine"}))
    assert answer.status_code == 409 and "Ada Admin saved this section" in answer.text


async def test_the_vendors_terms_are_never_told_by_an_addendum(house: House) -> None:
    ash = Vendor("v-ash", "Ash Supply", m="1.05", ceilings=(LotCeiling("L2", "900"),))
    await published(house, vendors=(ash, Vendor("v-birch", "Birch Supply")))
    lead, second, anybody = [await house.sign_in(who) for who in ("p-lead", "p-second", None)]
    assert (await fill(lead, "/events/1/draft/lots", do="remove:L2")).status_code == 303
    await followed(lead, "/events/1/addenda/propose", hash=mark(house), reason="One lot less.")
    assert "Issued." in await followed(second, "/events/1/addenda/approval/issue", hash=mark(house))
    page = (await anybody.get("/events/1/addenda")).text
    assert "Lot “Lot L2”" in page and "removed" in page
    assert "v-ash" not in page and "Ash Supply" not in page and "$900" not in page
    assert "vendors" not in page.partition("<table")[2].partition("</table>")[0]
    assert list(house.room().lots) == ["L1"]
