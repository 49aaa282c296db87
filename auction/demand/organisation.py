"""An organisation's words: what its people and its consortium may ask, what then is a fact, and what is remembered."""

from __future__ import annotations

from datetime import datetime

import msgspec

from auction.demand.profile import Profile
from auction.kernel import Command, Event

ROLES: dict[str, tuple[str, ...]] = {
    "consortium": ("admin", "lead", "second", "evaluator", "auditor"),
    "district": ("buyer",),
    "vendor": ("owner", "preparer", "signer"),
}
"""Each kind of organisation with the roles that are held in it; the first of them keeps its people."""


class Member(msgspec.Struct, frozen=True):
    """A person's id with its role."""

    person: str
    role: str


# --- wishes ----------------------------------------------------------------------------------------------------------------


class Enrol(Command, frozen=True):
    """Take over what was registered beside the journal, as of when the stream had `seen` facts."""

    kind: str
    name: str
    members: tuple[Member, ...]
    districts: tuple[str, ...] = ()
    seen: int = 0


class Found(Command, frozen=True):
    """Found an organisation; who founds it keeps its people."""

    kind: str
    name: str
    profile: Profile | None = None


class InvitePerson(Command, frozen=True):
    """Invite somebody; whom and where to is known by the invitation's id alone."""

    invitation: str
    role: str
    expires: datetime


class InviteDistrict(Command, frozen=True):
    """Invite a district into a consortium."""

    invitation: str
    name: str
    expires: datetime


class WithdrawInvitation(Command, frozen=True):
    """Take an invitation back."""

    invitation: str


class AcceptInvitation(Command, frozen=True):
    """Accept an invitation: a person's into its role, or a district's with the district that joins."""

    invitation: str
    person: str
    district: str | None = None


class ChangeRole(Command, frozen=True):
    """Give a member another role."""

    person: str
    role: str


class RemovePerson(Command, frozen=True):
    """Let a member leave, or remove one."""

    person: str


class ChangeProfile(Command, frozen=True):
    """Put another profile in place of the one with this version."""

    profile: Profile
    version: int


class AskToJoin(Command, frozen=True):
    """Ask for a district's place in a consortium; the resolution is a file's hash."""

    district: str
    resolution: str = ""


class FileResolution(Command, frozen=True):
    """File the board resolution of a district that belongs to the consortium or asks to."""

    district: str
    resolution: str


class AdmitDistrict(Command, frozen=True):
    """Say yes to a district that asked."""

    district: str


class DeclineDistrict(Command, frozen=True):
    """Say no to a district that asked, with the reason that it is told."""

    district: str
    reason: str


class EndDistrict(Command, frozen=True):
    """End a district's place in the consortium, by itself or by the consortium."""

    district: str
    reason: str


# --- facts -----------------------------------------------------------------------------------------------------------------


class OrganisationFounded(Event, frozen=True, tag="organisation.founded"):
    """An organization was set up; here, or in the register before."""

    kind: str
    name: str


class PersonInvited(Event, frozen=True, tag="organisation.person_invited"):
    """Somebody was invited into a role."""

    invitation: str
    role: str
    expires: datetime


class InvitationWithdrawn(Event, frozen=True, tag="organisation.invitation_withdrawn"):
    """An invitation was taken back."""

    invitation: str


class PersonJoined(Event, frozen=True, tag="organisation.person_joined"):
    """A person became a member; by an invitation where one is named."""

    person: str
    role: str
    invitation: str | None = None


class RoleChanged(Event, frozen=True, tag="organisation.role_changed"):
    """A member has another role."""

    person: str
    role: str


class PersonLeft(Event, frozen=True, tag="organisation.person_left"):
    """A person is no longer a member; it left by itself where it is also who caused it."""

    person: str


class ProfileChanged(Event, frozen=True, tag="organisation.profile_changed"):
    """An organization described itself anew."""

    profile: Profile


class DistrictInvited(Event, frozen=True, tag="organisation.district_invited"):
    """A district was invited into the consortium."""

    invitation: str
    name: str
    expires: datetime


class DistrictAsked(Event, frozen=True, tag="organisation.district_asked"):
    """A district asked to join the consortium."""

    district: str
    resolution: str = ""


class ResolutionFiled(Event, frozen=True, tag="organisation.resolution_filed"):
    """A district's board resolution was filed."""

    district: str
    resolution: str


class DistrictJoined(Event, frozen=True, tag="organisation.district_joined"):
    """A district belongs to the consortium from now on."""

    district: str
    invitation: str | None = None


class DistrictDeclined(Event, frozen=True, tag="organisation.district_declined"):
    """A district that asked was told no."""

    district: str
    reason: str


class DistrictEnded(Event, frozen=True, tag="organisation.district_ended"):
    """A district no longer belongs to the consortium."""

    district: str
    reason: str


OrganisationEvent = (
    OrganisationFounded
    | PersonInvited
    | InvitationWithdrawn
    | PersonJoined
    | RoleChanged
    | PersonLeft
    | ProfileChanged
    | DistrictInvited
    | DistrictAsked
    | ResolutionFiled
    | DistrictJoined
    | DistrictDeclined
    | DistrictEnded
)


# --- what is remembered ----------------------------------------------------------------------------------------------------


class Invitation(msgspec.Struct, frozen=True):
    """An open invitation; `role` is None where a district is invited."""

    role: str | None
    expires: datetime


class Organisation(msgspec.Struct):
    """What is remembered of an organisation; `facts` counts all of them, `version` those of its profile."""

    kind: str = ""
    name: str = ""
    facts: int = 0
    members: dict[str, str] = msgspec.field(default_factory=dict)
    invitations: dict[str, Invitation] = msgspec.field(default_factory=dict)
    districts: set[str] = msgspec.field(default_factory=set)
    asking: set[str] = msgspec.field(default_factory=set)
    profile: Profile | None = None
    version: int = 0


class Done(msgspec.Struct, frozen=True):
    """The answer to a wish that was carried out."""
