"""What contracts ask of a lead: one that ends soon is extended by an option, or its next event is begun."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from auction.prices.contract import SOON
from server.guards import may
from server.login import Identity
from server.parts import Parts
from server.presenting import zone_of
from server.tables import AwardRow
from server.tasks import Task


async def contract_tasks(parts: Parts, who: Identity) -> list[Task]:
    """Name the contracts of somebody's consortium that end soon."""
    if not may(who, "run events"):
        return []
    today = parts.now().date()
    columns = AwardRow.__table__.c
    wanted = (
        select(AwardRow)
        .where(
            columns.owner == who.organisation_id,
            columns.ended_reason.is_(None),
            columns.ends >= today.isoformat(),
            columns.ends <= (today + timedelta(days=SOON)).isoformat(),
        )
        .order_by(columns.ends, columns.event_id, columns.lot_id)
    )
    async with parts.database.session() as session:
        rows = (await session.execute(wanted)).scalars().all()
    return [_task(row) for row in rows]


def _task(row: AwardRow) -> Task:
    left = row.renewals - row.renewed
    options = "1 option" if left == 1 else f"{left} options"
    return Task(
        title=f"Contract {row.contract} ends",
        words=f"{row.lot_title}, {row.vendor_name}. {options} to renew left."
        if left
        else f"{row.lot_title}, {row.vendor_name}. No option to renew is left: begin the next solicitation.",
        href=f"/contracts/{row.event_id}/{row.lot_id}",
        action="Use an option" if left else "See the contract",
        due=_end_of(date.fromisoformat(row.ends), row.zone),
        zone=row.zone,
        icon="clock",
    )


def _end_of(day: date, zone: str) -> datetime:
    """The last minute of a day at the consortium."""
    return datetime.combine(day, time(23, 59), zone_of(zone)).astimezone(UTC)
