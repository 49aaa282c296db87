"""A draft auction may ask for sealed opening bids: the editor then has their section and times, and the law must allow it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec

from auction.tender.solicitation import Sealing, Solicitation
from server import drafting
from tests.server.house import OWNER, House, event
from tests.server.pages.solicitation.forms import fields, fill
from tests.server.pages.solicitation.sealed import OFFICERS

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


async def drafted(house: House, **more: Any) -> Solicitation:
    """A draft of an auction whose opening bids come sealed."""
    now = house.parts.now().replace(microsecond=0)
    sealing = Sealing(officers=OFFICERS, due=now + DAY, opens=now + DAY + HOUR)
    times = {"opens": now + 2 * DAY, "closes": now + 2 * DAY + HOUR}
    made = msgspec.structs.replace(event(), **({"opening": "sealed", "sealing": sealing} | times | more))
    await drafting.keep(house.parts, made, "p-lead", OWNER)
    return made


def kept(house: House, event_id: str = "1") -> Solicitation:
    """The draft as it stands."""
    found: Solicitation = house.parts.desk.state(f"tender/{event_id}").document
    return found


async def test_choosing_sealed_opening_bids_brings_their_section_and_their_times(house: House) -> None:
    await drafted(house, opening="none", sealing=Sealing())
    lead = await house.sign_in("p-lead")
    assert (await lead.get("/events/1/draft/sealing")).status_code == 404
    assert "sealing_due" not in fields((await lead.get("/events/1/draft/dates")).text)
    saved = await fill(lead, "/events/1/draft/rules", opening="sealed", do="on")
    assert saved.headers["location"].startswith("/events/1/draft/sealing"), saved.text
    chosen = {f"officer_{row}": each.person for row, each in enumerate(OFFICERS, 1)}
    assert (await fill(lead, "/events/1/draft/sealing", quorum="2", **chosen)).status_code == 303
    times = {
        "sealing_due": "2027-03-01T14:00:00", "sealing_opens": "2027-03-01T15:00:01",
        "opens": "2027-03-02T14:00:00", "closes": "2027-03-02T15:00:00",
    }  # fmt: skip
    assert (await fill(lead, "/events/1/draft/dates", **times)).status_code == 303
    sealing = kept(house).sealing
    assert (sealing.officers, sealing.envelopes) == (OFFICERS, ("price",))
    assert sealing.due is not None and sealing.opens is not None
    assert sealing.opens - sealing.due == timedelta(hours=1, seconds=1)
    assert "Everything it needs is there" in (await lead.get("/events/1/console")).text


async def test_the_sections_saved_as_they_stand_change_nothing(house: House) -> None:
    before = await drafted(house)
    lead = await house.sign_in("p-lead")
    for section in ("sealing", "dates", "rules"):
        assert (await fill(lead, f"/events/1/draft/{section}")).status_code == 303
    after = kept(house)
    assert (after.sealing, after.opening, after.opens) == (before.sealing, before.opening, before.opens)


async def test_what_is_wrong_stands_with_the_section_in_which_it_is_put_right(house: House) -> None:
    made = await drafted(house)
    await drafting.keep(house.parts, msgspec.structs.replace(made, sealing=Sealing()), "p-lead", OWNER)
    lead = await house.sign_in("p-lead")
    page = (await lead.get("/events/2/console")).text
    assert "The time by which opening bids are due must be set" in page
    answer = await fill(
        lead, "/events/1/draft/dates", sealing_due="2027-03-01T14:00:00", sealing_opens="2027-03-01T13:59:59"
    )
    assert answer.status_code == 422 and "must not be before opening bids are due" in answer.text


async def test_a_real_state_without_such_a_law_does_not_let_sealed_bids_open_an_auction(house: House) -> None:
    for state, name in (("US-PA", "Pennsylvania"), ("US-TX", "Texas"), ("US-OH", "Ohio")):
        profile = house.parts.jurisdictions[state]
        assert not profile.sealed_opening
        made = await drafted(house, jurisdiction=state)
        number = len(house.parts.journal.streams("tender/"))
        lead = await house.sign_in("p-lead")
        page = (await lead.get(f"/events/{number}/console")).text
        assert f"no law on record lets sealed bids open an auction in {name}" in page
        assert made.jurisdiction == state


async def test_the_rule_card_says_how_bidding_begins(house: House) -> None:
    await drafted(house)
    lead = await house.sign_in("p-lead")
    page = (await lead.get("/events/1/console")).text
    assert "Opening bids are sealed: a price for every line" in page
    assert "Olga Oak, Oak District" in page and "Opening bids are due" in page


async def test_a_copy_keeps_the_officers_and_none_of_the_times(house: House) -> None:
    await drafted(house)
    lead = await house.sign_in("p-lead")
    copied = {"copy": "1", "kind": "reverse_auction", "number": "2027-2", "title": "Paper again"}
    assert (await fill(lead, "/solicitations/new", **copied)).status_code == 303
    sealing = kept(house, "2").sealing
    assert sealing.officers == OFFICERS and (sealing.due, sealing.opens) == (None, None)


async def test_the_calendar_has_when_opening_bids_are_due_and_opened(house: House) -> None:
    await drafted(house)
    await house.parts.projections.settled()
    lead = await house.sign_in("p-lead")
    page = (await lead.get("/calendar")).text
    for words in ("Sealed bids are due", "Sealed bids are opened", "Bidding opens", "First lot closes"):
        assert words in page, words


async def test_an_officer_finds_it_in_the_console_and_among_the_tasks(house: House) -> None:
    await drafted(house)
    oak = await house.sign_in("p-oak")
    assert "Make your key: Paper and pens" in (await oak.get("/today")).text
    console = house.parts.settings.officers
    oak.http.headers.update({"origin": console, "host": console.partition("://")[2]})
    assert "Paper and pens" in (await oak.get("/officers")).text
