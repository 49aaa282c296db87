"""Lines that misbehave, and sessions that end: nobody else notices, and nothing is acknowledged that is not on record."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from auction.kernel import replay
from server import hall, hub, live, serve, wire
from server.deciders import DECIDERS
from server.login import COOKIE
from tests.server.callers import Caller, Frame, Guest
from tests.server.house import House, event, lot, opened

SHOWN = {"visibility": {"history": True, "public": "prices"}}


async def test_a_flood_of_bids_is_slowed_down_while_others_are_served(tmp_path: Path) -> None:
    async with opened(tmp_path, bids_per_second=1, bids_burst=5) as house:
        await house.publish(event())
        ash, other_window, birch = [await house.watch(who) for who in ("v-ash", "v-ash", "v-birch")]
        house.parts.buckets.take("v-ash", int(asyncio.get_running_loop().time() + 600) * 1_000_000)
        replies = [await ash.bid("L1", str(900 - number)) for number in range(8)]
        assert [reply["k"] for reply in replies[:4]] == ["taken"] * 4
        assert {(reply["code"], reply["next"]) for reply in replies[4:]} == {("SLOW_DOWN", None)}
        assert (await other_window.bid("L1", "700"))["code"] == "SLOW_DOWN"
        assert (await birch.bid("L1", "800"))["k"] == "taken"
        kept = [DECIDERS["room"].read(line.body) for line in house.parts.journal.read("room/1")]
        assert not [each for each in kept if getattr(each, "code", "") == "SLOW_DOWN"]


async def test_a_flood_of_messages_ends_the_line_while_others_are_served(house: House) -> None:
    await house.publish(event())
    ash, birch = await house.watch("v-ash"), await house.watch("v-birch")
    await ash.hear("welcome")
    for number in range(400):
        await ash.say({"k": "ping", "c": number})
    assert await ash.closed() == 4429
    assert (await birch.bid("L1", "800"))["k"] == "taken"
    assert len([f for f in ash.frames if f["k"] == "pong"]) < 400
    again = await house.watch("v-ash")
    assert (await again.bid("L1", "790"))["k"] == "taken"


async def test_signing_out_closes_the_session_s_windows_at_once_and_no_others(house: House) -> None:
    await house.publish(event())
    guest, other = await house.sign_in("v-ash"), await house.watch("v-ash")
    one, two = await guest.watch(), await guest.watch()
    await one.hear("welcome")
    await two.hear("welcome")
    await other.hear("welcome")
    answer = await guest.post("/sign-out")
    assert answer.status_code == 303
    assert [await one.closed(), await two.closed()] == [4401, 4401]
    assert (await other.bid("L1", "900"))["k"] == "taken"
    refused = await guest.watch(view="vendor", last=None)
    assert await refused.closed() == 4401


async def test_a_session_that_runs_out_or_is_ended_elsewhere_closes_its_windows(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "LOOK_EVERY_S", 0.0)
    await house.publish(event())
    guest = await house.sign_in("v-ash")
    caller, other = await guest.watch(), await house.watch("v-birch")
    await caller.hear("welcome")
    (seat,) = [each for each in house.parts.hub.hall("room/1").seats if each.viewer.vendor == "v-ash"]
    assert seat.session is not None
    await house.parts.login.end(seat.session)
    assert await caller.closed() == 4401
    await other.caught_up()


async def test_a_database_that_cannot_be_asked_does_not_stop_the_heartbeats(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "LOOK_EVERY_S", 0.0)
    monkeypatch.setattr(hub, "BEAT_EVERY_S", 0.0)
    await house.publish(event())
    caller = await house.watch("v-ash")
    await caller.hear("welcome")
    asked = asyncio.Event()

    async def broken(_: set[bytes]) -> set[bytes]:
        asked.set()
        raise OperationalError("SELECT", {}, Exception("disk I/O error"))

    monkeypatch.setattr(house.parts.login, "over", broken)
    await asked.wait()
    since = len(caller.frames)
    await caller.wait(lambda f: f["k"] == "beat", since)


async def half_open(house: House, guest: Guest) -> socket.socket:
    """A client that completes the handshake, says hello, and then neither reads nor answers."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.connect(("127.0.0.1", house.parts.settings.port))
    line.setblocking(False)
    loop, key = asyncio.get_running_loop(), base64.b64encode(os.urandom(16)).decode()
    head = (
        f"GET /events/1/socket HTTP/1.1\r\nHost: 127.0.0.1:{house.parts.settings.port}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
        f"Origin: {house.origin}\r\nCookie: {COOKIE}={guest.token}\r\n\r\n"
    )
    await loop.sock_sendall(line, head.encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += await loop.sock_recv(line, 1)
    assert b" 101 " in answer
    await loop.sock_sendall(line, masked(b'{"k":"hello","last":0}'))
    return line


def masked(text: bytes) -> bytes:
    """A short text message as clients frame it, with a mask of zeros."""
    return bytes((0x81, 0x80 | len(text))) + bytes(4) + text


async def test_a_line_that_answers_no_ping_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert serve.PING_EVERY_S + serve.PONG_WITHIN_S <= 5
    monkeypatch.setattr(serve, "PING_EVERY_S", 0.05)
    monkeypatch.setattr(serve, "PONG_WITHIN_S", 0.1)
    async with opened(tmp_path) as house:
        await house.publish(event())
        line = await half_open(house, await house.sign_in("v-ash"))
        birch = await house.watch("v-birch")
        loop = asyncio.get_running_loop()
        heard = b""
        try:
            while part := await loop.sock_recv(line, 65536):
                heard += part
        except ConnectionResetError:
            pass
        line.close()
        assert b'"welcome"' in heard
        await birch.caught_up()
        assert {seat.viewer.vendor for seat in house.parts.hub.hall("room/1").seats} == {"v-birch"}


def told_of(amount: str) -> Callable[[Frame], bool]:
    """Whether a frame tells of a bid of this amount."""
    return lambda frame: any(fact.get("amount") == amount for fact in frame.get("facts", ()))


async def test_who_stops_reading_delays_nobody_and_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "STUCK_AFTER_S", 0.2)
    monkeypatch.setattr(hall, "FULL", 4096)
    monkeypatch.setattr(live, "FRAMES_PER_SECOND", 10_000)
    async with opened(tmp_path) as house:
        await house.publish(event((lot("L1", "100000"),), **SHOWN))
        line = await half_open(house, await house.sign_in("v-ash"))
        birch, cedar = await house.watch("v-birch"), await house.watch("v-cedar")
        seats = house.parts.hub.hall("room/1").seats
        (slow,) = [seat for seat in seats if seat.viewer.vendor == "v-ash"]
        made = slow.line.transport.get_extra_info("socket")  # type: ignore[attr-defined]
        made.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        amount, most = 99_000, 0
        while slow in seats:
            amount -= 100
            await asyncio.gather(*(birch.bid("L1", str(amount + 100 - each)) for each in range(1, 101)))
            most = max(most, slow.line.backlog)
            await cedar.wait(told_of(f"{amount}.00"))
        assert most < 4096 + 64 * 1024
        assert cedar.told()[-1]["amount"] == f"{amount}.00"
        assert slow.line.close_sent  # type: ignore[attr-defined]
        line.close()


