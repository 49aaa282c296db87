"""A house to test in: a real server on a loopback port, with a small cast, an open event, and guests over real sockets.

`opened` runs it in the test's own loop, `in_thread` in a thread of its own (for Playwright's tests), `away` in a process of its
own (to be killed). Nothing sleeps to wait: `House.until` looks again after every commit, `Caller.wait` after every frame.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx
import msgspec
import websockets
from argon2 import PasswordHasher

from auction.journal import Entry
from auction.kernel import Event
from auction.live.room import Room
from auction.tender.solicitation import District, Line, Lot, Need, Solicitation, Vendor
from server import csrf, drafting, filling, serve
from server.app import alive, build
from server.filling import MembershipGiven, OrganisationGiven, People, PersonGiven
from server.login import COOKIE, token_hash
from server.parts import Parts
from server.settings import Settings
from server.tables import Membership

PATIENCE_S = 20
"""After so long a wait has failed; no wait that succeeds depends on it."""
SOON = timedelta(seconds=0.15)
LONG = timedelta(minutes=30)
ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "a long pass phrase"
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
VENDORS = ("v-ash", "v-birch", "v-cedar")
STRANGER = "v-stranger"
RULES: dict[str, Any] = {
    "format": "english",
    "decrement": {"base": "own", "amount": "1"},
    "closing": {"mode": "parallel"},
    "max_change_percent": "90",
    "notice_s": 0,
    "fault_s": 600,
}
Frame = dict[str, Any]
T = TypeVar("T")


def _person(id: str, name: str, organisation: str, role: str) -> PersonGiven:
    return PersonGiven(id, name, f"{id}@tenderbell.example", (MembershipGiven(organisation, role),))


CAST = People(
    (
        OrganisationGiven("c-lake", "consortium", "Lake Cooperative"),
        OrganisationGiven("d-oak", "district", "Oak District"),
        OrganisationGiven("d-elm", "district", "Elm District"),
        *(OrganisationGiven(id, "vendor", f"{id[2:].title()} Supply") for id in (*VENDORS, STRANGER)),
    ),
    (
        _person("p-lead", "Lea Lead", "c-lake", "lead"),
        _person("p-oak", "Olga Oak", "d-oak", "buyer"),
        _person("p-elm", "Emil Elm", "d-elm", "buyer"),
        *(_person(f"p-{id[2:]}", id[2:].title(), id, "vendor") for id in (*VENDORS, STRANGER)),
    ),
)
"""A lead, two districts, three vendors, and a vendor that nobody admits."""


def lot(id: str, ceiling: str | None = "1000", **more: Any) -> Lot:
    """A lot of two lines, one of them needed by both districts."""
    needs = (Need("d-oak", "6"), Need("d-elm", "4"))
    lines = (
        Line("A", f"Paper of {id}", "case", "10", "50.00", needs=needs),
        Line("B", f"Pens of {id}", "box", "5", "80.00", needs=(Need("d-oak", "5"),)),
    )
    return Lot(id, f"Lot {id}", ceiling=ceiling, lines=lines, **more)


def event(
    lots: Sequence[Lot] = (lot("L1"), lot("L2")),
    vendors: Sequence[Vendor] = tuple(Vendor(id, f"{id[2:].title()} Supply") for id in VENDORS),
    **rules: Any,
) -> Solicitation:
    """An event for these vendors; `rules` stand over the test's own."""
    return Solicitation(
        number="2026-001",
        title="Paper and pens",
        consortium="Lake Cooperative",
        rules=RULES | rules,
        lots=tuple(lots),
        vendors=tuple(vendors),
        districts=(District("d-oak", "Oak District", 1200), District("d-elm", "Elm District", 800)),
    )


def with_passwords(session: Any, people: People, demo: bool) -> None:
    """Fill a database; everybody has the same password, hashed quickly."""
    given = tuple(msgspec.structs.replace(each, password=PASSWORD) for each in people.people)
    filling.fill(session, msgspec.structs.replace(people, people=given), QUICK.hash, demo)


