"""Today: each role begins with what it has to do, the most pressing first."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from server import drafting
from server.tasks import Task, in_order, urgency
from tests.server.house import OWNER, House, event, opened

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with opened(tmp_path) as running:
        await running.publish(event())
        await drafting.keep(running.parts, event(), "p-lead", OWNER)
        yield running


async def told(house: House, who: str) -> str:
    return (await (await house.sign_in(who)).get("/today")).text


async def test_a_lead_is_told_of_a_draft_and_of_a_live_room(house: House) -> None:
    text = await told(house, "p-lead")
    assert "Finish the draft 2026-001" in text and 'href="/events/2/console"' in text
    assert "Paper and pens is live" in text


async def test_an_admitted_vendor_is_sent_to_its_room_and_a_stranger_is_not(house: House) -> None:
    assert 'href="/events/1/room"' in await told(house, "v-ash")
    assert 'href="/events/1/room"' not in await told(house, "v-stranger")


async def test_another_consortium_learns_nothing(house: House) -> None:
    text = await told(house, "p-far")
    assert "2026-001" not in text and "Paper and pens" not in text


async def test_a_closed_lot_that_was_won_waits_for_its_award(house: House) -> None:
    await (await house.watch("v-ash")).bid("L1", "900")
    await house.end()
    assert "Award 1 of 2 lots" in await told(house, "p-lead")


async def test_whoever_has_nothing_to_do_is_told_so(house: House) -> None:
    assert "Nothing waits for you" in await told(house, "p-evaluator")


def task(name: str, due: datetime | None) -> Task:
    return Task(title=name, words="", href="/", action="Go", due=due)


@pytest.mark.parametrize(
    ("due", "how"),
    [
        (None, "plain"),
        (NOW - timedelta(seconds=1), "late"),
        (NOW, "soon"),
        (NOW + timedelta(days=2), "soon"),
        (NOW + timedelta(days=2, seconds=1), "plain"),
    ],
)
def test_what_is_late_and_what_is_soon(due: datetime | None, how: str) -> None:
    assert urgency(task("x", due), NOW) == how


def test_the_most_pressing_comes_first_and_what_has_no_time_last() -> None:
    given = [task("none", None), task("late", NOW), task("early", NOW - timedelta(days=1))]
    assert [each.title for each in in_order(given)] == ["early", "late", "none"]
