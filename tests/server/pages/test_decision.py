"""From a recommendation to a final award, over a real server: nothing is awarded before the last step, and each reads its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from auction.award.decision.facts import Decisions
from auction.terms.protest_window import Window
from auction.terms.schedule import LinePrice
from server import drafting
from server.awarding import day_at
from server.tables import NoticeRow
from tests.server.callers import Guest
from tests.server.house import House, event, lot, opened
from tests.server.pages.showcase import PRICES, followed

BOARD = {"body": "Board of the Lake Cooperative", "resolution": "2026-114", "approved": "yes"}
PROTEST = {"lot": "L1", "grounds": "Our price <b>was</b> read wrongly.", "wanted": "Rank us first."}
AT = "/events/1/decision"


class Clock:
    """The real clock, which a test may put on."""

    def __init__(self) -> None:
        self.on = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.on


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def plain(tmp_path: Path, clock: Clock) -> AsyncIterator[House]:
    """A house without an event."""
    async with opened(tmp_path, demo=True, now=clock) as running:
        yield running


@pytest.fixture
async def house(plain: House) -> House:
    """A house whose event is over, and on which a board decides."""
    await over(plain)
    return plain


async def over(
    house: House, vendors: tuple[str, ...] = tuple(PRICES), times: int = 1, **changes: Any
) -> None:
    """Publish an event on which a board decides, and end it; `times` is by how much every price is dearer."""
    document = replace(event(), opening="schedules", decision="board", **changes)
    event_id = await house.publish(document, opens=timedelta(minutes=10), wait=False)
    for vendor in vendors:
        paper, pens = PRICES[vendor]
        for each in ("L1", "L2"):
            lines = [LinePrice("A", str(Decimal(paper) * times)), LinePrice("B", str(Decimal(pens) * times))]
            await drafting.file_schedule(house.parts, event_id, vendor, each, lines)
    await house.end(event_id)


def held(house: House) -> Decisions:
    found: Decisions = house.parts.desk.state("decision/1")
    return found


async def refused(guest: Guest, path: str, **form: str) -> str:
    """Send a form that is refused, and return the page."""
    answer = await guest.post(path, **form)
    assert answer.status_code == 422, answer.text
    return answer.text


async def told(house: House) -> tuple[Guest, Guest]:
    """Recommend a lot, record the board's decision, and tell the bidders."""
    lead, second = await house.sign_in("p-lead"), await house.sign_in("p-second")
    await followed(lead, f"{AT}/recommend", lot="L1", vendor="v-birch", reason="The lowest price.")
    await followed(second, f"{AT}/approval/board", **BOARD, lots=["L1"], day=yesterday(house))
    await followed(second, f"{AT}/approval/notice")
    return lead, second


def yesterday(house: House) -> str:
    return (house.parts.now() - timedelta(days=1)).date().isoformat()


def after_the_window(house: House, clock: Clock) -> None:
    """Put the clock on to the first moment after the time to protest."""
    notice = held(house).of("L1").notice
    assert notice is not None and notice.until is not None
    clock.on += notice.until - house.parts.now()


async def letters(house: House, kind: str) -> list[NoticeRow]:
    """The notices of a kind that were written."""
    await house.parts.teller.settled()
    async with house.parts.database.session() as session:
        wanted = select(NoticeRow).where(NoticeRow.notice == kind)
        return list((await session.execute(wanted)).scalars())


