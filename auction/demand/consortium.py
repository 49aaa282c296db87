"""Consortia, districts and companies as organisations: the decider of the stream `organisation/<id>`.

Somebody always keeps an organisation's people: the last one who does cannot leave or take another role. An invitation is
accepted once and in time. A district belongs to a consortium by invitation, or by asking and the consortium's yes.
Persons are named by id alone.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from datetime import datetime
from typing import Any

from auction.demand import belonging, districts
from auction.demand.organisation import (
    AcceptInvitation,
    AdmitDistrict,
    AskToJoin,
    ChangeProfile,
    ChangeRole,
    DeclineDistrict,
    DistrictAsked,
    DistrictDeclined,
    DistrictEnded,
    DistrictInvited,
    DistrictJoined,
    Done,
    EndDistrict,
    Enrol,
    FileResolution,
    Found,
    Invitation,
    InvitationWithdrawn,
    InviteDistrict,
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
from auction.kernel import Command, Event, Refused
from auction.refusals import Refusal, no

Answering = Callable[[Organisation, Any, datetime], Iterator[Event]]
ANYWHERE: dict[type[Command], Answering] = {
    Enrol: belonging.enrol,
    Found: belonging.found,
    InvitePerson: belonging.invite,
    WithdrawInvitation: belonging.withdraw,
    AcceptInvitation: belonging.accept,
    ChangeRole: belonging.change_role,
    RemovePerson: belonging.remove,
    ChangeProfile: belonging.change_profile,
}
IN_A_CONSORTIUM: dict[type[Command], Answering] = {
    InviteDistrict: districts.invite,
    AskToJoin: districts.ask,
    FileResolution: districts.file_resolution,
    AdmitDistrict: districts.admit,
    DeclineDistrict: districts.decline,
    EndDistrict: districts.end,
}


def initial() -> Organisation:
    """Return an organisation of which nothing is known yet."""
    return Organisation()


def decide(body: Organisation, command: Command, now: datetime) -> Generator[Event, None, Done]:
    """Judge one wish."""
    wanted = type(command)
    if wanted in IN_A_CONSORTIUM:
        belonging.founded(body, "consortium")
        if isinstance(command, InviteDistrict):
            belonging.may_invite(body, command.invitation, now)
        yield from IN_A_CONSORTIUM[wanted](body, command, now)
    elif wanted in ANYWHERE:
        yield from ANYWHERE[wanted](body, command, now)
    else:
        raise Refused(no("BAD_COMMAND"))
    return Done()


def evolve(body: Organisation, event: Event) -> Organisation:
    """Write one fact down."""
    body.facts += 1
    if isinstance(event, OrganisationFounded):
        body.kind, body.name = event.kind, event.name
    elif isinstance(event, PersonInvited):
        body.invitations[event.invitation] = Invitation(event.role, event.expires)
    elif isinstance(event, DistrictInvited):
        body.invitations[event.invitation] = Invitation(None, event.expires)
    elif isinstance(event, InvitationWithdrawn):
        del body.invitations[event.invitation]
    elif isinstance(event, PersonJoined):
        body.members[event.person] = event.role
        body.invitations.pop(event.invitation or "", None)
    elif isinstance(event, RoleChanged):
        body.members[event.person] = event.role
    elif isinstance(event, PersonLeft):
        del body.members[event.person]
    elif isinstance(event, ProfileChanged):
        body.profile, body.version = event.profile, body.version + 1
    else:
        _district(body, event)
    return body


def _district(body: Organisation, event: Event) -> None:
    if isinstance(event, DistrictAsked):
        body.asking.add(event.district)
    elif isinstance(event, DistrictJoined):
        body.districts.add(event.district)
        body.asking.discard(event.district)
        body.invitations.pop(event.invitation or "", None)
    elif isinstance(event, DistrictDeclined):
        body.asking.discard(event.district)
    elif isinstance(event, DistrictEnded):
        body.districts.discard(event.district)


def refusal(body: Organisation, command: Command, reason: Refusal, now: datetime) -> Iterator[Event]:
    """Refusals are answered, not written."""
    return iter(())
