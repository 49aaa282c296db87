"""A consortium's districts and a district's consortia, as their pages show them; letters when a request is answered."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import func, select

from auction.demand.organisation import AdmitDistrict, DeclineDistrict, EndDistrict, FileResolution
from auction.tender.solicitation import Document
from server.parts import Parts
from server.people import notifying, register
from server.tables import FileLink, Membership, Organisation, PlaceRow


class Place(msgspec.Struct, frozen=True):
    """A district's place in a consortium: `other` is the one of the two that the page does not belong to."""

    other: str
    name: str
    state: str
    since: datetime
    reason: str
    resolution: str
    file: str
    enrolment: int | None
    people: int


async def of_consortium(parts: Parts, consortium: str) -> list[Place]:
    """Every district that belongs, asks, or did, by name."""
    return await _places(parts, PlaceRow.district_id, PlaceRow.consortium_id == consortium)


async def of_district(parts: Parts, district: str) -> list[Place]:
    """Every consortium that a district belongs to, asked, or left, by name."""
    return await _places(parts, PlaceRow.consortium_id, PlaceRow.district_id == district)


async def _places(parts: Parts, other: object, where: object) -> list[Place]:
    people = (
        select(func.count())
        .where(Membership.organisation_id == Organisation.id)
        .correlate(Organisation)
        .scalar_subquery()
    )
    file = (
        select(func.min(FileLink.name))
        .where(FileLink.hash == PlaceRow.resolution, FileLink.holder == PlaceRow.district_id)
        .correlate(PlaceRow)
        .scalar_subquery()
    )
    wanted = (
        select(PlaceRow, Organisation, people, file)
        .join(Organisation, Organisation.id == other)
        .where(where)  # type: ignore[arg-type]
        .order_by(func.lower(Organisation.name), Organisation.id)
    )
    rows = await parts.database.read(lambda session: session.execute(wanted).all())
    return [
        Place(
            body.id,
            body.name,
            place.state,
            place.since,
            place.reason,
            place.resolution,
            name or "",
            body.detail.get("enrolment"),
            count,
        )
        for place, body, count, name in rows
    ]


async def answer(parts: Parts, consortium: str, by: str, district: str, reason: str | None) -> None:
    """Say yes to a district that asks, or no with a reason, and let it know; raises `Faulty`."""
    yes = AdmitDistrict(by=by, district=district)
    no = DeclineDistrict(by=by, district=district, reason=reason or "")
    await register.tell(parts, consortium, yes if reason is None else no)
    await notifying.answered(parts, consortium, district)


async def end(parts: Parts, consortium: str, by: str, district: str, reason: str) -> None:
    """End a district's place, by one of the two; raises `Faulty`."""
    await register.tell(parts, consortium, EndDistrict(by=by, district=district, reason=reason))
    await notifying.answered(parts, consortium, district)


async def file_resolution(parts: Parts, consortium: str, by: str, district: str, document: Document) -> None:
    """File a board's resolution, to be read by the consortium's people and the district's own; raises `Faulty`."""
    wish = FileResolution(by=by, district=district, resolution=document.hash)
    await register.tell(parts, consortium, wish)
    await let_read(parts, consortium, district, document)


async def let_read(parts: Parts, consortium: str, district: str, document: Document) -> None:
    """Let both sides read a district's resolution."""
    async with parts.database.session.begin() as session:
        for audience in (f"consortium:{consortium}", f"district:{district}"):
            await parts.files.link(session, document, district, audience)
