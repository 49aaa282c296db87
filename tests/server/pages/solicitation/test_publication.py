"""From draft to notice: a second person approves exactly what is published, and everybody reads all of it before bidding."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from auction.tender.solicitation import Contract, Fee, Line, Lot, Solicitation
from server import drafting
from tests.server.callers import Guest
from tests.server.house import OWNER, House, event
from tests.server.pages.showcase import followed
from tests.server.pages.solicitation.forms import fill


def timed(house: House, **changes: object) -> Solicitation:
    opens = house.parts.now().replace(microsecond=0) + timedelta(hours=2)
    return msgspec.structs.replace(event(), opens=opens, closes=opens + timedelta(hours=1), **changes)


async def keep(house: House, **changes: object) -> str:
    return await drafting.keep(house.parts, timed(house, **changes), "p-lead", OWNER)


def status(house: House, event_id: str = "1") -> str:
    found: str = house.parts.desk.state(f"tender/{event_id}").status
    return found


def mark(house: House) -> str:
    found: str = house.parts.desk.state("tender/1").hash
    return found


async def approved(house: House, lead: Guest, second: Guest) -> None:
    await followed(lead, "/events/1/publication/propose", hash=mark(house))
    await followed(second, "/events/1/approval/approve", hash=mark(house))


async def test_a_lead_proposes_a_second_approves_and_the_lead_publishes(house: House) -> None:
    await keep(house)
    lead, second, anybody = [await house.sign_in(who) for who in ("p-lead", "p-second", None)]
    assert "Propose for approval" in (await lead.get("/events/1/console")).text
    page = await followed(lead, "/events/1/publication/propose", hash=mark(house))
    assert "Proposed." in page and "It waits for a second person" in page
    assert (await anybody.get("/events/1")).status_code == 404
    assert ">Approve</button>" in (await second.get("/events/1/console")).text
    page = await followed(second, "/events/1/approval/approve", hash=mark(house))
    assert "Approved." in page and "Publish the event" not in page
    page = await followed(lead, "/events/1/publication/publish")
    assert "Published." in page
    assert status(house) == "published"
    notice = (await anybody.get("/events/1")).text
    assert house.room().rules_hash in notice


async def test_nobody_approves_what_they_proposed_or_edited(house: House) -> None:
    await keep(house)
    lead, other = await house.sign_in("p-lead"), await house.sign_in("p-admin")
    await followed(lead, "/events/1/publication/propose", hash=mark(house))
    assert "A second person approves" in await followed(lead, "/events/1/approval/approve", hash=mark(house))
    assert status(house) == "proposed"
    assert (await fill(other, "/events/1/draft/basics", title="Edited")).status_code == 303
    assert status(house) == "draft"
    await followed(lead, "/events/1/publication/propose", hash=mark(house))
    assert "A second person approves" in await followed(other, "/events/1/approval/approve", hash=mark(house))


async def test_an_edit_withdraws_an_approval_and_the_editor_says_so_before(house: House) -> None:
    await keep(house)
    lead, second = await house.sign_in("p-lead"), await house.sign_in("p-second")
    await approved(house, lead, second)
    assert "Saving a change withdraws that" in (await lead.get("/events/1/draft/basics")).text
    assert (await fill(lead, "/events/1/draft/basics", title="Changed")).status_code == 303
    assert "Only what a second person approved" in await followed(lead, "/events/1/publication/publish")
    assert status(house) == "draft"


async def test_what_was_looked_at_is_what_is_approved(house: House) -> None:
    await keep(house)
    lead, second = await house.sign_in("p-lead"), await house.sign_in("p-second")
    await followed(lead, "/events/1/publication/propose", hash=mark(house))
    page = await followed(second, "/events/1/approval/approve", hash="0" * 64)
    assert "changed since you looked at it" in page and status(house) == "proposed"


async def test_a_second_sends_back_with_a_reason_that_the_lead_reads(house: House) -> None:
    await keep(house)
    lead, second = await house.sign_in("p-lead"), await house.sign_in("p-second")
    await followed(lead, "/events/1/publication/propose", hash=mark(house))
    assert "Give the reason in words" in await followed(second, "/events/1/approval/return", reason=" ")
    await followed(second, "/events/1/approval/return", reason="The pens lack a colour.")
    assert "Sam Second sent it back: The pens lack a colour." in (await lead.get("/events/1/console")).text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"jurisdiction": ""}, "no auction is held without it"),
        ({"jurisdiction": "US-NY"}, "there is no law on record for US-NY"),
        ({"category": "construction"}, "may not be bought by auction in Lakeland"),
        ({"category": ""}, "must say what is bought"),
        ({"kind": "sealed_bid"}, "must be more than open together"),
        ({"zone": "Mars/Olympus"}, "there is no time zone"),
        ({"currency": "dollars"}, "three capital letters"),
        ({"jurisdiction": "US-PA"}, "resolution that allows electronic auction bidding"),
        ({"jurisdiction": "US-PA"}, "62 Pa.C.S. 4604(a)"),
    ],
)
async def test_what_the_law_or_the_rules_do_not_allow_is_named_and_not_proposed(
    house: House, change: dict[str, object], said: str
) -> None:
    await keep(house, **change)
    lead = await house.sign_in("p-lead")
    assert said in (await lead.get("/events/1/console")).text
    assert "Not proposed." in await followed(lead, "/events/1/publication/propose", hash=mark(house))
    assert status(house) == "draft"


async def test_an_opening_in_the_hour_that_comes_twice_is_named(house: House) -> None:
    twice = msgspec.structs.replace(
        event(),
        opens=house.parts.now().replace(year=2030, month=11, day=3, hour=5, minute=30),
        closes=house.parts.now().replace(year=2030, month=11, day=3, hour=12),
    )
    await drafting.keep(house.parts, twice, "p-lead", OWNER)
    lead = await house.sign_in("p-lead")
    assert "its time of day comes twice" in (await lead.get("/events/1/console")).text


async def test_a_second_of_another_consortium_knows_of_nothing(house: House) -> None:
    await keep(house)
    lead, far = await house.sign_in("p-lead"), await house.sign_in("p-far")
    await followed(lead, "/events/1/publication/propose", hash=mark(house))
    for path in ("publication/propose", "publication/publish", "approval/approve", "addenda/propose"):
        assert (await far.post(f"/events/1/{path}", hash=mark(house))).status_code == 404
    assert (await far.get("/events/1/console")).status_code == 404
    assert status(house) == "proposed"


async def test_the_notice_tells_everything_before_anybody_bids(house: House) -> None:
    paper = await house.parts.files.keep("spec.pdf", b"%PDF-1.7 x")
    terms = {
        "fees": (Fee("vendor", "percent", "1.5", "for the cooperative’s work"),),
        "contract": Contract(
            "LC-14", "2027-07-01", "2028-06-30", 2, 12, "Freight is included.", "100", "30 days"
        ),
        "delivery": "To each school.",
        "ordering": "roster",
        "documents": (paper,),
    }
    await keep(house, **terms)
    lead, second, anybody = [await house.sign_in(who) for who in ("p-lead", "p-second", None)]
    await approved(house, lead, second)
    await followed(lead, "/events/1/publication/publish")
    page = " ".join((await anybody.get("/events/1")).text.replace("&nbsp;", " ").split())
    for said in (
        "The vendor pays 1.5 % of each order: for the cooperative’s work.",
        "Jul 1, 2027 to Jun 30, 2028, number LC-14. May be renewed 2 times",
        "Freight is included.",
        "$100.00",
        "To each school.",
        "Only districts that stated needs may order.",
        "Lakeland (fictional)",
        "we use them for our own bids alone",
        "spec.pdf",
        "/events/1/addenda",
        "/events/1/questions",
    ):
        assert said in page, said
    assert (await anybody.get(f"/files/{paper.hash}/spec.pdf")).status_code == 200


async def test_no_fee_is_said_in_words(house: House) -> None:
    await house.publish(event())
    anybody = await house.sign_in(None)
    assert "Neither vendors nor districts pay a fee." in (await anybody.get("/events/1")).text


async def test_the_law_on_record_is_everybody_s_with_its_sources(house: House) -> None:
    anybody = await house.sign_in(None)
    listed = (await anybody.get("/jurisdictions")).text
    for name in ("Pennsylvania", "Texas", "Ohio", "Lakeland (fictional)"):
        assert name in listed
    texas = (await anybody.get("/jurisdictions/US-TX")).text
    assert "Tex. Educ. Code 44.031(a)(6)" in texas and "general knowledge only: not relied on" in texas
    assert "shortest notice" in texas
    assert (await anybody.get("/jurisdictions/US-NY")).status_code == 404


# --- the calendar ------------------------------------------------------------------------------------------------------------


async def test_the_calendar_shows_what_is_published_to_all_and_what_is_planned_to_members(
    house: House,
) -> None:
    await keep(house, title="Planned paper")
    await house.publish(event(), opens=timedelta(hours=1), wait=False)
    for who, sees in ((None, False), ("v-ash", False), ("p-far", False), ("p-fir", False), ("p-oak", True)):
        page = (await (await house.sign_in(who)).get("/calendar")).text
        assert "Paper and pens" in page
        assert ("Planned paper" in page) == sees, who


async def test_a_draft_that_is_given_up_leaves_the_calendar(house: House) -> None:
    await keep(house)
    lead = await house.sign_in("p-lead")
    assert "Paper and pens" in (await lead.get("/calendar")).text
    await followed(lead, "/events/1/publication/discard", reason="No money.")
    await house.parts.projections.settled()
    assert "Paper and pens" not in (await lead.get("/calendar")).text


# --- long lots -----------------------------------------------------------------------------------------------------------------


async def test_a_long_lot_shows_its_first_lines_and_all_of_them_on_a_page_and_a_sheet_of_its_own(
    house: House,
) -> None:
    lines = tuple(Line(f"N{n}", f"=Item {n}", "each", "2", "1.5") for n in range(250))
    await house.publish(event((Lot("L1", "Everything", lines=lines),)), opens=timedelta(hours=1), wait=False)
    anybody = await house.sign_in(None)
    notice = (await anybody.get("/events/1")).text
    assert "=Item 19" in notice and "=Item 20" not in notice
    assert "All 250 lines of this lot" in notice and "250&nbsp;lines" in notice
    last = (await anybody.get("/events/1/lots/L1?at=99")).text
    assert "201 to 250 of 250" in last and "=Item 249" in last and "=Item 199<" not in last
    sheet = await anybody.get("/events/1/lots/L1/lines/csv")
    assert sheet.status_code == 200 and sheet.text.count("\n") == 251 and "\n=" not in sheet.text
    assert ",=Item" not in sheet.text
    assert (await anybody.get("/events/1/lots/L1/lines/xlsx")).content[:2] == b"PK"
    assert (await anybody.get("/events/1/lots/L1/lines/exe")).status_code == 404
    assert (await anybody.get("/events/1/lots/L9")).status_code == 404


async def test_a_draft_s_lines_are_its_own_consortium_s(house: House) -> None:
    await keep(house)
    for who, code in ((None, 404), ("p-far", 404), ("p-oak", 404), ("p-lead", 200), ("p-second", 200)):
        guest = await house.sign_in(who)
        for path in ("/events/1/lots/L1", "/events/1/lots/L1/lines/csv"):
            assert (await guest.get(path)).status_code == code, (who, path)


async def test_a_pennsylvania_auction_is_published_with_its_resolution_on_file(house: House) -> None:
    await keep(house, jurisdiction="US-PA", rules=event(visibility={"names_at": "close"}).rules)
    lead, second = await house.sign_in("p-lead"), await house.sign_in("p-second")
    form = {"csrf": lead.csrf, "do": "add"}
    files = {"file": ("resolution.pdf", b"%PDF-1.7 resolved")}
    answer = await lead.http.post("/events/1/draft/documents", data=form, files=files)
    assert answer.status_code == 303
    (paper,) = house.parts.desk.state("tender/1").document.documents
    half = await fill(lead, "/events/1/draft/law", paper_resolution_document=paper.hash)
    assert half.status_code == 303
    assert "resolution that allows electronic auction bidding" in (await lead.get("/events/1/console")).text
    said = {"paper_resolution_words": "No. 14 of March 3, 2026"}
    assert (await fill(lead, "/events/1/draft/law", **said)).status_code == 303
    await approved(house, lead, second)
    assert "Published." in await followed(lead, "/events/1/publication/publish")
