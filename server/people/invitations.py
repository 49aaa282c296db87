"""Invitations: mailed to one address, accepted once, by whoever that address belongs to."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from sqlalchemy import delete, select

from auction.demand.organisation import (
    AcceptInvitation,
    InviteDistrict,
    InvitePerson,
    WithdrawInvitation,
)
from auction.kernel import Command
from auction.terms.faults import Fault, Faulty
from server.login import token_hash
from server.parts import Parts
from server.people import mail, register
from server.people.links import new_token
from server.roles import NAMES
from server.tables import InvitationRow, Membership, Organisation, Person

LASTS = timedelta(days=7)


class Invited(msgspec.Struct, frozen=True):
    """An invitation as its page needs it; `state` is open, accepted, withdrawn or expired."""

    id: str
    state: str
    email: str
    organisation: str
    organisation_name: str
    kind: str
    role: str | None
    district: str


async def invite_person(parts: Parts, organisation: str, by: str, email: str, role: str) -> None:
    """Invite somebody into a role; raises `Faulty`."""
    if await _belongs(parts, organisation, email):
        raise Faulty([Fault("email", "belongs to this organization already")])
    await _invite(parts, organisation, by, email, role, "")


async def invite_district(parts: Parts, consortium: str, by: str, email: str, district: str) -> None:
    """Invite a district into a consortium, through the person who buys for it; raises `Faulty`."""
    await _invite(parts, consortium, by, email, None, district)


async def _belongs(parts: Parts, organisation: str, email: str) -> bool:
    wanted = (
        select(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(Person.email == email, Membership.organisation_id == organisation)
    )
    return await parts.database.read(lambda session: session.execute(wanted).first()) is not None


async def _invite(
    parts: Parts, organisation: str, by: str, email: str, role: str | None, district: str
) -> None:
    """Keep the address beside the journal, invite by id, and send the letter; an earlier one to it stops working."""
    key = f"letters of {organisation}"
    if parts.knocks.wait(key, parts.now()) is not None:
        raise Faulty([Fault("", "Many letters were sent just now; go on in a quarter of an hour.")])
    parts.knocks.failed(key, parts.now())
    for each in await open_ones(parts, organisation):
        if (each.email, each.role is None) == (email, role is None) and each.district == district:
            await withdraw(parts, organisation, by, each.id)
    token, name, now = new_token(parts), f"i-{parts.random(8).hex()}", parts.now()
    row = InvitationRow(
        id=name,
        token_hash=token_hash(token),
        organisation_id=organisation,
        email=email,
        role=role,
        district=district,
        invited_by=by,
        created_at=now,
        expires_at=now + LASTS,
        state="open",
    )
    async with parts.database.session.begin() as session:
        session.add(row)
    wish: Command
    if role is None:
        wish = InviteDistrict(by=by, invitation=name, name=district, expires=row.expires_at)
    else:
        wish = InvitePerson(by=by, invitation=name, role=role, expires=row.expires_at)
    try:
        await register.tell(parts, organisation, wish)
    except Faulty:
        async with parts.database.session.begin() as session:
            await session.execute(delete(InvitationRow).where(InvitationRow.id == name))
        raise
    await _post(parts, row, token)


async def _post(parts: Parts, row: InvitationRow, token: str) -> None:
    async with parts.database.session() as session:
        organisation = await session.get_one(Organisation, row.organisation_id)
        inviter = await session.get(Person, row.invited_by)
    await mail.send(
        parts,
        "invitation" if row.role is not None else "invited_district",
        row.email,
        row.id,
        organisation=organisation.name,
        inviter=inviter.name if inviter is not None else organisation.name,
        role=NAMES.get(row.role or "", ""),
        district=row.district,
        link=mail.address(parts, f"/invitations/{token}"),
        expires=mail.until(row.expires_at),
    )


async def open_ones(parts: Parts, organisation: str) -> list[InvitationRow]:
    """The invitations of an organisation that can still be accepted, the newest first."""
    wanted = (
        select(InvitationRow)
        .where(
            InvitationRow.organisation_id == organisation,
            InvitationRow.state == "open",
            InvitationRow.expires_at > parts.now(),
        )
        .order_by(InvitationRow.created_at.desc())
    )
    return list(await parts.database.read(lambda session: session.execute(wanted).scalars().all()))


async def withdraw(parts: Parts, organisation: str, by: str, invitation: str) -> InvitationRow:
    """Take an invitation of this organisation back; raises `Faulty`."""
    row = await parts.database.read(lambda session: session.get(InvitationRow, invitation))
    if row is None or row.organisation_id != organisation:
        raise Faulty([Fault("", "There is no such invitation.")])
    await register.tell(parts, organisation, WithdrawInvitation(by=by, invitation=invitation))
    return row


async def send_again(parts: Parts, organisation: str, by: str, invitation: str) -> None:
    """Send a new letter with a new link in place of an open invitation; raises `Faulty`."""
    row = await withdraw(parts, organisation, by, invitation)
    await _invite(parts, organisation, by, row.email, row.role, row.district)


async def find(parts: Parts, token: str) -> Invited | None:
    """Find an invitation by what its letter holds."""
    wanted = (
        select(InvitationRow, Organisation)
        .join(Organisation, Organisation.id == InvitationRow.organisation_id)
        .where(InvitationRow.token_hash == token_hash(token))
    )
    found = await parts.database.read(lambda session: session.execute(wanted).one_or_none())
    if found is None:
        return None
    row, organisation = found
    late = row.state == "open" and row.expires_at <= parts.now()
    return Invited(
        row.id,
        "expired" if late else row.state,
        row.email,
        organisation.id,
        organisation.name,
        organisation.kind,
        row.role,
        row.district,
    )


async def accept(parts: Parts, invited: Invited, person: str, district: str | None = None) -> None:
    """Accept for a person, or for a district; raises `Faulty` for whoever comes second."""
    wish = AcceptInvitation(by=person, invitation=invited.id, person=person, district=district)
    await register.tell(parts, invited.organisation, wish)
    await _thank(parts, invited, person)


async def _thank(parts: Parts, invited: Invited, person: str) -> None:
    """Let whoever invited know that the invitation was accepted."""
    async with parts.database.session() as session:
        row = await session.get_one(InvitationRow, invited.id)
        inviter, new = await session.get(Person, row.invited_by), await session.get_one(Person, person)
    if inviter is not None:
        await mail.send(
            parts,
            "joined",
            inviter.email,
            invited.id,
            person=new.name,
            organisation=invited.organisation_name,
            role=NAMES.get(invited.role or "", "District buyer"),
            link=mail.address(parts, "/team" if invited.role is not None else "/consortium"),
        )
