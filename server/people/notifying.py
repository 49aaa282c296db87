"""Letters about accounts and places: a district asks, a consortium answers, an account was changed."""

from __future__ import annotations

from sqlalchemy import select

from server.parts import Parts
from server.people import mail
from server.tables import Membership, Organisation, Person, PlaceRow


async def asked(parts: Parts, consortium: str, district: str) -> None:
    """Let a consortium's administrators know that a district asks to join."""
    await _to_all(parts, consortium, "admin", "district_asked", consortium, district)


async def answered(parts: Parts, consortium: str, district: str) -> None:
    """Let a district's buyers know what the consortium said."""
    await _to_all(parts, district, "buyer", "district_answered", consortium, district)


async def _to_all(
    parts: Parts, organisation: str, role: str, notice: str, consortium: str, district: str
) -> None:
    async with parts.database.session() as session:
        place = await session.get_one(PlaceRow, (consortium, district))
        names = [(await session.get_one(Organisation, each)).name for each in (consortium, district)]
        people = await session.execute(
            select(Person)
            .join(Membership, Membership.person_id == Person.id)
            .where(Membership.organisation_id == organisation, Membership.role == role)
        )
        wanted = list(people.scalars())
    for person in wanted:
        await mail.send(
            parts,
            notice,
            person.email,
            f"{consortium} {district} {place.since.isoformat()} {person.id}",
            person=person.name,
            consortium=names[0],
            district=names[1],
            state=place.state,
            reason=place.reason,
            link=mail.address(parts, "/consortium" if role == "admin" else "/district"),
        )


async def changed(parts: Parts, person: Person, what: str, to: str | None = None) -> None:
    """Let somebody know that their account was changed, so that a change by another is noticed."""
    await mail.send(
        parts,
        "account_changed",
        to or person.email,
        f"{person.id} {parts.random(8).hex()}",
        person=person.name,
        what=what,
        link=mail.address(parts, "/forgot"),
    )
