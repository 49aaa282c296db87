"""Projections: every entry in order, exactly once, whatever breaks in between; a raised version reads it all anew."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from auction.journal import Entry
from auction.kernel import Event
from server import projections
from server.projections import Projections
from server.tables import Cursor, Meta
from tests.server.house import LONG, House, event, prepared

STEPS = ["TenderDrafted", "TenderDrafted", "TenderProposed", "TenderApproved", "TenderPublished"]
"""What a publication leaves in the tender's stream."""


class Heard:
    """Counts in a row of its own what it hears; breaks where it is told to."""

    name, kinds, tables = "heard", frozenset({"tender"}), (Meta,)

    def __init__(self, version: int = 1, fails: list[Exception] | None = None) -> None:
        self.version, self.fails = version, fails if fails is not None else []

    async def heard(self, session: AsyncSession, entry: Entry, event: Event) -> None:
        await session.merge(Meta(key=f"heard-{entry.n}", value=type(event).__name__))
        await session.flush()
        if self.fails:
            raise self.fails.pop(0)


async def rows(house: House) -> list[str]:
    async with house.parts.database.session() as session:
        found = await session.execute(
            select(Meta).where(Meta.key.startswith("heard-")).order_by(func.length(Meta.key), Meta.key)
        )
        return [row.value for row in found.scalars()]


async def cursor(house: House) -> tuple[int, int]:
    async with house.parts.database.session() as session:
        kept = await session.get_one(Cursor, "heard")
        return kept.version, kept.n


def listening(house: House, one: Heard) -> Projections:
    made = Projections(house.parts.database, house.parts.journal, [one])
    house.parts.desk.listeners.append(made)
    return made


async def test_what_was_written_before_and_after_the_start_is_projected_once(tmp_path: Path) -> None:
    async with prepared(tmp_path / "x.db") as house:
        await house.publish(event(), opens=LONG, length=LONG, wait=False)
        lists = listening(house, Heard())
        await lists.open()
        assert await rows(house) == STEPS
        await house.publish(event(), opens=LONG, length=LONG, wait=False)
        await lists.settled()
        assert await rows(house) == STEPS * 2
        again = Projections(house.parts.database, house.parts.journal, [Heard()])
        await again.open()
        assert await rows(house) == STEPS * 2
        assert await cursor(house) == (1, house.parts.journal.length())
        await lists.close()
        await again.close()


async def test_a_raised_version_makes_every_row_anew(tmp_path: Path) -> None:
    async with prepared(tmp_path / "x.db") as house:
        await house.publish(event(), opens=LONG, length=LONG, wait=False)
        await listening(house, Heard()).open()
        async with house.parts.database.session.begin() as session:
            session.add(Meta(key="heard-stale", value="from an older version"))
        await Projections(house.parts.database, house.parts.journal, [Heard(2)]).open()
        assert await rows(house) == STEPS
        assert (await cursor(house))[0] == 2


async def test_a_full_disk_only_delays_a_list(tmp_path: Path, monkeypatch: object) -> None:
    projections.AGAIN_S = 0.01
    async with prepared(tmp_path / "x.db") as house:
        full = OperationalError("INSERT", {}, Exception("database or disk is full"))
        lists = listening(house, Heard(fails=[full, full]))
        await lists.open()
        await house.publish(event(), opens=LONG, length=LONG, wait=False)
        await lists.settled()
        assert await rows(house) == STEPS
        await lists.close()


async def test_a_list_that_a_fault_broke_stops_there_and_goes_on_after_a_restart(tmp_path: Path) -> None:
    async with prepared(tmp_path / "x.db") as house:
        lists = listening(house, Heard(fails=[ValueError("a fault of ours")]))
        await lists.open()
        read = house.parts.journal.length()
        await house.publish(event(), opens=LONG, length=LONG, wait=False)
        await lists.settled()
        assert await rows(house) == []
        assert await cursor(house) == (1, read)
        after = Projections(house.parts.database, house.parts.journal, [Heard()])
        await after.open()
        assert await rows(house) == STEPS
        await lists.close()
