"""The parts, joined once: here alone are the clock and the randomness."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from litestar import Litestar
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from sqlalchemy.orm import Session

from server import database as house
from server import jurisdictions
from server.assets import load
from server.buckets import Buckets
from server.calendar_rows import CalendarRows
from server.checks import Checks
from server.deciders import DECIDERS
from server.demand.benefit import Benefits
from server.demand.jobs import Jobs
from server.demand.projection import DemandLists
from server.demand.reminding import Reminders
from server.desk import Desk
from server.errands import Errands
from server.files import Files
from server.fresh import Fresh
from server.guards import WhoAsks, by_role, own_forms_only
from server.headers import Headers
from server.hub import Hub
from server.journal_sql import SqlJournal
from server.log.boxes import Boxes
from server.log.log import Log
from server.log.opening import opened, trusted
from server.log.pace import Pace
from server.login import Attempts, Login, Passwords
from server.notes import Notes
from server.notices.outbox import Outbox
from server.notices.smtp import Smtp
from server.notices.teller import Teller
from server.notices.writing import Writing
from server.pages.answering import broke, refused
from server.parts import Parts
from server.people.places import Belonging
from server.presenting import environment
from server.prices.book import PriceBook
from server.prices.shelf import Shelf
from server.projections import Projection, Projections
from server.read_models import ReadModels
from server.routes import ROUTES
from server.sealed.blobs import Blobs
from server.sealed.deadline import Deadline
from server.sealed.hosts import Elsewhere, elsewhere, own_host
from server.sealed.rounds import Rounds
from server.sealed.store import Store
from server.sealed.waiting import Waiting
from server.settings import Settings
from server.solving import Solving
from server.stories import Stories
from server.taking_part import FiledSchedules, TakingPartList
from server.timekeeper import Timekeeper

TEMPLATES = Path(__file__).parent.parent / "templates"
JURISDICTIONS = TEMPLATES.parent / "fixtures" / "jurisdictions"
PROJECTIONS: Sequence[Projection] = (
    Belonging(),
    DemandLists(),
    CalendarRows(),
    TakingPartList(),
    FiledSchedules(),
)
"""Every list that is written from the journal."""
LARGEST_FORM = 64 * 1024
GUESSES, GUESS_WINDOW = 5, timedelta(minutes=15)
KNOCKS = 50
"""How often one network address may try links that are none, or ask for letters, in the same window."""
QUESTIONS, QUESTION_WINDOW = 10, timedelta(hours=1)


def clock() -> Callable[[], datetime]:
    """Make the clock: wall time read once, then carried on by a steady one, so that it never goes back.

    Where there is one, the steady clock goes on while the machine sleeps.
    """
    steady = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    wall, began = datetime.now(UTC), time.clock_gettime_ns(steady)
    return lambda: wall + timedelta(microseconds=(time.clock_gettime_ns(steady) - began) // 1000)


def open_database(path: Path, fill: Callable[[Session], None]) -> None:
    """Make a database ready and write into the house's tables, beside a server that may be running on it."""
    house.prepare(path, secrets.token_bytes, fill)


def trust_log(settings: Settings) -> None:
    """Take a database for the newest one, where the public log's last checkpoint is lost; raises `Unsound` or `Locked`."""
    trusted(settings, secrets.token_bytes)


