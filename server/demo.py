"""`tenderbell demo`: a made-up consortium with a live event and simulated vendors, on this machine alone.

Everything is made anew at each start, in a database of its own; that alone opens the door through which one becomes anybody.
Simulated vendors join whatever event is published, also the imported tender once a lead has published it.
"""

from __future__ import annotations

import argparse
import asyncio
import socket
import sqlite3
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from random import Random

import msgspec

from auction.live.room import Room
from auction.money import exact, parse_amount
from auction.tender.solicitation import Solicitation, lot_baseline
from auction.terms.schedule import LinePrice
from bidders.crowd import Crowd, Member
from server import drafting, filling, serve
from server.app import build
from server.imports.forms import read as read_tender
from server.journal_sql import Locked, SqlJournal
from server.parts import Parts
from server.settings import Settings
from server.tables import Organisation
from server.terminal import complain

FIXTURES = Path(__file__).parent.parent / "fixtures"
TENDER = FIXTURES / "tenders" / "openprocurement_auction_worker_tender_multilot.json"
DATABASE = Path("tenderbell-demo.db")
LEAD = "p-okafor"
CONSORTIUM = "c-lakeshore"
YOURS = ("v-cedar", "v-millrace")
"""The vendors that are left to whoever tries the demonstration; the others bid by themselves."""
NOTE = "yours to try"
OPENS_IN, FIRST_CLOSE_IN = timedelta(seconds=20), timedelta(minutes=3)
LOOK_EVERY_S = 2.0
CHEAPEST, DEAREST = 80, 94
CENT = 10_000
PACE_S, LAST = 12.0, timedelta(seconds=40)
CHARACTERS = ("steady", "cautious", "steady", "sniper", "reckless", "steady")


class Schedule(msgspec.Struct, frozen=True):
    """A vendor's line schedule for a lot."""

    vendor: str
    lot: str
    lines: tuple[LinePrice, ...]


class Filed(msgspec.Struct, frozen=True):
    """The demonstration's line schedules."""

    schedules: tuple[Schedule, ...]


def configure(parser: argparse.ArgumentParser) -> None:
    """Name the command's arguments."""
    parser.add_argument("--port", type=int, default=8080, help="the port; another is taken when it is in use")
    parser.add_argument("--database", type=Path, default=DATABASE, help="the demonstration's own database")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another crowd")


def run(args: argparse.Namespace) -> int:
    """Serve the demonstration until told to stop; 2 when it cannot be."""
    try:
        settings = Settings(database=args.database, port=args.port)
        make_way(settings.database)
        try:
            listening = serve.bound(settings)
        except OSError:
            listening = serve.bound(msgspec.structs.replace(settings, port=0))
        with listening:
            people = read_people(FIXTURES)
            parts = build(
                serve.with_port(settings, listening),
                lambda session: filling.fill(session, people, str, demo=True),
            )
            serve.run_to_end(_serve(parts, listening, args.seed))
    except (Locked, OSError) as error:
        return complain([str(error)])
    return 0


def make_way(database: Path) -> None:
    """Take an earlier demonstration's database away; raises `OSError` when the file is anything else, or in use."""
    if not database.exists():
        return
    with suppress(sqlite3.Error), closing(sqlite3.connect(database)) as looking:
        if looking.execute("SELECT value FROM meta WHERE key = 'demo'").fetchone() == ("1",):
            SqlJournal(database).close()
            for end in ("", "-wal", "-shm", "-lock"):
                Path(f"{database}{end}").unlink(missing_ok=True)
            return
    raise OSError(
        f"{database} was not made by a demonstration, so it is left alone; choose another --database"
    )


def read_people(fixtures: Path) -> filling.People:
    """The made-up people, with a word on the vendors that are left to be tried."""
    given = msgspec.json.decode((fixtures / "demo" / "people.json").read_bytes(), type=filling.People)
    noted = tuple(
        msgspec.structs.replace(each, detail={"note": NOTE if each.id in YOURS else "bids by itself"})
        if each.kind == "vendor"
        else each
        for each in given.organisations
    )
    return msgspec.structs.replace(given, organisations=noted)


