"""An invitation is for one address, once and in time, and says no more than its reader may know."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from server.app import KNOCKS
from server.login import token_hash
from server.people import accounts
from server.tables import InvitationRow, Membership
from tests.server.house import House
from tests.server.post import box, pass_time, visitor

PASS = "tall giraffes drum softly"
NEW = {"name": "Nora North", "password": PASS, "again": PASS}
EMAIL = "nora@coop.example"


async def invite(house: House, email: str = EMAIL, role: str = "auditor", by: str = "p-admin") -> str:
    """Let somebody be invited, and return the path in the letter."""
    answer = await (await visitor(house, by)).post("/team/invite", email=email, role=role)
    assert answer.status_code == 303, answer.text
    return box(house.parts).last("invitation", email).path


async def held(house: House, person: str) -> dict[str, str]:
    """What somebody belongs to, with the roles."""
    async with house.parts.database.session() as session:
        rows = await session.execute(
            select(Membership.organisation_id, Membership.role).where(Membership.person_id == person)
        )
        return {row[0]: row[1] for row in rows}


async def test_somebody_new_chooses_a_name_and_a_password_and_is_in(house: House) -> None:
    path, nora = await invite(house), await visitor(house)
    page = (await nora.get(path)).text
    assert "Lake Cooperative invites you" in page and "auditor" in page and EMAIL in page
    answer = await nora.post(path, **NEW)
    assert (answer.status_code, answer.headers["location"]) == (303, "/today")
    assert await nora.organisation() == "Lake Cooperative"
    person = await accounts.by_email(house.parts, EMAIL)
    assert person is not None and person.name == "Nora North" and person.email_verified_at is not None
    assert await held(house, person.id) == {"c-lake": "auditor"}
    again = await visitor(house)
    assert (await again.sign_in(EMAIL, PASS)).status_code == 303
    letter = box(house.parts).last("joined")
    assert (letter.to, letter.context["person"]) == ("p-admin@tenderbell.example", "Nora North")


async def test_the_letter_s_token_is_kept_as_a_hash_alone(house: House) -> None:
    token = (await invite(house)).rpartition("/")[2]
    async with house.parts.database.session() as session:
        row = (await session.execute(select(InvitationRow))).scalar_one()
    assert row.token_hash == token_hash(token) and len(token) >= 43


async def test_an_invitation_is_accepted_once(house: House) -> None:
    path, nora = await invite(house), await visitor(house)
    assert (await nora.post(path, **NEW)).status_code == 303
    second = await visitor(house)
    for answer in (await second.get(path), await second.post(path, **NEW)):
        assert answer.status_code == 410 and "accepted already" in answer.text


async def test_every_fault_stands_beside_its_field_and_what_was_written_stays(house: House) -> None:
    path, nora = await invite(house), await visitor(house)
    answer = await nora.post(path, name="", password="password1234", again="other")
    assert answer.status_code == 422
    assert "Your name is missing" in answer.text and "first that others would try" in answer.text
    answer = await nora.post(path, name="Nora", password=PASS, again="other")
    assert (
        "same password once more" in answer.text and 'value="Nora"' in answer.text and PASS not in answer.text
    )
    assert await accounts.by_email(house.parts, EMAIL) is None


async def test_an_invitation_that_expired_or_was_withdrawn_says_so(house: House) -> None:
    first = await invite(house)
    pass_time(house.parts, timedelta(days=7))
    nora = await visitor(house)
    assert "has expired" in (await nora.get(first)).text
    second, admin = await invite(house), await visitor(house, "p-admin")
    async with house.parts.database.session() as session:
        rows = (await session.execute(select(InvitationRow).where(InvitationRow.state == "open"))).scalars()
        name = max(rows, key=lambda each: each.created_at).id
    assert "withdrawn" in await admin.follow(await admin.post(f"/team/invitations/{name}", do="withdraw"))
    assert "was withdrawn" in (await nora.get(second)).text
    assert (await nora.post(second, **NEW)).status_code == 410


async def test_a_second_letter_to_the_same_address_ends_the_first(house: House) -> None:
    first, second = await invite(house), await invite(house)
    nora = await visitor(house)
    assert (await nora.get(first)).status_code == 410
    assert (await nora.get(second)).status_code == 200


async def test_somebody_with_an_account_signs_in_and_belongs_to_both(house: House) -> None:
    path, oak = await invite(house, "p-oak@tenderbell.example"), await visitor(house)
    page = (await oak.get(path)).text
    assert "belongs to an account" in page and "Olga" not in page and "Oak District" not in page
    assert 'type="password"' not in page and "p-oak@" not in page
    refused = await oak.post(path, **NEW)
    assert refused.status_code == 200 and "Sign in to accept" in refused.text
    answer = await oak.sign_in("p-oak@tenderbell.example", next=path)
    assert answer.headers["location"] == path
    assert "Accept the invitation" in (await oak.get(path)).text
    assert (await oak.post(path)).status_code == 303
    assert await oak.organisation() == "Lake Cooperative"
    assert await held(house, "p-oak") == {"c-lake": "auditor", "d-oak": "buyer"}
    assert "Oak District" in (await oak.get("/account")).text
    await oak.post("/account/switch", organisation="d-oak")
    assert await oak.organisation() == "Oak District"


async def test_whoever_is_signed_in_with_another_account_cannot_take_it(house: House) -> None:
    path = await invite(house)
    for who, email in (("p-elm", EMAIL), ("p-elm", "p-oak@tenderbell.example")):
        path, elm = await invite(house, email), await visitor(house, who)
        page = (await elm.get(path)).text
        assert "signed in with another account" in page and email not in page
        answer = await elm.post(path, **NEW)
        assert answer.status_code == 200 and "another account" in answer.text
    assert await held(house, "p-elm") == {"d-elm": "buyer"}
    assert await accounts.by_email(house.parts, EMAIL) is None


async def test_who_belongs_already_is_not_invited_again(house: House) -> None:
    admin = await visitor(house, "p-admin")
    answer = await admin.post("/team/invite", email=" P-LEAD@tenderbell.example ", role="auditor")
    assert answer.status_code == 422 and "belongs to this organization already" in answer.text


@pytest.mark.parametrize(
    "email", ["", "nobody", "a@b", "a b@c.example", "a@b.example, c@d.example", "<a@b.example>"]
)
async def test_a_letter_goes_to_one_address_that_is_one(house: House, email: str) -> None:
    admin = await visitor(house, "p-admin")
    answer = await admin.post("/team/invite", email=email, role="auditor")
    assert answer.status_code == 422 and "must be an e-mail address" in answer.text
    assert box(house.parts).letters == []


async def test_an_organisation_does_not_send_letters_without_end(house: House) -> None:
    admin = await visitor(house, "p-admin")
    for _ in range(KNOCKS):
        house.parts.knocks.failed("letters of c-lake", house.parts.now())
    answer = await admin.post("/team/invite", email=EMAIL, role="auditor")
    assert answer.status_code == 422 and "Many letters were sent just now" in answer.text
    owner = await visitor(house, "p-ash")
    assert (await owner.post("/team/invite", email=EMAIL, role="signer")).status_code == 303


async def test_a_role_of_another_kind_of_organisation_cannot_be_given(house: House) -> None:
    owner = await visitor(house, "p-ash")
    answer = await owner.post("/team/invite", email=EMAIL, role="admin")
    assert answer.status_code == 422 and "chosen from the list" in answer.text


async def test_guessing_invitations_is_slowed_down(house: House) -> None:
    guesser = await visitor(house)
    for at in range(KNOCKS):
        kind = ("invitations", "reset", "verify")[at % 3]
        assert (await guesser.get(f"/{kind}/guess")).status_code == 404
    path = await invite(house)
    assert (await guesser.get(path)).status_code == 429


async def test_who_left_everything_can_still_accept_an_invitation(house: House) -> None:
    oak = await visitor(house, "p-oak")
    await (await visitor(house, "p-oak")).post("/team/invite", email="p-elm@tenderbell.example", role="buyer")
    elm = await visitor(house, "p-elm")
    await elm.post(box(house.parts).last("invitation").path)
    assert (await oak.post("/account/leave", organisation="d-oak")).headers["location"].startswith("/sign-in")
    path, back = await invite(house, "p-oak@tenderbell.example"), await visitor(house)
    assert (await back.sign_in("p-oak@tenderbell.example")).headers["location"] == "/sign-in/nowhere"
    assert "belong to no organization" in (await back.get("/sign-in/nowhere")).text
    assert (await back.post(path)).status_code == 303
    assert await back.organisation() == "Lake Cooperative"


async def test_the_journal_names_nobody(house: House) -> None:
    path, nora = await invite(house), await visitor(house)
    await nora.post(path, **NEW)
    entries = b"".join(entry.body for entry in house.parts.journal.read("organisation/c-lake"))
    assert b"organisation.person_joined" in entries
    for word in (b"Nora", b"nora", b"coop.example", b"Lea Lead", b"tenderbell.example"):
        assert word not in entries


async def test_two_who_press_accept_at_once_make_one_member(house: House) -> None:
    path, nora = await invite(house), await visitor(house)
    other = await visitor(house)
    answers = await asyncio.gather(nora.post(path, **NEW), other.post(path, **NEW))
    assert sorted(answer.status_code for answer in answers)[0] == 303
    assert sorted(answer.status_code for answer in answers)[1] in (410, 422)
    person = await accounts.by_email(house.parts, EMAIL)
    assert person is not None and await held(house, person.id) == {"c-lake": "auditor"}
