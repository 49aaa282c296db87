"""What officers and leads do about a bid box until it is published, and for its addenda: send, make keys, accept, sign."""

from __future__ import annotations

from typing import Any

import msgspec

from auction.refusals import Refusal
from auction.tender.sealed_bids import seeds
from auction.tender.solicitation import Officer, Solicitation
from auction.tender.tender import Tender
from auction.terms.faults import Fault, Faulty
from bidders.box import committee
from bidders.box.manifest_of import lacking, manifest_of
from bidders.box.state import Box
from bidders.box.words import AcceptManifest, EnterKeys, FixManifest, NoteHealth, SignAddendum
from bidders.sealing.manifest import manifest_hash
from server.pages.answering import ask
from server.parts import Parts
from server.sealed import locks
from server.sealed.locks import Record
from server.sealed.surroundings import around

DRILL_FIRST = (
    "Try your recovery code first: on the console, the fire drill shows that your paper opens your key."
)


class Seated(msgspec.Struct, frozen=True):
    """How one officer stands: keys made, and what was put before the officers accepted."""

    officer: Officer
    keyed: bool
    accepted: bool


def box_of(parts: Parts, event_id: str) -> Box:
    """The bid box of an event."""
    found: Box = parts.desk.state(f"box/{event_id}")
    return found


def seated(tender: Tender, box: Box) -> list[Seated]:
    """How each officer of a document stands, in the order of their seats."""
    document = tender.document
    asked = box.draft is not None and (box.published_at is not None or box.document == tender.hash)
    rows = []
    for officer in document.sealing.officers if document is not None else ():
        keys = box.keys.get(officer.person)
        accepted = asked and keys is not None and any(each.kid == keys.kid for each in box.accepted.values())
        rows.append(Seated(officer, keys is not None, accepted))
    return rows


def accepted(tender: Tender, box: Box) -> bool:
    """Tell whether every officer has accepted exactly this draft."""
    return box.draft is not None and box.document == tender.hash and not committee.missing(box)


def sent(tender: Tender, box: Box) -> bool:
    """Tell whether this draft is before the officers."""
    return box.draft is not None and box.document == tender.hash


async def send(parts: Parts, event_id: str, tender: Tender, by: str) -> Refusal | None:
    """Put an approved draft before its officers; raises `Faulty` while one of them has no key."""
    document, box = tender.document, box_of(parts, event_id)
    if document is None or tender.status != "approved":
        raise Faulty([Fault("", "Only what a second person approved is sent to the officers.")])
    missing = lacking(document, box.keys)
    if missing:
        names = ", ".join(each.name for each in missing)
        raise Faulty([Fault("", f"These officers have not made their keys yet: {names}.")])
    manifest = manifest_of(document, event_id, box.keys, around(parts.settings, parts.assets, parts.log))
    command = FixManifest(by=by, manifest=manifest, document=tender.hash, seeds=seeds(document))
    return _refusal(await ask(parts, f"box/{event_id}", command))


def _refusal(answer: object) -> Refusal | None:
    return answer if isinstance(answer, Refusal) else None


# --- an officer ------------------------------------------------------------------------------------------------------------


