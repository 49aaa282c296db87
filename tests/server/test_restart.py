"""Away and back: after a crash, a sleep or a restart every acknowledged bid is there, and nobody lost time over it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import websockets

from auction.kernel import replay
from auction.live.room import TIME, PlaceBid, Resume, Room
from auction.money import MICROS
from server import timekeeper
from server.deciders import DECIDERS
from server.journal_sql import SqlJournal
from server.parts import Parts
from server.timekeeper import Timekeeper
from tests.server.away import Away, away
from tests.server.callers import Guest
from tests.server.house import LONG, SOON, House, event, lot, opened, prepared, seconds

WHY = {"reason": "The server was away."}


async def made_ready(database: Path, **rules: Any) -> dict[str, str]:
    """Make a database with an open event; return a token for each who will come."""
    async with prepared(database) as house:
        await house.publish(event((lot("L1", "100000"), lot("L2")), **rules))
        return {who: await house.session(who) for who in ("p-lead", "v-ash", "v-birch")} | {
            "": house.parts.known.secret.hex()
        }


def on_record(database: Path) -> Room:
    """The room as its journal has it; nobody may be serving."""
    journal = SqlJournal(database)
    ruler = DECIDERS["room"]
    room: Room = replay(ruler.decider, (ruler.read(line.body) for line in journal.read("room/1")))
    journal.close()
    return room


async def resume(served: Away, tokens: dict[str, str]) -> None:
    """Let a lead resume everything."""
    lead = served.guest(tokens["p-lead"])
    answer = await lead.post("/events/1/console/resume", lot="", **WHY)
    assert answer.status_code == 303
    await lead.leave()


async def test_after_a_kill_every_acknowledged_bid_is_there_and_open_lots_are_paused(tmp_path: Path) -> None:
    database = tmp_path / "house.db"
    tokens = await made_ready(database, fault_s=1)
    secret = bytes.fromhex(tokens[""])
    taken: dict[str, list[str]] = {"v-ash": [], "v-birch": []}

    async def bid_on(guest: Guest, who: str, enough: asyncio.Event) -> None:
        caller, amount = await guest.watch(), 90_000
        try:
            while True:
                amount -= 3
                reply = await caller.bid("L1", str(amount))
                taken[who].append(reply["amount"])
                if len(taken[who]) == 40:
                    enough.set()
        except (AssertionError, websockets.ConnectionClosed):
            assert await caller.closed() == 1006

    async with away(database, secret) as served:
        await resume(served, tokens)
        guests = {who: served.guest(tokens[who]) for who in taken}
        enough = {who: asyncio.Event() for who in taken}
        bidding = [asyncio.create_task(bid_on(guests[who], who, enough[who])) for who in taken]
        for each in enough.values():
            await each.wait()
        await served.kill()
        await asyncio.gather(*bidding)
        for guest in guests.values():
            await guest.leave()
    room = on_record(database)
    for who, amounts in taken.items():
        kept = [each.amount for each in room.lots["L1"].history if each.vendor == who]
        assert [f"{amount // MICROS}.00" for amount in kept][: len(amounts)] == amounts
        assert len(kept) - len(amounts) <= 1
    async with away(database, secret) as served:
        guest = served.guest(tokens["v-ash"])
        caller = await guest.watch()
        assert (await caller.wait(lambda f: "board" in f))["board"][0]["status"] == "paused"
        assert (await caller.bid("L1", "50000"))["code"] == "PAUSED"
        await resume(served, tokens)
        nearest = (await caller.bid("L1", "99999"))["next"]
        assert (await caller.bid("L1", nearest))["k"] == "taken"
        await guest.leave()


async def test_a_server_that_was_stopped_for_longer_than_the_rules_allow_pauses_before_it_takes_a_bid(
    tmp_path: Path,
) -> None:
    database = tmp_path / "house.db"
    tokens = await made_ready(database, fault_s=1)
    async with away(database, bytes.fromhex(tokens[""])) as served:
        await resume(served, tokens)
        guest = served.guest(tokens["v-ash"])
        caller = await guest.watch()
        assert (await caller.bid("L1", "900"))["k"] == "taken"
        served.signal(signal.SIGSTOP)
        await asyncio.sleep(2.2)  # Being away is what is tested here.
        since = len(caller.frames)
        await caller.say({"k": "bid", "id": "late", "lot": "L1", "amount": "890"})
        served.signal(signal.SIGCONT)
        reply = await caller.wait(lambda f: f.get("id") == "late", since)
        assert (reply["k"], reply["code"]) == ("no", "PAUSED")
        fact = await caller.wait(lambda f: any(each["f"] == "paused" for each in f.get("facts", ())), since)
        assert {each["reason"] for each in fact["facts"] if each["f"] == "paused"} == {"the server was away"}
        await guest.leave()


# --- in this process, with a clock of our own --------------------------------------------------------------------------------


class Clock:
    """The house's clock, moved by hand."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now, self.ahead = now, timedelta()

    def __call__(self) -> datetime:
        return self._now() + self.ahead


