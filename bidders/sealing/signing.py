"""Vendors' signatures: what is signed, by which keys, and whether a signature holds. Passkeys are checked offline.

A key, as it is logged, is `{alg, kid, pk, rp_id, origin}`; `rp_id` and `origin` are null for a plain Ed25519 key.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from auction.terms.faults import Fault
from bidders.sealing import points
from bidders.sealing.encoding import BadEncoding, b64u, canonical, kid_of, sha256, unb64u

Verb = Literal["submit", "withdraw", "acknowledge"]
Key = Mapping[str, object]
PLAIN, ES256, ED25519 = "ed25519", "webauthn-es256", "webauthn-ed25519"
_PLAIN_MEMBERS = {"alg", "kid", "eids", "sig"}
_PASSKEY_MEMBERS = _PLAIN_MEMBERS | {"cred", "auth_data", "client_data"}
PRESENT, VERIFIED = 0x01, 0x04
"""Flags of an assertion: somebody was there, and was recognized."""


class BadSignature(ValueError):
    """A signature does not hold; says why."""


def message(verb: Verb, eids: Iterable[str], mh: str | None = None) -> bytes:
    """What a vendor signs over envelopes named by their eids; acknowledging also names the manifest by its hash."""
    if (verb == "acknowledge") != (mh is not None):
        raise ValueError("acknowledging, and nothing else, names a manifest")
    told = b"" if mh is None else unb64u(mh, 32)
    return b"".join(
        (b"sealbid/v1 ", verb.encode(), b"\0", told, *(unb64u(each, 32) for each in ordered(eids)))
    )


def ordered(eids: Iterable[str]) -> list[str]:
    """Envelopes' names as they stand in a signature: ascending as bytes, each once."""
    return sorted(set(eids), key=unb64u)


def sign(seed: bytes, verb: Verb, eids: Iterable[str], mh: str | None = None) -> dict[str, object]:
    """A vendor's signature by an Ed25519 key of 32 bytes."""
    named = ordered(eids)
    signer = Ed25519PrivateKey.from_private_bytes(seed)
    pk = signer.public_key().public_bytes_raw()
    sig = b64u(signer.sign(message(verb, named, mh)))
    return {"alg": PLAIN, "kid": kid_of(pk), "eids": named, "sig": sig}


def plain_key(seed: bytes) -> dict[str, object]:
    """The logged form of a vendor's Ed25519 key."""
    pk = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return {"alg": PLAIN, "kid": kid_of(pk), "pk": b64u(pk), "rp_id": None, "origin": None}


def sig_sha256(signature: object) -> str:
    """The hash of a signature object, as events name it."""
    return b64u(sha256(canonical(signature)))


def key_faults(key: Key) -> list[Fault]:
    """What keeps a key from being logged."""
    if set(key) != {"alg", "kid", "pk", "rp_id", "origin"}:
        return [Fault("", "must be an object of alg, kid, pk, rp_id and origin, and nothing else")]
    if key["alg"] not in (PLAIN, ES256, ED25519):
        return [Fault("alg", f"must be one of {PLAIN}, {ES256}, {ED25519}")]
    try:
        pk = unb64u(key["pk"], 65 if key["alg"] == ES256 else 32)
    except BadEncoding as bad:
        return [Fault("pk", bad.message)]
    found = [] if key["kid"] == kid_of(pk) else [Fault("kid", f"must be {kid_of(pk)}, that of pk")]
    if not _is_key(str(key["alg"]), pk):
        found.append(Fault("pk", "must be a point of the curve, not of small order"))
    if any((key[name] is None) != (key["alg"] == PLAIN) for name in ("rp_id", "origin")):
        found.append(Fault("rp_id", "rp_id and origin are null for ed25519, and both texts for a passkey"))
    return found


def _is_key(alg: str, pk: bytes) -> bool:
    if alg != ES256:
        return points.is_sound(pk)
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), pk)
    except ValueError:
        return False
    return pk[0] == 4


def verify(signature: object, verb: Verb, key: Key, mh: str | None = None) -> list[str]:
    """The eids that a vendor's signature stands for, under its logged key; raises BadSignature."""
    if faults := key_faults(key):
        raise BadSignature(f"the logged key's {faults[0].path} {faults[0].message}")
    members = _PLAIN_MEMBERS if key["alg"] == PLAIN else _PASSKEY_MEMBERS
    if not isinstance(signature, dict) or set(signature) != members:
        raise BadSignature(f"must be an object of {', '.join(sorted(members))}, and nothing else")
    if (signature["alg"], signature["kid"]) != (key["alg"], key["kid"]):
        raise BadSignature("alg and kid are not those of the logged key")
    eids = _eids(signature["eids"])
    _verify(signature, key, message(verb, eids, mh))
    return eids


def _eids(given: object) -> list[str]:
    try:
        if isinstance(given, list) and given and ordered(given) == given:
            _ = [unb64u(each, 32) for each in given]
            return given
    except (BadEncoding, TypeError) as error:
        raise BadSignature(f"eids: {error}") from error
    raise BadSignature("eids must be a list, ascending as bytes, each once")


def _verify(signature: Mapping[str, object], key: Key, told: bytes) -> None:
    pk = unb64u(key["pk"])
    if key["alg"] == PLAIN:
        holds = points.signed(pk, signature["sig"], told)
    elif key["alg"] == ED25519:
        holds = points.signed(pk, signature["sig"], _asserted(signature, key, told))
    else:
        holds = _es256(pk, signature["sig"], _asserted(signature, key, told))
    if not holds:
        raise BadSignature("the signature is not this key's over these envelopes")


def _es256(pk: bytes, sig: object, told: bytes) -> bool:
    try:
        public = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), pk)
        public.verify(unb64u(sig), told, ECDSA(SHA256()))
    except (BadEncoding, InvalidSignature, ValueError):
        return False
    return True


def _asserted(signature: Mapping[str, object], key: Key, told: bytes) -> bytes:
    """What a passkey signed, once it is certain that it was asked for this message, here, and by somebody recognized."""
    try:
        unb64u(signature["cred"])
        auth, client = unb64u(signature["auth_data"]), unb64u(signature["client_data"])
        said = json.loads(client)
    except (BadEncoding, ValueError) as error:
        raise BadSignature(f"the assertion cannot be read: {error}") from error
    expected = {"type": "webauthn.get", "challenge": b64u(sha256(told)), "origin": key["origin"]}
    for name, value in expected.items():
        if not isinstance(said, dict) or said.get(name) != value:
            raise BadSignature(f"the assertion's {name} is not {value}")
    if said.get("crossOrigin", False) is not False:
        raise BadSignature("the assertion was made inside another site")
    if len(auth) < 37 or auth[:32] != sha256(str(key["rp_id"]).encode()):
        raise BadSignature("the assertion is for another site than the logged key")
    if auth[32] & (PRESENT | VERIFIED) != PRESENT | VERIFIED:
        raise BadSignature("the assertion does not say that somebody was present and recognized")
    return auth + sha256(client)
