"""An organisation always has somebody who keeps its people; invitations count once and in time; districts join by two yeses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.demand import consortium
from auction.demand.belonging import MOST_INVITATIONS, keeper
from auction.demand.organisation import (
    ROLES,
    AcceptInvitation,
    AdmitDistrict,
    AskToJoin,
    ChangeProfile,
    ChangeRole,
    DeclineDistrict,
    DistrictEnded,
    EndDistrict,
    Enrol,
    FileResolution,
    Found,
    InviteDistrict,
    InvitePerson,
    Member,
    Organisation,
    PersonJoined,
    PersonLeft,
    RemovePerson,
    WithdrawInvitation,
)
from auction.demand.profile import ConsortiumProfile, DistrictProfile, ShipTo
from auction.kernel import Command, Event, handle, replay
from auction.refusals import Refusal

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
LATER = NOW + timedelta(days=7)


class Played:
    """An organisation with what happened in it."""

    def __init__(self, *commands: Command, at: datetime = NOW) -> None:
        self.body: Organisation = consortium.initial()
        self.events: list[Event] = []
        for each in commands:
            assert not isinstance(self.do(each, at), Refusal), each

    def do(self, command: Command, at: datetime = NOW) -> object:
        """Put a wish and return the answer."""
        decision = handle(consortium, self.body, command, at)
        self.body = decision.state
        self.events += decision.events
        return decision.answer

    def no(self, command: Command, at: datetime = NOW) -> str:
        """Put a wish that is refused, and return the sentence."""
        before = len(self.events)
        answer = self.do(command, at)
        assert isinstance(answer, Refusal), answer
        assert len(self.events) == before
        return answer.message


def founded(kind: str = "consortium", *more: Command) -> Played:
    return Played(Found(by="ada", kind=kind, name=" Lake Cooperative "), *more)


def invited(name: str = "i1", role: str = "lead") -> InvitePerson:
    return InvitePerson(by="ada", invitation=name, role=role, expires=LATER)


@pytest.mark.parametrize("kind", ROLES)
def test_who_founds_an_organisation_keeps_its_people(kind: str) -> None:
    body = founded(kind).body
    assert (body.kind, body.name, body.members) == (kind, "Lake Cooperative", {"ada": ROLES[kind][0]})


def test_an_organisation_is_founded_once_and_needs_a_name() -> None:
    assert "there already" in founded().no(Found(by="eve", kind="vendor", name="Mine now"))
    assert "needs a kind and a name" in Played().no(Found(by="eve", kind="vendor", name="  "))
    assert "needs a kind and a name" in Played().no(Found(by="eve", kind="club", name="Chess"))


def test_an_invitation_lets_one_person_in_once() -> None:
    played = founded("consortium", invited(), AcceptInvitation(by="bo", invitation="i1", person="bo"))
    assert played.body.members["bo"] == "lead" and played.body.invitations == {}
    assert "accepted or withdrawn" in played.no(AcceptInvitation(by="eve", invitation="i1", person="eve"))


def test_an_invitation_is_good_until_it_expires_and_not_a_moment_longer() -> None:
    accept = AcceptInvitation(by="bo", invitation="i1", person="bo")
    assert "expired" in founded("consortium", invited()).no(accept, LATER)
    played = founded("consortium", invited())
    played.do(accept, LATER - timedelta(microseconds=1))
    assert "bo" in played.body.members


def test_a_withdrawn_invitation_lets_nobody_in() -> None:
    played = founded("consortium", invited(), WithdrawInvitation(by="ada", invitation="i1"))
    assert "withdrawn" in played.no(AcceptInvitation(by="bo", invitation="i1", person="bo"))
    assert "withdrawn" in played.no(WithdrawInvitation(by="ada", invitation="i1"))


def test_who_belongs_already_is_not_let_in_twice_and_the_invitation_stays_open() -> None:
    played = founded("consortium", invited())
    assert "already" in played.no(AcceptInvitation(by="ada", invitation="i1", person="ada"))
    assert "i1" in played.body.invitations


def test_nobody_is_invited_into_a_role_of_another_kind() -> None:
    assert "one of owner, preparer, signer" in founded("vendor").no(invited(role="lead"))
    assert "one of buyer" in founded("district").no(invited(role="admin"))


def test_open_invitations_are_bounded_and_expired_ones_make_room() -> None:
    played = founded("consortium", *(invited(f"i{n}") for n in range(MOST_INVITATIONS)))
    assert "withdraw some" in played.no(invited("more"))
    again = InvitePerson(by="ada", invitation="more", role="lead", expires=LATER + timedelta(days=7))
    assert not isinstance(played.do(again, LATER), Refusal)


def test_the_last_administrator_can_neither_leave_nor_step_down() -> None:
    played = founded("consortium", invited(), AcceptInvitation(by="bo", invitation="i1", person="bo"))
    assert "last admin" in played.no(RemovePerson(by="ada", person="ada"))
    assert "last admin" in played.no(ChangeRole(by="ada", person="ada", role="auditor"))
    played.do(ChangeRole(by="ada", person="bo", role="admin"))
    played.do(RemovePerson(by="ada", person="ada"))
    assert played.body.members == {"bo": "admin"}


def test_nobody_is_changed_or_removed_who_does_not_belong() -> None:
    played = founded()
    assert "does not belong" in played.no(RemovePerson(by="ada", person="eve"))
    assert "does not belong" in played.no(ChangeRole(by="ada", person="eve", role="lead"))


NAMES = st.sampled_from(["ada", "bo", "cy", "di"])
WISHES = st.one_of(
    st.builds(RemovePerson, by=NAMES, person=NAMES),
    st.builds(ChangeRole, by=NAMES, person=NAMES, role=st.sampled_from(ROLES["consortium"])),
    st.builds(lambda n: invited(f"i-{n}", "auditor"), NAMES),
    st.builds(lambda n: AcceptInvitation(by=n, invitation=f"i-{n}", person=n), NAMES),
    st.builds(lambda n: AskToJoin(by=n, district=f"d-{n}"), NAMES),
    st.builds(lambda n: AdmitDistrict(by="ada", district=f"d-{n}"), NAMES),
    st.builds(lambda n: EndDistrict(by="ada", district=f"d-{n}", reason="moved"), NAMES),
)


@given(st.lists(WISHES, max_size=40))
def test_whatever_is_asked_somebody_keeps_the_people_and_the_history_is_the_state(
    wishes: list[Command],
) -> None:
    played = founded()
    for wish in wishes:
        played.do(wish)
        assert keeper(played.body) in played.body.members.values()
        assert not played.body.districts & played.body.asking
    assert replay(consortium, played.events) == played.body


# --- districts -------------------------------------------------------------------------------------------------------------


def test_a_district_joins_by_asking_and_the_consortium_s_yes() -> None:
    played = founded("consortium", AskToJoin(by="dot", district="d-oak", resolution="ab12"))
    assert played.body.asking == {"d-oak"} and not played.body.districts
    played.do(AdmitDistrict(by="ada", district="d-oak"))
    assert played.body.districts == {"d-oak"} and not played.body.asking
    assert "belongs to the consortium already" in played.no(AskToJoin(by="dot", district="d-oak"))
    assert "answered already" in played.no(AdmitDistrict(by="ada", district="d-oak"))


def test_a_district_that_is_told_no_is_told_why_and_may_ask_again() -> None:
    played = founded("consortium", AskToJoin(by="dot", district="d-oak"))
    assert "asked already" in played.no(AskToJoin(by="dot", district="d-oak"))
    assert "reason" in played.no(DeclineDistrict(by="ada", district="d-oak", reason=" "))
    played.do(DeclineDistrict(by="ada", district="d-oak", reason="The resolution is missing."))
    assert not isinstance(played.do(AskToJoin(by="dot", district="d-oak", resolution="ab12")), Refusal)


def test_a_district_joins_by_invitation_at_once() -> None:
    invite = InviteDistrict(by="ada", invitation="i1", name="Oak District", expires=LATER)
    played = founded("consortium", invite)
    accept = AcceptInvitation(by="dot", invitation="i1", person="dot")
    assert "which one joins" in played.no(accept)
    played.do(AcceptInvitation(by="dot", invitation="i1", person="dot", district="d-oak"))
    assert played.body.districts == {"d-oak"} and "dot" not in played.body.members


def test_a_resolution_is_filed_for_those_who_belong_or_ask() -> None:
    played = founded("consortium", AskToJoin(by="dot", district="d-oak"))
    played.do(FileResolution(by="dot", district="d-oak", resolution="ab12"))
    assert "neither belongs" in played.no(FileResolution(by="eve", district="d-elm", resolution="cd34"))
    assert "Attach" in played.no(FileResolution(by="dot", district="d-oak", resolution=""))


def test_a_district_s_place_ends_with_a_reason() -> None:
    played = founded(
        "consortium", AskToJoin(by="dot", district="d-oak"), AdmitDistrict(by="ada", district="d-oak")
    )
    played.do(EndDistrict(by="dot", district="d-oak", reason=" Merged with Elm. "))
    assert isinstance(played.events[-1], DistrictEnded) and played.events[-1].reason == "Merged with Elm."
    assert "does not belong" in played.no(EndDistrict(by="dot", district="d-oak", reason="again"))


def test_districts_belong_to_consortia_alone() -> None:
    assert "consortium alone" in founded("vendor").no(AskToJoin(by="dot", district="d-oak"))
    assert "no such organization" in Played().no(AskToJoin(by="dot", district="d-oak"))


# --- profiles --------------------------------------------------------------------------------------------------------------

SCHOOL = ShipTo("S1", "High school", "1 Main St", "Ithaca", "NY", "14850")


def test_of_two_people_who_change_a_profile_at_once_neither_overwrites_the_other_silently() -> None:
    first = DistrictProfile("US-NY", 900, 7, (SCHOOL,))
    played = founded("district", ChangeProfile(by="ada", profile=first, version=0))
    late = ChangeProfile(by="bo", profile=DistrictProfile("US-NY", 12, 7, (SCHOOL,)), version=0)
    assert "Somebody else changed this" in played.no(late)
    assert played.body.profile == first


def test_an_address_that_needs_may_name_is_closed_and_never_taken_away() -> None:
    first = DistrictProfile("US-NY", 900, 7, (SCHOOL,))
    played = founded("district", ChangeProfile(by="ada", profile=first, version=0))
    without = ChangeProfile(by="ada", profile=DistrictProfile("US-NY", 900), version=1)
    assert "must keep S1" in played.no(without)


def test_every_fault_of_a_profile_is_named_at_once() -> None:
    bad = DistrictProfile("New York", 0, 13, (ShipTo("S0", "", "1 Main St", "Ithaca", "ny", "1485"),))
    said = founded("district").no(ChangeProfile(by="ada", profile=bad, version=0))
    for path in ("state", "enrolment", "fiscal_month", "ship_to[0].id", "ship_to[0].name", "ship_to[0].zip"):
        assert f"{path}: " in said
    assert "ship_to[0].street" not in said


def test_a_profile_of_another_kind_is_refused_and_the_same_one_changes_nothing() -> None:
    assert "another kind" in founded("district").no(
        ChangeProfile(by="ada", profile=ConsortiumProfile(), version=0)
    )
    same = ConsortiumProfile("US-PA", "America/New_York", "Lake Cooperative\nHarrisburg")
    played = founded("consortium", ChangeProfile(by="ada", profile=same, version=0))
    facts = played.body.facts
    played.do(ChangeProfile(by="ada", profile=same, version=1))
    assert played.body.facts == facts and played.body.version == 1


# --- what was registered beside the journal --------------------------------------------------------------------------------


def test_what_was_registered_by_file_is_taken_over_and_later_changes_there_too() -> None:
    played = Played(
        Enrol(
            by="file", kind="consortium", name="Lake", members=(Member("ada", "admin"),), districts=("d-oak",)
        )
    )
    assert played.body.members == {"ada": "admin"} and played.body.districts == {"d-oak"}
    again = (Member("bo", "admin"),)
    played.do(Enrol(by="file", kind="consortium", name="Lake", members=again, seen=played.body.facts))
    assert isinstance(played.events[-2], PersonLeft) and isinstance(played.events[-1], PersonJoined)
    assert played.body.members == {"bo": "admin"}


def test_what_was_looked_up_before_something_happened_brings_nobody_back() -> None:
    played = founded("consortium", invited(), AcceptInvitation(by="bo", invitation="i1", person="bo"))
    stale = Enrol(
        by="file",
        kind="consortium",
        name="Lake",
        members=(Member("ada", "admin"), Member("bo", "lead")),
        seen=played.body.facts,
    )
    played.do(RemovePerson(by="ada", person="bo"))
    played.do(stale)
    assert "bo" not in played.body.members


def test_a_wish_that_is_none_of_ours_is_refused() -> None:
    assert founded().no(Command(by="ada"))
