"""Drafts of line schedules: saved line by line as they are typed, so that none is lost and no colleague's work is overwritten.

Each save has the next revision of its draft, and each line remembers the revision that last changed it. Whoever saves a line
says which revision of it was seen; a line that a colleague changed since is not saved but told. Drafts are working papers of
one vendor: they lie beside the journal, which holds only what is filed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncSession

from auction.terms.entries import Entry, read_line
from auction.terms.schedule import LotLine
from server.database import Database
from server.tables import ScheduleDraft, ScheduleDraftLine

State = Literal["priced", "no_bid", "open", "faulty"]


class Key(msgspec.Struct, frozen=True):
    """Whose draft of which schedule."""

    event: str
    vendor: str
    lot: str


class Wish(msgspec.Struct, frozen=True):
    """A line to be saved: what was typed, and the revision of the line that the typist saw (0: none)."""

    line: str
    entry: Entry
    seen: int


class Kept(msgspec.Struct, frozen=True):
    """A line as it is kept."""

    line: str
    entry: Entry
    revision: int
    saved_at: datetime
    saved_by: str


class Saved(msgspec.Struct, frozen=True):
    """What a save came to: the draft's new revision, the lines saved, and those that a colleague had changed."""

    revision: int
    at: datetime
    lines: tuple[str, ...]
    conflicts: tuple[Kept, ...]


class Sum(msgspec.Struct, frozen=True):
    """How far a draft is: lines by state, and what the priced ones come to in 10^-12."""

    revision: int
    saved_at: datetime | None
    saved_by: str
    priced: int
    no_bids: int
    faulty: int
    open: int
    worth: int


def state_of(line: LotLine, entry: Entry) -> tuple[State, int]:
    """How far a line is, and what it comes to in 10^-12."""
    told = read_line(line, entry)
    if told.faults:
        return "faulty", told.extension
    if told.price is None:
        return "open", 0
    return ("no_bid" if told.price.unit_price is None else "priced"), told.extension


def plan_of(lines: Sequence[LotLine]) -> str:
    """Stand for the lines that a draft was read against."""
    return hashlib.sha256(msgspec.json.encode(tuple(lines))).hexdigest()[:32]


class ScheduleDrafts:
    """Keeps and finds drafts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def lines(self, key: Key, lines: Iterable[str] | None = None) -> dict[str, Kept]:
        """A draft's lines, or those of them that are named."""
        wanted = select(ScheduleDraftLine).where(*_mine(ScheduleDraftLine, key))
        if lines is not None:
            wanted = wanted.where(ScheduleDraftLine.line_id.in_(list(lines)))
        return await self._database.read(
            lambda session: {row.line_id: _kept(row) for row in session.execute(wanted).scalars()}
        )

    async def since(self, key: Key, revision: int) -> list[Kept]:
        """The lines that were changed after a revision."""
        wanted = select(ScheduleDraftLine).where(
            *_mine(ScheduleDraftLine, key), ScheduleDraftLine.revision > revision
        )
        return await self._database.read(
            lambda session: [_kept(row) for row in session.execute(wanted).scalars()]
        )

    async def states(self, key: Key) -> dict[str, str]:
        """How far each line is that was ever saved."""
        wanted = select(ScheduleDraftLine.line_id, ScheduleDraftLine.state)
        wanted = wanted.where(*_mine(ScheduleDraftLine, key))
        return await self._database.read(lambda session: {row[0]: row[1] for row in session.execute(wanted)})

    async def sum(self, key: Key, lines: Sequence[LotLine]) -> Sum:
        """How far a draft is; where its lines were changed since, it is read anew first."""
        head = await self._head(key)
        if head is not None and head.plan != plan_of(lines):
            await self._read_anew(key, lines)
            head = await self._head(key)
        if head is None:
            return Sum(0, None, "", 0, 0, 0, len(lines), 0)
        ready = head.priced + head.no_bids + head.faulty
        return Sum(
            revision=head.revision,
            saved_at=head.saved_at,
            saved_by=head.saved_by,
            priced=head.priced,
            no_bids=head.no_bids,
            faulty=head.faulty,
            open=len(lines) - ready,
            worth=int(head.worth),
        )

    async def _head(self, key: Key) -> ScheduleDraft | None:
        name = (key.event, key.vendor, key.lot)
        return await self._database.read(lambda session: session.get(ScheduleDraft, name))

    async def _read_anew(self, key: Key, lines: Sequence[LotLine]) -> None:
        plans = {line.id: line for line in lines}
        async with self._database.session.begin() as session:
            await session.execute(
                update(ScheduleDraft).where(*_mine(ScheduleDraft, key)).values(plan=plan_of(lines))
            )
            rows = await session.execute(select(ScheduleDraftLine).where(*_mine(ScheduleDraftLine, key)))
            for row in rows.scalars():
                if row.line_id in plans:
                    state, worth = state_of(plans[row.line_id], msgspec.convert(row.entry, Entry))
                    row.state, row.worth = state, str(worth)
            await session.flush()
            await _reckon(session, key, plans)

    async def save(
        self, key: Key, plans: Sequence[LotLine], wishes: Sequence[Wish], by: str, at: datetime
    ) -> Saved:
        """Save lines in one transaction; those that were changed since they were seen are left and told."""
        lines = {line.id: line for line in plans}
        async with self._database.session.begin() as session:
            revision = await _next(session, key, plan_of(plans), by, at)
            held = await _held(session, key, [wish.line for wish in wishes])
            conflicts = [held[wish.line] for wish in wishes if _clash(wish, held.get(wish.line))]
            clashing = {each.line for each in conflicts}
            news = [
                wish
                for wish in wishes
                if wish.line in lines
                and wish.line not in clashing
                and wish.entry != (held[wish.line].entry if wish.line in held else Entry())
            ]
            if news:
                await _write(
                    session, key, [(lines[wish.line], wish.entry) for wish in news], revision, by, at
                )
                await _reckon(session, key, lines)
        return Saved(revision, at, tuple(wish.line for wish in news), tuple(conflicts))

    async def drop(self, key: Key) -> None:
        """Throw a draft away."""
        async with self._database.session.begin() as session:
            for table in (ScheduleDraftLine, ScheduleDraft):
                await session.execute(delete(table).where(*_mine(table, key)))

    async def started(self, vendor: str, events: Iterable[str]) -> dict[tuple[str, str], int]:
        """For each event and lot in which a vendor has a draft, how many of its lines are ready."""
        wanted = (
            select(ScheduleDraftLine.event_id, ScheduleDraftLine.lot_id, func.count())
            .where(ScheduleDraftLine.vendor_id == vendor, ScheduleDraftLine.event_id.in_(list(events)))
            .where(ScheduleDraftLine.state.in_(("priced", "no_bid")))
            .group_by(ScheduleDraftLine.event_id, ScheduleDraftLine.lot_id)
        )
        return await self._database.read(
            lambda session: {(event, lot): count for event, lot, count in session.execute(wanted)}
        )


