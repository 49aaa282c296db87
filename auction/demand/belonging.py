"""Who belongs to an organisation: invited by somebody who keeps its people, who are never left without one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from auction.demand import districts, profile
from auction.demand.organisation import (
    ROLES,
    AcceptInvitation,
    ChangeProfile,
    ChangeRole,
    DistrictJoined,
    Enrol,
    Found,
    InvitationWithdrawn,
    InvitePerson,
    Organisation,
    OrganisationFounded,
    PersonInvited,
    PersonJoined,
    PersonLeft,
    ProfileChanged,
    RemovePerson,
    RoleChanged,
    WithdrawInvitation,
)
from auction.demand.saying_no import not_allowed, not_understood
from auction.kernel import Event

MOST_INVITATIONS = 500
"""So many invitations may be open at once."""
Facts = Iterator[Event]


def keeper(body: Organisation) -> str:
    """The role that keeps this organisation's people."""
    return ROLES[body.kind][0]


def enrol(body: Organisation, wish: Enrol, now: datetime) -> Facts:
    """Take over what the register says; where the stream went on in between, nothing: whoever asked looks again."""
    if body.facts != wish.seen:
        return
    by = wish.by
    if not body.kind:
        yield OrganisationFounded(at=now, by=by, kind=wish.kind, name=wish.name)
    held = {each.person: each.role for each in wish.members}
    for person in [each for each in body.members if each not in held]:
        yield PersonLeft(at=now, by=by, person=person)
    for person, role in held.items():
        if person not in body.members:
            yield PersonJoined(at=now, by=by, person=person, role=role)
        elif body.members[person] != role:
            yield RoleChanged(at=now, by=by, person=person, role=role)
    for district in wish.districts:
        if district not in body.districts:
            yield DistrictJoined(at=now, by=by, district=district)


def found(body: Organisation, wish: Found, now: datetime) -> Facts:
    """Found an organisation, once."""
    if body.kind:
        raise not_allowed("This organization is there already.")
    if wish.kind not in ROLES or not wish.name.strip():
        raise not_understood("An organization needs a kind and a name.")
    yield OrganisationFounded(at=now, by=wish.by, kind=wish.kind, name=wish.name.strip())
    yield PersonJoined(at=now, by=wish.by, person=wish.by, role=ROLES[wish.kind][0])
    if wish.profile is not None:
        yield from _described(body, wish.profile, wish.by, now)


def founded(body: Organisation, *kinds: str) -> None:
    """Refuse what is asked of nothing, or of another kind of organisation."""
    if not body.kind:
        raise not_allowed("There is no such organization.")
    if kinds and body.kind not in kinds:
        raise not_allowed(f"This is for a {' or a '.join(kinds)} alone.")


# --- inviting --------------------------------------------------------------------------------------------------------------


def may_invite(body: Organisation, name: str, now: datetime) -> None:
    """Refuse one invitation too many."""
    if name in body.invitations:
        raise not_understood("This invitation's id has been used.")
    if sum(each.expires > now for each in body.invitations.values()) >= MOST_INVITATIONS:
        raise not_allowed(f"{MOST_INVITATIONS} invitations are open; withdraw some of them first.")


def invite(body: Organisation, wish: InvitePerson, now: datetime) -> Facts:
    """Invite somebody into a role that there is."""
    founded(body)
    may_invite(body, wish.invitation, now)
    _fitting(body, wish.role)
    yield PersonInvited(at=now, by=wish.by, invitation=wish.invitation, role=wish.role, expires=wish.expires)


def withdraw(body: Organisation, wish: WithdrawInvitation, now: datetime) -> Facts:
    """Take an open invitation back."""
    if wish.invitation not in body.invitations:
        raise not_allowed("This invitation has been accepted or withdrawn already.")
    yield InvitationWithdrawn(at=now, by=wish.by, invitation=wish.invitation)


def accept(body: Organisation, wish: AcceptInvitation, now: datetime) -> Facts:
    """Let a person or a district in by an invitation: once, and in time."""
    held = body.invitations.get(wish.invitation)
    if held is None:
        raise not_allowed("This invitation has been accepted or withdrawn already.")
    if held.expires <= now:
        raise not_allowed("This invitation has expired; ask for a new one.")
    if held.role is None:
        yield from districts.accept(body, wish, now)
    elif wish.person in body.members:
        raise not_allowed("You belong to this organization already.")
    else:
        yield PersonJoined(at=now, by=wish.by, person=wish.person, role=held.role, invitation=wish.invitation)


# --- members ---------------------------------------------------------------------------------------------------------------


def change_role(body: Organisation, wish: ChangeRole, now: datetime) -> Facts:
    """Give a member another role."""
    _member(body, wish.person)
    _fitting(body, wish.role)
    if body.members[wish.person] != wish.role:
        _keep_one(body, wish.person)
        yield RoleChanged(at=now, by=wish.by, person=wish.person, role=wish.role)


def remove(body: Organisation, wish: RemovePerson, now: datetime) -> Facts:
    """Let a member go."""
    _member(body, wish.person)
    _keep_one(body, wish.person)
    yield PersonLeft(at=now, by=wish.by, person=wish.person)


def _fitting(body: Organisation, role: str) -> None:
    if role not in ROLES[body.kind]:
        raise not_understood(f"In a {body.kind} a person is one of {', '.join(ROLES[body.kind])}.")


def _member(body: Organisation, person: str) -> None:
    if person not in body.members:
        raise not_allowed("This person does not belong to the organization.")


def _keep_one(body: Organisation, person: str) -> None:
    role = keeper(body)
    if [each for each, held in body.members.items() if held == role] == [person]:
        raise not_allowed(
            f"The last {role} cannot leave or take another role; make somebody else {role} first."
        )


# --- profiles --------------------------------------------------------------------------------------------------------------


def change_profile(body: Organisation, wish: ChangeProfile, now: datetime) -> Facts:
    """Describe the organisation anew, unless somebody else did in the meantime."""
    founded(body, "consortium", "district")
    if wish.version != body.version:
        raise not_allowed(
            "Somebody else changed this in the meantime; look at it and make your change again."
        )
    yield from _described(body, wish.profile, wish.by, now)


def _described(body: Organisation, given: profile.Profile, by: str, now: datetime) -> Facts:
    fitting = {"consortium": profile.ConsortiumProfile, "district": profile.DistrictProfile}
    if not isinstance(given, fitting.get(body.kind, ())):
        raise not_understood("This profile is of another kind.")
    wrong = profile.faults(given, body.profile)
    if wrong:
        raise not_understood("; ".join(f"{each.path}: {each.message}" for each in wrong))
    if given != body.profile:
        yield ProfileChanged(at=now, by=by, profile=given)
