"""What calls for needs wait for: the district's statement, the consortium's next step."""

from __future__ import annotations

from sqlalchemy import func, select

from server.guards import may
from server.login import Identity
from server.parts import Parts
from server.tables import CallDistrictRow, CallRow
from server.tasks import Task


async def demand_tasks(parts: Parts, who: Identity) -> list[Task]:
    """Name what is to be done about needs."""
    if may(who, "state needs"):
        return await _districts(parts, who)
    return await _consortiums(parts, who) if may(who, "run demand") else []


async def _districts(parts: Parts, who: Identity) -> list[Task]:
    wanted = (
        select(CallRow.id, CallRow.title, CallRow.deadline, CallRow.zone, CallDistrictRow.lines)
        .join(CallDistrictRow, CallDistrictRow.call_id == CallRow.id)
        .where(CallDistrictRow.district_id == who.organisation_id, CallDistrictRow.confirmed_at.is_(None))
        .where(CallRow.ended_at.is_(None), CallRow.deadline > parts.now())
        .order_by(CallRow.deadline)
    )
    rows = await parts.database.read(lambda session: session.execute(wanted).all())
    return [
        Task(
            title="Confirm your needs" if row.lines else "State your needs",
            words=f"{row.title}: {row.lines:,} lines so far. Only what is confirmed counts as complete."
            if row.lines
            else f"{row.title}: nothing stated yet. A file or last year's list is a quick start.",
            href=f"/needs/{row.id}",
            action="Go on" if row.lines else "Begin",
            due=row.deadline,
            zone=row.zone,
            icon="sheet",
        )
        for row in rows
    ]


async def _consortiums(parts: Parts, who: Identity) -> list[Task]:
    confirmed = func.count(CallDistrictRow.confirmed_at)
    wanted = (
        select(CallRow, func.count(), confirmed)
        .join(CallDistrictRow, CallDistrictRow.call_id == CallRow.id)
        .where(CallRow.consortium_id == who.organisation_id)
        .group_by(CallRow.id)
        .order_by(CallRow.deadline)
    )
    rows = await parts.database.read(lambda session: session.execute(wanted).all())
    return [task for call, asked, done in rows if (task := _call(parts, call, asked, done)) is not None]


def _call(parts: Parts, call: CallRow, asked: int, done: int) -> Task | None:
    """A call that runs is watched; one that is over waits for its lots."""
    if call.ended_at is None and call.deadline > parts.now():
        return Task(
            title=f"{asked - done} of {asked} districts have not confirmed",
            words=f"{call.title}: remind them, or ask by telephone."
            if done < asked
            else f"{call.title}: everybody has; you can end the call.",
            href=f"/calls/{call.id}",
            action="See the districts",
            due=call.deadline,
            zone=call.zone,
            icon="clock",
        )
    if call.lots:
        return None
    return Task(
        title="Make lots of the needs",
        words=f"{call.title} is over: roll its {call.items:,} items up into lots.",
        href=f"/calls/{call.id}/lots",
        action="Make the lots",
        icon="sheet",
    )