async def test_a_line_that_is_shut_tells_why_and_is_cut_when_it_does_not_empty(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "PONG_WITHIN_S", 0.05)
    await house.publish(event())
    ash = await house.watch("v-ash")
    await ash.hear("welcome")
    (seat,) = house.parts.hub.hall("room/1").seats
    hub.shut(seat, hub.TOO_SLOW)
    assert await ash.closed() == 4413
    assert ash.line.close_reason == "too slow to keep up"


async def test_whoever_comes_back_gets_exactly_what_it_missed(house: House) -> None:
    await house.publish(event(**SHOWN))
    guest = await house.sign_in("v-ash")
    ash, birch = await guest.watch(), await house.watch("v-birch")
    await ash.bid("L1", "900")
    taken = await birch.bid("L1", "890")
    before = await ash.facts(taken["n"])
    await ash.hang_up()
    await birch.bid("L1", "880")
    await birch.bid("L2", "oops")
    taken = await birch.bid("L2", "870")
    back = await guest.watch(last=len(before))
    told = await back.facts(len(before) + 2)
    assert next(f for f in back.frames if "facts" in f)["first"] == len(before) + 1
    assert [(each["f"], each["lot"], each["amount"]) for each in told] == [
        ("price", "L1", "880.00"),
        ("price", "L2", "870.00"),
    ]
    assert back.board("you")["L1"]["own"] == "900.00"


async def test_an_own_reply_comes_before_the_news_and_is_not_held_back(house: House) -> None:
    await house.publish(event())
    ash = await house.watch("v-ash")
    await ash.wait(lambda f: "board" in f)
    since = len(ash.frames)
    await asyncio.gather(*(ash.bid("L1", str(900 - each)) for each in range(30)))
    kinds = [f["k"] for f in ash.frames[since:] if f["k"] != "beat"]
    assert kinds.count("taken") + kinds.count("no") == 30
    assert kinds.index("taken") < kinds.index("news") if "news" in kinds else True
    assert kinds.count("news") < 10