# --- a house -----------------------------------------------------------------------------------------------------------------


class House:
    """A running server, and ways into it."""

    def __init__(self, parts: Parts) -> None:
        self.parts, self.origin = parts, parts.settings.origin
        self._heard = asyncio.Condition()
        self._looking: set[asyncio.Task[None]] = set()
        self._stack = AsyncExitStack()
        parts.desk.listeners.append(self)

    def heard(self, stream: str, entries: Sequence[Entry], events: Sequence[Event]) -> None:
        """Let those look again who wait for something."""
        task = asyncio.get_running_loop().create_task(self._look())
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)

    async def _look(self) -> None:
        async with self._heard:
            self._heard.notify_all()

    async def until(self, fits: Callable[[], object]) -> None:
        """Wait until something is so; looked at after every commit."""
        async with asyncio.timeout(PATIENCE_S), self._heard:
            await self._heard.wait_for(fits)

    def room(self, event_id: str = "1") -> Room:
        """A room's state."""
        found: Room = self.parts.desk.state(f"room/{event_id}")
        return found

    async def publish(
        self, document: Solicitation, opens: timedelta = SOON, length: timedelta = LONG, wait: bool = True
    ) -> str:
        """Draft and publish an event; return its id once its first lot is open."""
        event_id = await drafting.keep(self.parts, document, "p-lead")
        at = self.parts.now() + opens
        await drafting.publish(self.parts, event_id, "p-lead", at, at + length)
        if wait:
            await self.until(lambda: any(each.status == "open" for each in self.room(event_id).lots.values()))
        return event_id

    async def sign_in(self, who: str | None) -> Guest:
        """A guest with a session of its own: a person's id or a vendor's, None for the public."""
        token = await self.session(who) if who is not None else None
        guest = Guest(self.origin, token, self.parts.known.secret)
        self._stack.push_async_callback(guest.leave)
        return guest

    async def session(self, who: str) -> str:
        """Open a session for a person or for a vendor's person, and return its token."""
        held = await self.parts.login.memberships()
        return await self.parts.login.open(membership(who, [each for each, _, _ in held]))

    async def watch(self, who: str | None, event_id: str = "1", **more: Any) -> Caller:
        """Sign somebody in and seat them in a room."""
        return await (await self.sign_in(who)).watch(event_id, **more)

    async def leave(self) -> None:
        """Let all guests go."""
        await self._stack.aclose()


def membership(who: str, held: Sequence[Membership]) -> Membership:
    """The membership of a person, or of a vendor's person."""
    return next(each for each in held if who in (each.person_id, each.organisation_id))


@asynccontextmanager
async def opened(
    folder: Path,
    people: People = CAST,
    demo: bool = False,
    changed: Callable[[Parts], Parts] = lambda parts: parts,
    **choices: Any,
) -> AsyncIterator[House]:
    """Run a server in this loop; `changed` may exchange parts before it starts, `choices` are settings."""
    rates = {"bids_per_second": 10_000, "bids_burst": 10_000}
    settings = Settings(**{"database": folder / "house.db", "port": 0} | rates | choices)
    with serve.bound(settings) as listening:
        settings = serve.with_port(settings, listening)
        parts = changed(build(settings, lambda session: with_passwords(session, people, demo)))
        started = asyncio.Event()
        server = serve.server(parts, lambda _: started.set())
        task = asyncio.create_task(server.serve(sockets=[listening]))
        async with asyncio.timeout(PATIENCE_S):
            await started.wait()
        house = House(parts)
        try:
            yield house
        finally:
            await house.leave()
            server.should_exit = True
            await task


# --- guests --------------------------------------------------------------------------------------------------------------


