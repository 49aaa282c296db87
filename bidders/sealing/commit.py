"""A commit: all new envelopes of a vendor with one signature, all or none, and what must hold before one is taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from bidders.sealing import opening, signing
from bidders.sealing.encoding import BadEncoding, V, b64u, canonical, read, unb64u
from bidders.sealing.envelope import envelope_faults
from bidders.sealing.packing import Envelope, Sealed, eid_of

_MEMBERS = {"v", "type", "items", "sig"}


class Refused(ValueError):
    """A commit that is not taken: `reason` is `malformed`, `hash` or `signature`, and the message says what is wrong."""

    def __init__(self, reason: str, message: str) -> None:
        self.reason = reason
        super().__init__(message)


class Stored(msgspec.Struct, frozen=True):
    """An envelope as a host keeps it, with its sealed body and attachments."""

    eid: str
    envelope: Envelope
    body: bytes
    blobs: tuple[bytes, ...]

    @property
    def ctx(self) -> dict[str, Any]:
        """What the envelope is bound to."""
        ctx: dict[str, Any] = self.envelope["ctx"]  # type: ignore[assignment]
        return ctx


def make(sealed: Sequence[Sealed], signature: Mapping[str, object]) -> bytes:
    """The bytes that are sent."""
    items = [{"envelope": each.envelope, "body": b64u(each.body)} for each in sealed]
    return canonical({"v": V, "type": "commit", "items": items, "sig": dict(signature)})


def parse(data: bytes) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The items and the signature of a commit in form; raises Refused as `malformed`."""
    try:
        value = read(data)
    except BadEncoding as bad:
        raise Refused("malformed", f"commit: {bad}") from bad
    if not isinstance(value, dict) or set(value) != _MEMBERS or (value["v"], value["type"]) != (V, "commit"):
        raise Refused("malformed", f"a commit is an object of {', '.join(sorted(_MEMBERS))}, of {V}")
    items = value["items"]
    if not isinstance(items, list) or not items or not all(_is_item(each) for each in items):
        raise Refused("malformed", "items must be a list of {envelope, body}, and not empty")
    return items, value["sig"]


def _is_item(item: object) -> bool:
    return isinstance(item, dict) and set(item) == {"envelope", "body"}


def taken(
    data: bytes, blobs: Mapping[str, bytes], key: signing.Key, count: int | None = None
) -> list[Stored]:
    """The envelopes of a commit whose form, hashes and signature hold; raises Refused.

    `blobs` are the attachments by their roots, `key` the vendor's logged key, `count` the number of officers.
    """
    items, sig = parse(data)
    stored = [_stored(place, item, blobs, count) for place, item in enumerate(items)]
    try:
        eids = signing.verify(sig, "submit", key)
    except signing.BadSignature as bad:
        raise Refused("signature", str(bad)) from bad
    if eids != signing.ordered(each.eid for each in stored) or len(eids) != len(stored):
        raise Refused("signature", "the signature is not over just these envelopes")
    return stored


def _stored(place: int, item: Mapping[str, Any], blobs: Mapping[str, bytes], count: int | None) -> Stored:
    where, envelope = f"items[{place}]", item["envelope"]
    if faults := envelope_faults(envelope, count):
        raise Refused("malformed", f"{where}.envelope {faults[0].path}: {faults[0].message}")
    try:
        body = unb64u(item["body"])
    except BadEncoding as bad:
        raise Refused("malformed", f"{where}.body {bad}") from bad
    contents = tuple(blobs.get(named["root"], b"") for named in envelope["blobs"])
    if not opening.is_whole(envelope, body, contents):
        raise Refused("hash", f"{where}: the body or an attachment is missing or differs; send it again")
    return Stored(eid_of(envelope), envelope, body, contents)
