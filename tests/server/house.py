"""A house to test in: a real server on a loopback port, with a small cast, an open event, and guests over real sockets.

`opened` runs it in the test's own loop, `in_thread` in a thread of its own (for Playwright's tests); `away.py` runs one in a
process of its own, to be killed. Nothing sleeps to wait: `House.until` looks again
after every commit, `Caller.wait` after every frame.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from argon2 import PasswordHasher

from auction.journal import Entry
from auction.kernel import Event
from auction.live.room import TIME, Room, Tick
from auction.record import ticks
from auction.tender.solicitation import District, Line, Lot, Need, Solicitation, Vendor
from server import drafting, filling, serve
from server.app import alive, build
from server.filling import MembershipGiven, OrganisationGiven, People, PersonGiven
from server.parts import Parts
from server.settings import Settings
from server.tables import Membership
from tests.server.callers import PATIENCE_S, Caller, Guest

SOON = timedelta(seconds=0.25)
LONG = timedelta(minutes=30)
PASSWORD = "a long pass phrase"
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
VENDORS = ("v-ash", "v-birch", "v-cedar")
STRANGER = "v-stranger"
OWNER = "c-lake"
RULES: dict[str, Any] = {
    "format": "english",
    "decrement": {"base": "own", "amount": "1"},
    "closing": {"mode": "parallel"},
    "max_change_percent": "90",
    "notice_s": 0,
    "fault_s": 80_000,
}
T = TypeVar("T")


def _person(id: str, name: str, organisation: str, role: str) -> PersonGiven:
    return PersonGiven(id, name, f"{id}@tenderbell.example", (MembershipGiven(organisation, role),))


CAST = People(
    (
        OrganisationGiven(OWNER, "consortium", "Lake Cooperative"),
        OrganisationGiven("c-far", "consortium", "Far Cooperative"),
        OrganisationGiven("d-oak", "district", "Oak District", consortia=(OWNER,)),
        OrganisationGiven("d-elm", "district", "Elm District", consortia=(OWNER,)),
        OrganisationGiven("d-fir", "district", "Fir District", consortia=("c-far",)),
        *(OrganisationGiven(id, "vendor", f"{id[2:].title()} Supply") for id in (*VENDORS, STRANGER)),
    ),
    (
        _person("p-admin", "Ada Admin", OWNER, "admin"),
        _person("p-lead", "Lea Lead", OWNER, "lead"),
        _person("p-second", "Sam Second", OWNER, "second"),
        _person("p-evaluator", "Eva Evaluator", OWNER, "evaluator"),
        _person("p-auditor", "Aud Auditor", OWNER, "auditor"),
        _person("p-far", "Fay Far", "c-far", "lead"),
        _person("p-fir", "Fritz Fir", "d-fir", "buyer"),
        _person("p-oak", "Olga Oak", "d-oak", "buyer"),
        _person("p-elm", "Emil Elm", "d-elm", "buyer"),
        *(_person(f"p-{id[2:]}", id[2:].title(), id, "owner") for id in (*VENDORS, STRANGER)),
        _person("p-preparer", "Pia Preparer", "v-ash", "preparer"),
        _person("p-signer", "Sid Signer", "v-ash", "signer"),
    ),
)
"""A consortium with one of each role, two districts, three vendors, a vendor that nobody admits, and another consortium."""


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
        jurisdiction="US-XL",
        category="supplies",
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

    def told(self) -> int:
        """How many entries the journal holds, without the public log's ticks: those come with the clock, whoever does what."""
        return self.parts.journal.length() - len(self.parts.journal.read(ticks.STREAM))

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
        """Draft and publish an event; return its id once its first lot is open and what follows from that is done."""
        event_id = await drafting.keep(self.parts, document, "p-lead", OWNER)
        at = self.parts.now() + opens
        await drafting.publish(self.parts, event_id, "p-lead", at, at + length)
        if wait:
            await self.until(lambda: any(each.status == "open" for each in self.room(event_id).lots.values()))
            await self.parts.errands.settled()
        return event_id

    async def end(self, event_id: str = "1") -> None:
        """Let time pass until every lot is over, and carry out what follows."""
        late = max(each.closes for each in self.room(event_id).lots.values()) + seconds(1)
        await self.parts.desk.submit(f"room/{event_id}", Tick(by=TIME), late)
        assert all(each.over for each in self.room(event_id).lots.values())
        await self.parts.errands.settled()

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
    now: Callable[[], datetime] | None = None,
    **choices: Any,
) -> AsyncIterator[House]:
    """Run a server in this loop; `changed` may exchange parts before it starts, `now` is its clock, `choices` are settings."""
    rates = {"bids_per_second": 10_000, "bids_burst": 10_000}
    settings = Settings(**{"database": folder / "house.db", "port": 0} | rates | choices)
    with serve.bound(settings) as listening:
        settings = serve.with_port(settings, listening)
        parts = changed(build(settings, lambda session: with_passwords(session, people, demo), now))
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


@asynccontextmanager
async def prepared(database: Path, people: People = CAST) -> AsyncIterator[House]:
    """The parts of a house without a web server: to make a database ready for a process of its own."""
    parts = build(Settings(database=database), lambda session: with_passwords(session, people, False))
    async with alive(parts):
        yield House(parts)


def seconds(amount: float) -> timedelta:
    """So many seconds."""
    return timedelta(seconds=amount)


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
