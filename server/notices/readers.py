"""Readers: the people behind an audience, with a confirmed address, who want to hear of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from server.guards import MAY, OFFICERS
from server.notices.kinds import KINDS
from server.notices.scene import Audience
from server.tables import ChoiceRow, FollowRow, Membership, Person

ALWAYS = ""
"""In place of an event's id: what somebody chose for all events."""


class Reader(msgspec.Struct, frozen=True):
    """Somebody to write to."""

    id: str
    name: str
    address: str


async def readers(session: AsyncSession, audience: Audience, notice: str, event_id: str) -> list[Reader]:
    """Everybody of an audience who wants this kind of notice about this event, each once."""
    found = await _people(session, audience)
    kind = KINDS[notice]
    if kind.binding or not found:
        return found
    chosen = await choices(session, [each.id for each in found], notice)
    return [each for each in found if wants(chosen.get(each.id, {}), kind.wanted, event_id)]


def wants(chosen: Mapping[str, bool], otherwise: bool, event_id: str) -> bool:
    """What somebody wants: as chosen for the event, else as chosen for all events, else as the kind has it."""
    return chosen.get(event_id, chosen.get(ALWAYS, otherwise))


async def choices(session: AsyncSession, people: Collection[str], notice: str) -> dict[str, dict[str, bool]]:
    """What people chose for a kind, by person and event."""
    wanted = select(ChoiceRow).where(ChoiceRow.person_id.in_(people), ChoiceRow.notice == notice)
    made: dict[str, dict[str, bool]] = {}
    for row in (await session.execute(wanted)).scalars():
        made.setdefault(row.person_id, {})[row.event_id] = row.wanted
    return made


async def _people(session: AsyncSession, audience: Audience) -> list[Reader]:
    of_these: list[ColumnElement[bool]] = [Membership.organisation_id.in_(audience.organisations)]
    if audience.officers:
        of_these.append(and_(Membership.organisation_id == audience.officers, Membership.role.in_(OFFICERS)))
    if audience.watchers:
        of_these.append(
            and_(
                Membership.organisation_id == audience.watchers, Membership.role.in_(MAY["look into alarms"])
            )
        )
    ways = [
        Person.id.in_(select(Membership.person_id).where(or_(*of_these))),
        Person.id.in_(audience.people),
    ]
    if audience.followers:
        following = select(FollowRow.person_id).where(FollowRow.event_id == audience.followers)
        ways.append(Person.id.in_(following))
    wanted = (
        select(Person.id, Person.name, Person.email)
        .where(or_(*ways), Person.email_verified_at.is_not(None))
        .order_by(Person.id)
    )
    return [Reader(row.id, row.name, row.email) for row in await session.execute(wanted)]
