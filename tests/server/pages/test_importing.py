"""A lead imports a tender in the browser while the server runs, and gives a draft up; a bad file leaves nothing behind."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx

from server import drafting
from tests.server.callers import Guest
from tests.server.house import OWNER, House, event
from tests.server.pages.showcase import followed

ROOT = Path(__file__).parents[3]
TENDER = ROOT / "fixtures" / "tenders" / "openprocurement_auction_worker_tender_multilot.json"
OWN = ROOT / "fixtures" / "demo" / "school_event.json"


async def upload(guest: Guest, name: str, content: bytes, token: str | None = None) -> httpx.Response:
    """Send a file as the import's form does."""
    form = {"csrf": guest.csrf if token is None else token}
    return await guest.http.post("/import", data=form, files={"tender": (name, content, "application/json")})


async def test_an_uploaded_tender_becomes_a_draft_that_the_lead_is_shown(house: House) -> None:
    lead = await house.sign_in("p-lead")
    assert "/import" in (await lead.get("/")).text
    answer = await upload(lead, TENDER.name, TENDER.read_bytes())
    assert (answer.status_code, answer.headers["location"]) == (303, "/events/1/console")
    assert "16,175,000" in (await lead.get("/events/1/console")).text


async def test_an_events_own_file_is_imported_with_its_rules(house: House) -> None:
    lead = await house.sign_in("p-lead")
    await upload(lead, OWN.name, OWN.read_bytes())
    document = house.parts.desk.state("tender/1").document
    assert document.rules["rank_by"] == "adjusted"


async def test_a_bad_file_is_refused_with_every_fault_and_leaves_nothing_behind(house: House) -> None:
    lead = await house.sign_in("p-lead")
    answer = await upload(lead, "cut.json", TENDER.read_bytes()[:500])
    assert answer.status_code == 422
    assert "cut.json was not imported" in answer.text
    assert house.parts.journal.streams("tender/") == []
    assert (await lead.post("/import")).status_code == 422


async def test_two_uploads_at_once_make_two_drafts(house: House) -> None:
    lead = await house.sign_in("p-lead")
    await asyncio.gather(*(upload(lead, OWN.name, OWN.read_bytes()) for _ in range(4)))
    assert house.parts.journal.streams("tender/") == [f"tender/{n}" for n in (1, 2, 3, 4)]


async def test_nobody_but_a_lead_imports_and_only_by_its_own_form(house: House) -> None:
    for who in ("v-ash", "p-oak"):
        guest = await house.sign_in(who)
        assert (await upload(guest, OWN.name, OWN.read_bytes())).status_code == 403
    lead = await house.sign_in("p-lead")
    assert (await upload(lead, OWN.name, OWN.read_bytes(), token="wrong")).status_code == 403
    assert house.parts.journal.streams("tender/") == []


async def test_a_draft_is_given_up_with_a_reason_and_its_record_stays(house: House) -> None:
    await drafting.keep(house.parts, event(), "p-lead", OWNER)
    lead = await house.sign_in("p-lead")
    refused = await followed(lead, "/events/1/publication/discard", reason=" ")
    assert "Give the reason in words" in refused and house.parts.desk.state("tender/1").status == "draft"
    page = await followed(lead, "/events/1/publication/discard", reason="It was a trial.")
    assert "Paper and pens" not in page
    assert house.parts.desk.state("tender/1").reason == "It was a trial."
