"""The committee: officers make keys, accept what is to be published, and only then bids are taken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from auction.kernel import Event, Refused
from auction.record.logged import rounded_up
from auction.refusals import no
from bidders.box.facts import (
    SERVER,
    AddendumLogged,
    AddendumSigned,
    BoxCancelled,
    Cancelled,
    ManifestFixed,
    OfficerAccepted,
    OfficerHealth,
    OfficerKeyed,
    Published,
    Sig,
)
from bidders.box.state import Box
from bidders.box.words import (
    AcceptManifest,
    CancelBox,
    EnterKeys,
    FixManifest,
    IssueAddendum,
    NoteHealth,
    PublishBox,
    SignAddendum,
)
from bidders.sealing.encoding import BadEncoding, kid_of, unb64u
from bidders.sealing.hpke import is_low_order
from bidders.sealing.manifest import (
    accept_message,
    addendum_faults,
    addendum_message,
    manifest_faults,
    manifest_hash,
    signed_by,
)
from bidders.sealing.points import is_sound


def officer(box: Box, person: str) -> dict[str, Any]:
    """The seat that a person holds in the manifest, found by the keys that the person entered; refuses everybody else."""
    keys, manifest = box.keys.get(person), box.manifest
    for seat in manifest["officers"] if manifest is not None and keys is not None else ():
        if keys is not None and seat["kid"] == keys.kid:
            found: dict[str, Any] = seat
            return found
    raise Refused(no("NOT_ALLOWED", "You are not one of this solicitation’s officers."))


def holds(manifest: dict[str, Any], sig: Sig, message: bytes) -> bool:
    """Tell whether an officer of the manifest signed this message."""
    return signed_by(manifest, sig.x, sig.sig, message)


def _key_faults(command: EnterKeys) -> list[str]:
    """What keeps an officer's public keys from being used."""
    try:
        pk, vk = unb64u(command.pk, 32), unb64u(command.vk, 32)
    except BadEncoding as bad:
        return [str(bad)]
    found = [] if command.kid == kid_of(pk) else ["the key’s id is not that of the key"]
    found += ["the sealing key is a weak point"] if is_low_order(pk) else []
    return found + ([] if is_sound(vk) else ["the signing key is a weak point"])


def enter_keys(box: Box, command: EnterKeys, now: datetime) -> Iterator[Event]:
    """Keep an officer's public keys, once; new ones void what was accepted, because the manifest names the old ones."""
    if box.published_at is not None or box.cancelled is not None:
        raise Refused(
            no(
                "CLOSED",
                "The solicitation is published; its officers’ keys no longer change. A successor takes over a seat.",
            )
        )
    wrong = _key_faults(command)
    if wrong:
        raise Refused(no("BAD_COMMAND", f"These keys cannot be used: {'; '.join(wrong)}."))
    others = [keys for person, keys in box.keys.items() if person != command.by]
    if any(command.kid == keys.kid or command.vk == keys.vk for keys in others):
        raise Refused(no("NOT_ALLOWED", "Another officer holds these keys; each person makes new ones."))
    held = box.keys.get(command.by)
    if held is not None and (held.kid, held.pk, held.vk) == (command.kid, command.pk, command.vk):
        return
    yield OfficerKeyed(
        at=now,
        by=command.by,
        tender=command.tender,
        person=command.by,
        kid=command.kid,
        pk=command.pk,
        vk=command.vk,
    )


def fix(box: Box, command: FixManifest, now: datetime) -> Iterator[Event]:
    """Put a manifest before the officers; the same again changes nothing."""
    if box.published_at is not None or box.cancelled is not None:
        raise Refused(no("CLOSED", "The solicitation is published; only an addendum changes it."))
    wrong = manifest_faults(command.manifest)
    if wrong:
        raise Refused(no("BAD_RULES", "; ".join(f"{fault.path}: {fault.message}" for fault in wrong)))
    kids = {keys.kid for keys in box.keys.values()}
    strangers = [seat["name"] for seat in command.manifest["officers"] if seat["kid"] not in kids]
    if strangers:
        raise Refused(
            no("NOT_ALLOWED", f"These officers have not made their keys yet: {', '.join(strangers)}.")
        )
    if (command.manifest, command.document, command.seeds) != (box.draft, box.document, box.seeds):
        yield ManifestFixed(
            at=now,
            by=command.by,
            tender=command.manifest["tender"],
            manifest=command.manifest,
            document=command.document,
            seeds=command.seeds,
        )