async def _serve(parts: Parts, listening: socket.socket, seed: int) -> None:
    started = asyncio.Event()
    web = serve.server(parts, lambda _: started.set())
    serving = asyncio.create_task(web.serve(sockets=[listening]))
    await started.wait()
    if not web.should_exit:
        await prepare(parts)
        _welcome(parts)
        playing = asyncio.create_task(play(parts, seed))
        await serving
        playing.cancel()


def _welcome(parts: Parts) -> None:
    print(
        f"Tenderbell's demonstration is at {parts.settings.origin}/demo\n"
        f"  The live event opens in {OPENS_IN.seconds} seconds; its first lot closes after "
        f"{FIRST_CLOSE_IN.seconds // 60} minutes.\n"
        "  Be a vendor (those marked as yours to try) in one browser and the lead in another.\n"
        "  Ctrl+C ends it.",
        flush=True,
    )


async def prepare(parts: Parts) -> None:
    """Publish the school event with its line schedules, and keep the imported tender as a draft."""
    given = (FIXTURES / "demo" / "school_event.json").read_bytes()
    event = msgspec.json.decode(given, type=Solicitation)
    name, now = await drafting.keep(parts, event, LEAD, CONSORTIUM), parts.now()
    await drafting.publish(parts, name, LEAD, now + OPENS_IN, now + OPENS_IN + FIRST_CLOSE_IN)
    filed = msgspec.json.decode((FIXTURES / "demo" / "schedules.json").read_bytes(), type=Filed)
    for each in filed.schedules:
        await drafting.file_schedule(parts, name, each.vendor, each.lot, each.lines)
    await drafting.keep(parts, read_tender(TENDER.name, TENDER.read_bytes()).solicitation, LEAD, CONSORTIUM)


# --- the simulated vendors -------------------------------------------------------------------------------------------------


async def play(parts: Parts, seed: int) -> None:
    """Send a crowd into every event that is published."""
    playing: dict[str, asyncio.Task[None]] = {}
    try:
        while True:
            for stream in parts.journal.streams("room/"):
                event_id = stream.partition("/")[2]
                room: Room = parts.desk.state(stream)
                if event_id not in playing and not all(lot.over for lot in room.lots.values()):
                    crowd = await _crowd(parts, event_id, room, seed)
                    playing[event_id] = asyncio.create_task(crowd.run())
            await asyncio.sleep(LOOK_EVERY_S)
    finally:
        for task in playing.values():
            task.cancel()


async def _crowd(parts: Parts, event_id: str, room: Room, seed: int) -> Crowd:
    """Simulated vendors for everybody who is admitted and not left to be tried."""
    document = parts.desk.state(f"tender/{event_id}").document
    members: list[Member] = []
    for held, _, organisation in await parts.login.memberships():
        bids = (
            organisation.kind == "vendor" and organisation.id in room.vendors and organisation.id not in YOURS
        )
        if bids and organisation.id not in {member.vendor for member in members}:
            session = await parts.login.open(held)
            members.append(_member(document, organisation, session, len(members), seed))
    return Crowd(parts.settings.origin, event_id, members, seed, PACE_S, LAST)


def _member(
    document: Solicitation, organisation: Organisation, session: str, place: int, seed: int
) -> Member:
    draw = Random(f"{seed} {organisation.id}")
    worth = {lot.id: lot_baseline(lot) or parse_amount(lot.ceiling) or 10**9 for lot in document.lots}
    return Member(
        vendor=organisation.id,
        session=session,
        character=CHARACTERS[place % len(CHARACTERS)],
        floors={lot: exact(value * draw.randint(CHEAPEST, DEAREST) // 100) for lot, value in worth.items()},
        asks={lot: exact(value // CENT * CENT) for lot, value in worth.items()},
    )