async def test_from_recommendation_to_price_book_with_a_protest_that_is_dismissed(
    house: House, clock: Clock
) -> None:
    lead, second = await told(house)
    birch, ash, guest = (
        await house.sign_in("p-birch"),
        await house.sign_in("p-ash"),
        await house.sign_in(None),
    )
    notice = held(house).of("L1").notice
    assert notice is not None and notice.window is not None and notice.window.stay
    page = (await ash.get("/events/1/outcome")).text
    for said in ("$800.00, 2nd of 3", "Birch Supply", "$797.50", "The lowest price.", "5 working days count"):
        assert said in page
    assert "Cedar" not in page and "$894.90" not in page
    assert "Your company at $797.50" in (await birch.get("/events/1/outcome")).text
    filed = await followed(ash, "/events/1/protests", **PROTEST)
    assert "Your protest is filed" in filed and "Our price &lt;b&gt;was&lt;/b&gt; read wrongly." in filed
    public = (await guest.get("/events/1/timeline")).text
    for asked in (public, page, (await lead.get(AT)).text):
        assert 'class="road-now" aria-current="step"' in asked and "Last minute: " in asked
        assert "11:59 PM" in asked and "weekends do not count" in asked
    assert "Protest 1 on Lot L1" in public and "A protest waits for its decision" in public
    assert "Ash Supply" not in public and "read wrongly" not in public
    after_the_window(house, clock)
    lead, second = await house.sign_in("p-lead"), await house.sign_in("p-second")
    assert "Protest 1 stays this award" in await refused(second, f"{AT}/approval/final", lot="L1")
    dismissed = {"number": "1", "upheld": "no", "decided_by": "The director", "reasons": "It was read right."}
    assert "Protest 1 was dismissed by The director" in await followed(
        second, f"{AT}/approval/protest", **dismissed
    )
    assert house.parts.desk.state("award/1").lots == {}
    assert house.parts.desk.state("contract/1.L1").begun is None
    assert "Paper of L1" not in (await guest.get("/prices")).text
    assert "You recommended" in await refused(lead, f"{AT}/approval/final", lot="L1")
    assert "The award is final." in await followed(second, f"{AT}/approval/final", lot="L1")
    assert house.parts.desk.state("award/1").lots["L1"].amount == "797.50"
    assert house.parts.desk.state("contract/1.L1").begun.vendor == "v-birch"
    assert "Paper of L1" in (await guest.get("/prices")).text
    public = (await guest.get("/events/1/timeline")).text
    for said in ("resolution 2026-114", "It was read right.", "the award is final", "The file is kept until"):
        assert said in public
    assert (await guest.get("/events/1")).text.count("/events/1/timeline") == 1


async def test_every_bidder_is_told_by_mail_at_once_with_its_own_result_alone(house: House) -> None:
    await told(house)
    written = await letters(house, "intent")
    assert {each.address.partition("@")[0] for each in written} >= {"p-ash", "p-birch", "p-cedar"}
    by = {each.address.partition("@")[0]: each.text for each in written}
    assert "Your total: $800.00, rank 2 of 3" in by["p-ash"] and "Cedar" not in by["p-ash"]
    assert "Meant for your company." in by["p-birch"] and "5 working days count" in by["p-birch"]
    assert await letters(house, "awarded") == []


async def test_a_protest_after_the_window_is_refused_with_the_count_and_what_was_typed_stays(
    house: House, clock: Clock
) -> None:
    await told(house)
    after_the_window(house, clock)
    ash = await house.sign_in("p-ash")
    page = await refused(ash, "/events/1/protests", **PROTEST)
    assert "The time to protest ended with" in page and "working days count" in page
    assert "Our price &lt;b&gt;was&lt;/b&gt; read wrongly." in page
    assert held(house).protests == {}


async def test_an_upheld_protest_opens_the_lot_again_and_all_its_bidders_hear_of_it(house: House) -> None:
    _, second = await told(house)
    await followed(await house.sign_in("p-ash"), "/events/1/protests", **PROTEST)
    upheld = {"number": "1", "upheld": "yes", "decided_by": "The director", "reasons": "It was misread."}
    page = await followed(second, f"{AT}/approval/protest", **upheld)
    assert "the decision was set aside" in page and held(house).of("L1").stage == "open"
    assert {each.address for each in await letters(house, "set_aside")} >= {
        "p-birch@tenderbell.example",
        "p-cedar@tenderbell.example",
    }
    assert (
        "This decision was set aside"
        in (await (await house.sign_in("p-birch")).get("/events/1/outcome")).text
    )
    lead = await house.sign_in("p-lead")
    assert "Opened again: It was misread." in (await lead.get(AT)).text