class Guest:
    """A browser of somebody's: pages, forms and sockets with its session's cookie."""

    def __init__(self, origin: str, token: str | None, secret: bytes) -> None:
        self.origin, self.token = origin, token
        self.csrf = csrf.token(secret, token_hash(token) if token is not None else None)
        cookies = {COOKIE: token} if token is not None else {}
        transport = httpx.AsyncHTTPTransport(verify=False)
        self.http = httpx.AsyncClient(
            base_url=origin,
            headers={"origin": origin},
            cookies=cookies,
            transport=transport,
            timeout=PATIENCE_S,
        )
        self.callers: list[Caller] = []

    async def get(self, path: str) -> httpx.Response:
        """Ask for a page."""
        return await self.http.get(path)

    async def post(self, path: str, **form: str) -> httpx.Response:
        """Send a form of one of our own pages."""
        return await self.http.post(path, data={"csrf": self.csrf} | form)

    async def watch(
        self,
        event_id: str = "1",
        *,
        last: int | None = 0,
        view: str | None = None,
        origin: str | None = None,
        **more: Any,
    ) -> Caller:
        """Open a socket and say hello, unless `last` is None; `view` is what the page was made for."""
        address = self.origin.replace("http", "ws", 1) + f"/events/{event_id}/socket"
        headers = {"Cookie": f"{COOKIE}={self.token}"} if self.token is not None else {}
        line = await websockets.connect(
            address + (f"?as={view}" if view is not None else ""),
            additional_headers=headers,
            origin=websockets.Origin(origin or self.origin),
            compression=None,
            proxy=None,
            **more,
        )
        caller = Caller(line)
        self.callers.append(caller)
        if last is not None:
            await caller.say({"k": "hello", "last": last})
        return caller

    async def leave(self) -> None:
        """Hang up."""
        for caller in self.callers:
            await caller.hang_up()
        await self.http.aclose()


class Caller:
    """One socket: what was heard on it, in order, and what was asked."""

    def __init__(self, line: Any) -> None:
        self.line, self.frames, self.code = line, list[Frame](), None
        self._news = asyncio.Condition()
        self._bids = 0
        self._task = asyncio.create_task(self._read())

    async def _read(self) -> None:
        try:
            async for text in self.line:
                async with self._news:
                    self.frames.append(json.loads(text))
                    self._news.notify_all()
        except websockets.ConnectionClosedError:
            pass
        async with self._news:
            self.code = self.line.close_code
            self._news.notify_all()

    async def say(self, frame: object) -> None:
        """Send a frame; text and bytes go as they are."""
        await self.line.send(frame if isinstance(frame, str | bytes) else json.dumps(frame))

    async def wait(self, fits: Callable[[Frame], object], since: int = 0) -> Frame:
        """The first frame that fits, heard already or still to come; fails when the line ends before."""
        seen = since

        def look() -> bool:
            nonlocal seen
            while seen < len(self.frames) and not fits(self.frames[seen]):
                seen += 1
            return seen < len(self.frames) or self.code is not None

        async with asyncio.timeout(PATIENCE_S), self._news:
            await self._news.wait_for(look)
        assert seen < len(self.frames), f"the line ended with {self.code} after {self.frames[-5:]}"
        return self.frames[seen]

    async def hear(self, kind: str, **members: Any) -> Frame:
        """The first frame of a kind with these members."""
        return await self.wait(lambda f: f["k"] == kind and members.items() <= f.items())

    async def closed(self) -> int:
        """Wait for the end, and say with which code."""
        async with asyncio.timeout(PATIENCE_S), self._news:
            await self._news.wait_for(lambda: self.code is not None)
        return int(self.code or 0)

    async def ask(self, frame: object) -> Frame:
        """Send a frame and return the next reply to it: no, taken, fail or pong."""
        since = len(self.frames)
        await self.say(frame)
        return await self.wait(lambda f: f["k"] in ("no", "taken", "fail", "pong"), since)

    async def bid(self, lot: str, amount: object, id: str | None = None, **more: Any) -> Frame:
        """Bid and return the reply."""
        self._bids += 1
        name = id or f"b-{id_of(self)}-{self._bids}"
        since = len(self.frames)
        await self.say({"k": "bid", "id": name, "lot": lot, "amount": amount} | more)
        return await self.wait(lambda f: f.get("id") == name and f["k"] in ("no", "taken", "fail"), since)

    async def caught_up(self) -> None:
        """Wait until everything that was written to the line before is heard."""
        self._bids += 1
        await self.say({"k": "ping", "c": self._bids})
        await self.hear("pong", c=self._bids)

    async def facts(self, most: int) -> list[Frame]:
        """Wait for the fact of this number, and return all that were told up to now."""
        await self.wait(lambda f: "facts" in f and f["first"] + len(f["facts"]) > most)
        return self.told()

    def told(self) -> list[Frame]:
        """All facts told so far; fails where a number is left out or comes twice."""
        told: list[Frame] = []
        first: int | None = None
        for frame in [frame for frame in self.frames if "facts" in frame]:
            first = frame["first"] if first is None else first
            assert frame["first"] == first + len(told), "a number was left out or came twice"
            told += frame["facts"]
        return told

    def board(self, part: str = "board") -> dict[str, Frame]:
        """The lots as the frames so far say that they stand."""
        rows: dict[str, Frame] = {}
        for frame in self.frames:
            for row in frame.get(part, ()):
                rows[row["id"]] = rows.get(row["id"], {}) | row
        return rows

    async def hang_up(self) -> None:
        """Close the line."""
        await self.line.close()
        await self._task


