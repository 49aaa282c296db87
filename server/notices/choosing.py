"""Choosing what one is told: for all events, and for single ones where a kind allows it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from server.database import Database
from server.notices.kinds import KINDS, Kind
from server.notices.readers import ALWAYS
from server.tables import ChoiceRow, Membership, Organisation


async def kinds_of(database: Database, person: str) -> dict[str, Kind]:
    """The kinds of notices that can concern a person, by all the organisations it belongs to."""
    wanted = (
        select(Organisation.kind)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.person_id == person)
    )
    async with database.session() as session:
        held = set((await session.execute(wanted)).scalars())
    return {name: kind for name, kind in KINDS.items() if held & set(kind.readers)}


async def chosen(database: Database, person: str) -> dict[tuple[str, str], bool]:
    """What a person has chosen, by kind and event."""
    async with database.session() as session:
        rows = (await session.execute(select(ChoiceRow).where(ChoiceRow.person_id == person))).scalars()
        return {(row.notice, row.event_id): row.wanted for row in rows}


async def choose(
    database: Database,
    person: str,
    general: Mapping[str, bool],
    single: Mapping[tuple[str, str], bool | None],
) -> None:
    """Keep what a person chooses; None for an event is as for all events."""
    made = {(name, ALWAYS): wanted for name, wanted in general.items()} | dict(single)
    async with database.session.begin() as session:
        for (name, event_id), wanted in made.items():
            if name not in KINDS or KINDS[name].binding:
                continue
            if wanted is None:
                row = await session.get(ChoiceRow, (person, name, event_id))
                if row is not None:
                    await session.delete(row)
                continue
            values = {"person_id": person, "notice": name, "event_id": event_id, "wanted": wanted}
            put = insert(ChoiceRow).values(values)
            await session.execute(put.on_conflict_do_update(set_={"wanted": wanted}))
