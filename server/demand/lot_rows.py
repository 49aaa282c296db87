"""The rows of lots: an item that lies whole in one lot has the roll-up's figures, one that is split is summed by district."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from auction.demand.lots import LotsChanged, LotsDropped, LotsPlanned, PlannedLot
from auction.demand.needs import NeedLine
from auction.demand.parcels import scopes
from auction.demand.rollup import Sum, told, total
from auction.money import parse_decimal
from server.tables import CallDistrictRow, CallRow, LotItemRow, LotRow, NeedRow, RollupRow

HIGHEST = 2**62
"""What a value is capped at where it is only ordered by."""


async def changed(session: AsyncSession, call: str, event: LotsPlanned | LotsChanged | LotsDropped) -> None:
    """Write the lots that an event made or changed, and take out those that it removed."""
    gone = [lot.id for lot in event.lots] if not isinstance(event, LotsDropped) else None
    if isinstance(event, LotsChanged):
        gone = [*(gone or ()), *event.removed]
    for table in (LotItemRow, LotRow):
        wanted = delete(table).where(table.call_id == call)
        await session.execute(wanted if gone is None else wanted.where(table.lot_id.in_(gone)))
    if not isinstance(event, LotsDropped):
        asked = await _districts(session, call)
        sums = await _sums(session, call)
        for lot in event.lots:
            await _write(session, call, lot, asked, sums)
    count = select(func.count()).where(LotRow.call_id == call).scalar_subquery()
    await session.flush()
    await session.execute(update(CallRow).where(CallRow.id == call).values(lots=count))


async def _districts(session: AsyncSession, call: str) -> frozenset[str]:
    wanted = select(CallDistrictRow.district_id).where(
        CallDistrictRow.call_id == call, CallDistrictRow.lines > 0
    )
    return frozenset((await session.execute(wanted)).scalars())


async def _sums(session: AsyncSession, call: str) -> dict[str, Any]:
    wanted = select(RollupRow.__table__).where(RollupRow.call_id == call)
    return {row.item_id: row for row in await session.execute(wanted)}


async def _write(
    session: AsyncSession, call: str, lot: PlannedLot, asked: frozenset[str], sums: dict[str, Any]
) -> None:
    lies = scopes(lot.blocks)
    split = {item: districts for item, districts in lies.items() if not asked <= districts}
    parts = await _split(session, call, split)
    rows = [
        _row(call, lot.id, item, sums[item], parts.get(item) if item in split else None)
        for item in lies
        if item in sums and (item not in split or item in parts)
    ]
    if rows:
        await session.execute(insert(LotItemRow), rows)
    within = frozenset(each for districts in lies.values() for each in districts)
    session.add(
        LotRow(
            call_id=call,
            lot_id=lot.id,
            place=int(lot.id[1:]),
            title=lot.title,
            items=len(rows),
            districts=len(asked & within),
            value=told(sum(parse_decimal(row["value"], 6) or 0 for row in rows if row["value"])) or "0",
            unpriced=sum(1 for row in rows if row["value"] is None),
            event_id=lot.event,
        )
    )


async def _split(session: AsyncSession, call: str, split: dict[str, frozenset[str]]) -> dict[str, Sum]:
    """Sum the lines of items of which only some districts' needs lie in a lot."""
    if not split:
        return {}
    found: dict[str, list[NeedLine]] = {}
    wanted = select(NeedRow.__table__).where(NeedRow.call_id == call)
    for row in await session.execute(wanted):
        if row.district_id in split.get(row.item_id, ()):
            line = NeedLine(
                row.item_id, row.quantity, row.unit, row.per, "", "", row.paid, row.paid_unit, row.paid_per
            )
            found.setdefault(row.item_id, []).append(line)
    return {item: total(lines) for item, lines in found.items()}


def _row(call: str, lot: str, item: str, whole: Any, part: Sum | None) -> dict[str, Any]:
    """An item's row; its baseline is the whole roll-up's, also where only a part of it lies in the lot."""
    baseline = parse_decimal(whole.baseline, 6) if whole.baseline is not None else None
    quantity = whole.quantity if part is None else part.quantity
    value = None if baseline is None else -(-quantity * baseline // 1_000_000)
    return {
        "call_id": call,
        "lot_id": lot,
        "item_id": item,
        "quantity": quantity,
        "baseline": whole.baseline,
        "value": told(value),
        "worth": min(value or 0, HIGHEST),
    }