async def test_a_vendor_takes_its_protest_back_and_no_other_can(house: House) -> None:
    await told(house)
    ash, cedar = await house.sign_in("p-ash"), await house.sign_in("p-cedar")
    await followed(ash, "/events/1/protests", **PROTEST)
    path = "/events/1/protests/1/withdraw"
    assert "no such protest of your company" in await refused(cedar, path, reason="Why not.")
    assert "is taken back" in await followed(ash, path, reason="It is settled.")
    assert not held(house).protests[1].open


async def test_a_lone_bidder_is_recommended_only_after_its_price_was_found_reasonable(plain: House) -> None:
    await over(plain, vendors=("v-ash",))
    lead = await plain.sign_in("p-lead")
    assert "One bidder alone" in (await lead.get(AT)).text
    form = {"lot": "L1", "vendor": "v-ash", "reason": "It is the only bid."}
    assert "one bidder alone" in await refused(lead, f"{AT}/recommend", **form)
    await followed(lead, f"{AT}/reasonable", lot="L1", basis="Below the price last paid.")
    page = await followed(lead, f"{AT}/recommend", **form)
    assert "the only bidder" in page and "Below the price last paid." in page


async def test_without_a_time_to_protest_on_record_none_is_claimed_and_the_solicitations_own_counts(
    plain: House,
) -> None:
    law = plain.parts.jurisdictions["US-XL"]
    plain.parts.jurisdictions["US-XL"] = replace(law, protest=None)  # type: ignore[index]
    own = Window(3, anchor="board", stay=False, source="Policy 5410")
    await over(plain, protest=own)
    await told(plain)
    notice = held(plain).of("L1").notice
    assert notice is not None and notice.window == own
    page = (await (await plain.sign_in("p-ash")).get("/events/1/outcome")).text
    assert "Policy 5410" in page and "does not wait for a protest" in page


async def test_a_resolution_is_kept_and_open_to_all(house: House) -> None:
    lead, second = await house.sign_in("p-lead"), await house.sign_in("p-second")
    await followed(lead, f"{AT}/recommend", lot="L1", vendor="v-birch", reason="The lowest price.")
    form = {"csrf": second.csrf, **BOARD, "lots": "L1", "day": yesterday(house)}
    paper = {"paper": ("resolution.pdf", b"%PDF-1.7 resolved", "application/pdf")}
    wrong = {"paper": ("resolution.pdf", b"no paper", "application/pdf")}
    answer = await second.http.post(f"{AT}/approval/board", data=form, files=wrong)
    assert answer.status_code == 422 and "its content is something else" in answer.text
    assert (await second.http.post(f"{AT}/approval/board", data=form, files=paper)).status_code == 303
    kept = held(house).of("L1").board
    assert kept is not None and kept.paper is not None
    guest = await house.sign_in(None)
    assert "resolution.pdf" in (await guest.get("/events/1/timeline")).text
    assert (await guest.get(f"/files/{kept.paper.hash}/resolution.pdf")).content == b"%PDF-1.7 resolved"


async def test_letters_are_each_bidders_own_and_the_consortiums(house: House) -> None:
    lead, _ = await told(house)
    ash, stranger = await house.sign_in("p-ash"), await house.sign_in("p-stranger")
    own = (await ash.get("/events/1/letter")).text
    assert "To Ash Supply" in own and "Notice of intent to award" in own and "Cedar" not in own
    assert "To Birch Supply" in (await lead.get("/events/1/letters/v-birch")).text
    assert (await stranger.get("/events/1/letter")).status_code == 404
    assert (await stranger.get("/events/1/outcome")).status_code == 404
    assert "Only a vendor that bid" in await refused(stranger, "/events/1/protests", **PROTEST)
    far = await house.sign_in("p-far")
    assert (await far.get("/events/1/letters/v-birch")).status_code == 404
    assert (await far.get(AT)).status_code == 404


