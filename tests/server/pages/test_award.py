"""Awards by two people: what a lead proposed is looked at, confirmed or sent back by somebody else of the consortium."""

from __future__ import annotations

import pytest

from tests.server.house import House
from tests.server.pages.showcase import confirm, followed, propose, with_schedules


@pytest.fixture
async def ended(house: House) -> House:
    """A house whose event is over."""
    await with_schedules(house)
    await house.end()
    return house


async def test_a_second_person_sees_prices_saving_rivals_and_the_reason_before_confirming(
    ended: House,
) -> None:
    lead, second = await ended.sign_in("p-lead"), await ended.sign_in("p-second")
    await propose(lead, "1", "L1", "v-birch")
    page = (await second.get("/events/1/award")).text
    for told in (
        "Birch Supply",
        "$797.50",
        "The lowest price",
        "Lea Lead",
        "$44.00",
        "Ash Supply",
        "$800.00",
    ):
        assert told in page
    assert "This is not the lowest vendor" not in page
    assert "2026-001-L1" in page
    assert ended.parts.desk.state("award/1").lots == {}
    assert "Awarded to Birch Supply at $797.50." in await confirm(second, "1", "L1")
    contract = ended.parts.desk.state("contract/1.L1")
    assert contract.begun.vendor == "v-birch" and contract.begun.terms.number == "2026-001-L1"


async def test_a_lead_cannot_confirm_its_own_proposal(ended: House) -> None:
    lead = await ended.sign_in("p-lead")
    await propose(lead, "1", "L1", "v-ash")
    page = (await lead.get("/events/1/award")).text
    assert "You proposed this" in page and "Confirm the award" not in page
    answer = await lead.post("/events/1/award/confirm", lot="L1", proposal="1")
    assert answer.status_code == 422 and "a second person has to confirm it" in answer.text
    assert ended.parts.desk.state("award/1").lots == {}


async def test_a_proposal_sent_back_says_why_on_the_console_and_can_be_made_again(ended: House) -> None:
    lead, second = await ended.sign_in("p-lead"), await ended.sign_in("p-second")
    await propose(lead, "1", "L1", "v-ash")
    path = "/events/1/award/send-back"
    assert (await second.post(path, lot="L1", proposal="1", reason=" ")).status_code == 422
    assert "Sent back." in await followed(
        second, path, lot="L1", proposal="1", reason="Say why not Birch Supply."
    )
    assert "Say why not Birch Supply." in (await lead.get("/events/1/console?lot=L1")).text
    stale = await second.post("/events/1/award/confirm", lot="L1", proposal="1")
    assert stale.status_code == 422 and "no longer waits" in stale.text
    await propose(lead, "1", "L1", "v-birch")
    assert "Awarded to Birch Supply" in await confirm(second, "1", "L1", "2")


async def test_a_double_submit_awards_once(ended: House) -> None:
    lead, second = await ended.sign_in("p-lead"), await ended.sign_in("p-second")
    await propose(lead, "1", "L1", "v-ash")
    await confirm(second, "1", "L1")
    again = await second.post("/events/1/award/confirm", lot="L1", proposal="1")
    assert again.status_code == 422 and "awarded already" in again.text


@pytest.mark.parametrize("place", ["", "-1", "x", "1" * 20, "１"])
async def test_a_proposal_that_is_not_there_is_refused_in_words(ended: House, place: str) -> None:
    await propose(await ended.sign_in("p-lead"), "1", "L1", "v-ash")
    second = await ended.sign_in("p-second")
    answer = await second.post("/events/1/award/confirm", lot="L1", proposal=place)
    assert answer.status_code == 422 and "no longer waits" in answer.text


async def test_another_consortium_knows_of_no_award_to_come(ended: House) -> None:
    await propose(await ended.sign_in("p-lead"), "1", "L1", "v-ash")
    far = await ended.sign_in("p-far")
    assert (await far.get("/events/1/award")).status_code == 404
    assert (await far.post("/events/1/award/confirm", lot="L1", proposal="1")).status_code == 404
    assert "from a vendor in good standing." not in (await (await ended.sign_in(None)).get("/events/1")).text
    assert ended.parts.desk.state("award/1").lots == {}


async def test_the_second_person_is_told_on_the_first_page_and_the_proposer_is_not(ended: House) -> None:
    lead, second = await ended.sign_in("p-lead"), await ended.sign_in("p-second")
    await propose(lead, "1", "L1", "v-ash")
    assert "Check 1 proposed award" in (await second.get("/today")).text
    mine = (await lead.get("/today")).text
    assert "Check 1 proposed award" not in mine and "Award 1 of 2 lots" in mine


async def test_an_auditor_looks_and_changes_nothing(ended: House) -> None:
    await propose(await ended.sign_in("p-lead"), "1", "L1", "v-ash")
    page = (await (await ended.sign_in("p-auditor")).get("/events/1/award")).text
    assert "Ash Supply" in page and "Confirm the award" not in page and "Send it back" not in page
