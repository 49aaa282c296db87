"""What organisations ask of those who keep them: requests to be answered, profiles to be filled in, a second factor."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.guards import may
from server.login import Identity
from server.parts import Parts
from server.tables import DistrictMember, FactorRow, Organisation, PlaceRow
from server.tasks import Task

KEEPERS = ("admin", "owner", "signer")
"""Those in whose name much can be done: they are asked to set up a second factor."""


class Found(msgspec.Struct, frozen=True):
    """What is looked up for somebody's tasks."""

    asking: int
    state: str
    places: int
    unfiled: tuple[str, ...]
    factor: bool


async def people_tasks(parts: Parts, who: Identity) -> list[Task]:
    """Name what somebody's own organisation asks of them."""
    found = await parts.database.read(lambda session: _look(session, who))
    return list(_tasks(found, who))


def _look(session: Session, who: Identity) -> Found:
    body = session.get_one(Organisation, who.organisation_id)
    asking = session.execute(
        select(func.count()).where(PlaceRow.consortium_id == body.id, PlaceRow.state == "asked")
    ).scalar_one()
    unfiled = session.execute(
        select(Organisation.name)
        .join(DistrictMember, DistrictMember.consortium_id == Organisation.id)
        .where(DistrictMember.district_id == body.id, DistrictMember.resolution.is_(None))
        .order_by(Organisation.name)
    ).scalars()
    factor = session.execute(
        select(func.count()).where(FactorRow.person_id == who.person_id, FactorRow.confirmed_at.is_not(None))
    ).scalar_one()
    places = [each for each in body.detail.get("ship_to", ()) if not each.get("closed")]
    return Found(asking, str(body.detail.get("state", "")), len(places), tuple(unfiled), factor > 0)


def _tasks(found: Found, who: Identity) -> Iterator[Task]:
    if may(who, "manage consortium"):
        yield from _consortium(found)
    if may(who, "manage district"):
        yield from _district(found)
    if who.role in KEEPERS and not found.factor:
        yield Task(
            title="Set up a second factor",
            words="Whoever learns your password alone could act in the name of your organization.",
            href="/account/second-factor",
            action="Set it up",
            icon="person",
        )


def _consortium(found: Found) -> Iterator[Task]:
    if found.asking:
        one = found.asking == 1
        yield Task(
            title=f"Answer {'a district that asks' if one else f'{found.asking} districts that ask'} to join",
            words="Admit or decline, with a reason that it reads.",
            href="/consortium",
            action="See the request" if one else "See the requests",
            icon="person",
        )
    if not found.state:
        yield Task(
            title="Say in which state you are",
            words="A state’s law decides which events there may be.",
            href="/consortium",
            action="Open the profile",
            icon="sheet",
        )


def _district(found: Found) -> Iterator[Task]:
    if not found.places:
        yield Task(
            title="Say where goods go",
            words="Needs and orders name a school, a warehouse or a kitchen.",
            href="/district",
            action="Add an address",
            icon="sheet",
        )
    if found.unfiled:
        yield Task(
            title="File your board’s resolution",
            words=f"{', '.join(found.unfiled)} keeps it with your membership.",
            href="/district",
            action="File it",
            icon="sheet",
        )