def _mine(table: Any, key: Key) -> tuple[Any, ...]:
    return (table.event_id == key.event, table.vendor_id == key.vendor, table.lot_id == key.lot)


def _kept(row: ScheduleDraftLine) -> Kept:
    entry = msgspec.convert(row.entry, Entry)
    return Kept(row.line_id, entry, row.revision, row.saved_at, row.saved_by)


def _clash(wish: Wish, held: Kept | None) -> bool:
    """A line clashes when somebody changed it since it was seen, into something else than what is now wanted."""
    return held is not None and held.revision > wish.seen and held.entry != wish.entry


async def _next(session: AsyncSession, key: Key, plan: str, by: str, at: datetime) -> int:
    """Take the draft's next revision; from here to the commit nobody else can save."""
    values = {"event_id": key.event, "vendor_id": key.vendor, "lot_id": key.lot}
    said = {"plan": plan, "saved_at": at, "saved_by": by}
    made = insert(ScheduleDraft).values(**values, **said, revision=1)
    changed = made.on_conflict_do_update(
        index_elements=list(values), set_={"revision": ScheduleDraft.revision + 1, **said}
    )
    return int((await session.execute(changed.returning(ScheduleDraft.revision))).scalar_one())


async def _reckon(session: AsyncSession, key: Key, known: Container[str]) -> None:
    """Count a draft's lines and sum up what they come to; lines that the lot no longer has count for nothing."""
    wanted = select(ScheduleDraftLine.line_id, ScheduleDraftLine.state, ScheduleDraftLine.worth)
    rows = (await session.execute(wanted.where(*_mine(ScheduleDraftLine, key)))).all()
    states = [state for line, state, _ in rows if line in known]
    told = {
        "priced": states.count("priced"),
        "no_bids": states.count("no_bid"),
        "faulty": states.count("faulty"),
        "worth": str(sum(int(worth) for line, _, worth in rows if line in known)),
    }
    await session.execute(update(ScheduleDraft).where(*_mine(ScheduleDraft, key)).values(**told))


async def _held(session: AsyncSession, key: Key, lines: Sequence[str]) -> Mapping[str, Kept]:
    wanted = select(ScheduleDraftLine).where(*_mine(ScheduleDraftLine, key))
    if len(lines) < 500:
        wanted = wanted.where(ScheduleDraftLine.line_id.in_(lines))
    return {row.line_id: _kept(row) for row in (await session.execute(wanted)).scalars()}


async def _write(
    session: AsyncSession,
    key: Key,
    news: Sequence[tuple[LotLine, Entry]],
    revision: int,
    by: str,
    at: datetime,
) -> None:
    rows = []
    for line, entry in news:
        state, worth = state_of(line, entry)
        rows.append(
            {
                "event_id": key.event,
                "vendor_id": key.vendor,
                "lot_id": key.lot,
                "line_id": line.id,
                "entry": msgspec.to_builtins(entry),
                "revision": revision,
                "state": state,
                "worth": str(worth),
                "saved_at": at,
                "saved_by": by,
            }
        )
    made = insert(ScheduleDraftLine)
    fresh = ("entry", "revision", "state", "worth", "saved_at", "saved_by")
    changed = made.on_conflict_do_update(
        index_elements=["event_id", "vendor_id", "lot_id", "line_id"],
        set_={name: getattr(made.excluded, name) for name in fresh},
    )
    await session.execute(changed, rows)
