"""The members of an organisation: their roles, and their leaving, which ends what they have open here at once."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import func, select

from auction.demand.organisation import ChangeRole, RemovePerson
from server.parts import Parts
from server.people import register, sessions
from server.tables import FactorRow, Membership, Person, SessionRow


class Colleague(msgspec.Struct, frozen=True):
    """A member as colleagues see it; `seen` is when it was last here."""

    id: str
    name: str
    email: str
    role: str
    factor: bool
    seen: datetime | None


async def colleagues(parts: Parts, organisation: str) -> list[Colleague]:
    """Everybody in an organisation, by name."""
    seen = (
        select(func.max(SessionRow.last_seen_at))
        .where(SessionRow.person_id == Person.id, SessionRow.organisation_id == organisation)
        .scalar_subquery()
    )
    factor = (
        select(func.count())
        .where(FactorRow.person_id == Person.id, FactorRow.confirmed_at.is_not(None))
        .scalar_subquery()
    )
    wanted = (
        select(Person, Membership.role, seen, factor)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == organisation)
        .order_by(func.lower(Person.name), Person.id)
    )
    rows = await parts.database.read(lambda session: session.execute(wanted).all())
    return [
        Colleague(each.id, each.name, each.email, role, count > 0, last) for each, role, last, count in rows
    ]


async def change_role(parts: Parts, organisation: str, by: str, person: str, role: str) -> None:
    """Give a member another role; windows that were opened with the old one are shut. Raises `Faulty`."""
    await register.tell(parts, organisation, ChangeRole(by=by, person=person, role=role))
    for each in await sessions.hashes(parts, person, organisation):
        parts.hub.end(each)


async def remove(parts: Parts, organisation: str, by: str, person: str) -> None:
    """Let a member go; its sessions here and their windows end at once. Raises `Faulty`."""
    await register.tell(parts, organisation, RemovePerson(by=by, person=person))
    await sessions.end_all(parts, person, organisation)
