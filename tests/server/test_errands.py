"""Errands and lists: what follows is carried out once, again after a crash without harm, and lists are always made anew."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from auction.live.room import Cancel
from server import drafting, errands
from server.errands import KEY
from server.tables import EventRow, Meta
from tests.server.house import LONG, House, event, prepared

REASON = "Lowest price."
ROWS = (EventRow,)
"""The lists that errands keep."""


async def rows(house: House) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every read model."""
    found = {}
    async with house.parts.database.session() as session:
        for table in ROWS:
            made = (await session.execute(select(table.__table__))).all()
            found[table.__tablename__] = sorted(map(tuple, made), key=str)
    return found


async def award(house: House, lot: str, vendor: str) -> None:
    await drafting.award(house.parts, "1", lot, vendor, REASON, "p-lead", "p-second")


async def forget(house: House) -> None:
    """Forget how far errands have come, and lose every list."""
    async with house.parts.database.session.begin() as session:
        for table in ROWS:
            await session.execute(delete(table))
        await session.execute(delete(Meta).where(Meta.key == KEY))


async def status(house: House) -> str:
    async with house.parts.database.session() as session:
        return (await session.get_one(EventRow, "1")).status


async def test_an_event_s_list_follows_it_from_draft_to_award(tmp_path: Path) -> None:
    async with prepared(tmp_path / "house.db") as house:
        await house.publish(event(), opens=LONG, length=LONG, wait=False)
        assert await status(house) == "published"
    async with prepared(tmp_path / "other.db") as house:
        await house.publish(event())
        await house.end()
        assert await status(house) == "closed"


async def test_lists_made_anew_are_the_lists_that_were_kept_up(house: House) -> None:
    await house.publish(event())
    ash, birch = await house.watch("v-ash"), await house.watch("v-birch")
    await ash.bid("L1", "900.55")
    await birch.bid("L2", "800")
    await house.end()
    await award(house, "L1", "v-ash")
    await award(house, "L2", "v-birch")
    kept = await rows(house)
    assert await status(house) == "awarded"
    await forget(house)
    await house.parts.read_models.rebuild(house.parts.journal.streams("tender/"))
    assert await rows(house) == kept
    await house.parts.read_models.refresh("1")
    assert await rows(house) == kept


async def test_errands_run_again_after_a_crash_change_nothing(tmp_path: Path) -> None:
    async with prepared(tmp_path / "house.db") as house:
        await house.publish(event())
        await house.parts.desk.submit("room/1", Cancel(by="p-lead", reason="Over."), house.parts.now())
        await house.parts.errands.settled()
        kept, entries = await rows(house), house.parts.journal.since(0)
        assert await status(house) == "cancelled"
        await forget(house)
    async with prepared(tmp_path / "house.db") as house:
        assert await rows(house) == kept
        assert house.parts.journal.since(0) == entries


async def test_an_errand_that_a_crash_cut_short_is_carried_out_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with prepared(tmp_path / "house.db") as house:
        monkeypatch.setattr(errands.Errands, "_carry_out", lambda *_: asyncio.sleep(0))
        await house.publish(event(), opens=LONG, length=LONG, wait=False)
        assert house.room().rules is None
    monkeypatch.undo()
    async with prepared(tmp_path / "house.db") as house:
        assert house.room().rules is not None
        assert await status(house) == "published"


async def test_an_errand_that_broke_is_tried_again_at_the_next_start_though_later_ones_went_well(
    tmp_path: Path,
) -> None:
    async with prepared(tmp_path / "house.db") as house:
        refresh = house.parts.read_models.refresh

        async def broken(event_id: str) -> None:
            if event_id == "1":
                raise RuntimeError("no such luck")
            await refresh(event_id)

        house.parts.read_models.refresh = broken  # type: ignore[method-assign]
        await house.publish(event(), opens=LONG, length=LONG, wait=False)
        await house.publish(event(), opens=LONG, length=LONG, wait=False)
        assert await house.parts.errands._done_up_to() == 0
        assert {each.status for each in house.room("2").lots.values()} == {"scheduled"}
    async with prepared(tmp_path / "house.db") as house:
        assert await status(house) == "published"
        assert await house.parts.errands._done_up_to() > 0


async def test_an_errand_waits_for_a_disk_with_room(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errands, "AGAIN_S", 0.01)
    write, failures = house.parts.desk._write, 2

    async def failing(appends: Any) -> Any:
        nonlocal failures
        if appends and appends[0].stream == "room/1" and failures:
            failures -= 1
            raise OSError(28, "No space left on device")
        return await write(appends)

    monkeypatch.setattr(house.parts.desk, "_write", failing)
    await house.publish(event())
    assert failures == 0


async def test_no_list_waits_for_the_desk_while_the_desk_waits_for_the_list(house: House) -> None:
    await house.publish(event())
    ash = await house.watch("v-ash")
    refreshing = [asyncio.create_task(house.parts.read_models.refresh("1")) for _ in range(20)]
    replies = [await ash.bid("L1", str(900 - each)) for each in range(40)]
    await asyncio.gather(*refreshing)
    assert [reply["k"] for reply in replies] == ["taken"] * 40
