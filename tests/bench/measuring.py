"""Measuring: a server in its own process, pinned to one core where that can be done, and what a load does to it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from tests.bench.load import Client, bid, connect, hello

START_CENTS = 900_000_000


class Running(msgspec.Struct, frozen=True):
    """A server that runs, and what it said about itself."""

    pid: int
    said: dict[str, Any]

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.said["port"])


def pin(pid: int, core: int) -> None:
    """Keep a process on one core, so that load and server do not push each other about."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_setaffinity") else []
    if len(cores) > 1:
        os.sched_setaffinity(pid, {cores[core % len(cores)]})


@contextmanager
def served(kind: str, vendors: int = 50, every_ms: int = 50) -> Iterator[Running]:
    """Run a server in a process of its own until the context ends."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        given = [folder, str(vendors), str(every_ms)] if kind == "tenderbell" else []
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.servers", kind, *given], stdout=subprocess.PIPE, text=True
        )
        pin(process.pid, 0)
        try:
            assert process.stdout is not None
            yield Running(process.pid, json.loads(process.stdout.readline()))
        finally:
            process.terminate()
            process.wait(30)


def resident(pid: int) -> int:
    """A process's resident memory in bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def worked(pid: int) -> float:
    """How many seconds of a core a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def median(values: list[Any]) -> Any:
    """The middle value."""
    return sorted(values)[len(values) // 2]


def share(values: list[int], percent: int) -> int:
    """The value below which so many per cent lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


async def seat_vendors(running: Running, hear: Any) -> list[Client]:
    """Seat every vendor of the benchmark's event."""
    seats = []
    for token in running.said["tokens"]:
        cookie = f"tenderbell_session={token}"
        mine = {"n": 0, "amount": START_CENTS, "accepted": 0}
        seats.append(await connect(running.port, "/events/1/socket?as=vendor", hear, cookie, mine))
        hello(seats[-1])
    return seats


async def seat_observers(running: Running, count: int, hear: Any) -> list[Client]:
    """Seat the public."""
    seats = []
    for _ in range(count):
        seats.append(await connect(running.port, "/events/1/socket", hear))
        hello(seats[-1])
    return seats


async def bids_a_second(running: Running, observers: int, seconds: int) -> int:
    """Durable accepted bids a second, each vendor bidding again as soon as it is answered."""
    rules = running.said["rules"]
    going = True

    def hear(client: Client, text: bytes) -> None:
        if text.startswith(b'{"k":"taken"'):
            client.mine["accepted"] += 1
            if going:
                client.send(bid(client, rules))
        elif text.startswith((b'{"k":"no"', b'{"k":"fail"')):
            raise SystemExit(f"a bid was not taken: {text.decode()}")

    watching = await seat_observers(running, observers, lambda client, text: None)
    seats = await seat_vendors(running, hear)
    await asyncio.sleep(0.5)
    for seat in seats:
        seat.send(bid(seat, rules))
    await asyncio.sleep(0.5)
    before, loop = sum(seat.mine["accepted"] for seat in seats), asyncio.get_running_loop()
    began = loop.time()
    await asyncio.sleep(seconds)
    rate = round((sum(seat.mine["accepted"] for seat in seats) - before) / (loop.time() - began))
    going = False
    await hang_up([*seats, *watching])
    return rate


async def echoes_a_second(running: Running, clients: int, seconds: int) -> int:
    """Round trips a second of a message as long as a bid."""
    text = b'{"k":"bid","id":"b-1-abcdef","lot":"L1","amount":"9000000.00","rules":"%s"}' % (b"0" * 64)
    counts = {"n": 0}

    def hear(client: Client, got: bytes) -> None:
        counts["n"] += 1
        client.send(text)

    seats = [await connect(running.port, "/echo", hear) for _ in range(clients)]
    for seat in seats:
        seat.send(text)
    await asyncio.sleep(0.3)
    before, loop = counts["n"], asyncio.get_running_loop()
    began = loop.time()
    await asyncio.sleep(seconds)
    rate = round((counts["n"] - before) / (loop.time() - began))
    await hang_up(seats)
    return rate


async def answers_at(running: Running, rate: int, seconds: int) -> dict[str, float]:
    """How long answers take in milliseconds when bids come at a steady rate."""
    rules, loop = running.said["rules"], asyncio.get_running_loop()
    took: list[int] = []

    def hear(client: Client, text: bytes) -> None:
        if text.startswith(b'{"k":"taken"'):
            took.append(round((loop.time() - client.mine["sent"].pop(0)) * 1_000_000))

    seats = await seat_vendors(running, hear)
    for seat in seats:
        seat.mine["sent"] = []
    await asyncio.sleep(0.5)
    began, sent = loop.time(), 0
    while (now := loop.time()) - began < seconds:
        while sent < (now - began) * rate:
            seat = seats[sent % len(seats)]
            seat.mine["sent"].append(loop.time())
            seat.send(bid(seat, rules))
            sent += 1
        await asyncio.sleep(0.001)
    await asyncio.sleep(0.5)
    await hang_up(seats)
    return {"p50": share(took, 50) / 1000, "p99": share(took, 99) / 1000, "answered": len(took), "sent": sent}


async def fan_out(running: Running, observers: int, seconds: int, size: int = 0) -> tuple[int, int]:
    """Frames a second to so many observers, and a frame's size: the next news is made when all have the last.

    With a `size` the reference is measured: a frame of that size, made once and written to every connection.
    """
    got = {"n": 0, "size": 0}
    all_have: asyncio.Event = asyncio.Event()

    def hear(client: Client, text: bytes) -> None:
        if text.startswith((b'{"k":"news"', b"#")):
            got["n"] += 1
            got["size"] = len(text)
            if got["n"] % observers == 0:
                all_have.set()

    if size:
        seats = [await connect(running.port, "/raw", hear) for _ in range(observers)]
        speak, text = seats[0], b"#" * size
    else:
        seats = await seat_observers(running, observers, hear)
        (speak, *_) = await seat_vendors(running, lambda client, text: None)
    await asyncio.sleep(1)
    got["n"], began = 0, asyncio.get_running_loop().time()
    while asyncio.get_running_loop().time() - began < seconds:
        all_have.clear()
        speak.send(text if size else bid(speak, running.said["rules"]))
        await asyncio.wait_for(all_have.wait(), 30)
    rate = round(got["n"] / (asyncio.get_running_loop().time() - began))
    await hang_up(seats)
    return rate, got["size"]


async def idle_bytes(running: Running, connections: int) -> int:
    """Resident memory of the server for each connection that only watches."""
    before = resident(running.pid)
    seats = await seat_observers(running, connections, lambda client, text: None)
    await asyncio.sleep(3)
    grown = resident(running.pid) - before
    await hang_up(seats)
    return grown // connections


async def hang_up(seats: list[Client]) -> None:
    """Close every connection."""
    for seat in seats:
        seat.transport.close()
    await asyncio.sleep(0.3)
