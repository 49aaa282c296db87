"""Reading a vendor's request: every check that needs nobody's key but the vendor's own. The host cannot look further in.

What fails is one of the reasons that a refusal may give, with words that name the place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from bidders.box.vendor_keys import VendorKey
from bidders.box.words import Item
from bidders.sealing import signing, stream
from bidders.sealing.encoding import BadEncoding, V, b64u, read, sha256, unb64u
from bidders.sealing.envelope import context_faults, eid_of, envelope_faults

Manifests = Mapping[str, dict[str, Any]]


class Packed(msgspec.Struct, frozen=True):
    """An envelope of a request, with its sealed body."""

    item: Item
    envelope: dict[str, Any]
    body: bytes


class Request(msgspec.Struct, frozen=True):
    """A request, read; `fault` is the reason to refuse it, None for a good one, and `words` names the place."""

    sha256: str
    fault: str | None = None
    words: str = ""
    packed: tuple[Packed, ...] = ()
    eids: tuple[str, ...] = ()
    manifest: str = ""
    sig: dict[str, Any] = {}
    kid: str = ""
    sig_sha256: str = ""


class Known(msgspec.Struct, frozen=True):
    """What a request is read against: its vendor, the manifests in force, the vendor's keys, and its uploads' sizes by root."""

    vendor: str
    manifests: Manifests
    keys: Mapping[str, VendorKey]
    blobs: Mapping[str, int]


class Bad(Exception):
    """A request is refused: the reason, and the place in words."""

    def __init__(self, reason: str, words: str) -> None:
        super().__init__(f"{reason}: {words}")
        self.reason, self.words = reason, words


def read_request(verb: signing.Verb, body: bytes, known: Known) -> Request:
    """Read a request's bytes; it never raises, because a refusal is an answer too."""
    made = Request(b64u(sha256(body)))
    try:
        said = _opened(verb, body)
        made = msgspec.structs.replace(made, sig=said["sig"], manifest=said.get("manifest", ""))
        made = _with_envelopes(made, said, known) if verb == "submit" else _with_names(made)
        return _signed(made, verb, known)
    except Bad as bad:
        return msgspec.structs.replace(made, fault=bad.reason, words=bad.words)


# --- the form -----------------------------------------------------------------------------------------------

_TYPES = {"submit": "commit", "withdraw": "withdraw", "acknowledge": "acknowledge"}
_MEMBERS = {"submit": {"items"}, "withdraw": set[str](), "acknowledge": {"manifest"}}


def _opened(verb: signing.Verb, body: bytes) -> dict[str, Any]:
    try:
        said = read(body)
    except BadEncoding as bad:
        raise Bad("malformed", f"The request {bad}.") from bad
    expected = {"v", "type", "sig"} | _MEMBERS[verb]
    if not isinstance(said, dict) or set(said) != expected:
        raise Bad("malformed", f"The request must be an object of {', '.join(sorted(expected))}.")
    if (said["v"], said["type"]) != (V, _TYPES[verb]):
        raise Bad("malformed", f"The request must say v {V} and type {_TYPES[verb]}.")
    if not isinstance(said["sig"], dict) or not isinstance(said.get("manifest", ""), str):
        raise Bad("malformed", "The signature must be an object, and the manifest a hash.")
    return said


def _with_names(made: Request) -> Request:
    """Read which envelopes a signature names; their form is checked here, their order with the signature."""
    eids = made.sig.get("eids")
    if not isinstance(eids, list) or not eids:
        raise Bad("malformed", "The signature must name at least one envelope.")
    try:
        for each in eids:
            unb64u(each, 32)
    except BadEncoding as bad:
        raise Bad("malformed", f"sig.eids: {bad}.") from bad
    return msgspec.structs.replace(made, eids=tuple(eids))


# --- envelopes ----------------------------------------------------------------------------------------------


def _with_envelopes(made: Request, said: Mapping[str, Any], known: Known) -> Request:
    """Look at every envelope's form first, so that its name is known; then at what it says and holds."""
    rows = said["items"]
    if not isinstance(rows, list) or not rows:
        raise Bad("malformed", "items must be a list of at least one envelope.")
    packed = tuple(_packed(f"items[{row}]", each, known) for row, each in enumerate(rows))
    places = {(each.item.lot, each.item.env) for each in packed}
    if len(places) < len(packed):
        raise Bad("malformed", "items: at most one envelope for each lot and kind; send the newest alone.")
    made = msgspec.structs.replace(made, packed=packed, eids=tuple(each.item.eid for each in packed))
    for test in (_context, _hashes):
        for row, one in enumerate(packed):
            try:
                test(one, known)
            except Bad as bad:
                return msgspec.structs.replace(made, fault=bad.reason, words=f"items[{row}]: {bad.words}")
    return made


