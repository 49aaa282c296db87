"""Drafts of line schedules: each save has its revision, no colleague's line is lost, and sums follow the lot's lines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from auction.terms.entries import Entry
from auction.terms.schedule import LotLine
from server.database import Database, prepare
from server.schedule_drafts import Key, ScheduleDrafts, Wish
from server.tables import Organisation

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
KEY, OTHER = Key("1", "v-ash", "L1"), Key("1", "v-birch", "L1")
LINES = (LotLine("A", "10"), LotLine("B", "5", no_bid=True), LotLine("C", "2"))


@pytest.fixture
async def drafts(tmp_path: Path) -> AsyncIterator[ScheduleDrafts]:
    """Drafts of two vendors, in a database of their own."""
    vendors = [Organisation(id=each, kind="vendor", name=each, detail={}) for each in ("v-ash", "v-birch")]
    prepare(tmp_path / "house.db", lambda n: bytes(n), lambda session: session.add_all(vendors))
    database = Database(tmp_path / "house.db")
    yield ScheduleDrafts(database)
    await database.close()


def wish(line: str, price: str, seen: int = 0) -> Wish:
    return Wish(line, Entry(unit_price=price), seen)


async def test_a_draft_is_summed_up_by_its_lines(drafts: ScheduleDrafts) -> None:
    nothing = await drafts.sum(KEY, LINES)
    assert (nothing.open, nothing.revision, nothing.saved_at) == (3, 0, None)
    wishes = [wish("A", "1.5"), Wish("B", Entry(no_bid=True), 0), wish("C", "x"), wish("Z", "1")]
    saved = await drafts.save(KEY, LINES, wishes, "p", NOW)
    assert saved.lines == ("A", "B", "C") and saved.revision == 1
    told = await drafts.sum(KEY, LINES)
    assert (told.priced, told.no_bids, told.faulty, told.open) == (1, 1, 1, 0)
    assert told.worth == 15 * 10**12


async def test_sums_follow_when_the_lots_lines_change(drafts: ScheduleDrafts) -> None:
    await drafts.save(KEY, LINES, [wish("A", "1"), wish("C", "3")], "p", NOW)
    fewer = (msgspec.structs.replace(LINES[0], quantity="20"), LINES[1], LotLine("D", "1"))
    told = await drafts.sum(KEY, fewer)
    assert (told.priced, told.open, told.worth) == (1, 2, 20 * 10**12)
    assert (await drafts.sum(KEY, LINES)).worth == 16 * 10**12


async def test_a_line_that_changed_since_it_was_seen_is_left_and_told(drafts: ScheduleDrafts) -> None:
    first = await drafts.save(KEY, LINES, [wish("A", "1")], "p-one", NOW)
    late = await drafts.save(KEY, LINES, [wish("A", "2"), wish("C", "3")], "p-two", NOW)
    assert late.lines == ("C",) and [each.saved_by for each in late.conflicts] == ["p-one"]
    same = await drafts.save(KEY, LINES, [wish("A", "1")], "p-two", NOW)
    assert not same.lines and not same.conflicts
    knowing = await drafts.save(KEY, LINES, [wish("A", "2", first.revision)], "p-two", NOW)
    assert knowing.lines == ("A",)
    assert [each.line for each in await drafts.since(KEY, late.revision)] == ["A"]


async def test_of_many_saves_at_once_each_line_keeps_the_first_and_every_other_is_told(
    drafts: ScheduleDrafts,
) -> None:
    saves = [drafts.save(KEY, LINES, [wish("A", str(n + 1))], f"p-{n}", NOW) for n in range(12)]
    told = await asyncio.gather(*saves)
    assert sum(bool(each.lines) for each in told) == 1
    assert sum(bool(each.conflicts) for each in told) == 11
    assert sorted(each.revision for each in told) == list(range(1, 13))


async def test_a_vendors_draft_is_its_own(drafts: ScheduleDrafts) -> None:
    await drafts.save(KEY, LINES, [wish("A", "1")], "p", NOW)
    assert not await drafts.lines(OTHER) and (await drafts.sum(OTHER, LINES)).open == 3
    assert await drafts.started("v-birch", ["1"]) == {}
    assert await drafts.started("v-ash", ["1", "2"]) == {("1", "L1"): 1}
    await drafts.drop(KEY)
    assert not await drafts.lines(KEY)
