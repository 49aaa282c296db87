"""A vendor's own program never loses a bid and never places one twice."""

from __future__ import annotations

import asyncio
from random import Random

import pytest
from websockets.asyncio.server import ServerConnection

from bidders.client import Room, follow
from bidders.frames import Fail, No, Taken
from bidders.line import Ended
from tests.bidders.fake import RULES, Fake, Frame, T, running, say, taken, until


async def test_it_comes_with_its_session_from_its_own_origin_and_without_compression() -> None:
    async with running() as fake, follow(fake.base, "1", "secret", Random(1)) as room:
        assert fake.headers[0]["cookie"] == "tenderbell_session=secret"
        assert fake.headers[0]["origin"] == fake.base
        assert "sec-websocket-extensions" not in fake.headers[0]
        assert room.lots["L1"].next == "100.00"


async def test_a_bid_is_answered_and_carries_the_hash_of_the_rules() -> None:
    async with running() as fake, follow(fake.base, "1", "s", Random(1)) as room:
        answer = await room.bid("L1", "100.00")
        assert isinstance(answer, Taken)
        assert (answer.amount, answer.rank, answer.next) == ("100.00", 1, "95.00")
        assert fake.bids[0]["rules"] == RULES


async def test_a_bid_whose_answer_was_lost_is_sent_again_under_its_id_and_counts_once() -> None:
    async with running() as fake, follow(fake.base, "1", "s", Random(1)) as room:

        async def take_and_break(connection: ServerConnection, bid: Frame) -> None:
            fake.facts.append({"f": "taken", "at": T, "lot": "L1", "amount": bid["amount"], "id": bid["id"]})
            fake.on_bid = fake.take
            connection.transport.abort()

        fake.on_bid = take_and_break
        answer = await room.bid("L1", "100.00")
        assert isinstance(answer, Taken)
        assert len(fake.facts) == 1
        assert {bid["id"] for bid in fake.bids} == {answer.id}


async def test_a_bid_made_while_the_line_is_broken_is_sent_when_it_is_back() -> None:
    async with running() as fake, follow(fake.base, "1", "s", Random(1)) as room:
        room.line.drop()
        await until(lambda: not room.line.open)
        assert isinstance(await room.bid("L1", "99.00"), Taken)


async def test_a_returning_client_names_its_last_fact_and_misses_none() -> None:
    async with running() as fake, follow(fake.base, "1", "s", Random(1)) as room:
        for amount in ("100.00", "99.00"):
            await room.bid("L1", amount)
        await say(fake.connections[-1], fake.news(0))
        await until(lambda: room.last == 2)
        room.line.drop()
        await until(lambda: len(fake.hellos) == 2)
        assert fake.hellos[-1]["last"] == 2
        assert room.gaps == 0


async def test_facts_that_do_not_follow_on_are_noticed() -> None:
    async with running() as fake, follow(fake.base, "1", "s", Random(1)) as room:
        await say(
            fake.connections[-1], {"k": "news", "first": 7, "facts": [{"f": "opened", "at": T, "lot": "L1"}]}
        )
        await until(lambda: room.last == 7)
        assert room.gaps == 1


async def test_too_many_messages_only_mean_to_wait_and_send_the_same_again() -> None:
    async with running() as fake, follow(fake.base, "1", "s", Random(1)) as room:

        async def slow_down_once(connection: ServerConnection, bid: Frame) -> None:
            fake.on_bid = fake.take
            await say(
                connection, {"k": "no", "id": bid["id"], "code": "SLOW_DOWN", "message": "", "next": None}
            )

        fake.on_bid = slow_down_once
        assert isinstance(await room.bid("L1", "100.00"), Taken)
        assert len({bid["id"] for bid in fake.bids}) == 1


async def test_a_refusal_comes_with_its_reason_and_the_nearest_good_amount() -> None:
    async with running() as fake, follow(fake.base, "1", "s", Random(1)) as room:

        async def refuse(connection: ServerConnection, bid: Frame) -> None:
            no = {"k": "no", "id": bid["id"], "code": "NEEDS_CONFIRM", "message": "sure?", "next": "10.00"}
            await say(connection, no | {"confirm": {"amount": "10.00", "own": 3}})

        fake.on_bid = refuse
        answer = await room.bid("L1", "10.00")
        assert isinstance(answer, No)
        assert (answer.code, answer.next) == ("NEEDS_CONFIRM", "10.00")
        assert answer.confirm is not None
        assert answer.confirm.own == 3


async def test_what_could_not_be_recorded_is_told_as_that() -> None:
    async with running() as fake, follow(fake.base, "1", "s", Random(1)) as room:

        async def fail(connection: ServerConnection, bid: Frame) -> None:
            await say(connection, {"k": "fail", "id": bid["id"], "message": "the disk is full"})

        fake.on_bid = fail
        assert isinstance(await room.bid("L1", "100.00"), Fail)


@pytest.mark.parametrize("code", [4400, 4401, 4403, 4404])
async def test_a_line_that_was_closed_for_good_is_not_opened_again(code: int) -> None:
    async with running() as fake:
        fake.close_with = code
        with pytest.raises(Ended) as ended:
            async with follow(fake.base, "1", "s", Random(1)):
                pass
        assert ended.value.code == code
        assert len(fake.connections) == 1


async def test_a_line_on_which_nothing_is_heard_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bidders.line.DEAD_AFTER_S", 0.2)
    async with running() as fake:
        room = Room(fake.base, "1", "s", Random(1))
        task = asyncio.create_task(room.run())
        await until(lambda: len(fake.hellos) >= 2)
        task.cancel()


async def test_the_servers_clock_is_known_whatever_this_machine_thinks() -> None:
    async with running() as fake, follow(fake.base, "1", "s", Random(1)) as room:
        now = room.now()
        assert now is not None
        assert now.isoformat().startswith("2026-03-02T15:00:0")


def test_the_fake_says_a_taken_bid_as_the_server_does() -> None:
    assert taken({"id": "a", "lot": "L1", "amount": "1"}, 4)["n"] == 4
    assert Fake().news(0)["k"] == "news"
