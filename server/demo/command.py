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
from functools import partial
from pathlib import Path
from shutil import rmtree

import msgspec

from server import filling, serve
from server.app import alive, build, clock
from server.demo import sealed
from server.demo.coming import announce
from server.demo.crowd import YOURS, play
from server.demo.figures import FIXTURES, districts
from server.demo.past import AGO, Then, live_through
from server.demo.present import ask_for_needs, describe
from server.demo.staging import FIRST_CLOSE_IN, OPENS_IN, prepare
from server.journal_sql import Locked, SqlJournal
from server.log.unsound import Unsound
from server.parts import Parts
from server.settings import Settings
from server.terminal import complain

DATABASE = Path("tenderbell-demo.db")
NOTE = "yours to try"
SEALED_BEFORE = timedelta(days=60)
"""How long after last year's auction the winter's sealed bids were asked for."""
ORIGIN = "demonstration/log/1"
"""The name of a demonstration's public log, by which its files are known."""
LOG_FILES = ("-log.key", "-log.checkpoint")


def configure(parser: argparse.ArgumentParser) -> None:
    """Name the command's arguments."""
    parser.add_argument("--port", type=int, default=8080, help="the port; another is taken when it is in use")
    parser.add_argument("--database", type=Path, default=DATABASE, help="the demonstration's own database")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another crowd")


def run(args: argparse.Namespace) -> int:
    """Serve the demonstration until told to stop; 2 when it cannot be."""
    try:
        settings = Settings(database=args.database, port=args.port, log_origin=ORIGIN)
        make_way(settings.database)
        try:
            listening = serve.bound(settings)
        except OSError:
            listening = serve.bound(msgspec.structs.replace(settings, port=0))
        with listening:
            settings, people = serve.with_port(settings, listening), read_people(FIXTURES)
            asyncio.run(_past(settings, people))
            parts = build(settings)
            serve.run_to_end(_serve(parts, listening, args.seed))
    except (Locked, OSError, Unsound) as error:
        return complain([str(error)])
    return 0


async def _past(settings: Settings, people: filling.People) -> None:
    """Fill the database and tell its past, by a clock that stood then."""
    then, members = Then(clock()() - AGO), districts(people)
    fill = partial(filling.fill, given=people, hashed=str, demo=True)
    async with alive(build(settings, fill, then)) as parts:
        parts.desk.first = lambda _: ()  # A clock that leaps would look like a server that was away.
        await describe(parts, members)
        await live_through(parts, then, members)
        then.go(SEALED_BEFORE)
        await sealed.live_through(parts, then, members)
        due = clock()() + sealed.DUE_IN
        then.go(due - sealed.NOTICE - then())
        await sealed.announce(parts, members, due)


def make_way(database: Path) -> None:
    """Take an earlier demonstration's database away; raises `OSError` when the file is anything else, or in use."""
    if not database.exists():
        return _clear_log(database)
    with suppress(sqlite3.Error), closing(sqlite3.connect(database)) as looking:
        if looking.execute("SELECT value FROM meta WHERE key = 'demo'").fetchone() == ("1",):
            SqlJournal(database).close()
            for end in ("", "-wal", "-shm", "-lock", *LOG_FILES):
                Path(f"{database}{end}").unlink(missing_ok=True)
            for folder in ("files", "sealed"):
                rmtree(f"{database}-{folder}", ignore_errors=True)
            return
    raise OSError(
        f"{database} was not made by a demonstration, so it is left alone; choose another --database"
    )


def _clear_log(database: Path) -> None:
    """Take away what is left of a demonstration's public log whose database is gone; any other log's files stay."""
    key = Path(f"{database}-log.key")
    if key.exists() and f"+{ORIGIN}+" in key.read_text("utf-8"):
        for end in LOG_FILES:
            Path(f"{database}{end}").unlink(missing_ok=True)


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
        members = districts(read_people(FIXTURES))
        await announce(parts, members)
        await ask_for_needs(parts, members)
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
        f"  Sealed bids for cafeteria supplies are due in about two minutes and opened one minute later.\n"
        "  Be a vendor (those marked as yours to try) in one browser and the lead in another.\n"
        "  Ctrl+C ends it.",
        flush=True,
    )
