"""Following: whoever follows an event hears of its public steps, also without taking part."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from server.database import Database
from server.tables import FollowRow


async def follows(database: Database, person: str, event_id: str) -> bool:
    """Tell whether a person follows an event."""
    async with database.session() as session:
        return await session.get(FollowRow, (person, event_id)) is not None


async def follow(database: Database, person: str, event_id: str, now: datetime) -> None:
    """Follow an event from now on; following twice is following once."""
    row = {"person_id": person, "event_id": event_id, "since": now}
    async with database.session.begin() as session:
        await session.execute(insert(FollowRow).values(row).on_conflict_do_nothing())


async def unfollow(database: Database, person: str, event_id: str) -> None:
    """Follow an event no more."""
    mine = (FollowRow.person_id == person, FollowRow.event_id == event_id)
    async with database.session.begin() as session:
        await session.execute(delete(FollowRow).where(*mine))


async def followed(database: Database, person: str) -> list[str]:
    """The events that a person follows, by id, the latest first."""
    wanted = select(FollowRow.event_id).where(FollowRow.person_id == person).order_by(FollowRow.since.desc())
    async with database.session() as session:
        return list((await session.execute(wanted)).scalars())