def _packed(path: str, row: object, known: Known) -> Packed:
    if not isinstance(row, dict) or set(row) != {"envelope", "body"}:
        raise Bad("malformed", f"{path} must be an object of envelope and body, and nothing else.")
    envelope = row["envelope"]
    ctx = envelope.get("ctx") if isinstance(envelope, dict) else None
    manifest = known.manifests.get(str(ctx.get("manifest"))) if isinstance(ctx, dict) else None
    found = envelope_faults(envelope, len(manifest["officers"]) if manifest is not None else None)
    if found:
        raise Bad("malformed", f"{path}.envelope.{found[0].path}: {found[0].message}.")
    for place, length in _lengths(envelope):
        if not length:
            raise Bad("malformed", f"{path}.envelope.{place}.len is none of the sizes that are sealed.")
    try:
        body = unb64u(row["body"])
    except BadEncoding as bad:
        raise Bad("malformed", f"{path}.body {bad}.") from bad
    said = {name: envelope["ctx"][name] for name in ("lot", "env", "rev", "manifest")}
    return Packed(Item(eid=eid_of(envelope), **said), envelope, body)


def _lengths(envelope: Mapping[str, Any]) -> list[tuple[str, bool]]:
    blobs = [(f"blobs[{row}]", is_blob_size(each["len"])) for row, each in enumerate(envelope["blobs"])]
    return [("body", is_body_size(envelope["body"]["len"])), *blobs]


def is_body_size(sealed: int) -> bool:
    """Tell whether a sealed body can be so many bytes long."""
    return any(sealed == stream.sealed_length(stream.BODY_LEAST << k) for k in range(stream.BODY_STEPS + 1))


def is_blob_size(sealed: int) -> bool:
    """Tell whether a sealed attachment can be so many bytes long: only padded lengths are."""
    plain = sealed - stream.TAG * -(-sealed // stream.SEALED_CHUNK)
    fits = plain > 0 and stream.sealed_length(plain) == sealed
    return fits and stream.blob_bucket(plain - 1) == plain


def _context(one: Packed, known: Known) -> None:
    ctx, mh = one.envelope["ctx"], one.item.manifest
    manifest = known.manifests.get(mh)
    if manifest is None:
        raise Bad("context", "ctx.manifest is none of this solicitation’s.")
    found = context_faults(ctx, manifest, mh, known.vendor)
    if found:
        raise Bad("context", f"{found[0].path} {found[0].message}.")


def _hashes(one: Packed, known: Known) -> None:
    named = one.envelope["body"]
    if (named["len"], named["sha256"]) != (len(one.body), b64u(sha256(one.body))):
        raise Bad("hash", "the body is not the one that the envelope names; send it again.")
    for row, blob in enumerate(one.envelope["blobs"]):
        if known.blobs.get(blob["root"]) != blob["len"]:
            raise Bad("hash", f"blobs[{row}] was not uploaded, or not whole; upload it, then send again.")


# --- the signature ------------------------------------------------------------------------------------------


def _signed(made: Request, verb: signing.Verb, known: Known) -> Request:
    if made.fault is not None:
        return made
    try:
        key = known.keys.get(str(made.sig.get("kid")))
        if key is None:
            raise Bad("key", "the key that signed is not on record for your company.")
        _verify(made, verb, key)
    except Bad as bad:
        return msgspec.structs.replace(made, fault=bad.reason, words=bad.words)
    return msgspec.structs.replace(made, kid=key.kid, sig_sha256=signing.sig_sha256(made.sig))


def _verify(made: Request, verb: signing.Verb, key: VendorKey) -> None:
    logged = {name: getattr(key, name) for name in ("alg", "kid", "pk", "rp_id", "origin")}
    try:
        mh = made.manifest if verb == "acknowledge" else None
        signed = signing.verify(made.sig, verb, logged, mh)
    except (signing.BadSignature, BadEncoding) as bad:
        raise Bad("signature", f"{bad}.") from bad
    if signed != signing.ordered(made.eids):
        raise Bad("signature", "the signature is for other envelopes than those that were sent.")
