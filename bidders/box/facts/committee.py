"""What happens before bids are taken: keys, acceptances, publication, addenda, a seat handed over, a cancellation."""

from __future__ import annotations

from typing import Any

from auction.kernel import Event
from auction.record.logged import Linked, Logged
from bidders.box.facts.parts import Sig


class OfficerKeyed(Event, frozen=True, tag="box.officer_keyed"):
    """An officer made keys for this solicitation; `person` is who."""

    person: str
    kid: str
    pk: str
    vk: str


class ManifestFixed(Event, frozen=True, tag="box.manifest_fixed"):
    """What the officers are asked to accept, and the fingerprint of its document; earlier acceptances fall.

    `seeds` says that what is opened becomes the opening bids of a live auction.
    """

    manifest: dict[str, Any]
    document: str
    seeds: bool = False


class OfficerAccepted(Linked, frozen=True, tag="officer.accepted"):
    """An officer accepted the manifest of this hash."""

    x: int
    kid: str
    manifest: str
    sig: str


class OfficerRewrapped(Linked, frozen=True, tag="officer.rewrapped"):
    """An officer's secret was sealed to a successor, who took it; both signed."""

    rewrap: dict[str, Any]
    sig: str
    to_sig: str


class SeatTaken(Event, frozen=True, tag="box.seat_taken"):
    """A successor acts for a seat from now on; `leaver` is the person who held it."""

    x: int
    leaver: str


class OfficerHealth(Logged, frozen=True, tag="officer.health"):
    """An officer unlocked the keys again, by these ways."""

    x: int
    kinds: tuple[str, ...]


class Published(Linked, frozen=True, tag="tender.published"):
    """The manifest of this hash is in force; bids are taken."""

    manifest: str


class AddendumLogged(Linked, frozen=True, tag="tender.addendum"):
    """The next manifest is in force."""

    manifest: str
    sigs: tuple[Sig, ...]


class AddendumSigned(Event, frozen=True, tag="box.addendum_signed"):
    """An officer signed the next manifest, whole, before its addendum is issued."""

    manifest: dict[str, Any]
    document: str
    x: int
    sig: str


class Cancelled(Linked, frozen=True, tag="tender.cancelled"):
    """Nothing will ever be opened."""

    reason: str


class BoxCancelled(Event, frozen=True, tag="box.cancelled"):
    """The box was cancelled, with all of these lots."""

    lots: tuple[str, ...]
    reason: str