async def test_a_full_disk_acknowledges_nothing_and_later_bids_work_again(house: House) -> None:
    await house.publish(event((lot("L1", "100000"),)))
    ash, birch = await house.watch("v-ash"), await house.watch("v-birch")
    ask = house.parts.journal._writer.execute
    ask(f"PRAGMA max_page_count = {ask('PRAGMA page_count').fetchone()[0]}")
    replies: list[dict[str, Any]] = []
    amount = 90_000
    while not replies or replies[-1]["k"] != "fail":
        amount -= 1
        replies.append(await ash.bid("L1", str(amount), id=f"{amount:064}"))
    lost = await birch.bid("L1", "80000", id="y" * 64)
    assert lost["k"] == "fail" and lost["message"]
    taken = [reply["amount"] for reply in replies if reply["k"] == "taken"]
    ask("PRAGMA max_page_count = 1000000")
    again = await birch.bid("L1", "80000", id="y" * 64)
    assert (again["k"], again["rank"]) == ("taken", 1)
    lines = [DECIDERS["room"].read(line.body) for line in house.parts.journal.read("room/1")]
    kept = [
        each.amount for each in lines if getattr(each, "vendor", None) == "v-ash" and hasattr(each, "amount")
    ]
    assert kept == taken
    assert replay(DECIDERS["room"].decider, lines) == house.room()
    told = await birch.facts(again["n"])
    assert [each["amount"] for each in told if each["f"] == "taken"] == ["80000.00"]


async def test_nothing_is_told_before_it_is_on_record_not_even_by_a_page(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.publish(event(**SHOWN))
    ash, birch, public = [await house.watch(who) for who in ("v-ash", "v-birch", None)]
    await public.wait(lambda f: "board" in f)
    hold, inside = asyncio.Event(), asyncio.Event()
    write = house.parts.desk._write

    async def held(appends: Any) -> Any:
        inside.set()
        await hold.wait()
        return await write(appends)

    resting, at_rest = list[None](), house.parts.desk.at_rest

    async def counted() -> None:
        resting.append(None)
        await at_rest()

    monkeypatch.setattr(house.parts.desk, "_write", held)
    monkeypatch.setattr(house.parts.desk, "at_rest", counted)
    bidding = asyncio.create_task(ash.bid("L1", "777"))
    await inside.wait()
    assert "v-ash" in house.room().lots["L1"].standing
    guest, lead, anybody = [await house.sign_in(who) for who in ("v-ash", "p-lead", None)]
    pages = [
        asyncio.create_task(who.get(path))
        for who, path in (
            (guest, "/events/1/room"),
            (lead, "/events/1/console"),
            (anybody, "/events/1"),
            (anybody, "/"),
        )
    ]
    for caller in (birch, public):
        await caller.caught_up()
    while len(resting) < len(pages) and not any(page.done() for page in pages):
        await asyncio.sleep(0)
    early = [task for task in (bidding, *pages) if task.done()]
    frames = json.dumps([caller.frames for caller in (ash, birch, public)])
    hold.set()
    assert early == [] and "777" not in frames
    assert (await bidding)["k"] == "taken"
    answers = [(await page).text for page in pages]
    assert "777.00" in answers[0] and "777.00" in answers[1] and "777.00" in answers[2]


async def test_the_desk_tells_a_lost_line_nothing_and_goes_on(house: House) -> None:
    await house.publish(event())
    ash, birch = await house.watch("v-ash"), await house.watch("v-birch")
    await ash.hear("welcome")
    for number in range(20):
        await ash.say({"k": "bid", "id": f"i{number}", "lot": "L1", "amount": str(900 - number)})
    ash.line.transport.abort()
    await ash.closed()
    assert (await birch.bid("L1", "500"))["k"] == "taken"


async def test_when_the_server_stops_everybody_is_sent_away_and_told_to_come_back(tmp_path: Path) -> None:
    callers: list[Caller] = []
    async with opened(tmp_path) as house:
        await house.publish(event())
        callers = [await house.watch(who) for who in ("v-ash", "p-lead", None)]
        for caller in callers:
            await caller.hear("welcome")
        house._stack.pop_all()
    assert {await caller.closed() for caller in callers} <= {1012, 4503}
