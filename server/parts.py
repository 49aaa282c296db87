"""The parts of a running server, as handlers see them; `app.py` joins them once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import msgspec
from litestar.connection import ASGIConnection

from server.login import SignedIn

if TYPE_CHECKING:
    from jinja2 import Environment

    from auction.terms.jurisdiction import Profile
    from server.assets import Assets
    from server.buckets import Buckets
    from server.checks import Checks
    from server.database import Database, Known
    from server.demand.benefit import Benefits
    from server.demand.jobs import Jobs
    from server.demand.reminding import Reminders
    from server.desk import Desk
    from server.errands import Errands
    from server.files import Files
    from server.fresh import Fresh
    from server.hub import Hub
    from server.journal_sql import SqlJournal
    from server.log.boxes import Boxes
    from server.log.log import Log
    from server.login import Attempts, Login
    from server.notes import Notes
    from server.notices.outbox import Outbox
    from server.notices.teller import Teller
    from server.prices.shelf import Shelf
    from server.projections import Projections
    from server.read_models import ReadModels
    from server.sealed.blobs import Blobs
    from server.sealed.deadline import Deadline
    from server.sealed.rounds import Rounds
    from server.sealed.store import Store
    from server.sealed.waiting import Waiting
    from server.settings import Settings
    from server.solving import Solving
    from server.stories import Stories
    from server.timekeeper import Timekeeper


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """One of each. `now` and `random` are the only clock and chance; `numbers` is held while an event gets its number."""

    settings: Settings
    known: Known
    now: Callable[[], datetime]
    random: Callable[[int], bytes]
    database: Database
    journal: SqlJournal
    desk: Desk
    numbers: asyncio.Lock
    hub: Hub
    log: Log
    boxes: Boxes
    errands: Errands
    timekeeper: Timekeeper
    login: Login
    attempts: Attempts
    knocks: Attempts
    asking: Attempts
    buckets: Buckets
    notes: Notes
    stories: Stories
    read_models: ReadModels
    projections: Projections
    shelf: Shelf
    solving: Solving
    fresh: Fresh
    files: Files
    store: Store
    blobs: Blobs
    waiting: Waiting
    deadline: Deadline
    outbox: Outbox
    jurisdictions: Mapping[str, Profile]
    checks: Checks
    jobs: Jobs
    benefits: Benefits
    reminders: Reminders
    rounds: Rounds
    teller: Teller
    assets: Assets
    templates: Environment


def parts_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Parts:
    """The parts of the server that a request reached."""
    return cast("Parts", connection.app.state["parts"])


def signed_in(connection: ASGIConnection[Any, Any, Any, Any]) -> SignedIn | None:
    """Who is signed in on this connection."""
    return cast("SignedIn | None", connection.scope.get("auth"))
