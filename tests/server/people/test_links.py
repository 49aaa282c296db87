"""A link is used up in one step: of two who use it at once, one is second."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from server.people import links
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