async def test_nobody_proposes_by_the_old_way_and_the_console_leads_to_the_decision(house: House) -> None:
    lead = await house.sign_in("p-lead")
    page = await followed(lead, "/events/1/console/propose", lot="L1", vendor="v-birch", reason="Low.")
    assert "A board decides on this event" in page and f'href="{AT}#lot-L1"' in page
    assert (await lead.get("/events/1/award")).headers["location"] == AT


async def test_federal_money_from_25000_dollars_on_waits_for_a_look_up_among_excluded_parties(
    plain: House, clock: Clock
) -> None:
    lots = (lot("L1", None), lot("L2", None))
    await over(plain, times=40, lots=lots, funding="federal")
    await told(plain)
    after_the_window(plain, clock)
    second = await plain.sign_in("p-second")
    page = await refused(second, f"{AT}/approval/final", lot="L1")
    assert "look-up among excluded parties" in page
    assert plain.parts.desk.state("award/1").lots == {}
    lead = await plain.sign_in("p-lead")
    day = day_at(plain.parts.desk.state("tender/1").document, plain.parts.now()).isoformat()
    await followed(lead, f"{AT}/look-up", vendor="v-birch", source="SAM.gov", found="no", day=day)
    assert "The award is final." in await followed(second, f"{AT}/approval/final", lot="L1")


async def test_a_look_up_and_a_hold_stand_with_their_day_source_and_reason(house: House) -> None:
    lead, _ = await told(house)
    form = {"vendor": "v-birch", "source": "SAM.gov", "found": "no"}
    assert "look the vendor up again" in await refused(lead, f"{AT}/look-up", **form, day="2020-01-01")
    page = await followed(
        lead,
        f"{AT}/look-up",
        **form,
        day=day_at(house.parts.desk.state("tender/1").document, house.parts.now()).isoformat(),
    )
    assert "SAM.gov" in page and "was not found among excluded parties" in page
    page = await followed(lead, f"{AT}/hold", reason="An audit.")
    assert "It is held:" in page and "An audit." in page
    assert "No hold is on it." in await followed(lead, f"{AT}/lift", reason="It is over.")


async def test_an_event_of_two_people_has_no_decision_page(plain: House) -> None:
    await plain.publish(event(), opens=timedelta(minutes=10), wait=False)
    lead, ash = await plain.sign_in("p-lead"), await plain.sign_in("p-ash")
    for guest, path in ((lead, AT), (ash, "/events/1/outcome"), (ash, "/events/1/timeline")):
        answer = await guest.get(path)
        assert answer.status_code == 404 and "No board decides on this event" in answer.text


async def test_today_says_what_comes_next_to_whom_it_falls(house: House, clock: Clock) -> None:
    lead, second = await house.sign_in("p-lead"), await house.sign_in("p-second")
    assert "Recommend 2 awards to the board" in (await lead.get("/today")).text
    assert "Recommend 2 awards" not in (await second.get("/today")).text
    await told(house)
    assert "Read your results in Paper and pens" in (await (await house.sign_in("p-ash")).get("/today")).text
    await followed(await house.sign_in("p-ash"), "/events/1/protests", **PROTEST)
    assert "Decide on 1 protest" in (await second.get("/today")).text
    assert "Decide on 1 protest" not in (await lead.get("/today")).text
    after_the_window(house, clock)
    upheld = {"number": "1", "upheld": "no", "decided_by": "The director", "reasons": "It was read right."}
    second = await house.sign_in("p-second")
    await followed(second, f"{AT}/approval/protest", **upheld)
    assert "Make awards final" in (await second.get("/today")).text


async def test_no_reader_is_offered_a_form_that_its_role_may_not_send(house: House) -> None:
    await told(house)
    await followed(await house.sign_in("p-ash"), "/events/1/protests", **PROTEST)
    auditor = (await (await house.sign_in("p-auditor")).get(AT)).text
    second = (await (await house.sign_in("p-second")).get(AT)).text
    preparer = (await (await house.sign_in("p-preparer")).get("/events/1/outcome")).text
    assert f'action="{AT}' not in auditor and "Our price" in auditor
    assert f'action="{AT}/approval/protest"' in second and f'action="{AT}/recommend"' not in second
    assert "/events/1/protests" not in preparer
