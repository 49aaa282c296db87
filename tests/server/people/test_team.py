"""A team keeps itself: roles change at once, who is removed is out at once, and somebody always keeps the people."""

from __future__ import annotations

from server.hub import SESSION_OVER
from server.login import token_hash
from server.people import register
from server.tables import Membership
from tests.server.house import House, event
from tests.server.post import box, visitor


async def test_a_new_role_counts_at_once_in_a_session_that_is_open(house: House) -> None:
    admin, auditor = await visitor(house, "p-admin"), await visitor(house, "p-auditor")
    assert (await auditor.get("/import")).status_code == 403
    page = await admin.follow(await admin.post("/team/people/p-auditor", do="role", role="lead"))
    assert "Aud Auditor is now procurement lead" in page
    assert (await auditor.get("/import")).status_code == 200
    assert box(house.parts).last("role_changed").to == "p-auditor@tenderbell.example"


async def test_windows_that_were_opened_with_another_role_are_shut(house: House) -> None:
    await house.publish(event())
    window = await house.watch("p-signer")
    await window.hear("welcome")
    owner = await visitor(house, "p-ash")
    await owner.post("/team/people/p-signer", do="role", role="preparer")
    assert await window.closed() == SESSION_OVER.number


async def test_whoever_is_removed_is_out_at_once_in_pages_and_in_the_live_room(house: House) -> None:
    await house.publish(event())
    window, signer = await house.watch("p-signer"), await visitor(house, "p-signer")
    await window.hear("welcome")
    owner = await visitor(house, "p-ash")
    page = await owner.follow(await owner.post("/team/people/p-signer", do="remove"))
    assert "Sid Signer is removed" in page and "p-signer@" not in page
    assert await window.closed() == SESSION_OVER.number
    assert await signer.organisation() == ""
    assert (await signer.post("/events/1/bids", lot="L1", amount="900")).status_code in (401, 403)
    answer = await signer.sign_in("p-signer@tenderbell.example")
    assert answer.headers["location"] == "/sign-in/nowhere"
    assert box(house.parts).last("removed").context["organisation"] == "Ash Supply"


async def test_a_membership_that_is_gone_opens_nothing_even_where_the_session_was_not_ended(
    house: House,
) -> None:
    signer = await house.sign_in("p-signer")
    assert signer.token is not None and await house.parts.login.find(signer.token) is not None
    async with house.parts.database.session.begin() as session:
        await session.delete(await session.get_one(Membership, ("p-signer", "v-ash")))
    assert await house.parts.login.find(signer.token) is None
    held = token_hash(signer.token)
    assert await house.parts.login.over({held}) == {held}, (
        "open windows are shut when they are next looked at"
    )


async def test_the_last_who_keeps_the_people_can_neither_leave_nor_be_changed(house: House) -> None:
    admin = await visitor(house, "p-admin")
    for answer in (
        await admin.post("/account/leave", organisation="c-lake"),
        await admin.post("/team/people/p-admin", do="remove"),
        await admin.post("/team/people/p-admin", do="role", role="auditor"),
    ):
        assert "The last admin cannot leave" in await admin.follow(answer)
    assert await admin.organisation() == "Lake Cooperative"
    await admin.post("/team/people/p-lead", do="role", role="admin")
    assert (await admin.post("/account/leave", organisation="c-lake")).headers[
        "location"
    ] == "/sign-in?done=left"
    assert await admin.organisation() == ""


async def test_leaving_asks_which_organisation_is_meant(house: House) -> None:
    lead = await visitor(house, "p-lead")
    assert "look again" in await lead.follow(await lead.post("/account/leave", organisation="c-far"))
    assert "look again" in await lead.follow(await lead.post("/account/leave"))
    assert await lead.organisation() == "Lake Cooperative"


async def test_nobody_is_invented_and_nothing_else_is_done(house: House) -> None:
    admin = await visitor(house, "p-admin")
    assert "does not belong" in await admin.follow(await admin.post("/team/people/p-none", do="remove"))
    assert "one of admin" in await admin.follow(
        await admin.post("/team/people/p-lead", do="role", role="owner")
    )


async def test_somebody_whom_a_file_registered_later_is_part_of_the_team(house: House) -> None:
    admin = await visitor(house, "p-admin")
    await admin.post("/team/people/p-lead", do="role", role="second")
    async with house.parts.database.session.begin() as session:
        session.add(Membership(person_id="p-far", organisation_id="c-lake", role="evaluator"))
        row = await session.get_one(Membership, ("p-second", "c-lake"))
        row.role = "auditor"
    body = await register.body_of(house.parts, "c-lake")
    assert body.members["p-far"] == "evaluator" and body.members["p-second"] == "auditor"
    assert body.members["p-lead"] == "second"
    page = await admin.follow(await admin.post("/team/people/p-far", do="remove"))
    assert "Fay Far is removed" in page


async def test_what_happened_in_a_team_is_read_by_those_who_keep_it_and_by_auditors(house: House) -> None:
    admin, auditor = await visitor(house, "p-admin"), await visitor(house, "p-auditor")
    await admin.post("/team/people/p-lead", do="role", role="second")
    for reader, path in ((admin, "/team/history"), (auditor, "/consortium/history")):
        page = (await reader.get(path)).text
        assert "A member has another role." in page and "Lea Lead" in page and "Ada Admin" in page
    far = await visitor(house, "p-far")
    assert "Lea Lead" not in (await far.get("/consortium/history")).text
    owner = await visitor(house, "p-ash")
    assert (await owner.get("/consortium/history")).status_code == 403
    assert "Lea Lead" not in (await owner.get("/team/history")).text


async def test_an_invitation_is_sent_again_with_another_link(house: House) -> None:
    admin, nora = await visitor(house, "p-admin"), await visitor(house)
    await admin.post("/team/invite", email="nora@coop.example", role="lead")
    first = box(house.parts).last("invitation").path
    page = (await admin.get("/team")).text
    name = page.partition('action="/team/invitations/')[2].partition('"')[0]
    await admin.post(f"/team/invitations/{name}", do="again")
    second = box(house.parts).last("invitation").path
    assert first != second
    assert (await nora.get(first)).status_code == 410 and (await nora.get(second)).status_code == 200
