"""Accounts: a person with one e-mail address and one password, whatever organisations it belongs to."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from auction.terms.faults import Fault, Faulty
from server.parts import Parts
from server.tables import Membership, Organisation, Person

TAKEN = "belongs to an account already; sign in with it"


class Held(msgspec.Struct, frozen=True):
    """A membership as its person sees it."""

    organisation: str
    name: str
    kind: str
    role: str


def new_id(parts: Parts, letter: str) -> str:
    """An id for somebody or something new."""
    return f"{letter}-{parts.random(8).hex()}"


async def by_email(parts: Parts, email: str) -> Person | None:
    """Find the person with an e-mail address."""
    wanted = select(Person).where(Person.email == email.strip().lower())
    return await parts.database.read(lambda session: session.execute(wanted).scalar_one_or_none())


async def by_id(parts: Parts, person: str) -> Person | None:
    """Find a person by its id."""
    return await parts.database.read(lambda session: session.get(Person, person))


async def held(parts: Parts, person: str) -> list[Held]:
    """Everything that a person belongs to, by name."""
    wanted = (
        select(Membership, Organisation)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.person_id == person)
        .order_by(Organisation.name)
    )
    rows = await parts.database.read(lambda session: session.execute(wanted).all())
    return [Held(row[1].id, row[1].name, row[1].kind, row[0].role) for row in rows]


async def create(parts: Parts, name: str, email: str, password: str, verified: datetime | None) -> str:
    """Make an account and return its id; raises `Faulty` where the address has one already."""
    made = await parts.login.hashed(password)
    person = new_id(parts, "p")
    try:
        async with parts.database.session.begin() as session:
            session.add(
                Person(
                    id=person,
                    name=name,
                    email=email.strip().lower(),
                    password_hash=made,
                    email_verified_at=verified,
                )
            )
    except IntegrityError:
        raise Faulty([Fault("email", TAKEN)]) from None
    return person


async def set_password(parts: Parts, person: str, password: str) -> None:
    """Put a new password in place of the old one."""
    made = await parts.login.hashed(password)
    await _set(parts, person, password_hash=made)


async def set_name(parts: Parts, person: str, name: str) -> None:
    """Call a person by another name."""
    await _set(parts, person, name=name)


async def set_email(parts: Parts, person: str, email: str) -> None:
    """Take over a confirmed e-mail address; raises `Faulty` where somebody else has it."""
    try:
        await _set(parts, person, email=email, email_verified_at=parts.now())
    except IntegrityError:
        raise Faulty([Fault("email", "belongs to another account")]) from None


async def confirm_email(parts: Parts, person: str) -> None:
    """Note that a letter to the account's address was opened."""
    await _set(parts, person, email_verified_at=parts.now())


async def _set(parts: Parts, person: str, **values: object) -> None:
    async with parts.database.session.begin() as session:
        await session.execute(update(Person).where(Person.id == person).values(**values))
