"""Starting here: nothing is founded before the address is confirmed, and an account that is there is used."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from auction.demand.profile import ConsortiumProfile
from server.people import register
from server.tables import Organisation, Person
from tests.server.house import PASSWORD, House
from tests.server.post import Visitor, box, pass_time, visitor

PASS = "tall giraffes drum softly"
NEW = {"password": PASS, "again": PASS}
WHO = {"name": "Fran Founder", "email": "fran@pine.example"}
CONSORTIUM = WHO | {"organisation": "Pine Purchasing", "state": "US-OH", "zone": "America/Chicago"}
COMPANY = WHO | {"organisation": "Pine Supply"}
DISTRICT = WHO | {"organisation": "Pine CSD", "state": "US-NY", "enrolment": "1,240", "consortium": "c-lake"}


async def count(house: House) -> int:
    async with house.parts.database.session() as session:
        people = (await session.execute(select(func.count()).select_from(Person))).scalar_one()
        return people + (await session.execute(select(func.count()).select_from(Organisation))).scalar_one()


async def begun(house: House, kind: str, given: dict[str, str], who: Visitor | None = None) -> str:
    """Send the form, and return the path in the letter."""
    answer = await (who or await visitor(house)).post(f"/{kind}", **given)
    assert answer.status_code == 200 and "Look into your mailbox" in answer.text, answer.text
    return box(house.parts).last("verify", given["email"]).path


@pytest.mark.parametrize(
    ("kind", "given", "home"),
    [
        ("found", CONSORTIUM, "/consortium"),
        ("register", COMPANY, "/company"),
        ("join", DISTRICT, "/district"),
    ],
)
async def test_an_organisation_is_founded_once_the_address_is_confirmed(
    house: House, kind: str, given: dict[str, str], home: str
) -> None:
    before, fran = await count(house), await visitor(house)
    path = await begun(house, kind, given)
    assert given["organisation"] in (await fran.get(path)).text
    assert await count(house) == before
    assert (await fran.post(path, password="short", again="short")).status_code == 422
    answer = await fran.post(path, **NEW)
    assert (answer.status_code, answer.headers["location"]) == (303, home)
    assert await fran.organisation() == given["organisation"]
    assert await count(house) == before + 2
    assert "Fran Founder" in (await fran.get("/team")).text
    assert (await fran.get(path)).status_code == 410


async def test_a_consortium_knows_its_state_and_zone_from_the_start(house: House) -> None:
    fran = await visitor(house)
    await fran.post(await begun(house, "found", CONSORTIUM), **NEW)
    async with house.parts.database.session() as session:
        row = (
            await session.execute(select(Organisation).where(Organisation.name == "Pine Purchasing"))
        ).scalar_one()
    assert (row.kind, row.detail["state"], row.detail["zone"]) == ("consortium", "US-OH", "America/Chicago")
    body = await register.body_of(house.parts, row.id)
    assert body.profile == ConsortiumProfile("US-OH", "America/Chicago")


async def test_who_has_an_account_founds_with_it_after_signing_in(house: House) -> None:
    given = CONSORTIUM | {"email": "p-oak@tenderbell.example"}
    path, oak = await begun(house, "found", given), await visitor(house)
    page = (await oak.get(path)).text
    assert "belongs to an account" in page and "Olga" not in page and 'type="password"' not in page
    assert "Sign in to go on" in (await oak.post(path, **NEW)).text
    await oak.sign_in("p-oak@tenderbell.example", PASSWORD, next=path)
    assert (await oak.post(path)).headers["location"] == "/consortium"
    page = (await oak.get("/account")).text
    assert "Pine Purchasing" in page and "Oak District" in page


async def test_the_form_tells_nobody_whether_an_address_has_an_account(house: House) -> None:
    guest = await visitor(house)
    known = await guest.post("/register", **COMPANY | {"email": "p-oak@tenderbell.example"})
    unknown = await guest.post("/register", **COMPANY)
    assert known.text.replace("p-oak@tenderbell.example", WHO["email"]) == unknown.text


async def test_somebody_else_who_is_signed_in_is_asked_to_sign_out(house: House) -> None:
    path, elm = await begun(house, "found", CONSORTIUM), await visitor(house, "p-elm")
    assert "signed in with another account" in (await elm.get(path)).text
    before = await count(house)
    assert (await elm.post(path, **NEW)).status_code == 200 and await count(house) == before


async def test_a_link_works_for_two_days(house: House) -> None:
    path = await begun(house, "found", CONSORTIUM)
    pass_time(house.parts, timedelta(hours=48))
    answer = await (await visitor(house)).post(path, **NEW)
    assert answer.status_code == 410 and "has expired" in answer.text


async def test_every_fault_of_the_form_is_named_at_once_and_nothing_is_lost(house: House) -> None:
    guest = await visitor(house)
    answer = await guest.post(
        "/join", name="", organisation="Pine <CSD>", email="x", state="PA", enrolment="-3", consortium="d-oak"
    )
    assert answer.status_code == 422
    for said in (
        "Your name is missing",
        "must be an e-mail address",
        "State must be chosen",
        "Enrollment must be a whole number",
        "Consortium must be chosen",
    ):
        assert said in answer.text
    assert 'value="Pine &lt;CSD&gt;"' in answer.text and box(house.parts).letters == []


async def test_nobody_founds_a_consortium_under_the_name_of_one_that_is_here(house: House) -> None:
    guest = await visitor(house)
    answer = await guest.post("/found", **CONSORTIUM | {"organisation": " lake  COOPERATIVE "})
    assert answer.status_code == 422 and "Name of the consortium is here already" in answer.text


async def test_one_address_does_not_get_letters_without_end(house: House) -> None:
    for _ in range(5):
        await begun(house, "register", COMPANY)
    assert (await (await visitor(house)).post("/register", **COMPANY)).status_code == 429


async def test_the_founder_s_name_is_not_in_the_journal(house: House) -> None:
    fran = await visitor(house)
    await fran.post(await begun(house, "join", DISTRICT), **NEW)
    told = b"".join(
        entry.body
        for stream in house.parts.journal.streams("organisation/")
        for entry in house.parts.journal.read(stream)
    )
    assert b"Pine CSD" in told and b"Fran" not in told and b"fran@" not in told
