"""A lead drafts sealed bids: the officers are chosen among people who may hold a key, and nothing of an auction is asked."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from auction.tender.solicitation import Solicitation
from server import drafting
from tests.server.house import OWNER, House
from tests.server.pages.solicitation.forms import fields, fill
from tests.server.pages.solicitation.sealed import OFFICERS, sealed


async def drafted(house: House) -> Solicitation:
    made = sealed(house.parts.now())
    await drafting.keep(house.parts, made, "p-lead", OWNER)
    return made


def kept(house: House) -> Solicitation:
    document: Solicitation = house.parts.desk.state("tender/1").document
    return document


async def test_a_draft_of_sealed_bids_is_begun_and_written_to_its_end(house: House) -> None:
    lead = await house.sign_in("p-lead")
    begun = {"number": "2027-9", "title": "Paper", "kind": "sealed_bid", "jurisdiction": "US-XL"}
    assert (await fill(lead, "/solicitations/new", **begun)).status_code == 303
    chosen = {f"officer_{row}": each.person for row, each in enumerate(OFFICERS, 1)}
    saved = await fill(lead, "/events/1/draft/sealing", envelopes="technical", quorum="2", do="on", **chosen)
    assert saved.headers["location"].startswith("/events/1/draft/evaluation"), saved.text
    assert kept(house).sealing.officers == OFFICERS
    assert kept(house).sealing.envelopes == ("technical", "price")
    times = {"closes": "2027-03-01T14:00:00", "sealing_opens": "2027-03-01T15:00:00"}
    assert (await fill(lead, "/events/1/draft/dates", **times)).status_code == 303
    assert kept(house).sealing.opens is not None and kept(house).sealing.officers == OFFICERS


async def test_the_sections_of_an_auction_are_not_asked_of_sealed_bids(house: House) -> None:
    await drafted(house)
    lead = await house.sign_in("p-lead")
    page = (await lead.get("/events/1/console")).text
    assert "Rule card" not in page and "/draft/rules" not in page
    assert "Bids are opened" in page and "Olga Oak, Oak District" in page
    dates = fields((await lead.get("/events/1/draft/dates")).text)
    assert "opens" not in dates and "sealing_opens" in dates


async def test_an_auction_has_no_section_of_sealed_bids(house: House) -> None:
    made = msgspec.structs.replace(sealed(house.parts.now()), kind="reverse_auction")
    await drafting.keep(house.parts, made, "p-lead", OWNER)
    lead = await house.sign_in("p-lead")
    assert (await lead.get("/events/1/draft/sealing")).status_code == 404
    assert "/draft/sealing" not in (await lead.get("/events/1/console")).text


async def test_a_section_of_sealed_bids_saved_as_it_stands_changes_nothing(house: House) -> None:
    await drafted(house)
    lead, before = await house.sign_in("p-lead"), kept(house)
    for section in ("sealing", "dates", "basics"):
        assert (await fill(lead, f"/events/1/draft/{section}")).status_code == 303
    assert kept(house).sealing == before.sealing and kept(house).closes == before.closes


async def test_nobody_holds_two_keys_and_strangers_hold_none(house: House) -> None:
    await drafted(house)
    lead = await house.sign_in("p-lead")
    twice = await fill(lead, "/events/1/draft/sealing", officer_2="p-lead")
    assert twice.status_code == 422 and "is named twice" in twice.text
    for stranger in ("p-far", "p-fir", "p-ash", "p-nobody"):
        answer = await fill(lead, "/events/1/draft/sealing", officer_2=stranger)
        assert answer.status_code == 422 and "Choose one of the list" in answer.text
    assert kept(house).sealing.officers == OFFICERS


async def test_as_many_as_open_together_must_be_fewer_than_there_are(house: House) -> None:
    await drafted(house)
    lead = await house.sign_in("p-lead")
    answer = await fill(lead, "/events/1/draft/sealing", quorum="3")
    assert answer.status_code == 422 and "fewer than there are officers" in answer.text


async def test_officers_of_one_organization_are_a_warning_and_no_fault(house: House) -> None:
    await drafted(house)
    lead = await house.sign_in("p-lead")
    assert "All of these officers are of one" not in (await lead.get("/events/1/draft/sealing")).text
    assert (await fill(lead, "/events/1/draft/sealing", officer_3="p-second")).status_code == 303
    page = (await lead.get("/events/1/draft/sealing")).text
    assert "All of these officers are of one organization" in page
    assert "Everything it needs is there" in (await lead.get("/events/1/console")).text


async def test_an_older_form_overwrites_no_other_lead_s_officers(house: House) -> None:
    await drafted(house)
    lead = await house.sign_in("p-lead")
    old = fields((await lead.get("/events/1/draft/sealing")).text)
    assert (await fill(lead, "/events/1/draft/sealing", officer_3="p-elm")).status_code == 303
    answer = await lead.post("/events/1/draft/sealing", **(old | {"late": "hold"}))
    assert answer.status_code == 409 and kept(house).sealing.officers[2].person == "p-elm"


async def test_bids_are_not_opened_before_they_are_due(house: House) -> None:
    await drafted(house)
    lead = await house.sign_in("p-lead")
    answer = await fill(
        lead, "/events/1/draft/dates", closes="2027-03-01T14:00:00", sealing_opens="2027-03-01T13:59:59"
    )
    assert answer.status_code == 422 and "must not be before bids are due" in answer.text


async def test_a_copy_keeps_the_officers_and_not_the_time_of_the_opening(house: House) -> None:
    await drafted(house)
    lead = await house.sign_in("p-lead")
    copied = {"copy": "1", "kind": "sealed_bid", "number": "2027-2", "title": "Paper again"}
    assert (await fill(lead, "/solicitations/new", **copied)).status_code == 303
    made = house.parts.desk.state("tender/2").document
    assert made.sealing.officers == OFFICERS and made.sealing.opens is None


async def test_times_are_in_the_order_that_the_law_of_the_state_counts(house: House) -> None:
    made = msgspec.structs.replace(await drafted(house), closes=house.parts.now() + timedelta(minutes=5))
    await drafting.keep(house.parts, made, "p-lead", OWNER)
    lead = await house.sign_in("p-lead")
    assert "The time by which bids are due" in (await lead.get("/events/2/console")).text
