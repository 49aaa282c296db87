"""The deadline: the last byte counts, to the microsecond, and nobody who came in time is closed upon."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from auction.record.logged import moment
from bidders.box.facts import BidReceived, BoxClosed
from bidders.sealing import bid as bidding
from server.app import clock
from server.sealed import door
from tests.server.callers import PATIENCE_S
from tests.server.house import House, opened
from tests.server.sealed.scene import Clock, Vendor, postponed, published, vendor
from tests.server.sealed.test_door import fact_of

MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
async def timed(tmp_path: Path) -> AsyncIterator[tuple[House, Clock]]:
    """A house with a clock that the test moves."""
    hands = Clock(clock())
    async with opened(tmp_path, now=hands) as house:
        yield house, hands


async def closed(ash: Vendor) -> BoxClosed:
    """Wait until the box is closed."""
    async with asyncio.timeout(PATIENCE_S):
        while ash.box.closed is None:
            await asyncio.sleep(0.02)
    await ash.house.parts.desk.at_rest()
    assert ash.box.closed is not None
    return ash.box.closed


async def test_on_the_stroke_is_timely_and_a_microsecond_later_is_late_with_a_receipt(
    timed: tuple[House, Clock],
) -> None:
    house, hands = timed
    ash = await vendor(house, await published(house))
    birch = await vendor(house, ash.id, "v-birch")
    due = moment(ash.manifest["closes_at"])
    hands.stop(due)
    assert (await ash.submit()).status_code == 200
    hands.stop(due + MICROSECOND)
    answer = await birch.submit()
    assert answer.status_code == 422 and answer.json()["reason"] == "late"
    fact = fact_of(house, answer.json()["promise"].encode())
    (eid,) = birch.seeds
    assert fact["reason"] == "late" and fact["eid"] == eid
    assert not house.parts.store.has(eid)
    listed = await closed(ash)
    assert [each.vendor for each in listed.current] == ["v-ash"]


async def test_what_was_begun_before_and_ended_after_the_deadline_is_late(timed: tuple[House, Clock]) -> None:
    house, hands = timed
    ash = await vendor(house, await published(house))
    body = ash.commit(ash.sealed(ash.ctx(), ash.bid()))
    due = moment(ash.manifest["closes_at"])
    begun = asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield body[:500]
        await begun.wait()
        yield body[500:]

    asked = asyncio.create_task(
        ash.guest.http.post(f"{ash.address}/commit", content=slowly(), headers={"x-csrf": ash.guest.csrf})
    )
    await asyncio.sleep(0.2)
    hands.jump(due + MICROSECOND)
    listed = await closed(ash)
    begun.set()
    assert (await asked).json()["reason"] == "late"
    assert listed.current == () and ash.box.envelopes == {}


async def test_what_came_whole_in_time_is_answered_before_the_close_even_if_it_is_read_after(
    timed: tuple[House, Clock], monkeypatch: pytest.MonkeyPatch
) -> None:
    house, hands = timed
    ash = await vendor(house, await published(house))
    reading, go = threading.Event(), threading.Event()
    whole = door.read_request

    def slowly(*given: Any) -> Any:
        reading.set()
        assert go.wait(PATIENCE_S)
        return whole(*given)

    monkeypatch.setattr(door, "read_request", slowly)
    asked = asyncio.create_task(ash.submit())
    assert await asyncio.to_thread(reading.wait, PATIENCE_S)
    hands.jump(moment(ash.manifest["closes_at"]) + timedelta(seconds=1))
    await asyncio.sleep(1.2)
    assert ash.box.closed is None
    go.set()
    assert (await asked).status_code == 200
    listed = await closed(ash)
    assert [each.vendor for each in listed.current] == ["v-ash"]
    kinds = [type(each) for each in facts(house, ash)]
    assert kinds.index(BidReceived) < kinds.index(BoxClosed)


def facts(house: House, ash: Vendor) -> list[Any]:
    """What is written of a box, in order."""
    ruler = house.parts.desk._ruler("box/1")
    return [ruler.read(each.body) for each in house.parts.journal.read(f"box/{ash.id}")]


async def test_an_addendum_moves_the_deadline_and_what_was_not_confirmed_is_refused_at_the_new_one(
    timed: tuple[House, Clock],
) -> None:
    house, hands = timed
    ash = await vendor(house, await published(house))
    birch = await vendor(house, ash.id, "v-birch")
    await ash.submit()
    await birch.submit()
    due = moment(ash.manifest["closes_at"])
    await postponed(house, ash.id, due + timedelta(hours=2))
    hands.jump(due + timedelta(hours=1))
    await asyncio.sleep(1.2)
    assert ash.box.closed is None
    (eid,) = [each.eid for each in ash.box.envelopes.values() if each.vendor == "v-ash"]
    assert (await ash.acknowledge(eid)).status_code == 200
    hands.jump(due + timedelta(hours=2, seconds=1))
    listed = await closed(ash)
    assert [each.vendor for each in listed.current] == ["v-ash"]
    assert [each.reason for each in listed.refused] == ["stale"]
    (stale,) = [each for each in ash.box.refused if each.reason == "stale"]
    assert stale.request_sha256 == house.parts.store.request(stale.eid or "")


async def test_a_deadline_that_passed_while_the_server_was_away_closes_at_its_start(tmp_path: Path) -> None:
    hands = Clock(clock())
    async with opened(tmp_path, now=hands) as house:
        ash = await vendor(house, await published(house))
        await ash.submit()
        due = moment(ash.manifest["closes_at"])
    hands.jump(due + timedelta(minutes=5))
    async with opened(tmp_path, now=hands) as house:
        again = Vendor(house, ash.guest, ash.id, "v-ash")
        assert len((await closed(again)).current) == 1


async def test_a_close_that_could_not_be_recorded_is_tried_again(
    timed: tuple[House, Clock], monkeypatch: pytest.MonkeyPatch
) -> None:
    house, hands = timed
    ash = await vendor(house, await published(house))
    append, tries = house.parts.journal.append, list[int]()

    def full(batch: Any) -> Any:
        tries.append(1)
        if len(tries) < 3:
            raise OSError("the disk is full")
        return append(batch)

    monkeypatch.setattr(house.parts.journal, "append", full)
    hands.jump(moment(ash.manifest["closes_at"]) + MICROSECOND)
    await closed(ash)
    assert len(tries) >= 3


async def test_uploads_that_no_envelope_names_are_gone_after_the_close(timed: tuple[House, Clock]) -> None:
    house, hands = timed
    ash = await vendor(house, await published(house))
    sealed = ash.sealed(ash.ctx(), ash.bid(files=[("plan.txt", b"plan")]), [b"plan"])
    orphan = bidding.seal_file(bytes(32), b"never sent")
    await ash.upload(sealed.blobs[0])
    await ash.upload(orphan)
    assert (await ash.send("commit", ash.commit(sealed))).status_code == 200
    hands.jump(moment(ash.manifest["closes_at"]) + MICROSECOND)
    await closed(ash)
    async with asyncio.timeout(PATIENCE_S):
        while house.parts.store.has_blob(orphan.root):
            await asyncio.sleep(0.02)
    assert house.parts.store.has_blob(sealed.blobs[0].root)


async def test_what_came_late_is_held_unopened_where_the_rules_say_so(timed: tuple[House, Clock]) -> None:
    house, hands = timed
    ash = await vendor(house, await published(house, sealing={"late": "hold"}))
    hands.stop(moment(ash.manifest["closes_at"]) + MICROSECOND)
    assert (await ash.submit()).json()["reason"] == "late"
    (eid,) = ash.seeds
    assert house.parts.store.has(eid) and eid not in ash.box.envelopes
