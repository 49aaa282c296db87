"""The outbox: every notice stands in it once, and is sent as often as it takes until a mail server has it.

A notice is written when it is put, so that what it says never changes. Towards the mail server each is tried *at least*
once: where the machine stops between the mail server's yes and our note of it, the letter goes out a second time, with
the same Message-ID. Where no mail server is named, notices stay in the outbox.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import event, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from server.database import Database
from server.notices.smtp import NotTaken, Post, compose
from server.notices.writing import Writing
from server.settings import Settings
from server.tables import NoticeRow

log = logging.getLogger("tenderbell")
AGAIN_S = 1.0
AT_ONCE = 50
"""How many letters are read from the outbox at once."""
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=2)
STALE = timedelta(days=3)
"""How long a letter is tried; what is older has ceased to be news, and its links have run out."""
SECRET = frozenset({"invitation", "invited_district", "verify", "reset"})
"""Kinds whose link opens a door: once sent or given up, their text is not kept."""
OPEN = ("waiting", "failed")


def wait_after(tries: int) -> timedelta:
    """How long to wait after so many tries: a minute, then twice as long each time, up to two hours."""
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << min(tries - 1, 20)))


class Outbox:
    """Every notice, and what carries them away; without a `post` they stay."""

    def __init__(
        self,
        database: Database,
        writing: Writing,
        settings: Settings,
        post: Post | None,
        now: Callable[[], datetime],
        keeps: bool = False,
    ) -> None:
        self._database, self._writing, self._settings = database, writing, settings
        self._post, self._now, self._keeps = post, now, keeps
        self._bell = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def sends(self) -> bool:
        """Tell whether letters leave the house."""
        return self._post is not None

    async def put(
        self, *, key: str, to: str, notice: str, context: Mapping[str, Any], about: str = ""
    ) -> bool:
        """Write a notice and keep it to be sent; False when one with this key was put before."""
        row = self.written(key=key, to=to, notice=notice, context=context, about=about)
        async with self._database.session.begin() as session:
            return await self.keep(session, [row]) == 1

    def written(
        self, *, key: str, to: str, notice: str, context: Mapping[str, Any], about: str = ""
    ) -> dict[str, Any]:
        """Write a notice, not yet kept; raises what `Writing.letter` raises."""
        letter, now = self._writing.letter(notice, context), self._now()
        return {
            "key": key,
            "notice": notice,
            "address": to.strip(),
            "about": about,
            "subject": letter.subject,
            "text": letter.text,
            "html": letter.html,
            "put_at": now,
            "state": "waiting",
            "tries": 0,
            "next_at": now,
        }

    async def keep(self, session: AsyncSession, rows: Sequence[dict[str, Any]]) -> int:
        """Keep written notices in a transaction of the caller's, after which they are sent; return how many are new."""
        if not session.info.get("rings"):
            session.info["rings"] = True
            event.listen(session.sync_session, "after_commit", lambda _: self._bell.set())
        once = insert(NoticeRow).values(list(rows)).on_conflict_do_nothing(index_elements=["key"])
        return len((await session.execute(once.returning(NoticeRow.number))).all())

    # --- sending -----------------------------------------------------------------------------------------------------

    async def open(self) -> None:
        """Begin to send."""
        if self._post is not None:
            self._task = asyncio.create_task(self._work(self._post))

    async def close(self) -> None:
        """Stop; a letter that is on its way is tried again at the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _work(self, post: Post) -> None:
        while True:
            self._bell.clear()
            try:
                pause = await self.deliver(post)
            except OperationalError as error:
                log.error("The outbox could not be read and is tried again: %s", error)
                pause = AGAIN_S
            except Exception:
                log.exception("sending broke; it is tried again in a while")
                pause = FIRST_WAIT.total_seconds()
            try:
                await asyncio.wait_for(self._bell.wait(), pause)
            except TimeoutError:
                continue

    async def deliver(self, post: Post) -> float | None:
        """Send whatever is due, and say in how many seconds to look again; None when nothing waits."""
        while rows := await self._due():
            for row in rows:
                await self._try(post, row)
        await post.rest()
        async with self._database.session() as session:
            wanted = select(func.min(NoticeRow.next_at)).where(NoticeRow.state.in_(OPEN))
            soonest: datetime | None = (await session.execute(wanted)).scalar_one()
        return None if soonest is None else max(0.0, (soonest - self._now()).total_seconds())

    async def _due(self) -> Sequence[NoticeRow]:
        wanted = (
            select(NoticeRow)
            .where(NoticeRow.state.in_(OPEN), NoticeRow.next_at <= self._now())
            .order_by(NoticeRow.number)
            .limit(AT_ONCE)
        )
        async with self._database.session() as session:
            return (await session.execute(wanted)).scalars().all()

    async def _try(self, post: Post, row: NoticeRow) -> None:
        """Try one letter once, and note what became of it."""
        tries = row.tries + 1
        if self._now() - row.put_at > STALE:
            why = row.reason or "no mail server was named"
            return await self._note(row, state="given up", reason=f"It waited too long. {why}")
        try:
            letter = compose(
                self._settings, row.key, row.address, row.subject, row.text, row.html, row.put_at
            )
            await post.send(letter)
        except NotTaken as error:
            log.warning("Notice %d was not taken: %s", row.number, error.reason)
            state, again = ("given up" if error.final else "failed"), self._now() + wait_after(tries)
            return await self._note(row, state=state, tries=tries, next_at=again, reason=error.reason)
        return await self._note(row, state="sent", tries=tries, sent_at=self._now(), reason=None)

    async def _note(self, row: NoticeRow, **values: Any) -> None:
        """Note it, however long that takes: a letter must not go out again because a disk is full."""
        if values["state"] not in OPEN and row.notice in SECRET and not self._keeps:
            values |= {"text": "", "html": None}
        while True:
            try:
                async with self._database.session.begin() as session:
                    wanted = update(NoticeRow).where(NoticeRow.number == row.number)
                    await session.execute(wanted.values(**values))
                return
            except OperationalError as error:
                log.error("What became of notice %d could not be noted yet: %s", row.number, error)
                await asyncio.sleep(AGAIN_S)
