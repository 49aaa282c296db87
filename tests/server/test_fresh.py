"""What is held of the database is never older than the last commit, whoever made it, nor than a second."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest_asyncio
from sqlalchemy import event as listening

from auction.demand.organisation import ChangeRole
from server.fresh import Fresh
from server.people import register
from tests.server.demand.needy import PAPER, call, catalog, line, state
from tests.server.house import House, opened


class Told:
    """A version and a clock that a test sets, and a reading that counts how often it was asked."""

    def __init__(self) -> None:
        self.version, self.now, self.asked = 1, datetime(2026, 3, 2, tzinfo=UTC), 0
        self.fresh = Fresh(lambda: self.version, lambda: self.now, most=3)

    async def take(self, key: object = "a") -> int:
        """Take what is held, or read it."""
        return await self.fresh.take(key, self.read)

    async def read(self) -> int:
        """Say how often this was asked."""
        self.asked += 1
        return self.asked


async def test_what_was_read_is_held_until_something_is_committed() -> None:
    told = Told()
    assert [await told.take(), await told.take()] == [1, 1]
    told.version = 2
    assert [await told.take(), await told.take()] == [2, 2]


async def test_nothing_is_held_into_the_next_second() -> None:
    told = Told()
    await told.take()
    told.now += timedelta(seconds=0.9)
    assert await told.take() == 1
    told.now += timedelta(seconds=0.1)
    assert await told.take() == 2


async def test_what_was_read_while_something_was_committed_is_not_held_on() -> None:
    told = Told()

    async def slow() -> str:
        told.version = 2
        await told.take("other")
        return "old"

    assert await told.fresh.take("a", slow) == "old"
    assert await told.take("a") == 2


async def test_those_who_ask_at_once_wait_for_one_reading() -> None:
    told, going = Told(), asyncio.Event()

    async def slow() -> int:
        await going.wait()
        return await told.read()

    asking = [asyncio.create_task(told.fresh.take("a", slow)) for _ in range(20)]
    await asyncio.sleep(0)
    asking[0].cancel()
    going.set()
    assert await asyncio.gather(*asking[1:]) == [1] * 19 and told.asked == 1


async def test_a_reading_that_failed_is_told_to_all_who_wait_and_tried_again() -> None:
    told, going = Told(), asyncio.Event()

    async def fails() -> int:
        await going.wait()
        raise ValueError

    asking = [asyncio.create_task(told.fresh.take("a", fails)) for _ in range(3)]
    going.set()
    found = await asyncio.gather(*asking, return_exceptions=True)
    assert [type(each) for each in found] == [ValueError] * 3
    assert await told.take("a") == 1


async def test_so_many_things_are_held_and_no_more() -> None:
    told = Told()
    for key in range(10):
        await told.take(key)
        assert len(told.fresh._held) <= 3


# --- in a house ----------------------------------------------------------------------------------------------------------


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A house with a catalog and a call."""
    async with opened(tmp_path) as running:
        await catalog(running)
        yield running


async def test_the_version_changes_with_each_commit_of_ours_and_of_another_process(house: House) -> None:
    database = house.parts.database
    before = database.version()
    with sqlite3.connect(house.parts.settings.database, timeout=30) as other:
        other.execute("UPDATE person SET name = 'Olive Oak' WHERE id = 'p-oak'")
    assert database.version() != before


async def test_what_another_process_changed_counts_in_the_next_answer(house: House) -> None:
    oak = await house.sign_in("p-oak")
    assert "Olga Oak" in (await oak.get("/today")).text
    with sqlite3.connect(house.parts.settings.database, timeout=30) as other:
        other.execute("UPDATE person SET name = 'Olive Oak' WHERE id = 'p-oak'")
    assert "Olive Oak" in (await oak.get("/today")).text
    with sqlite3.connect(house.parts.settings.database, timeout=30) as other:
        other.execute(
            "UPDATE session SET revoked_at = '2026-01-01 00:00:00.000000' WHERE person_id = 'p-oak'"
        )
    assert (await oak.get("/today")).status_code == 303


async def test_a_session_ends_and_a_role_changes_in_the_very_next_answer(house: House) -> None:
    lead, login = await house.sign_in("p-lead"), house.parts.login
    session = (await login.find(lead.token)).session  # type: ignore[union-attr]
    assert (await lead.get("/calls")).status_code == 200
    wish = ChangeRole(by="p-admin", person="p-lead", role="evaluator")
    await register.tell(house.parts, "c-lake", wish)
    assert (await lead.get("/calls")).status_code == 403
    await login.end(session)
    assert await login.alive(session) is None
    assert (await lead.get("/calls")).status_code == 303


async def test_a_need_that_was_stated_stands_on_the_very_next_page(house: House) -> None:
    terms = await call(house)
    oak = await house.sign_in("p-oak")
    for quantity in ("11", "12", "13"):
        await oak.get("/needs/1")
        await state(house, terms, "d-oak", line(PAPER, quantity))
        assert f">{quantity}<" in (await oak.get("/needs/1")).text


async def test_a_page_that_is_asked_for_again_reads_nothing_while_nothing_changes(house: House) -> None:
    terms, asked = await call(house), list[str]()
    await state(house, terms, "d-oak", line(PAPER, "11"))
    oak = await house.sign_in("p-oak")
    engine = house.parts.database._reading
    listening.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    rounds = []
    for _ in range(20):
        asked.clear()
        assert (await oak.get("/needs/1")).status_code == 200
        rounds.append(len(asked))
    assert rounds.count(0) >= 10 and rounds[0] > 0


async def test_one_reader_s_page_is_never_shown_to_another(house: House) -> None:
    terms = await call(house)
    await state(house, terms, "d-oak", line(PAPER, "77"))
    oak, elm = await house.sign_in("p-oak"), await house.sign_in("p-elm")
    for _ in range(3):
        assert ">77<" in (await oak.get("/needs/1")).text
        assert ">77<" not in (await elm.get("/needs/1")).text