def with_clock(parts: Parts, clock: Clock) -> Parts:
    """The same parts with a timekeeper that reads this clock."""
    kept = Timekeeper(parts.desk, parts.journal, clock)
    parts.desk.listeners[0] = kept
    return msgspec.structs.replace(parts, now=clock, timekeeper=kept)


def clocked(made: list[Clock]) -> Callable[[Parts], Parts]:
    def change(parts: Parts) -> Parts:
        made.append(Clock(parts.now))
        return with_clock(parts, made[0])

    return change


async def test_a_clock_that_steps_back_never_takes_the_room_back(tmp_path: Path) -> None:
    clocks: list[Clock] = []
    async with opened(tmp_path, changed=clocked(clocks)) as house:
        await house.publish(event())
        ash = await house.watch("v-ash")
        first = await ash.bid("L1", "900")
        clocks[0].ahead = -timedelta(hours=2)
        second = await ash.bid("L1", "890")
        assert second["k"] == "taken" and second["closes"] == first["closes"]
        times = [each.at for each in house.room().lots["L1"].history]
        assert times == sorted(times)
        kept = [DECIDERS["room"].read(line.body).at for line in house.parts.journal.read("room/1")]
        assert kept == sorted(kept)


async def test_a_gap_is_told_before_a_bid_that_came_after_it_though_one_from_before_still_waits(
    tmp_path: Path,
) -> None:
    clocks: list[Clock] = []
    async with opened(tmp_path, changed=clocked(clocks)) as house:
        await house.publish(event(fault_s=15), length=timedelta(seconds=60))
        received, outcomes = house.parts.now(), dict[str, Any]()

        def put(name: str, amount: int, at: datetime) -> None:
            command = PlaceBid(by="v-ash", id=name, lot="L1", amount=amount * MICROS, given=str(amount))
            house.parts.desk.put("room/1", command, at, lambda outcome: outcomes.update({name: outcome}))

        put("before", 900, received)
        clocks[0].ahead = timedelta(minutes=5)
        put("after", 890, house.parts.now())
        await house.until(lambda: len(outcomes) == 2)
        assert outcomes["before"].answer.amount == "900.00"
        assert outcomes["after"].answer.code == "PAUSED"
        assert house.room().lots["L1"].status == "paused"


async def test_a_heartbeat_after_a_gap_waits_until_the_rooms_were_told(tmp_path: Path) -> None:
    clocks: list[Clock] = []
    async with opened(tmp_path, changed=clocked(clocks)) as house:
        await house.publish(event(fault_s=15))
        beats: list[tuple[datetime, str]] = []
        beat = house.parts.journal.beat

        def noted(at: datetime) -> None:
            beats.append((at, "paused" if house.told() > before else "untold"))
            beat(at)

        house.parts.journal.beat = noted  # type: ignore[method-assign]
        before, asleep = house.told(), house.parts.now()
        clocks[0].ahead = timedelta(minutes=5)
        await house.parts.timekeeper._beat()
        assert house.room().lots["L1"].status == "paused"
        assert {told for at, told in beats if at - asleep > timedelta(minutes=4)} == {"paused"}


