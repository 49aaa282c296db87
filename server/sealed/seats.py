"""Seats: who may hold a key of sealed bids, with the name and the organization that the notice prints."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from auction.tender.solicitation import Officer
from server.guards import MAY
from server.parts import Parts
from server.tables import DistrictMember, Membership, Organisation, Person


async def known(parts: Parts, consortium: str) -> dict[str, Officer]:
    """Everybody of a consortium and its districts who may hold a key, by person; who is in two counts for the consortium."""
    return await parts.database.read(lambda session: _known(session, consortium))


def _known(session: Session, consortium: str) -> dict[str, Officer]:
    districts = select(DistrictMember.district_id).where(DistrictMember.consortium_id == consortium)
    wanted = (
        select(Person.id, Person.name, Organisation.name)
        .join(Membership, Membership.person_id == Person.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(or_(Organisation.id == consortium, Organisation.id.in_(districts)))
        .where(Membership.role.in_(sorted(MAY["hold a key"])))
        .order_by(Organisation.id != consortium, Organisation.name, Person.name)
    )
    found: dict[str, Officer] = {}
    for person, name, org in session.execute(wanted):
        found.setdefault(person, Officer(person, name, org))
    return found
