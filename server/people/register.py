"""The register of organisations: wishes are put to their stream, which first takes over what was registered by file."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from auction.demand.organisation import Enrol, Member
from auction.demand.organisation import Organisation as Body
from auction.kernel import Command
from auction.terms.faults import Fault, Faulty
from server import drafting
from server.desk import NotRecorded
from server.parts import Parts
from server.tables import DistrictMember, Membership, Organisation

BY_FILE = "register"
"""Who caused what was registered by file."""
LATER = "could not be recorded and does not count; try again in a moment"


def stream_of(organisation: str) -> str:
    """The stream of an organisation."""
    return f"organisation/{organisation}"


async def tell(parts: Parts, organisation: str, command: Command) -> None:
    """Have a wish carried out and wait for the lists; raises `Faulty` with the sentence when it is refused."""
    await enrol(parts, organisation)
    try:
        await drafting.tell(parts, stream_of(organisation), command)
    except NotRecorded:
        raise Faulty([Fault("", LATER)]) from None
    except Faulty as refused:
        raise Faulty([Fault("", each.message) for each in refused.faults]) from None


async def body_of(parts: Parts, organisation: str) -> Body:
    """What the stream says of an organisation, with what was registered by file."""
    await enrol(parts, organisation)
    found: Body = parts.desk.state(stream_of(organisation))
    return found


async def enrol(parts: Parts, organisation: str) -> None:
    """Let the stream take over what the register says differently, unless it went on in between."""
    await parts.projections.settled()
    await parts.desk.at_rest()
    body: Body = parts.desk.state(stream_of(organisation))
    seen, kind, members, districts = body.facts, body.kind, dict(body.members), set(body.districts)
    wish = await parts.database.read(lambda session: _registered(session, organisation, seen))
    if wish is None:
        return
    same = {each.person: each.role for each in wish.members} == members
    if kind and same and districts >= set(wish.districts):
        return
    try:
        await drafting.tell(parts, stream_of(organisation), wish)
    except NotRecorded:
        raise Faulty([Fault("", LATER)]) from None


def _registered(session: Session, organisation: str, seen: int) -> Enrol | None:
    row = session.get(Organisation, organisation)
    if row is None:
        return None
    people = session.execute(
        select(Membership.person_id, Membership.role).where(Membership.organisation_id == organisation)
    )
    joined = session.execute(
        select(DistrictMember.district_id).where(DistrictMember.consortium_id == organisation)
    )
    return Enrol(
        by=BY_FILE,
        kind=row.kind,
        name=row.name,
        members=tuple(Member(person, role) for person, role in people),
        districts=tuple(joined.scalars()),
        seen=seen,
    )
