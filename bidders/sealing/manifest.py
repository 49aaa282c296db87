"""The manifest: what a tender promises about sealing, who its officers are, and the addenda that follow.

Hashes are base64url text. A manifest is faultless before it is hashed, accepted or published.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from auction.terms.faults import Fault
from bidders.sealing import points
from bidders.sealing.crockford import grouped, letters
from bidders.sealing.encoding import BadEncoding, b64u, canonical, moment, sha256, unb64u
from bidders.sealing.manifest_form import form_faults

Manifest = Mapping[str, Any]
IMMUTABLE = ("tender", "suite", "envs", "quorum", "officers", "log", "pad", "rules")
LATER = ("opens_at", "closes_at")


def manifest_faults(manifest: object) -> list[Fault]:
    """Everything that keeps this from being a manifest, with the place and what would be right."""
    try:
        canonical(manifest)
    except BadEncoding as bad:
        return [Fault(bad.path, bad.message)]
    return form_faults(manifest)


def manifest_hash(manifest: object) -> str:
    """The hash by which a manifest is named, as text; raises BadEncoding."""
    return b64u(sha256(canonical(manifest)))


def committee_code(manifest: Manifest) -> str:
    """The code that stands in the legal notice: four groups of five that name the officers and the quorum."""
    told = {name: manifest[name] for name in ("tender", "quorum", "officers")}
    return grouped(letters(sha256(b"sealbid/v1 committee\0", canonical(told)), 20), 5)


def accept_message(mh: str) -> bytes:
    """What an officer signs to accept a manifest."""
    return b"sealbid/v1 accept\0" + unb64u(mh, 32)


def addendum_message(mh: str) -> bytes:
    """What an officer signs to put an addendum, named by its manifest's hash, in force."""
    return b"sealbid/v1 addendum\0" + unb64u(mh, 32)


def officer_key(manifest: Manifest, x: int) -> bytes | None:
    """The key that verifies officer x's signatures; None when there is no such officer."""
    row = next((officer for officer in manifest["officers"] if officer["x"] == x), None)
    return None if row is None else unb64u(row["vk"], 32)


def officer_keys(manifest: Manifest) -> list[bytes]:
    """The keys that shares are sealed to, in order of x."""
    return [unb64u(officer["pk"], 32) for officer in manifest["officers"]]


def signed_by(manifest: Manifest, x: int, sig: object, message: bytes) -> bool:
    """Tell whether a signature is officer x's over a message."""
    vk = officer_key(manifest, x)
    return vk is not None and points.signed(vk, sig, message)


def acceptance_holds(manifest: Manifest, x: int, sig: object) -> bool:
    """Tell whether officer x has accepted this manifest."""
    return signed_by(manifest, x, sig, accept_message(manifest_hash(manifest)))


def missing_acceptances(manifest: Manifest, sigs: Mapping[int, object]) -> list[int]:
    """The officers whose acceptance {x: sig} is missing or does not hold; publication needs that there are none."""
    xs = [officer["x"] for officer in manifest["officers"]]
    return [x for x in xs if not acceptance_holds(manifest, x, sigs.get(x))]


def addendum_holds(manifest: Manifest, sigs: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether at least one officer, and nobody wrongly, signed for an addendum: [{x, sig}]."""
    said = addendum_message(manifest_hash(manifest))
    xs = [each.get("x") for each in sigs]
    whole = len({*xs}) == len(xs) > 0 and all(type(x) is int for x in xs)
    return whole and all(signed_by(manifest, each["x"], each.get("sig"), said) for each in sigs)


def addendum_faults(previous: Manifest, following: object, now: datetime | None = None) -> list[Fault]:
    """What keeps a manifest from following a faultless one; with `now`, also that bids have been due already."""
    if faults := manifest_faults(following):
        return faults
    assert isinstance(following, dict)
    found = (
        [] if following["ver"] == previous["ver"] + 1 else [Fault("ver", f"must be {previous['ver'] + 1}")]
    )
    if following["prev"] != (mh := manifest_hash(previous)):
        found.append(Fault("prev", f"must be {mh}, the hash of version {previous['ver']}"))
    found += [
        Fault(name, "cannot be changed by an addendum; leave it as it was")
        for name in IMMUTABLE
        if following[name] != previous[name]
    ]
    found += [
        Fault(name, f"can only move later; it was {previous[name]}")
        for name in LATER
        if moment(following[name]) < moment(previous[name])
    ]
    if now is not None and now > moment(previous["closes_at"]):
        found.append(
            Fault("closes_at", f"bids were due at {previous['closes_at']}; cancel and issue anew instead")
        )
    return found


def chain_faults(manifests: Sequence[object]) -> list[Fault]:
    """What is wrong with a tender's manifests from its first on, each checked against the one before."""
    if not manifests:
        return [Fault("manifests", "needs at least one")]
    found = [*manifest_faults(manifests[0])]
    if not found and isinstance(manifests[0], dict) and manifests[0]["ver"] != 1:
        found = [Fault("ver", "must be 1 in the first manifest")]
    for place in range(1, len(manifests)):
        previous = manifests[place - 1]
        if found or not isinstance(previous, dict):
            break
        found = [
            Fault(f"[{place}].{each.path}", each.message)
            for each in addendum_faults(previous, manifests[place])
        ]
    return found
