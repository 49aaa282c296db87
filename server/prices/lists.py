"""Shopping lists as rows: the overview of a district's lists, what was bought with them, and what that saved."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncSession

from auction.kernel import Event
from auction.prices.savings import Quantity, grouped
from auction.prices.shopping import (
    ItemPut,
    ItemTaken,
    ListDescribed,
    ListDiscarded,
    ListLine,
    ListOpened,
    ListOrdered,
    ListReopened,
)
from server.tables import AwardRow, BoughtRow, ListRow, SavingRow


async def heard_of_list(session: AsyncSession, stream: str, event: Event) -> None:
    """Write what follows from one fact of a list."""
    if isinstance(event, ListOpened):
        session.add(
            ListRow(
                stream=stream,
                district_id=event.district,
                number=event.number,
                title=event.title,
                status="open",
                lines=0,
                changed_at=event.at,
            )
        )
        await session.flush()
        return
    row = await session.get_one(ListRow, stream)
    row.changed_at = event.at
    if isinstance(event, ListDescribed):
        row.title = event.title
    elif isinstance(event, ItemPut | ItemTaken):
        row.lines = event.lines
    elif isinstance(event, ListDiscarded):
        row.status = "discarded"
    elif isinstance(event, ListOrdered):
        row.status, row.ordered_on, row.reference = "ordered", event.on, event.reference
        await _bought(session, row, event)
    elif isinstance(event, ListReopened):
        row.status, row.ordered_on, row.reference = "open", None, None
        await session.execute(delete(BoughtRow).where(BoughtRow.stream == stream))
        await session.execute(delete(SavingRow).where(SavingRow.source == stream))


async def _bought(session: AsyncSession, row: ListRow, event: ListOrdered) -> None:
    """Write down what was bought with a list, and what it saved."""
    await session.execute(insert(BoughtRow), [_bought_row(row, line, event.on) for line in event.lines])
    by_lot = grouped(
        [
            Quantity(
                row.district_id,
                f"{line.item.event}.{line.item.lot}",
                event.on,
                line.quantity,
                line.item.unit_price,
                line.item.baseline,
            )
            for line in event.lines
        ],
        lambda one: one.lot,
    )
    for lot, total in by_lot.items():
        event_id, _, lot_id = lot.partition(".")
        award = await session.get(AwardRow, (event_id, lot_id))
        if award is None:
            continue
        session.add(
            SavingRow(
                basis="bought",
                source=row.stream,
                event_id=event_id,
                lot_id=lot_id,
                district_id=row.district_id,
                owner=award.owner,
                day=event.on,
                currency=award.currency,
                before=str(total.before),
                now=str(total.now),
                other=str(total.other),
                lines=total.lines,
            )
        )
    await session.flush()


def _bought_row(row: ListRow, line: ListLine, on: str) -> dict[str, Any]:
    return {
        "stream": row.stream,
        "event_id": line.item.event,
        "lot_id": line.item.lot,
        "line_id": line.item.line,
        "district_id": row.district_id,
        "quantity": line.quantity,
        "on": on,
    }