class Made(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An officer's new public keys, with the records that lock what is secret of them."""

    kid: str
    pk: str
    vk: str
    records: tuple[Record, ...]


async def make_keys(parts: Parts, event_id: str, person: str, made: Made) -> Refusal | None:
    """Keep an officer's keys: the records first, so that no key counts that could not be unlocked again; raises `Faulty`."""
    box, held = box_of(parts, event_id), await locks.held(parts, person, event_id)
    if box.published_at is None:
        kinds = [each.kind for each in made.records]
        if kinds.count("os") != 1 or (held.code is None and "code" not in kinds):
            raise Faulty(
                [
                    Fault(
                        "records",
                        "must hold the key’s own record, and the recovery code’s where there is none yet",
                    )
                ]
            )
        await locks.keep(parts, person, event_id, made.kid, made.records)
    command = EnterKeys(by=person, tender=event_id, kid=made.kid, pk=made.pk, vk=made.vk)
    refusal = _refusal(await ask(parts, f"box/{event_id}", command))
    if refusal is None:
        await locks.keep_only(parts, person, event_id, made.kid)
    return refusal


class Drilled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which records an officer's console unlocked, by their names."""

    names: tuple[str, ...]


async def drill(parts: Parts, event_id: str, person: str, done: Drilled) -> Refusal | None:
    """Note a fire drill, or the check of keys before the opening."""
    await locks.drilled(parts, person, event_id, done.names)
    box = box_of(parts, event_id)
    if seat_of(box, person) is None:
        return None
    kinds = tuple(sorted({name.partition(":")[0] for name in done.names} & {"code", "prf"}))
    return _refusal(await ask(parts, f"box/{event_id}", NoteHealth(by=person, kinds=kinds)))


class Signed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An officer's signature under the manifest of a hash."""

    manifest: str
    sig: str


async def accept(parts: Parts, event_id: str, person: str, signed: Signed) -> Refusal | None:
    """Take an officer's acceptance, after the fire drill; raises `Faulty` before it."""
    keys = box_of(parts, event_id).keys.get(person)
    held = await locks.held(parts, person, event_id)
    if keys is None or not held.ready(keys.kid):
        raise Faulty([Fault("", DRILL_FIRST)])
    command = AcceptManifest(by=person, manifest=signed.manifest, sig=signed.sig)
    return _refusal(await ask(parts, f"box/{event_id}", command))


# --- addenda ---------------------------------------------------------------------------------------------------------------


def next_manifest(parts: Parts, event_id: str, tender: Tender) -> dict[str, Any] | None:
    """The manifest that a proposed addendum leads to; None where none is proposed."""
    proposed, box = _proposed(tender), box_of(parts, event_id)
    if proposed is None or box.published_at is None or box.manifest is None:
        return None
    here = around(parts.settings, parts.assets, parts.log)
    return manifest_of(proposed[0], event_id, box.keys, here, box.manifest, manifest_hash(box.manifest))


def _proposed(tender: Tender) -> tuple[Solicitation, str] | None:
    drafted = tender.amending
    return (drafted.document, drafted.hash) if drafted is not None and drafted.proposal is not None else None


def signed_for(tender: Tender, box: Box) -> bool:
    """Tell whether an officer has signed the addendum that is proposed now."""
    proposed = _proposed(tender)
    return proposed is not None and box.signed is not None and box.signed.document == proposed[1]


def next_waits(tender: Tender, box: Box) -> bool:
    """Tell whether a proposed addendum waits for an officer's signature."""
    return _proposed(tender) is not None and box.published_at is not None and not signed_for(tender, box)


async def sign_addendum(parts: Parts, event_id: str, person: str, signed: Signed) -> Refusal | None:
    """Take an officer's signature under the next manifest; raises `Faulty` where another is proposed by now."""
    tender: Tender = parts.desk.state(f"tender/{event_id}")
    manifest, proposed = next_manifest(parts, event_id, tender), _proposed(tender)
    if manifest is None or proposed is None or manifest_hash(manifest) != signed.manifest:
        raise Faulty([Fault("", "The addendum has changed since you looked at it; load the page again.")])
    command = SignAddendum(by=person, manifest=manifest, document=proposed[1], sig=signed.sig)
    return _refusal(await ask(parts, f"box/{event_id}", command))


# --- seats -----------------------------------------------------------------------------------------------------------------


def is_officer(tender: Tender, person: str) -> bool:
    """Tell whether a person is named as an officer."""
    document = tender.document
    return document is not None and any(each.person == person for each in document.sealing.officers)


def seat_of(box: Box, person: str) -> dict[str, Any] | None:
    """The seat that a person holds by its keys; None where it holds none."""
    keys, manifest = box.keys.get(person), box.manifest
    if keys is None or manifest is None:
        return None
    return next((seat for seat in manifest["officers"] if seat["kid"] == keys.kid), None)
