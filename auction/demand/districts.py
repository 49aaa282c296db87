"""A consortium's districts: they join by invitation, or ask and are told yes or no."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from auction.demand.organisation import (
    AcceptInvitation,
    AdmitDistrict,
    AskToJoin,
    DeclineDistrict,
    DistrictAsked,
    DistrictDeclined,
    DistrictEnded,
    DistrictInvited,
    DistrictJoined,
    EndDistrict,
    FileResolution,
    InviteDistrict,
    Organisation,
    ResolutionFiled,
)
from auction.demand.saying_no import in_words, not_allowed, not_understood
from auction.kernel import Event

Facts = Iterator[Event]
ALREADY = "This district belongs to the consortium already."


def invite(body: Organisation, wish: InviteDistrict, now: datetime) -> Facts:
    """Invite a district, named in words."""
    if not wish.name.strip():
        raise not_understood("Name the district.")
    yield DistrictInvited(
        at=now, by=wish.by, invitation=wish.invitation, name=wish.name.strip(), expires=wish.expires
    )


def accept(body: Organisation, wish: AcceptInvitation, now: datetime) -> Facts:
    """Let the district in that accepts."""
    if not wish.district:
        raise not_understood("A district is invited; say which one joins.")
    if wish.district in body.districts:
        raise not_allowed(ALREADY)
    yield DistrictJoined(at=now, by=wish.by, district=wish.district, invitation=wish.invitation)


def ask(body: Organisation, wish: AskToJoin, now: datetime) -> Facts:
    """Note that a district asks, once."""
    if wish.district in body.districts:
        raise not_allowed(ALREADY)
    if wish.district in body.asking:
        raise not_allowed("This district has asked already; the consortium will answer.")
    yield DistrictAsked(at=now, by=wish.by, district=wish.district, resolution=wish.resolution)


def file_resolution(body: Organisation, wish: FileResolution, now: datetime) -> Facts:
    """File a board's resolution beside the district's place or its request."""
    if wish.district not in body.districts | body.asking:
        raise not_allowed("This district neither belongs to the consortium nor asks to.")
    if not wish.resolution:
        raise not_understood("Attach the resolution.")
    yield ResolutionFiled(at=now, by=wish.by, district=wish.district, resolution=wish.resolution)


def admit(body: Organisation, wish: AdmitDistrict, now: datetime) -> Facts:
    """Say yes."""
    _asks(body, wish.district)
    yield DistrictJoined(at=now, by=wish.by, district=wish.district)


def decline(body: Organisation, wish: DeclineDistrict, now: datetime) -> Facts:
    """Say no, and why."""
    _asks(body, wish.district)
    yield DistrictDeclined(at=now, by=wish.by, district=wish.district, reason=in_words(wish.reason))


def end(body: Organisation, wish: EndDistrict, now: datetime) -> Facts:
    """End a district's place, and say why."""
    if wish.district not in body.districts:
        raise not_allowed("This district does not belong to the consortium.")
    yield DistrictEnded(at=now, by=wish.by, district=wish.district, reason=in_words(wish.reason))


def _asks(body: Organisation, district: str) -> None:
    if district not in body.asking:
        raise not_allowed("This request has been answered already.")
