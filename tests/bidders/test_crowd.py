"""A crowd knows exactly what it sent and what each bid came to, whatever happens to its lines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bidders.crowd import Crowd, Member
from bidders.line import Manners
from tests.bidders.fake import Fake

HASTY = Manners(dead_after=0.3, ping_every=0.05, first_wait=0.01, longest_wait=0.02)
KINDS = ("steady", "cautious", "sniper", "reckless")


def crowd(fake: Fake, size: int, patience: float = 30) -> Crowd:
    """A crowd of all kinds, in a great hurry."""
    members = [
        Member(f"v{row}", f"s{row}", KINDS[row % 4], {"L1": "5.00", "L2": "8.00"}, {}) for row in range(size)
    ]
    last = timedelta(hours=9)
    return Crowd(fake.base, "7", members, 1, 0.01, last, manners=HASTY, patience=patience)


@asynccontextmanager
async def running(bidders: Crowd) -> AsyncIterator[None]:
    """The crowd at work; it is told to stop at the end, and has stopped then."""
    task = asyncio.create_task(bidders.run())
    try:
        yield
    finally:
        bidders.stop()
        await task


def counted(fake: Fake) -> dict[tuple[str, str], str]:
    """What counts at the server, as the tally writes it."""
    return {
        (f"v{session[1:]}", id): outcome["amount"]
        for session, vendor in fake.vendors.items()
        for id, outcome in vendor.outcomes.items()
        if outcome["k"] == "taken"
    }


async def test_what_the_crowd_was_told_is_what_counts_through_drops_stalls_and_losses(fake: Fake) -> None:
    fake.lots["L2"] = "open"
    bidders = crowd(fake, 8)
    async with running(bidders):
        await fake.until(lambda: len(fake.bids) > 30)
        assert bidders.drop(3) == 3
        fake.mischief.extend(["lose", "take and lose", "fact only", "4503", "slow down", "reply only"] * 3)
        await fake.until(lambda: len(fake.bids) > 60)
        bidders.stall()
        before = len(fake.hellos)
        await fake.until(lambda: len(fake.hellos) > before and len(fake.bids) > 90)
    tally = bidders.tally
    assert tally.taken == counted(fake)
    assert set(fake.taken().values()) == {1}
    assert (bidders.waiting, bidders.gaps, tally.failed) == (0, 0, 0)
    assert tally.sent == tally.accepted + tally.refused == len(tally.waits)
    assert tally.percentile(50) <= tally.percentile(99)


async def test_every_refusal_is_counted_by_its_code(fake: Fake) -> None:
    fake.mischief.append("fail")
    bidders = crowd(fake, 4)
    async with running(bidders):
        await fake.until(lambda: bidders.tally.refusals["BAD_AMOUNT"] > 2)
    assert bidders.tally.failed == 1
    codes = [
        outcome["code"]
        for vendor in fake.vendors.values()
        for outcome in vendor.outcomes.values()
        if outcome["k"] == "no"
    ]
    assert bidders.tally.refusals == {code: codes.count(code) for code in codes}


async def test_nobody_answers_a_refusal_on_a_lot_that_was_paused_meanwhile(fake: Fake) -> None:
    fake.mischief.append("pause")
    fake.ceiling = "100.005"
    bidders = crowd(fake, 1)
    async with running(bidders):
        await fake.until(lambda: len(fake.bids) == 1)
        await fake.until(lambda: bidders.tally.refused == 1)
        fake.ceiling = "100.00"
        await fake.turn("L1", "open")
        await fake.until(lambda: bidders.tally.accepted > 0)
    assert [each["code"] for each in fake.vendors["s0"].outcomes.values() if each["k"] == "no"] == [
        "OFF_TICK"
    ]


async def test_the_crowd_sees_when_all_is_over_and_how_it_stands(fake: Fake) -> None:
    bidders = crowd(fake, 3)
    assert not bidders.over()
    async with running(bidders):
        await fake.until(lambda: all(("s0", "s1", "s2")[row] in fake.vendors for row in range(3)))
        await fake.until(lambda: bidders.tally.accepted > 3)
        assert not bidders.over()
        await fake.turn("L1", "closed")
        await fake.until(bidders.over)
    standing = {(f"v{session[1:]}", "L1"): vendor.own.get("L1") for session, vendor in fake.vendors.items()}
    assert bidders.standing() == standing
    assert bidders.frames > 6


async def test_who_is_sent_away_goes_home_and_an_answer_never_given_is_missed(fake: Fake) -> None:
    fake.mischief.append("4401")
    bidders = crowd(fake, 1)
    await asyncio.wait_for(bidders.run(), 20)
    assert (bidders.tally.sent, bidders.waiting) == (1, 1)
    assert len(fake.requests) == 1


@pytest.mark.parametrize("patience", [0.0, 0.05])
async def test_a_server_that_never_answers_does_not_hold_the_crowd_for_ever(
    fake: Fake, patience: float
) -> None:
    fake.mischief.extend(["ignore"] * 1000)
    bidders = crowd(fake, 2, patience)
    async with running(bidders):
        await fake.until(lambda: bidders.tally.sent == 2)
    assert bidders.waiting == 2
