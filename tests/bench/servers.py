"""The servers that are measured, each in a process of its own: Tenderbell, a bare echo on the same stack, and raw writes."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import uvicorn
from litestar import Litestar, WebSocket, websocket

from auction.tender.solicitation import Lot, Solicitation, Vendor
from server import drafting, filling, hall, live, serve
from server.app import build
from server.frames import framed
from server.settings import Settings
from server.tables import Membership
from server.wire import LARGEST_MESSAGE, Wire, wire_of

CEILING = "9000000.00"
RULES = {
    "format": "english",
    "decrement": {"base": "own", "amount": "0.01"},
    "overtime": {"extension_s": 0},
    "closing": {"mode": "parallel"},
    "visibility": {"lead": "always", "lead_min_vendors": 0, "public": "prices"},
}


def event(vendors: int) -> Solicitation:
    """One lot, so many vendors, all prices public."""
    return Solicitation(
        number="BENCH",
        title="Benchmark",
        rules=RULES,
        lots=(Lot(id="L1", title="Everything", ceiling=CEILING),),
        vendors=tuple(Vendor(id=f"v{row}", name=f"Vendor {row}") for row in range(vendors)),
    )


def people(vendors: int) -> filling.People:
    """One person for each vendor."""
    return filling.People(
        organisations=tuple(
            filling.OrganisationGiven(id=f"v{row}", kind="vendor", name=f"Vendor {row}")
            for row in range(vendors)
        ),
        people=tuple(
            filling.PersonGiven(
                id=f"p{row}",
                name=f"Person {row}",
                email=f"p{row}@v.example",
                memberships=(filling.MembershipGiven(organisation=f"v{row}", role="signer"),),
            )
            for row in range(vendors)
        ),
    )


async def tenderbell(folder: Path, vendors: int, every_s: str) -> None:
    """Tenderbell with an open event; says its port, its rules and a session for each vendor."""
    hall.EVERY_S = int(every_s) / 1000
    # Frames are not rationed here: the benchmark is about what a bid costs.
    live.FRAMES_PER_SECOND, live.FRAMES_BURST = 10**6, 10**6
    settings = Settings(database=folder / "bench.db", port=0, bids_per_second=1_000_000, bids_burst=1_000_000)
    listening = serve.bound(settings)
    parts = build(
        serve.with_port(settings, listening),
        lambda session: filling.fill(session, people(vendors), lambda password: password),
    )

    async def prepare() -> None:
        name = await drafting.keep(parts, event(vendors), "host", "c-bench")
        now = parts.now()
        await drafting.publish(
            parts, name, "host", now + timedelta(milliseconds=200), now + timedelta(hours=5)
        )
        held = [Membership(person_id=f"p{r}", organisation_id=f"v{r}", role="signer") for r in range(vendors)]
        tokens = [await parts.login.open(each) for each in held]
        rules = parts.desk.state("room/1").rules_hash
        await asyncio.sleep(0.5)
        say({"port": parts.settings.port, "rules": rules, "tokens": tokens})

    tasks: list[asyncio.Task[None]] = []
    web = serve.server(parts, lambda _: tasks.append(asyncio.create_task(prepare())))
    await web.serve(sockets=[listening])


def say(told: dict[str, Any]) -> None:
    """Tell the bench where this server is."""
    print(json.dumps(told), flush=True)


@websocket("/echo")
async def echo(socket: WebSocket[Any, Any, Any]) -> None:
    """Send every message back."""
    await socket.accept()
    with suppress(Exception):
        while True:
            await socket.send_text(await socket.receive_text())


WIRES: list[Wire] = []


@websocket("/raw")
async def raw(socket: WebSocket[Any, Any, Any]) -> None:
    """Write a made frame to every connection whenever one of them says its text."""
    await socket.accept()
    wire = wire_of(socket)

    def heard(data: bytes | None) -> None:
        made = framed(data or b"")
        for each in WIRES:
            each.write(made)

    wire.heard = heard
    WIRES.append(wire)
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass
    WIRES.remove(wire)


async def bare() -> None:
    """Litestar on uvicorn with the same settings and nothing else."""
    listening = serve.bound(Settings(port=0))
    config = uvicorn.Config(
        Litestar([echo, raw], openapi_config=None, logging_config=None),
        ws=Wire,
        ws_max_size=LARGEST_MESSAGE,
        ws_per_message_deflate=False,
        log_level="error",
        access_log=False,
    )
    await serve.Server(config, lambda: say({"port": listening.getsockname()[1]})).serve(sockets=[listening])


def main(kind: str, *given: str) -> None:
    """Run one server in this process."""
    if sys.platform != "win32":
        import uvloop

        uvloop.install()
    asyncio.run(bare() if kind == "bare" else tenderbell(Path(given[0]), int(given[1]), given[2]))


if __name__ == "__main__":
    main(*sys.argv[1:])
