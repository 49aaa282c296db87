"""The price book's rows are made from the journal: made anew they are the same, and the search follows them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select, text

from server.tables import AwardRow, BoughtRow, Cursor, ListRow, PriceLineRow, PriceNeedRow, SavingRow
from tests.server.house import House, opened
from tests.server.pages.showcase import finished, followed
from tests.server.pages.test_lists import PAPER, add

TABLES = (AwardRow, PriceLineRow, PriceNeedRow, SavingRow, ListRow, BoughtRow)


async def kept(house: House) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the price book, and how many lines its search knows."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    async with house.parts.database.session() as session:
        for table in TABLES:
            rows = (await session.execute(select(table.__table__))).all()
            found[table.__tablename__] = sorted(map(tuple, rows), key=str)
        for table_name in ("price_words", "price_parts"):
            found[table_name] = [
                tuple((await session.execute(text(f"SELECT count(*) FROM {table_name}"))).one())
            ]
    return found


async def test_rows_made_anew_from_the_journal_are_the_rows_that_were_kept(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await finished(house)
        oak = await house.sign_in("p-oak")
        await add(oak, PAPER, "4")
        number = f"SL-{house.parts.now():%Y}-0001"
        day = (house.parts.now() - timedelta(days=1)).date().isoformat()
        await followed(oak, f"/lists/{number}/order", on=day, reference="PO 1")
        before = await kept(house)
        assert [len(before[each.__tablename__]) for each in TABLES] == [2, 4, 6, 5, 1, 1]
        assert before["price_words"] == before["price_parts"] == [(4,)]
        async with house.parts.database.session.begin() as session:
            await session.execute(delete(Cursor).where(Cursor.name == "prices"))
    async with opened(tmp_path) as again:
        assert await kept(again) == before


async def test_sums_too_large_for_a_column_of_numbers_are_kept_exactly(tmp_path: Path) -> None:
    async with opened(tmp_path) as house, house.parts.database.session.begin() as session:
        huge = str(10**24 + 1)
        row = SavingRow(
            basis="stated", source="", event_id="1", lot_id="L", district_id="d", owner="c", day="2026-07-01",
            currency="USD", before=huge, now="0", other="0", lines=1,
        )  # fmt: skip
        session.add(row)
        await session.flush()
        assert (await session.execute(select(SavingRow.before))).scalar_one() == huge
