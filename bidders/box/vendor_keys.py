"""A vendor's signing keys: the decider of the stream `keys/<vendor>`. A key is on record before a bid is signed with it."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import datetime
from typing import Literal

import msgspec

from auction.kernel import Command, Event, Refused
from auction.record.logged import Logged, rounded_up
from auction.refusals import Refusal, no
from bidders.sealing.signing import key_faults

MOST = 50
"""How many keys a vendor may have on record."""
Alg = Literal["ed25519", "webauthn-es256", "webauthn-ed25519"]


class RegisterKey(Command, frozen=True):
    """Put a signing key on record; `person` is the signer who made it, `rp_id` and `origin` are a passkey's."""

    person: str
    alg: Alg
    kid: str
    pk: str
    rp_id: str | None = None
    origin: str | None = None


class VendorKey(Logged, frozen=True, tag="vendor.key"):
    """A vendor's signing key is on record."""

    vendor: str
    alg: str
    kid: str
    pk: str
    rp_id: str | None
    origin: str | None


class KeyOf(Event, frozen=True, tag="keys.signer"):
    """Who made a signing key; ours alone."""

    kid: str
    person: str


KeysEvent = VendorKey | KeyOf


class Keys(msgspec.Struct):
    """A vendor's keys by their id, and who made each."""

    keys: dict[str, VendorKey] = msgspec.field(default_factory=dict)
    signers: dict[str, str] = msgspec.field(default_factory=dict)


class KeyDone(msgspec.Struct, frozen=True):
    """The answer to a key that is on record."""

    kid: str


def initial() -> Keys:
    """Return no keys."""
    return Keys()


def decide(keys: Keys, command: Command, now: datetime) -> Generator[Event, None, KeyDone]:
    """Put a key on record; the same again changes nothing."""
    if not isinstance(command, RegisterKey):
        raise Refused(no("BAD_COMMAND"))
    wrong = key_faults({name: getattr(command, name) for name in ("alg", "kid", "pk", "rp_id", "origin")})
    if wrong:
        told = "; ".join(f"{fault.path} {fault.message}" for fault in wrong)
        raise Refused(no("BAD_COMMAND", f"This key cannot be used: {told}."))
    if command.kid not in keys.keys:
        if len(keys.keys) >= MOST:
            raise Refused(no("NOT_ALLOWED", f"A company keeps at most {MOST} signing keys."))
        yield from _register(command, now)
    return KeyDone(command.kid)


def _register(command: RegisterKey, now: datetime) -> Iterator[Event]:
    yield VendorKey(
        at=rounded_up(now),
        by=command.by,
        vis="sealed",
        vendor=command.by,
        alg=command.alg,
        kid=command.kid,
        pk=command.pk,
        rp_id=command.rp_id,
        origin=command.origin,
    )
    yield KeyOf(at=now, by=command.by, kid=command.kid, person=command.person)


def evolve(keys: Keys, event: Event) -> Keys:
    """Write one event into the keys."""
    if isinstance(event, VendorKey):
        keys.keys[event.kid] = event
    elif isinstance(event, KeyOf):
        keys.signers[event.kid] = event.person
    return keys


def refusal(keys: Keys, command: Command, reason: Refusal, now: datetime) -> Iterator[Event]:
    """Refusals are answered, not written."""
    return iter(())
