"""The read models of demand: catalog, calls, needs, their roll-up and lots, written from the journal entry by entry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from auction.demand.call import CallEnded, CallExtended, CallOpened, DistrictAsked
from auction.demand.catalog import Item, ItemsKept
from auction.demand.lots import LotsChanged, LotsDropped, LotsPlanned
from auction.demand.needs import NeedLine, NeedsConfirmed, NeedsReopened, NeedsStated
from auction.demand.rollup import Sum, told
from auction.journal import Entry
from auction.kernel import Event
from server.demand import lot_rows
from server.demand.lot_rows import HIGHEST
from server.tables import Base, CallDistrictRow, CallRow, ItemRow, LotItemRow, LotRow, NeedRow, RollupRow

MANY = 400
"""Above so many rows a whole list is read instead of naming each of them."""


def exact(value: Fraction) -> str:
    """Write a fraction, to be read back as it is."""
    return f"{value.numerator}/{value.denominator}"


def line_of(row: Any) -> NeedLine:
    """A row as a line of needs."""
    return NeedLine(
        row.item_id,
        row.quantity,
        row.unit,
        row.per,
        row.ship_to,
        row.needed_by,
        row.paid,
        row.paid_unit,
        row.paid_per,
    )


def values(line: NeedLine) -> dict[str, Any]:
    """A line of needs as a row's columns."""
    return {
        "item_id": line.item,
        "quantity": line.quantity,
        "unit": line.unit,
        "per": line.per,
        "base": line.base,
        "ship_to": line.ship_to,
        "needed_by": line.needed_by,
        "paid": line.paid,
        "paid_unit": line.paid_unit,
        "paid_per": line.paid_per,
    }


class DemandLists:
    """Writes the rows; sums are kept exact and changed line by line, so that a statement costs what it changes."""

    name: str = "demand"
    version: int = 1
    kinds: frozenset[str] = frozenset({"catalog", "call", "needs", "lots"})
    tables: Sequence[type[Base]] = (LotItemRow, LotRow, RollupRow, NeedRow, CallDistrictRow, CallRow, ItemRow)

    async def heard(self, session: AsyncSession, entry: Entry, event: Event) -> None:
        """Write what follows from one entry."""
        rest = entry.stream.partition("/")[2]
        if isinstance(event, ItemsKept):
            await _items(session, rest, event.items)
        elif isinstance(event, CallOpened):
            await _open(session, rest, event)
        elif isinstance(event, DistrictAsked):
            session.add(_asked(rest, event.district))
        elif isinstance(event, CallExtended):
            await _set_call(session, rest, deadline=event.deadline, ended_at=None)
        elif isinstance(event, CallEnded):
            await _set_call(session, rest, ended_at=event.at)
        elif isinstance(event, NeedsStated | NeedsConfirmed | NeedsReopened):
            call, _, district = rest.partition(".")
            await _needs(session, call, district, event)
        elif isinstance(event, LotsPlanned | LotsChanged | LotsDropped):
            await lot_rows.changed(session, rest, event)
        await session.flush()


async def _items(session: AsyncSession, consortium: str, items: Iterable[Item]) -> None:
    given = list(items)
    gone = delete(ItemRow).where(ItemRow.consortium_id == consortium)
    for start in range(0, len(given), MANY):
        some = [each.id for each in given[start : start + MANY]]
        await session.execute(gone.where(ItemRow.item_id.in_(some)))
    rows = [
        {
            "consortium_id": consortium,
            "item_id": item.id,
            "description": item.description,
            "category": item.category,
            "unit": item.unit,
            "packs": [[pack.unit, pack.holds] for pack in item.packs],
            "retired": item.retired,
            "words": f"{item.id} {item.description} {item.category}".casefold(),
        }
        for item in given
    ]
    await session.execute(insert(ItemRow), rows)


async def _open(session: AsyncSession, call: str, event: CallOpened) -> None:
    called = event.called
    session.add(
        CallRow(
            id=call,
            consortium_id=called.consortium,
            title=called.title,
            words=called.words,
            categories=list(called.categories),
            reminders=list(called.reminders),
            zone=called.zone,
            deadline=called.deadline,
            opened_at=event.at,
            ended_at=None,
            revision=0,
            items=0,
            lots=0,
        )
    )
    session.add_all([_asked(call, district) for district in event.districts])


