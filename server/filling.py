"""Filling a database before it is served: organisations, people and what they may be, from a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from auction.terms.faults import Fault, Reading
from server.roles import KINDS, ROLES
from server.tables import EPOCH, DistrictMember, Membership, Meta, Organisation, Person


class OrganisationGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A vendor, a consortium or a district; `consortia` are those that a district belongs to."""

    id: str
    kind: str
    name: str
    detail: dict[str, Any] = {}
    consortia: tuple[str, ...] = ()


class MembershipGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a person is in an organisation."""

    organisation: str
    role: str


class PersonGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody, with a password where one is set at once."""

    id: str
    name: str
    email: str
    memberships: tuple[MembershipGiven, ...] = ()
    password: str | None = None


class People(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole file of organisations and people."""

    organisations: tuple[OrganisationGiven, ...] = ()
    people: tuple[PersonGiven, ...] = ()


def faults(given: People) -> list[Fault]:
    """Name everything that keeps a file from being used, each with its path and remedy."""
    read = Reading()
    kinds = {each.id: each.kind for each in given.organisations}
    _once(read, "organisations", [each.id for each in given.organisations])
    _once(read, "people", [each.id for each in given.people])
    emails = [each.email.strip().lower() for each in given.people]
    for row, organisation in enumerate(given.organisations):
        read.name(f"organisations[{row}].id", organisation.id)
        read.choice(f"organisations[{row}].kind", organisation.kind, KINDS)
        for place, joined in enumerate(organisation.consortia):
            if organisation.kind != "district" or kinds.get(joined) != "consortium":
                read.fault(
                    f"organisations[{row}].consortia[{place}]",
                    "must be a consortium in the file, joined by a district",
                )
    for row, person in enumerate(given.people):
        if "@" not in person.email or emails.index(emails[row]) != row:
            read.fault(f"people[{row}].email", "must be an e-mail address that nobody else in the file has")
        for place, held in enumerate(person.memberships):
            _membership(read, f"people[{row}].memberships[{place}]", held, kinds)
    return read.faults


def _once(read: Reading, path: str, ids: Sequence[str]) -> None:
    for row, name in enumerate(ids):
        if name in ids[:row]:
            read.fault(f"{path}[{row}].id", f"{name!r} stands twice; keep one row")


def _membership(read: Reading, path: str, held: MembershipGiven, kinds: Mapping[str, str]) -> None:
    role = read.choice(f"{path}.role", held.role, tuple(ROLES))
    if held.organisation not in kinds:
        read.fault(f"{path}.organisation", f"there is no organisation {held.organisation!r} in the file")
    elif kinds[held.organisation] != ROLES[role]:
        read.fault(f"{path}.role", f"{role} is held in a {ROLES[role]}, not in a {kinds[held.organisation]}")


def fill(session: Session, given: People, hashed: Callable[[str], str], demo: bool = False) -> None:
    """Write them down, in place of those with the same ids; `demo` opens a demonstration's door for good."""
    if demo:
        session.merge(Meta(key="demo", value="1"))
    for each in given.organisations:
        session.merge(Organisation(id=each.id, kind=each.kind, name=each.name, detail=each.detail))
    session.flush()
    for each in given.organisations:
        for joined in each.consortia:
            session.merge(
                DistrictMember(consortium_id=joined, district_id=each.id, joined_at=EPOCH, resolution=None)
            )
    for person in given.people:
        _person(session, person, hashed)
    session.flush()
    for person in given.people:
        for held in person.memberships:
            session.merge(Membership(person_id=person.id, organisation_id=held.organisation, role=held.role))


def _person(session: Session, given: PersonGiven, hashed: Callable[[str], str]) -> None:
    kept = session.get(Person, given.id)
    password = hashed(given.password) if given.password is not None else kept.password_hash if kept else None
    session.merge(
        Person(
            id=given.id,
            name=given.name,
            email=given.email.strip().lower(),
            password_hash=password,
            email_verified_at=EPOCH,
        )
    )