def accept(box: Box, command: AcceptManifest, now: datetime) -> Iterator[Event]:
    """Take an officer's signature under the manifest; once is enough."""
    if box.draft is None or box.published_at is not None:
        raise Refused(no("CLOSED", "There is nothing to accept now."))
    seat = officer(box, command.by)
    if command.manifest != manifest_hash(box.draft):
        raise Refused(
            no("STALE_RULES", "The solicitation has changed since you looked at it; look at it again first.")
        )
    if not holds(box.draft, Sig(seat["x"], command.sig), accept_message(command.manifest)):
        raise Refused(
            no("BAD_COMMAND", "The signature does not fit your key; unlock your keys and accept again.")
        )
    if seat["x"] not in box.accepted:
        yield OfficerAccepted(
            at=rounded_up(now),
            by=f"o{seat['x']}",
            tender=box.tender,
            x=seat["x"],
            kid=seat["kid"],
            manifest=command.manifest,
            sig=command.sig,
        )


def missing(box: Box) -> list[str]:
    """The names of the officers who have not accepted yet."""
    seats = box.draft["officers"] if box.draft is not None else []
    return [seat["name"] for seat in seats if seat["x"] not in box.accepted]


def note_health(box: Box, command: NoteHealth, now: datetime) -> Iterator[Event]:
    """Note that an officer unlocked the keys again."""
    seat = officer(box, command.by)
    kinds = tuple(sorted(set(command.kinds)))
    yield OfficerHealth(at=rounded_up(now), by=f"o{seat['x']}", tender=box.tender, x=seat["x"], kinds=kinds)


def publish(box: Box, command: PublishBox, now: datetime) -> Iterator[Event]:
    """Put the accepted manifest in force."""
    if box.published_at is not None:
        return
    if box.draft is None or box.cancelled is not None:
        raise Refused(no("CLOSED", "There is nothing to publish."))
    if box.document != command.document:
        raise Refused(
            no("STALE_RULES", "The officers accepted another draft than the one that is published.")
        )
    if missing(box):
        raise Refused(no("NOT_ALLOWED", f"These officers have not accepted yet: {', '.join(missing(box))}."))
    yield Published(at=rounded_up(now), by=SERVER, tender=box.tender, manifest=manifest_hash(box.draft))


def sign_addendum(box: Box, command: SignAddendum, now: datetime) -> Iterator[Event]:
    """Keep an officer's signature under the next manifest, until its addendum is issued."""
    before = _amendable(box)
    seat = officer(box, command.by)
    wrong = addendum_faults(before, command.manifest, now)
    if wrong:
        raise Refused(no("BAD_RULES", "; ".join(f"{fault.path}: {fault.message}" for fault in wrong)))
    if not holds(before, Sig(seat["x"], command.sig), addendum_message(manifest_hash(command.manifest))):
        raise Refused(
            no("BAD_COMMAND", "The signature does not fit your key; unlock your keys and sign again.")
        )
    yield AddendumSigned(
        at=now,
        by=f"o{seat['x']}",
        tender=box.tender,
        manifest=command.manifest,
        document=command.document,
        x=seat["x"],
        sig=command.sig,
    )


def _amendable(box: Box) -> dict[str, Any]:
    if (
        box.manifest is None
        or box.published_at is None
        or box.closed is not None
        or box.cancelled is not None
    ):
        raise Refused(
            no("CLOSED", "No addendum is issued now: bids are due already, or nothing is published.")
        )
    return box.manifest


def issue_addendum(box: Box, command: IssueAddendum, now: datetime) -> Iterator[Event]:
    """Put the signed next manifest in force, until bids are due."""
    if box.document == command.document:
        return
    before, signed_one = _amendable(box), box.signed
    if signed_one is None or signed_one.document != command.document:
        raise Refused(no("NOT_ALLOWED", "An officer signs an addendum before it is issued."))
    wrong = addendum_faults(before, signed_one.manifest, now)
    if wrong:
        raise Refused(no("BAD_RULES", "; ".join(f"{fault.path}: {fault.message}" for fault in wrong)))
    yield AddendumLogged(
        at=rounded_up(now),
        by=SERVER,
        tender=box.tender,
        manifest=manifest_hash(signed_one.manifest),
        sigs=(Sig(signed_one.x, signed_one.sig),),
    )


def cancel(box: Box, command: CancelBox, now: datetime) -> Iterator[Event]:
    """Cancel for good, before anything is opened."""
    if box.cancelled is not None or box.published_at is None:
        return
    if box.results:
        raise Refused(no("CLOSED", "Envelopes have been opened already."))
    if not command.reason.strip():
        raise Refused(no("BAD_COMMAND", "Give the reason in words."))
    reason, lots = command.reason.strip(), box.manifest["lots"] if box.manifest is not None else []
    yield Cancelled(at=rounded_up(now), by=SERVER, tender=box.tender, reason=reason)
    names = tuple(lot["id"] for lot in lots)
    yield BoxCancelled(at=now, by=command.by, tender=box.tender, vis="public", lots=names, reason=reason)
