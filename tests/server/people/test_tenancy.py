"""Nobody reaches another organisation: every route of teams and profiles, with its ids, changes and shows nothing of it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from server.tables import InvitationRow, Membership, Person, SessionRow
from tests.server.house import House
from tests.server.post import box, visitor
from tests.server.test_guards import ROUTES

MANAGED = {"manage people", "manage consortium", "manage district"}
ACCOUNT = "own account"
OTHERS = {"consortium": "p-far", "district": "p-fir", "vendor": "p-birch"}
"""Who keeps the people of another organisation of each kind; `p-far` is made its administrator first."""
FORMS = (
    {"do": "remove", "role": "auditor"},
    {"do": "role", "role": "admin"},
    {"do": "role", "role": "owner"},
    {"do": "role", "role": "buyer"},
    {"do": "withdraw"},
    {"do": "again"},
    {"do": "admit"},
    {"do": "decline", "reason": "Because."},
    {"do": "close"},
    {"reason": "Because.", "organisation": "c-lake", "session": "others"},
)
SECRETS = (
    "nora@coop.example",
    "Aud Auditor",
    "Olga Oak",
    "Sid Signer",
    "p-oak@",
    "p-signer@",
    "Elm District",
)
"""What stands on pages of the lake's consortium, its districts and one vendor, and nowhere else."""


async def with_neighbours(house: House) -> dict[str, str]:
    """Make the neighbours able to manage, and a request and invitations to meddle with; the ids that routes are filled with."""
    async with house.parts.database.session.begin() as session:
        row = await session.get_one(Membership, ("p-far", "c-far"))
        row.role = "admin"
    admin, oak = await visitor(house, "p-admin"), await visitor(house, "p-oak")
    await admin.post("/team/invite", email="nora@coop.example", role="lead")
    await oak.post(
        "/district/addresses", name="School", street="1 Main", city="Ithaca", state="NY", zip="14850"
    )
    async with house.parts.database.session() as session:
        invitation = (await session.execute(select(InvitationRow))).scalar_one().id
    return {"{invitation:str}": invitation, "{address:str}": "S1", "{consortium:str}": "c-lake"}


async def state(house: House) -> object:
    """Everything that the neighbours must not change."""
    ours = ("organisation/c-lake", "organisation/d-oak", "organisation/d-elm", "organisation/v-ash")
    told = [[entry.seq for entry in house.parts.journal.read(stream)] for stream in ours]
    async with house.parts.database.session() as session:
        held = (
            await session.execute(select(Membership.person_id, Membership.organisation_id, Membership.role))
        ).all()
        people = (
            await session.execute(select(Person.id, Person.email, Person.name, Person.password_hash))
        ).all()
        going = (
            await session.execute(select(SessionRow.token_hash).where(SessionRow.revoked_at.is_(None)))
        ).scalars()
        mine = set(going)
    return told, sorted(map(tuple, held)), sorted(map(str, people)), mine


def addresses(path: str, filled: dict[str, str]) -> set[str]:
    """A route's addresses, filled with everybody that there is at the neighbours'."""
    for blank, name in filled.items():
        path = path.replace(blank, name)
    return {
        path.replace("{person:str}", person).replace("{district:str}", district)
        for person in ("p-auditor", "p-signer", "p-oak")
        for district in ("d-oak", "d-elm")
    }


@pytest.mark.parametrize("kind", OTHERS)
async def test_with_another_organisation_s_ids_no_route_changes_or_shows_anything_of_it(
    house: House, kind: str
) -> None:
    filled = await with_neighbours(house)
    guest = await visitor(house, OTHERS[kind])
    for path in ("/team", "/consortium", "/district", "/account", "/account/sessions"):
        text = (await guest.get(path)).text
        assert not [word for word in SECRETS if word in text], path
    before, letters = await state(house), len(box(house.parts).letters)
    for (method, path), act in ROUTES.items():
        if method != "POST" or act not in MANAGED:
            continue
        if path.endswith(("/invite", "/profile", "/addresses", "/join", "/end")):
            continue  # They name nobody: they are about one's own organisation.
        for address in addresses(path, filled):
            for form in FORMS:
                answer = await guest.post(address, **form)
                assert answer.status_code in (303, 403), (address, form, answer.status_code)
    for district in ("d-oak", "d-elm"):
        answer = await guest.post("/consortium/end", district=district, reason="Because.")
        assert answer.status_code in (403, 422)
    assert await state(house) == before
    assert len(box(house.parts).letters) == letters


async def test_nobody_goes_to_an_organisation_that_is_not_theirs(house: House) -> None:
    for who, wanted in (("p-far", "c-lake"), ("p-oak", "d-elm"), ("p-birch", "v-ash"), ("p-oak", "c-lake")):
        guest = await visitor(house, who)
        page = await guest.follow(await guest.post("/account/switch", organisation=wanted))
        assert "do not belong to that organization" in page


async def test_a_district_cannot_admit_itself_and_a_consortium_cannot_take_one_that_did_not_ask(
    house: House,
) -> None:
    fir, admin = await visitor(house, "p-fir"), await visitor(house, "p-admin")
    await fir.post("/district/join", consortium="c-lake")
    assert (await fir.post("/consortium/districts/d-fir", do="admit")).status_code == 403
    await admin.post("/consortium/districts/d-fir", do="decline", reason="Not yet.")
    assert "answered already" in await admin.follow(
        await admin.post("/consortium/districts/d-fir", do="admit")
    )
    assert "answered already" in await admin.follow(
        await admin.post("/consortium/districts/d-none", do="admit")
    )


async def test_an_address_that_another_district_has_is_not_there(house: House) -> None:
    await with_neighbours(house)
    elm = await visitor(house, "p-elm")
    assert "no such address" in await elm.follow(await elm.post("/district/addresses/S1", do="close"))
