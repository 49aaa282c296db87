"""What officers sign at an opening: the release of their shares, the vendors who go on, and what is beyond reading.

A release is bound to the tender, the stage, the exact due set and the state of the log at the close.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from auction.terms.faults import Fault
from bidders.sealing.encoding import BadEncoding, V, b64u, canonical, moment, sha256, unb64u, written
from bidders.sealing.manifest import Manifest, signed_by
from bidders.sealing.officers import OfficerKeys
from bidders.sealing.opening import valid_shares, wrapped_share
from bidders.sealing.packing import Envelope

Posted = dict[str, Any]
Close = Mapping[str, object]
"""The close checkpoint, {size, root}."""
_MEMBERS = {"v", "type", "tender", "env", "x", "kid", "close", "at", "items"}


class Shares(msgspec.Struct, frozen=True):
    """What one officer's release gives: valid shares, and the eids whose share was forged or whose wrap did not open."""

    valid: dict[str, bytes]
    forged: tuple[str, ...]
    unreadable: tuple[str, ...]


def due_set(current: Iterable[Mapping[str, Any]], env: str, passed: Iterable[str] | None = None) -> list[str]:
    """The eids that a stage opens, sorted; with a technical stage before it, of the vendors who `passed` alone."""
    among = None if passed is None else set(passed)
    return sorted(
        each["eid"] for each in current if each["env"] == env and (among is None or each["vendor"] in among)
    )


def make(
    keys: OfficerKeys, x: int, env: str, close: Close, at: datetime, due: Mapping[str, Envelope]
) -> Posted:
    """Officer x's release of its shares of the due envelopes {eid: envelope}, signed."""
    items = [_item(eid, wrapped_share(due[eid], x, keys.sk)) for eid in sorted(due)]
    release = {
        "v": V, "type": "release", "tender": keys.tender, "env": env, "x": x, "kid": keys.kid,
        "close": dict(close), "at": written(at), "items": items,
    }  # fmt: skip
    return {"release": release, "sig": keys.sign(release_message(release))}


def _item(eid: str, share: bytes | None) -> dict[str, str]:
    return {"eid": eid, "fault": "wrap"} if share is None else {"eid": eid, "share": b64u(share)}


def release_message(release: object) -> bytes:
    """What an officer signs to release shares."""
    return b"sealbid/v1 release\0" + canonical(release)


def release_hash(posted: object) -> str:
    """The hash by which the log names a posted release."""
    return b64u(sha256(canonical(posted)))


def release_faults(
    posted: object, manifest: Manifest, env: str, close: Close, due: Sequence[str]
) -> list[Fault]:
    """What keeps a posted release from counting: its form, officer, stage, time, close, due set and signature."""
    if not isinstance(posted, dict) or set(posted) != {"release", "sig"}:
        return [Fault("", "must be an object of release and sig, and nothing else")]
    release = posted["release"]
    if not isinstance(release, dict) or set(release) != _MEMBERS:
        return [Fault("release", f"must be an object of {', '.join(sorted(_MEMBERS))}, and nothing else")]
    try:
        return [*_bound(release, manifest, env, close, due), *_signed(posted, manifest)]
    except BadEncoding as bad:
        return [Fault(f"release.{bad.path}" if bad.path else "release", bad.message)]


def _bound(
    release: Mapping[str, Any], manifest: Manifest, env: str, close: Close, due: Sequence[str]
) -> Iterable[Fault]:
    kids = {officer["x"]: officer["kid"] for officer in manifest["officers"]}
    x = release["x"]
    expected = {
        "v": V, "type": "release", "tender": manifest["tender"], "env": env, "close": dict(close),
        "kid": kids.get(x) if type(x) is int else None,
    }  # fmt: skip
    for name, value in expected.items():
        if canonical(release[name]) != canonical(value) or value is None:
            yield Fault(
                f"release.{name}",
                f"must be {value}" if value else "must be that of an officer of this tender",
            )
    if moment(release["at"]) < moment(manifest["opens_at"]):
        yield Fault("release.at", f"nothing is released before {manifest['opens_at']}")
    yield from _item_faults(release["items"], due)


def _item_faults(items: object, due: Sequence[str]) -> Iterable[Fault]:
    rows = items if isinstance(items, list) else []
    if [row.get("eid") if isinstance(row, dict) else None for row in rows] != sorted(due):
        yield Fault("release.items", "must be the due set, sorted by eid; load the close anew")
        return
    for place, row in enumerate(rows):
        if row == {"eid": row["eid"], "fault": "wrap"}:
            continue
        if set(row) != {"eid", "share"}:
            yield Fault(f"release.items[{place}]", 'must have a share, or the fault "wrap"')
            continue
        try:
            unb64u(row["share"], 32)
        except BadEncoding as bad:
            yield Fault(f"release.items[{place}].share", bad.message)


def _signed(posted: Mapping[str, Any], manifest: Manifest) -> Iterable[Fault]:
    release = posted["release"]
    if type(release["x"]) is not int or not signed_by(
        manifest, release["x"], posted["sig"], release_message(release)
    ):
        yield Fault("sig", "is not this officer's signature over the release")


def shares_in(posted: Posted, envelopes: Mapping[str, Envelope]) -> Shares:
    """What a faultless release gives for the due envelopes {eid: envelope}; a forged share names its officer."""
    release = posted["release"]
    given = {item["eid"]: unb64u(item["share"], 32) for item in release["items"] if "share" in item}
    x = release["x"]
    valid = {eid: share for eid, share in given.items() if valid_shares(envelopes[eid], {x: share})}
    unreadable = tuple(item["eid"] for item in release["items"] if "fault" in item)
    return Shares(valid, tuple(eid for eid in given if eid not in valid), unreadable)


def stage(tender: str, close: Close, vendors: Iterable[str]) -> dict[str, object]:
    """What M officers sign after the technical stage: the vendors whose prices are opened."""
    named = sorted(set(vendors))
    return {
        "v": V,
        "type": "stage",
        "tender": tender,
        "env": "technical",
        "close": dict(close),
        "vendors": named,
    }


def stage_message(passed: object) -> bytes:
    """What an officer signs to let vendors pass the technical stage."""
    return b"sealbid/v1 stage\0" + canonical(passed)


def unopenable_message(eid: str, close_root: str) -> bytes:
    """What the lead signs about an envelope for which all officers were asked, in vain."""
    return b"sealbid/v1 unopenable\0" + unb64u(eid, 32) + unb64u(close_root, 32)


def rescue_message(tender: str, env: str, eids: Sequence[str], due_at: str) -> bytes:
    """What the remaining officers sign to ask vendors for the seeds they saved."""
    told = {"tender": tender, "env": env, "eids": list(eids), "due_at": due_at}
    return b"sealbid/v1 rescue\0" + canonical(told)


def signers(manifest: Manifest, sigs: Sequence[Mapping[str, Any]], message: bytes) -> set[int]:
    """The officers whose signatures [{x, sig}] over a message hold."""
    return {each["x"] for each in sigs if signed_by(manifest, each["x"], each.get("sig"), message)}