async def test_an_event_with_nobody_connected_opens_and_closes_by_itself(house: House) -> None:
    await house.publish(event(closing={"mode": "staggered", "gap_s": 0}), opens=SOON, length=SOON)
    await house.until(lambda: all(each.over for each in house.room().lots.values()))
    await house.parts.errands.settled()
    tender = house.parts.desk.state("tender/1")
    assert tender.status == "closed"
    entries = [DECIDERS["room"].read(line.body) for line in house.parts.journal.read("room/1")]
    opens = house.room().opens
    assert opens is not None
    found = {type(each).__name__: each for each in entries}
    assert (found["LotOpened"].at, found["LotOpened"].by) == (opens, TIME)
    assert (found["LotClosed"].at, found["LotClosed"].by) == (opens + SOON, TIME)


async def test_a_restart_within_the_rules_time_changes_nothing(tmp_path: Path) -> None:
    async with prepared(tmp_path / "house.db") as house:
        await house.publish(event())
        before = msgspec.json.encode(house.room().lots["L1"].closes)
    async with prepared(tmp_path / "house.db") as house:
        assert {each.status for each in house.room().lots.values()} == {"open"}
        assert msgspec.json.encode(house.room().lots["L1"].closes) == before


async def test_a_lot_whose_close_fell_into_the_time_away_is_paused_with_the_time_that_was_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = tmp_path / "house.db"
    async with prepared(database) as house:
        await house.publish(event(fault_s=15), length=LONG)
        room = house.room()
        last, closes = house.parts.now(), room.lots["L1"].closes
    real = timekeeper.Timekeeper.open

    async def much_later(self: Timekeeper) -> None:
        now = self._now
        self._now = lambda: now() + timedelta(hours=3)
        await real(self)

    monkeypatch.setattr(timekeeper.Timekeeper, "open", much_later)
    async with prepared(database) as house:
        found = house.room().lots["L1"]
        assert found.status == "paused" and found.paused_at is not None
        left = closes - found.paused_at
        assert abs(found.paused_at - last) < seconds(30)
        resumed = house.parts.now() + timedelta(hours=4)
        outcome = await house.parts.desk.submit("room/1", Resume(by="p-lead", reason="back"), resumed)
        assert outcome.answer.closes is None  # type: ignore[attr-defined]
        assert house.room().lots["L1"].closes - resumed == left


async def test_bids_repeated_after_a_restart_get_their_first_answers(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await house.publish(event())
        ash = await house.watch("v-ash")
        taken, no = await ash.bid("L1", "900", id="one"), await ash.bid("L1", "899.5", id="two")
        assert (taken["k"], no["code"]) == ("taken", "DECREMENT")
    async with opened(tmp_path) as house:
        length = house.told()
        ash = await house.watch("v-ash")
        again, same = await ash.bid("L1", "900", id="one"), await ash.bid("L1", "899.5", id="two")
        assert {name: again.get(name) for name in taken if name not in ("t", "n")} == {
            name: value for name, value in taken.items() if name not in ("t", "n")
        }
        assert {**same, "t": ""} == {**no, "t": ""}
        assert house.told() == length


async def test_a_room_that_could_not_be_woken_is_woken_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timekeeper, "AGAIN_S", 0.02)
    await house.publish(event(), length=SOON)
    write, failures = house.parts.desk._write, 3

    async def failing(appends: Any) -> Any:
        nonlocal failures
        if appends and failures:
            failures -= 1
            raise OSError(28, "No space left on device")
        return await write(appends)

    monkeypatch.setattr(house.parts.desk, "_write", failing)
    await house.until(lambda: all(each.over for each in house.room().lots.values()))
    assert failures == 0
