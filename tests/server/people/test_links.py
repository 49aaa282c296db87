"""A link is used up in one step: of two who use it at once, one is second."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from server.people import factors, links
from tests.server.house import PASSWORD, House
from tests.server.post import box, pass_time, visitor

ONE, OTHER = "tall giraffes drum softly", "seven otters knit at noon"


async def test_a_link_is_used_once_and_in_time(house: House) -> None:
    parts = house.parts
    link = await links.look(parts, await links.make(parts, "reset", "p-ash", timedelta(hours=1)), "reset")
    assert await links.use(parts, link)
    assert not await links.use(parts, link)
    late = await links.look(parts, await links.make(parts, "reset", "p-ash", timedelta(hours=1)), "reset")
    pass_time(parts, timedelta(hours=1))
    assert not await links.use(parts, late)


async def test_a_link_in_an_old_mailbox_is_worth_nothing_once_password_or_address_has_changed(
    house: House,
) -> None:
    ash, email = await visitor(house, "p-ash"), "p-ash@tenderbell.example"
    await (await visitor(house)).post("/forgot", email=email)
    first = box(house.parts).last("reset").path
    await ash.post("/account/password", current=PASSWORD, password=ONE, again=ONE)
    assert (await (await visitor(house)).get(first)).status_code == 410
    await (await visitor(house)).post("/forgot", email=email)
    second = box(house.parts).last("reset").path
    await ash.post("/account/email", email="ash@new.example", current=ONE)
    assert (await (await visitor(house)).get(second)).status_code == 200
    await ash.post(box(house.parts).last("verify").path)
    assert (await (await visitor(house)).get(second)).status_code == 410


async def test_whoever_stands_at_the_code_with_the_old_password_does_not_get_in(house: House) -> None:
    factor = await factors.begin(house.parts, "p-ash")
    codes = await factors.confirm(house.parts, factor)
    ash, eve = await visitor(house, "p-ash"), await visitor(house)
    await eve.sign_in("p-ash@tenderbell.example")
    await ash.post("/account/password", current=PASSWORD, password=ONE, again=ONE)
    assert (await eve.post("/sign-in/code", code=codes[0])).status_code == 410


async def test_of_two_who_use_a_link_at_once_one_sets_the_password(house: House) -> None:
    await (await visitor(house)).post("/forgot", email="p-ash@tenderbell.example")
    path, guests = box(house.parts).last("reset").path, [await visitor(house), await visitor(house)]
    answers = await asyncio.gather(
        *(
            guest.post(path, password=word, again=word)
            for guest, word in zip(guests, (ONE, OTHER), strict=True)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [303, 410]
    won = ONE if answers[0].status_code == 303 else OTHER
    for word, code in ((won, 303), (ONE if won == OTHER else OTHER, 403), (PASSWORD, 403)):
        assert (await (await visitor(house)).sign_in("p-ash@tenderbell.example", word)).status_code == code