def _asked(call: str, district: str) -> CallDistrictRow:
    return CallDistrictRow(
        call_id=call, district_id=district, lines=0, spend="0/1", changed_at=None, confirmed_at=None
    )


async def _set_call(session: AsyncSession, call: str, **columns: Any) -> None:
    await session.execute(update(CallRow).where(CallRow.id == call).values(**columns))


async def _needs(
    session: AsyncSession, call: str, district: str, event: NeedsStated | NeedsConfirmed | NeedsReopened
) -> None:
    row = await session.get(CallDistrictRow, (call, district))
    if row is None:
        return
    if isinstance(event, NeedsStated):
        spend, lines = await _stated(session, call, district, event)
        row.spend, row.lines, row.changed_at = exact(Fraction(row.spend) + spend), row.lines + lines, event.at
    else:
        row.confirmed_at = event.at if isinstance(event, NeedsConfirmed) else None
    items = select(func.count()).where(RollupRow.call_id == call).scalar_subquery()
    await session.flush()
    await _set_call(session, call, revision=CallRow.revision + 1, items=items)


async def _stated(
    session: AsyncSession, call: str, district: str, event: NeedsStated
) -> tuple[Fraction, int]:
    """Exchange the rows that changed, and carry the difference on to the items' sums; return what it comes to."""
    numbers = [each.n for each in event.lines] + list(event.removed)
    before = await _rows(session, call, district, numbers)
    changes: dict[str, Sum] = {}
    for row in before.values():
        old = line_of(row)
        changes[old.item] = changes.get(old.item, Sum()).plus(old, -1)
    for each in event.lines:
        changes[each.line.item] = changes.get(each.line.item, Sum()).plus(each.line)
    mine = delete(NeedRow).where(NeedRow.call_id == call, NeedRow.district_id == district)
    gone = list(before)
    for start in range(0, len(gone), MANY):
        await session.execute(mine.where(NeedRow.n.in_(gone[start : start + MANY])))
    if event.lines:
        key = {"call_id": call, "district_id": district}
        await session.execute(
            insert(NeedRow), [key | {"n": each.n} | values(each.line) for each in event.lines]
        )
    await _add(session, call, changes)
    total = sum((each.spend for each in changes.values()), Fraction(0))
    return total, sum(each.lines for each in changes.values())


async def _rows(session: AsyncSession, call: str, district: str, numbers: list[int]) -> dict[int, Any]:
    wanted = select(NeedRow.__table__).where(NeedRow.call_id == call, NeedRow.district_id == district)
    if len(numbers) <= MANY:
        wanted = wanted.where(NeedRow.n.in_(numbers))
    known = set(numbers)
    return {row.n: row for row in await session.execute(wanted) if row.n in known}


async def _add(session: AsyncSession, call: str, changes: dict[str, Sum]) -> None:
    """Add to the items' sums; an item that nobody needs any more has no row."""
    wanted = select(RollupRow.__table__).where(RollupRow.call_id == call)
    if len(changes) <= MANY:
        wanted = wanted.where(RollupRow.item_id.in_(list(changes)))
    before = {row.item_id: row for row in await session.execute(wanted) if row.item_id in changes}
    gone = delete(RollupRow).where(RollupRow.call_id == call)
    names = list(before)
    for start in range(0, len(names), MANY):
        await session.execute(gone.where(RollupRow.item_id.in_(names[start : start + MANY])))
    rows = [_rolled(call, item, _summed(before.get(item), change)) for item, change in changes.items()]
    kept = [row for row in rows if row["lines"]]
    if kept:
        await session.execute(insert(RollupRow), kept)


def _summed(row: Any, change: Sum) -> Sum:
    if row is None:
        return change
    return Sum(
        row.quantity + change.quantity,
        row.priced + change.priced,
        Fraction(row.spend) + change.spend,
        row.lines + change.lines,
    )


def _rolled(call: str, item: str, total: Sum) -> dict[str, Any]:
    return {
        "call_id": call,
        "item_id": item,
        "quantity": total.quantity,
        "priced": total.priced,
        "spend": exact(total.spend),
        "lines": total.lines,
        "baseline": told(total.baseline),
        "value": told(total.value),
        "worth": min(total.value or 0, HIGHEST),
    }
