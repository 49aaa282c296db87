"""What demand asks of each role now: needs to state or to confirm, a call to finish, lots to make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.guards import may
from server.login import Identity
from server.parts import Parts
from server.tables import CallDistrictRow, CallRow, LotRow
from server.tasks import Task


async def demand_tasks(parts: Parts, who: Identity) -> list[Task]:
    """Name what calls for needs ask of somebody."""
    if may(who, "state needs"):
        return await parts.database.read(lambda session: _buyers(session, parts, who))
    if may(who, "run demand"):
        return await parts.database.read(lambda session: _leads(session, parts, who))
    return []


def _buyers(session: Session, parts: Parts, who: Identity) -> list[Task]:
    wanted = (
        select(CallRow, CallDistrictRow.lines)
        .join(CallDistrictRow, CallDistrictRow.call_id == CallRow.id)
        .where(CallDistrictRow.district_id == who.organisation_id, CallDistrictRow.confirmed_at.is_(None))
        .where(CallRow.ended_at.is_(None), CallRow.deadline > parts.now())
    )
    return [
        Task(
            title=f"Confirm your needs: {call.title}" if lines else f"State your needs: {call.title}",
            words=f"{lines:,} lines are stated. Confirm them once they are complete."
            if lines
            else "Import a sheet, begin with last time’s, or say that you need nothing.",
            href=f"/needs/{call.id}",
            action="Go on" if lines else "State needs",
            due=call.deadline,
            zone=call.zone,
            icon="sheet",
        )
        for call, lines in session.execute(wanted)
    ]


def _leads(session: Session, parts: Parts, who: Identity) -> list[Task]:
    calls = session.execute(select(CallRow).where(CallRow.consortium_id == who.organisation_id)).scalars()
    return [task for call in calls if (task := _lead(session, parts, call)) is not None]


def _lead(session: Session, parts: Parts, call: CallRow) -> Task | None:
    if call.ended_at is None and call.deadline > parts.now():
        wanted: Any = select(func.count()).where(
            CallDistrictRow.call_id == call.id, CallDistrictRow.confirmed_at.is_(None)
        )
        waiting = session.execute(wanted).scalar_one()
        said = f"{waiting} districts have" if waiting != 1 else "One district has"
        words = (
            f"{said} not confirmed yet." if waiting else "Every district has confirmed; you can end the call."
        )
        return _task(call, f"Needs are being stated: {call.title}", words, "", "Look at the call")
    if not call.lots and call.items:
        words = f"The call is over; {call.items:,} items are needed."
        return _task(call, f"Make lots: {call.title}", words, "/lots", "Make lots")
    standing: Sequence[str | None] = (
        session.execute(select(LotRow.event_id).where(LotRow.call_id == call.id)).scalars().all()
    )
    open_lots = sum(1 for each in standing if each is None)
    if open_lots:
        words = f"{open_lots} of {len(standing)} lots stand in no event yet."
        return _task(call, f"Make a draft of the lots: {call.title}", words, "/lots", "Go to the lots")
    return None


def _task(call: CallRow, title: str, words: str, rest: str, action: str) -> Task:
    open_until = call.deadline if not rest else None
    return Task(
        title=title,
        words=words,
        href=f"/calls/{call.id}{rest}",
        action=action,
        due=open_until,
        zone=call.zone,
        icon="sheet",
    )
