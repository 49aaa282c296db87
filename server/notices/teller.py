"""The teller: hears what was written in the journal, and puts into the outbox what somebody is to be told of it.

How far it has come is kept after the notices, and each notice has a key of its own: nothing is told twice and nothing is left
out, whatever breaks in between. What is older than a letter may become is no news any more. In a database whose journal is
older than its teller it begins at the end: news is only what comes.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from jinja2.exceptions import TemplateError
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from auction.award.panel_words import PanelState
from auction.journal import Entry
from auction.kernel import Event
from auction.live.room import BidPlaced, Room
from auction.tender.questions import Questions
from auction.tender.tender import Tender
from bidders.box.state import Box
from bidders.qualification import Admissions
from server.database import Database
from server.deciders import ruler_of
from server.journal_sql import SqlJournal
from server.notices.kinds import GATHERED, KINDS
from server.notices.outbox import STALE, Outbox
from server.notices.readers import Reader, readers
from server.notices.scene import Scene, Telling
from server.notices.tellings import TELLS
from server.tables import EPOCH, ChoiceRow, Cursor, NoticeRow

log = logging.getLogger("tenderbell")
NAME = "notices"
AGAIN_S = 1.0
AT_ONCE = 50
"""How many notices are kept in one transaction: bids wait for each."""
MOST_REMEMBERED = 10_000


class Heard(msgspec.Struct, frozen=True):
    """An entry with its event, to be told of."""

    entry: Entry
    event: Event


class Teller:
    """Turns entries into notices, in the order of the journal, one after another."""

    def __init__(
        self,
        database: Database,
        journal: SqlJournal,
        outbox: Outbox,
        state: Callable[[str], object],
        now: Callable[[], datetime],
    ) -> None:
        self._database, self._journal, self._outbox = database, journal, outbox
        self._state, self._now, self._broke = state, now, False
        self._waiting: asyncio.Queue[Heard] = asyncio.Queue()
        self._told: dict[str, None] = {}
        self._outbid_wanted = False
        self._task: asyncio.Task[None] | None = None

    def heard(self, stream: str, entries: Sequence[Entry], events: Sequence[Event]) -> None:
        """Take note of what is to be told."""
        for entry, event in zip(entries, events, strict=True):
            if type(event) in TELLS and (not isinstance(event, BidPlaced) or self._minds(event)):
                self._waiting.put_nowait(Heard(entry, event))

    def _minds(self, bid: BidPlaced) -> bool:
        """Tell whether a bid may be news: most are not, and a room's rush must cost nothing here."""
        return self._outbid_wanted and bid.rank == 1 and not bid.opening

    async def open(self) -> None:
        """Catch up with what was written since, and begin to work."""
        await self.mind()
        for entry in self._journal.since(await self._begin()):
            self.heard(entry.stream, [entry], [ruler_of(entry.stream).read(entry.body)])
        self._task = asyncio.create_task(self._work())

    async def close(self) -> None:
        """Finish, and stop."""
        if self._task is not None:
            await self.settled()
            self._task.cancel()

    async def settled(self) -> None:
        """Wait until all that was written is told."""
        await self._waiting.join()

    async def mind(self) -> None:
        """Look again whether anybody wants to hear of being outbid; called when somebody has chosen."""
        wanted = select(ChoiceRow.person_id).where(ChoiceRow.notice == "outbid", ChoiceRow.wanted).limit(1)
        async with self._database.session() as session:
            self._outbid_wanted = (await session.execute(wanted)).first() is not None

    async def remind(self, event_id: str, occasion: str, tellings: Sequence[Telling]) -> None:
        """Tell what time alone brings: of each occasion, each reader is told once by the first telling that is for them."""
        scene = self.scene(event_id)
        if scene is None:
            return
        for telling in tellings:
            about = f"{telling.notice}/{scene.id}/{occasion}"
            async with self._database.session() as session:
                found = await readers(session, telling.audience, telling.notice, scene.id)
                kept = NoticeRow.key.startswith(f"{about}/", autoescape=True)
                had = set((await session.execute(select(NoticeRow.key).where(kept))).scalars())
            keys = {f"{about}/{each.id}": each for each in found}
            rows = [self._letter(scene, telling, key, keys[key]) for key in keys.keys() - had]
            await self._keep([row for row in rows if row is not None])

    async def _keep(self, rows: Sequence[dict[str, Any]]) -> None:
        for start in range(0, len(rows), AT_ONCE):
            async with self._database.session.begin() as session:
                await self._outbox.keep(session, rows[start : start + AT_ONCE])

    async def _begin(self) -> int:
        async with self._database.session.begin() as session:
            cursor = await session.get(Cursor, NAME)
            if cursor is None:
                cursor = Cursor(name=NAME, version=1, n=self._journal.length())
                session.add(cursor)
            return cursor.n

    async def _work(self) -> None:
        while True:
            heard = await self._waiting.get()
            try:
                await self._until_told(heard)
            except Exception:
                self._broke = True
                log.exception(
                    "entry %d could not be told of; it is tried again at the next start", heard.entry.n
                )
            finally:
                self._waiting.task_done()

    async def _until_told(self, heard: Heard) -> None:
        """Tell, however long it takes: a full disk only delays news."""
        while True:
            try:
                return await self._tell(heard)
            except OperationalError as error:
                log.error("News could not be kept and is tried again: %s", error)
                await asyncio.sleep(AGAIN_S)

    async def _tell(self, heard: Heard) -> None:
        entry, event = heard.entry, heard.event
        scene = self.scene(entry.stream.partition("/")[2])
        told = TELLS[type(event)](scene, event) if scene is not None else ()
        fresh = {about: each for each in told if (about := _about(each, entry, event.at)) not in self._told}
        if scene is None or not fresh or self._now() - event.at > STALE:
            return
        await self._keep([row async for row in self._letters(scene, fresh)])
        for about in fresh:
            self._remember(about)
        if not self._broke:
            async with self._database.session.begin() as session:
                await session.merge(Cursor(name=NAME, version=1, n=entry.n))

    async def _letters(self, scene: Scene, fresh: Mapping[str, Telling]) -> AsyncIterator[dict[str, Any]]:
        """Write every letter before any is kept: nobody may wait for the database, or the loop, as long as that takes."""
        for about, telling in fresh.items():
            async with self._database.session() as session:
                found = await readers(session, telling.audience, telling.notice, scene.id)
            for reader in found:
                row = self._letter(scene, telling, f"{about}/{reader.id}", reader)
                if row is not None:
                    yield row
                await asyncio.sleep(0)

    def _letter(self, scene: Scene, telling: Telling, key: str, reader: Reader) -> dict[str, Any] | None:
        document = scene.document
        words: dict[str, Any] = {
            "person": reader.name,
            "title": document.title,
            "number": document.number,
            "consortium": document.consortium,
            "zone": document.zone,
        }
        try:
            return self._outbox.written(
                key=key,
                to=reader.address,
                notice=telling.notice,
                context=words | dict(telling.context),
                about=document.owner,
            )
        except (TemplateError, ValueError):
            log.exception("the notice %s could not be written", telling.notice)
            return None

    def scene(self, event_id: str) -> Scene | None:
        """What an entry is about; None for a draft, which is nobody else's."""
        tender, room = self._state(f"tender/{event_id}"), self._state(f"room/{event_id}")
        if not isinstance(tender, Tender) or tender.document is None:
            return None
        sealed = tender.document.kind == "sealed_bid" and tender.published_at is not None
        if not isinstance(room, Room) or (room.rules is None and not sealed):
            return None
        questions, admissions = self._state(f"questions/{event_id}"), self._state(f"admission/{event_id}")
        assert isinstance(questions, Questions)
        assert isinstance(admissions, Admissions)
        box = self._state(f"box/{event_id}")
        assert isinstance(box, Box)
        panel = self._state(f"panel/{event_id}")
        assert isinstance(panel, PanelState)
        return Scene(event_id, tender.document, room, questions, admissions, box, panel)

    def _remember(self, about: str) -> None:
        self._told[about] = None
        while len(self._told) > MOST_REMEMBERED:
            del self._told[next(iter(self._told))]


def _about(telling: Telling, entry: Entry, at: datetime) -> str:
    """What a telling is about: its entry, or for a gathered kind, the stretch of time that the entry falls into."""
    when = f"n{entry.n}"
    if KINDS[telling.notice].gathered:
        when = f"t{(at - EPOCH) // GATHERED}"
    return f"{telling.notice}/{entry.stream.partition('/')[2]}/{telling.thing}/{when}"