def build(
    settings: Settings,
    fill: Callable[[Session], None] | None = None,
    now: Callable[[], datetime] | None = None,
) -> Parts:
    """Join the parts on the settings' database, which `fill` may write into; raises `Locked` when another process
    holds it, and `Unsound` when the public log cannot go on from it.

    Another clock than the machine's is for demonstrations, which tell of a past.
    """
    now, random = now or clock(), secrets.token_bytes
    journal = SqlJournal(settings.database)
    known = house.prepare(settings.database, random, fill)
    database = house.Database(settings.database)
    found = opened(settings, journal, random)
    desk = Desk(journal, DECIDERS, random)
    boxes = Boxes(desk, journal)
    pace = Pace(timedelta(seconds=settings.log_tick_seconds), boxes.out)
    log = Log(found, pace, desk, journal, now)
    login = Login(database, Passwords(), now, random, timedelta(hours=settings.session_hours))
    read_models = ReadModels(database, desk.state, desk.at_rest)
    hub, timekeeper = Hub(desk, journal, login, now), Timekeeper(desk, journal, now)
    errands = Errands(desk, journal, database, read_models, now)
    projections = Projections(database, journal, (*PROJECTIONS, PriceBook(desk.state)))
    outbox = Outbox(
        database,
        Writing(TEMPLATES / "notices", settings.origin),
        settings,
        Smtp(settings) if settings.smtp_host else None,
        now,
        keeps=known.demo,
    )
    teller = Teller(database, journal, outbox, desk.state, now)
    store, waiting = Store(settings.database.with_name(f"{settings.database.name}-sealed")), Waiting(now)
    blobs = Blobs(store, database, now)
    deadline = Deadline(desk, journal, waiting, store, blobs, now)
    desk.listeners += [boxes, log, timekeeper, deadline, projections, errands, teller, hub]
    loaded = load(TEMPLATES / "assets")
    return Parts(
        settings=settings,
        known=known,
        now=now,
        random=random,
        database=database,
        journal=journal,
        desk=desk,
        numbers=asyncio.Lock(),
        hub=hub,
        log=log,
        boxes=boxes,
        errands=errands,
        timekeeper=timekeeper,
        login=login,
        attempts=Attempts(GUESSES, GUESS_WINDOW),
        knocks=Attempts(KNOCKS, GUESS_WINDOW),
        asking=Attempts(QUESTIONS, QUESTION_WINDOW),
        buckets=Buckets(settings.bids_per_second, settings.bids_burst),
        notes=Notes(random),
        stories=Stories(journal),
        read_models=read_models,
        projections=projections,
        shelf=Shelf(),
        solving=Solving(),
        fresh=Fresh(database.version, now),
        files=Files(settings.database.with_name(f"{settings.database.name}-files"), database, now),
        store=store,
        blobs=blobs,
        waiting=waiting,
        deadline=deadline,
        outbox=outbox,
        jurisdictions=jurisdictions.load(JURISDICTIONS),
        checks=Checks(),
        jobs=Jobs(random),
        benefits=Benefits(database),
        reminders=Reminders(database, outbox, now),
        rounds=Rounds(database, outbox, teller, desk.state, now),
        teller=teller,
        assets=loaded,
        templates=environment(TEMPLATES, loaded),
    )


@asynccontextmanager
async def alive(parts: Parts) -> AsyncIterator[Parts]:
    """Let the parts work for as long as the context lasts; what was asked before its end is still answered."""
    await parts.desk.open()
    await parts.projections.open()
    await parts.timekeeper.open()
    await parts.deadline.open()
    await parts.log.open()
    await parts.errands.open()
    await parts.teller.open()
    await parts.outbox.open()
    await parts.reminders.open()
    await parts.rounds.open()
    await parts.hub.open()
    try:
        yield parts
    finally:
        await parts.rounds.close()
        await parts.reminders.close()
        await parts.jobs.close()
        await parts.hub.close()
        await parts.timekeeper.close()
        await parts.deadline.close()
        await parts.errands.close()
        await parts.projections.close()
        await parts.teller.close()
        await parts.outbox.close()
        await parts.log.close()
        parts.solving.close()
        await parts.desk.close()
        await parts.database.close()
        parts.journal.close()


def create_app(parts: Parts) -> Litestar:
    """Make the web application on its parts."""

    @asynccontextmanager
    async def running(_: Litestar) -> AsyncIterator[None]:
        async with alive(parts):
            yield

    return Litestar(
        route_handlers=ROUTES,
        middleware=[Headers(parts.settings), WhoAsks()],
        guards=[own_host, by_role, own_forms_only],
        exception_handlers={Elsewhere: elsewhere, HTTPException: refused, Exception: broke},
        request_max_body_size=LARGEST_FORM,
        lifespan=[running],
        state=State({"parts": parts}),
        openapi_config=None,
        logging_config=None,
        debug=False,
    )
