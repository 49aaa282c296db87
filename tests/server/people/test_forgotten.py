"""A forgotten password: the answer tells nobody who has an account, the link works once, for its owner, for an hour."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from server.tables import LinkRow
from tests.server.house import PASSWORD, House
from tests.server.post import box, pass_time, visitor

EMAIL = "p-ash@tenderbell.example"
PASS = "tall giraffes drum softly"
NEW = {"password": PASS, "again": PASS}


async def link(house: House, email: str = EMAIL) -> str:
    """Ask for a link, and return the path in the letter."""
    assert (await (await visitor(house)).post("/forgot", email=email)).status_code == 200
    return box(house.parts).last("reset", email).path


async def test_the_answer_is_the_same_for_an_address_that_nobody_has(house: House) -> None:
    guest = await visitor(house)
    known = await guest.post("/forgot", email=EMAIL)
    unknown = await guest.post("/forgot", email="who@tenderbell.example")
    assert known.status_code == unknown.status_code == 200
    assert known.text == unknown.text.replace("who@tenderbell.example", EMAIL)
    assert [each.to for each in box(house.parts).letters] == [EMAIL]
    async with house.parts.database.session() as session:
        made = (await session.execute(select(LinkRow.purpose))).scalars().all()
    assert sorted(made) == ["nobody", "reset"], "the work is about the same, too"


async def test_a_link_sets_the_password_and_ends_every_session(house: House) -> None:
    inside, path, ash = await visitor(house, "p-ash"), await link(house), await visitor(house)
    assert "Your new password" in (await ash.get(path)).text
    answer = await ash.post(path, **NEW)
    assert answer.headers["location"] == "/sign-in?done=reset"
    assert "Your new password is set" in (await ash.get("/sign-in?done=reset")).text
    assert await inside.organisation() == ""
    assert (await ash.sign_in(EMAIL, PASSWORD)).status_code == 403
    assert (await ash.sign_in(EMAIL, PASS)).status_code == 303
    assert box(house.parts).last("account_changed").context["what"] == "password"


async def test_a_link_used_twice_says_so(house: House) -> None:
    path, ash = await link(house), await visitor(house)
    assert (await ash.post(path, **NEW)).status_code == 303
    for answer in (await ash.get(path), await ash.post(path, password="x" * 20, again="x" * 20)):
        assert answer.status_code == 410 and "has been used already" in answer.text
    assert (await ash.sign_in(EMAIL, PASS)).status_code == 303


async def test_a_link_works_for_an_hour(house: House) -> None:
    path, ash = await link(house), await visitor(house)
    pass_time(house.parts, timedelta(minutes=59))
    assert (await ash.get(path)).status_code == 200
    pass_time(house.parts, timedelta(minutes=1))
    answer = await ash.post(path, **NEW)
    assert answer.status_code == 410 and "has expired" in answer.text


async def test_a_newer_link_ends_the_one_before(house: House) -> None:
    first, second = await link(house), await link(house)
    ash = await visitor(house)
    assert (await ash.get(first)).status_code == 410 and (await ash.get(second)).status_code == 200


async def test_somebody_else_who_is_signed_in_cannot_use_it(house: House) -> None:
    path, birch = await link(house), await visitor(house, "p-birch")
    for answer in (await birch.get(path), await birch.post(path, **NEW)):
        assert answer.status_code == 403 and "belongs to another account" in answer.text
        assert EMAIL not in answer.text and "Ash" not in answer.text
    assert (await (await visitor(house)).sign_in(EMAIL, PASSWORD)).status_code == 303


async def test_a_weak_password_leaves_the_link_open(house: House) -> None:
    path, ash = await link(house), await visitor(house)
    answer = await ash.post(path, password="password1234", again="password1234")
    assert answer.status_code == 422 and "first that others would try" in answer.text
    assert (await ash.post(path, **NEW)).status_code == 303


async def test_letters_are_not_sent_without_end(house: House) -> None:
    guest = await visitor(house)
    for _ in range(5):
        await guest.post("/forgot", email=EMAIL)
    assert (await guest.post("/forgot", email=EMAIL)).status_code == 429
    assert len(box(house.parts).letters) == 5


async def test_a_token_of_another_kind_opens_nothing(house: House) -> None:
    await (await visitor(house, "p-ash")).post("/account/email", email="new@ash.example", current=PASSWORD)
    token = box(house.parts).last("verify").path.rpartition("/")[2]
    assert (await (await visitor(house)).get(f"/reset/{token}")).status_code == 404
    token = (await link(house)).rpartition("/")[2]
    assert (await (await visitor(house)).get(f"/verify/{token}")).status_code == 404
