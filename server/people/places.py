"""The lists of people and districts, written from the journal: memberships, open invitations, districts' places, profiles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from auction.demand.organisation import (
    DistrictAsked,
    DistrictDeclined,
    DistrictEnded,
    DistrictJoined,
    InvitationWithdrawn,
    OrganisationFounded,
    PersonJoined,
    PersonLeft,
    ProfileChanged,
    ResolutionFiled,
    RoleChanged,
)
from auction.journal import Entry
from auction.kernel import Event
from server.tables import (
    Base,
    DistrictMember,
    InvitationRow,
    Membership,
    Organisation,
    PlaceRow,
    SessionRow,
)


class Belonging:
    """Who belongs where. Memberships are also registered by file, so none but the places' rows are ever emptied."""

    name = "belonging"
    version = 1
    kinds = frozenset({"organisation"})
    tables: Sequence[type[Base]] = (PlaceRow,)

    async def heard(self, session: AsyncSession, entry: Entry, event: Event) -> None:
        """Write what follows from one fact of an organisation."""
        body = entry.stream.partition("/")[2]
        if isinstance(event, OrganisationFounded):
            if await session.get(Organisation, body) is None:
                session.add(Organisation(id=body, kind=event.kind, name=event.name, detail={}))
                await session.flush()
        elif isinstance(event, PersonJoined | RoleChanged):
            await _hold(session, body, event)
        elif isinstance(event, PersonLeft):
            await session.execute(
                delete(Membership).where(
                    Membership.organisation_id == body, Membership.person_id == event.person
                )
            )
        elif isinstance(event, InvitationWithdrawn):
            await _close(session, event.invitation, "withdrawn")
        elif isinstance(event, ProfileChanged):
            row = await session.get_one(Organisation, body)
            told: dict[str, Any] = msgspec.to_builtins(event.profile)
            row.detail = {**row.detail, **{name: told[name] for name in told if name != "type"}}
        else:
            await _district(session, body, event)


async def _hold(session: AsyncSession, body: str, event: PersonJoined | RoleChanged) -> None:
    """Note a member with its role; open sessions have the new role at once."""
    await session.merge(Membership(person_id=event.person, organisation_id=body, role=event.role))
    if isinstance(event, PersonJoined):
        await _close(session, event.invitation, "accepted")
        return
    await session.execute(
        update(SessionRow)
        .where(SessionRow.person_id == event.person, SessionRow.organisation_id == body)
        .values(role=event.role)
    )


async def _close(session: AsyncSession, invitation: str | None, state: str) -> None:
    if invitation is not None:
        await session.execute(update(InvitationRow).where(InvitationRow.id == invitation).values(state=state))


async def _district(session: AsyncSession, body: str, event: Event) -> None:
    if isinstance(event, ResolutionFiled):
        row = await session.get(PlaceRow, (body, event.district))
        if row is not None:
            row.resolution = event.resolution
        member = await session.get(DistrictMember, (body, event.district))
        if member is not None:
            member.resolution = event.resolution
    elif isinstance(event, DistrictAsked):
        await _place(session, body, event, "asked", asked_by=event.by, resolution=event.resolution)
    elif isinstance(event, DistrictJoined):
        row = await _place(session, body, event, "joined")
        await _close(session, event.invitation, "accepted")
        if await session.get(DistrictMember, (body, event.district)) is None:
            session.add(
                DistrictMember(
                    consortium_id=body,
                    district_id=event.district,
                    joined_at=event.at,
                    resolution=row.resolution or None,
                )
            )
    elif isinstance(event, DistrictDeclined):
        await _place(session, body, event, "declined", reason=event.reason)
    elif isinstance(event, DistrictEnded):
        await _place(session, body, event, "ended", reason=event.reason)
        await session.execute(
            delete(DistrictMember).where(
                DistrictMember.consortium_id == body, DistrictMember.district_id == event.district
            )
        )


async def _place(
    session: AsyncSession,
    body: str,
    event: DistrictAsked | DistrictJoined | DistrictDeclined | DistrictEnded,
    state: str,
    **values: str,
) -> PlaceRow:
    """Write a district's place anew, with what was known of it before."""
    row = await session.get(PlaceRow, (body, event.district))
    if row is None:
        row = PlaceRow(
            consortium_id=body, district_id=event.district, asked_by=None, resolution="", reason=""
        )
        session.add(row)
    row.state, row.since, row.reason = state, event.at, ""
    for name, value in values.items():
        setattr(row, name, value)
    return row