def id_of(caller: Caller) -> str:
    """A name for a caller's bids that no other line uses."""
    return f"{id(caller):x}-{os.getpid()}"


# --- in a thread, for tests without a loop of their own --------------------------------------------------------------------


class Threaded:
    """A house whose loop runs in a thread: `call` carries a coroutine out there and returns what it came to."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="house", daemon=True)
        self._thread.start()
        self.stack: AsyncExitStack
        self.house: House

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Carry a coroutine out in the house's loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE_S * 3)

    async def enter(self, folder: Path, **choices: Any) -> None:
        """Start the server."""
        self.stack = AsyncExitStack()
        self.house = await self.stack.enter_async_context(opened(folder, **choices))

    def stop(self) -> None:
        """Stop the server and its loop."""
        self.call(self.stack.aclose())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


@contextmanager
def in_thread(folder: Path, **choices: Any) -> Iterator[Threaded]:
    """Run a server in a thread, for tests that drive a browser."""
    threaded = Threaded()
    threaded.call(threaded.enter(folder, **choices))
    try:
        yield threaded
    finally:
        threaded.stop()


# --- in a process of its own, to be killed ---------------------------------------------------------------------------------


class Away:
    """A server in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process, origin: str, secret: bytes) -> None:
        self.process, self.origin, self._secret = process, origin, secret

    def guest(self, token: str | None) -> Guest:
        """A guest with a session that was opened before."""
        return Guest(self.origin, token, self._secret)

    def signal(self, number: signal.Signals) -> None:
        """Send the process a signal."""
        self.process.send_signal(number)

    async def kill(self) -> None:
        """Kill the process and wait until it is gone."""
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()


async def command(*arguments: str, **environment: str) -> asyncio.subprocess.Process:
    """Start `tenderbell` with these arguments, its output in pipes."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server.cli", *arguments),
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@asynccontextmanager
async def away(database: Path, secret: bytes) -> AsyncIterator[Away]:
    """Serve a database in a process of its own."""
    process = await command(
        "serve", "--database", str(database), "--port", "0", TENDERBELL_BIDS_PER_SECOND="1000"
    )
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE_S):
        said = (await process.stdout.readline()).decode()
    assert said, (await process.communicate())[1].decode()
    served = Away(process, next(word for word in said.split() if "://" in word).rstrip(","), secret)
    try:
        yield served
    finally:
        await served.kill()


@asynccontextmanager
async def prepared(database: Path, people: People = CAST) -> AsyncIterator[House]:
    """The parts of a house without a web server: to make a database ready for a process of its own."""
    parts = build(Settings(database=database), lambda session: with_passwords(session, people, False))
    async with alive(parts):
        yield House(parts)


def seconds(amount: float) -> timedelta:
    """So many seconds."""
    return timedelta(seconds=amount)


def at(moment: str) -> datetime:
    """A time as a frame says it."""
    return datetime.fromisoformat(moment)
