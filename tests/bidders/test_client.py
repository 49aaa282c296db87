"""The client loses no bid and doubles none, whatever happens to its line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from http import HTTPStatus
from random import Random
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import InvalidURI

from bidders.client import Confirm, Ended, Fail, Manners, No, Room, Taken, follow
from tests.bidders.fake import AT, RULES, Fake, say

HASTY = Manners(dead_after=0.3, ping_every=0.05, first_wait=0.01, longest_wait=0.02)


@asynccontextmanager
async def followed(fake: Fake, manners: Manners = HASTY) -> AsyncIterator[Room]:
    """A room as a client of the vendor `cedar` follows it."""
    async with follow(fake.base, "7", "cedar", Random(1), manners) as room:
        yield room


async def bid(room: Room, amount: str = "90.00", confirm: Confirm | None = None) -> Any:
    return await room.bid("L1", amount, confirm, None)


def ids(fake: Fake) -> set[str]:
    return {each["id"] for each in fake.bids}


# --- bids that count once ----------------------------------------------------------------------------------------------------


async def test_a_bid_is_answered(fake: Fake) -> None:
    async with followed(fake) as room:
        taken, refused = await bid(room), await bid(room, "95.00")
    assert isinstance(taken, Taken) and (taken.amount, taken.next, taken.rank) == ("90.00", "89.09", 2)
    assert isinstance(refused, No) and (refused.code, refused.next) == ("DECREMENT", "89.09")
    assert [each["rules"] for each in fake.bids] == [RULES, RULES]


async def test_a_bid_that_was_taken_while_the_line_broke_counts_once(fake: Fake) -> None:
    fake.mischief.extend(["take and lose"] * 2)
    async with followed(fake) as room:
        answer = await bid(room)
        assert isinstance(answer, Taken) and (answer.n, answer.amount) == (1, "90.00")
        assert isinstance(await bid(room, "80.00"), Taken)
        assert (room.waiting, room.gaps, room.lots["L1"].own) == (0, 0, "80.00")
    assert len(ids(fake)) == 2 and len(fake.hellos) == 3
    assert list(fake.taken().values()) == [1, 1]


@pytest.mark.parametrize("how", ["lose", "slow down", "ignore"])
async def test_a_bid_without_an_answer_is_sent_again_under_its_id_and_counts_once(
    fake: Fake, how: str
) -> None:
    fake.mischief.extend([how, how, "reply only"])
    async with followed(fake) as room:
        asking = asyncio.create_task(bid(room))
        # Where the fact is heard first after the break, the bid needs not be sent a second time.
        for number in (1,) if how == "take and lose" else (1, 2):
            await fake.until(lambda number=number: len(fake.bids) >= number)
            if how == "ignore":
                room.line.drop()
        answer = await asking
        assert isinstance(answer, Taken) and answer.amount == "90.00"
        assert room.waiting == 0 and room.gaps == 0
    assert ids(fake) == {answer.id} and len(fake.bids) >= (1 if how == "take and lose" else 2)
    assert list(fake.taken().values()) == [1]
    assert all(each == fake.bids[0] for each in fake.bids)


@pytest.mark.parametrize("how", ["fact only", "reply only", "reply first", ""])
async def test_a_reply_and_a_fact_are_one_answer_in_whatever_order(fake: Fake, how: str) -> None:
    fake.mischief.append(how)
    async with followed(fake) as room:
        first, second = await bid(room), await bid(room, "80.00")
        assert (first.n, first.amount, first.next) == (1, "90.00", "89.09")
        assert (second.n, second.amount) == (3, "80.00")
    assert list(fake.taken().values()) == [1, 1]


@pytest.mark.parametrize("how", ["fact only", "reply only", "take and lose"])
async def test_a_large_step_can_be_confirmed_however_its_refusal_was_heard(fake: Fake, how: str) -> None:
    async with followed(fake) as room:
        await bid(room)
        fake.mischief.append(how)
        asked = await bid(room, "50.00")
        assert asked.code == "NEEDS_CONFIRM" and asked.confirm is not None
        assert (asked.confirm.amount, bool(asked.confirm.own)) == ("50.00", True)
        assert isinstance(await bid(room, "50.00", asked.confirm), Taken)
    assert len(ids(fake)) == 3


async def test_a_refusal_found_after_a_break_is_the_answer(fake: Fake) -> None:
    fake.mischief.append("take and lose")
    async with followed(fake) as room:
        answer = await bid(room, "100.01")
    assert isinstance(answer, No) and (answer.code, answer.next) == ("DECREMENT", "100.00")


async def test_many_bids_under_way_survive_a_break(fake: Fake) -> None:
    fake.mischief.extend(["ignore"] * 5)
    async with followed(fake) as room:
        asking = [asyncio.create_task(room.bid("L1", f"{90 - row}.00", id=f"b{row}")) for row in range(5)]
        await fake.until(lambda: len(fake.bids) == 5)
        room.line.drop()
        answers = await asyncio.gather(*asking)
    assert [(each.id, each.amount) for each in answers if isinstance(each, Taken)] == [
        (f"b{row}", f"{90 - row}.00") for row in range(5)
    ]


async def test_a_bid_made_while_the_line_is_broken_is_sent_once_it_is_back(fake: Fake) -> None:
    async with followed(fake) as room:
        fake.turn_away = HTTPStatus.SERVICE_UNAVAILABLE
        room.line.drop()
        await fake.until(lambda: len(fake.requests) > 2)
        asking = asyncio.create_task(bid(room))
        await fake.until(lambda: len(fake.requests) > 4)
        assert not fake.bids and room.waiting == 1 and not room.line.open
        fake.turn_away = None
        assert isinstance(await asking, Taken)
    assert len(fake.bids) == 1


async def test_what_could_not_be_recorded_is_said(fake: Fake) -> None:
    fake.mischief.append("fail")
    async with followed(fake) as room:
        assert isinstance(await bid(room), Fail)


async def test_a_bid_that_nobody_waits_for_any_more_is_not_sent_again(fake: Fake) -> None:
    fake.mischief.append("lose")
    async with followed(fake) as room:
        fake.turn_away = HTTPStatus.SERVICE_UNAVAILABLE
        asking = asyncio.create_task(bid(room))
        await fake.until(lambda: len(fake.requests) > 2)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        fake.turn_away = None
        assert isinstance(await bid(room, "89.00"), Taken)
    assert [each["amount"] for each in fake.bids] == ["90.00", "89.00"]


async def test_the_same_id_may_be_asked_again_by_whoever_stopped_waiting(fake: Fake) -> None:
    fake.mischief.append("ignore")
    async with followed(fake) as room:
        asking = asyncio.create_task(room.bid("L1", "90.00", id="mine"))
        await fake.until(lambda: len(fake.bids) == 1)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        assert isinstance(await room.bid("L1", "90.00", id="mine"), Taken)


async def test_an_id_is_neither_empty_nor_too_long_nor_waiting(fake: Fake) -> None:
    fake.mischief.append("ignore")
    async with followed(fake) as room:
        asking = asyncio.create_task(room.bid("L1", "90.00", id="mine"))
        await fake.until(lambda: len(fake.bids) == 1)
        for name in ("", "x" * 65, "mine"):
            with pytest.raises(ValueError, match="an id of its own"):
                await room.bid("L1", "90.00", id=name)
        room.line.drop()
        assert isinstance(await asking, Taken)


async def test_a_bid_made_before_the_welcome_waits_for_the_rules(fake: Fake) -> None:
    room = Room(fake.base, "7", "cedar", Random(1), HASTY)
    asking = asyncio.create_task(bid(room))
    running = asyncio.create_task(room.run())
    assert isinstance(await asking, Taken)
    running.cancel()
    assert fake.bids[0]["rules"] == RULES


# --- coming back -------------------------------------------------------------------------------------------------------------


async def test_a_line_is_opened_as_the_server_asks(fake: Fake) -> None:
    async with follow(f"{fake.base}/", "7", "cedar", Random(1), HASTY):
        pass
    request = fake.requests[0]
    assert request.path == "/events/7/socket?as=vendor"
    assert request.headers["Origin"] == fake.base
    assert request.headers["Cookie"] == "tenderbell_session=cedar"
    assert "Sec-WebSocket-Extensions" not in request.headers


async def test_who_returns_names_the_last_fact_and_misses_none(fake: Fake) -> None:
    async with followed(fake) as room:
        await bid(room)
        await bid(room, "80.00")
        room.line.drop()
        await fake.until(lambda: len(fake.hellos) == 2)
        fake.mischief.append("take and lose")
        await bid(room, "70.00")
        assert (room.last, room.gaps) == (6, 0)
    assert fake.hellos == [0, 4, 4]


async def test_a_missing_fact_is_counted(fake: Fake) -> None:
    async with followed(fake) as room:
        await say(
            next(iter(fake.vendors["cedar"].lines)), k="news", first=5, facts=[{"f": "opened", "at": AT}]
        )
        while not room.gaps:
            await room.changed()
        assert (room.last, room.gaps) == (5, 1)


@pytest.mark.parametrize("code", [4408, 4413, 4429, 4503, 1011, 1001])
async def test_a_passing_trouble_is_waited_out(fake: Fake, code: int) -> None:
    fake.mischief.append(str(code))
    async with followed(fake) as room:
        assert isinstance(await bid(room), Taken)
    assert len(fake.bids) == 2 and len(fake.requests) == 2


@pytest.mark.parametrize("code", [4400, 4401, 4403, 4404])
async def test_a_final_code_ends_every_wait_and_nobody_comes_back(fake: Fake, code: int) -> None:
    async with followed(fake) as room:
        fake.mischief.append(str(code))
        looking = asyncio.create_task(room.changed())
        for waiting in (bid(room), looking, bid(room, "80.00"), room.changed()):
            with pytest.raises(Ended) as ended:
                await waiting
            assert ended.value.code == code
        assert room.ended is ended.value and not room.line.open
        assert room.waiting == 1
    assert len(fake.requests) == 1


@pytest.mark.parametrize("status", [HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.BAD_GATEWAY])
async def test_a_server_that_is_not_ready_is_asked_again(fake: Fake, status: HTTPStatus) -> None:
    fake.turn_away = status
    following = asyncio.create_task(enter(fake))
    await fake.until(lambda: len(fake.requests) == 3)
    fake.turn_away = None
    await following


async def enter(fake: Fake) -> None:
    async with followed(fake):
        pass


async def test_a_wrong_origin_is_said_and_not_tried_for_ever(fake: Fake) -> None:
    fake.turn_away = HTTPStatus.FORBIDDEN
    with pytest.raises(Ended, match="the server answered 403"):
        await enter(fake)


async def test_a_room_that_is_not_there_is_said(fake: Fake) -> None:
    fake.greet = closing(4404)
    with pytest.raises(Ended, match="4404"):
        await enter(fake)


def closing(code: int) -> Callable[[ServerConnection], Awaitable[None]]:
    return lambda line: line.close(code)


def test_an_address_that_is_none_is_refused_at_once() -> None:
    with pytest.raises(InvalidURI):
        Room("bids.example", "7", "cedar", Random(1))


async def test_silence_is_noticed(fake: Fake) -> None:
    async def nothing(line: ServerConnection) -> None:
        await say(line, k="welcome", rules=RULES, last=0)

    fake.greet = nothing
    fake.mischief.append("ignore")
    quiet = Manners(dead_after=0.2, ping_every=60, first_wait=0.01)
    async with followed(fake, quiet) as room:
        assert len(fake.hellos) == 2
        assert isinstance(await bid(room), Taken)
    assert len(fake.hellos) >= 3


async def test_a_quiet_room_is_kept_alive_by_asking(fake: Fake) -> None:
    async with followed(fake):
        await fake.until(lambda: fake.pings >= 12)
    assert len(fake.hellos) == 1


async def test_frames_that_are_not_understood_are_passed_over(fake: Fake) -> None:
    async with followed(fake) as room:
        line = next(iter(fake.vendors["cedar"].lines))
        await say(line, k="fireworks", colour="red")
        await say(line, k="news", board=[{"id": 7}])
        await line.send("{")
        await say(line, k="no", id=None, code="BAD_COMMAND", message="What?", next=None)
        await say(line, k="taken", id="stranger", n=1, lot="L1", amount="1.00", closes=AT, next=None)
        assert isinstance(await bid(room), Taken)
    assert len(fake.hellos) == 1


# --- what is known -----------------------------------------------------------------------------------------------------------


async def test_the_lots_are_known_when_the_room_is_entered_and_follow_the_news(fake: Fake) -> None:
    async with followed(fake) as room:
        lot = room.lots["L1"]
        assert (lot.status, lot.own, lot.next, lot.mine, lot.over) == ("open", None, "100.00", True, False)
        await bid(room)
        assert (lot.own, lot.next) == ("90.00", "89.09")
        await fake.turn("L1", "closed")
        while not lot.over:
            await room.changed()


async def test_news_that_came_while_one_was_busy_is_not_missed(fake: Fake) -> None:
    async with followed(fake) as room:
        seen, first, second = room.heard, asyncio.create_task(room.changed()), room.changed(room.heard)
        await bid(room)
        assert await room.changed(seen) == await first == await second == room.heard > seen


async def test_the_servers_time_is_known_however_wrong_the_own_clock_is(fake: Fake) -> None:
    said = datetime.fromisoformat(AT)
    async with followed(fake) as room:
        now = room.now()
        assert now is not None and now >= said and now.date() == said.date()
        later = room.now()
        assert later is not None and later >= now


async def test_ids_come_from_the_chance_that_is_handed_in(fake: Fake) -> None:
    async with followed(fake) as room:
        first = (await bid(room)).id
    assert first == f"{Random(1).getrandbits(96):024x}"
