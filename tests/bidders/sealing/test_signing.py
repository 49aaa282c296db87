"""A vendor's signature holds for its own key, its own envelopes and its own deed; a passkey's also for place and person."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bidders.sealing import signing
from bidders.sealing.encoding import b64u, kid_of, sha256, unb64u
from bidders.sealing.signing import BadSignature, verify

SEED, MH = b"k" * 32, b64u(b"m" * 32)
EIDS = signing.ordered([b64u(sha256(b"%d" % n)) for n in range(5)])
SITE = {"rp_id": "bids.example", "origin": "https://bids.example"}
P256, PLAIN = derive_private_key(7, SECP256R1()), Ed25519PrivateKey.from_private_bytes(SEED)
POINT = P256.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def key(alg: str) -> dict[str, Any]:
    """The logged key of this kind."""
    pk = POINT if alg == signing.ES256 else PLAIN.public_key().public_bytes_raw()
    site = SITE if alg != signing.PLAIN else {"rp_id": None, "origin": None}
    return {"alg": alg, "kid": kid_of(pk), "pk": b64u(pk), **site}


def assertion(alg: str, told: bytes, **changes: Any) -> dict[str, Any]:
    """A passkey's signature over a message, with changes to what it says."""
    said = {
        "type": "webauthn.get",
        "challenge": b64u(sha256(told)),
        "origin": SITE["origin"],
        "crossOrigin": False,
    }
    auth = (
        sha256(changes.pop("rp_id", "bids.example").encode()) + bytes((changes.pop("flags", 5),)) + bytes(4)
    )
    client = json.dumps({**said, **changes}).encode()
    signed = auth + sha256(client)
    sig = P256.sign(signed, ECDSA(SHA256())) if alg == signing.ES256 else PLAIN.sign(signed)
    data = {"cred": b64u(b"id"), "auth_data": b64u(auth), "client_data": b64u(client), "sig": b64u(sig)}
    return {"alg": alg, "kid": key(alg)["kid"], "eids": EIDS, **data}


def test_what_is_signed_says_the_deed_and_every_envelope_in_order() -> None:
    told = signing.message("submit", reversed(EIDS))
    assert told == b"sealbid/v1 submit\0" + b"".join(sorted(unb64u(each) for each in EIDS))
    assert signing.message("acknowledge", EIDS, MH) == b"sealbid/v1 acknowledge\0" + b"m" * 32 + told[18:]
    for verb, mh in (("submit", MH), ("acknowledge", None)):
        with pytest.raises(ValueError):
            signing.message(verb, EIDS, mh)  # type: ignore[arg-type]


def test_a_signature_of_each_kind_holds() -> None:
    assert verify(signing.sign(SEED, "submit", EIDS), "submit", key("ed25519")) == EIDS
    assert verify(signing.sign(SEED, "acknowledge", EIDS, MH), "acknowledge", key("ed25519"), MH) == EIDS
    for alg in (signing.ES256, signing.ED25519):
        assert verify(assertion(alg, signing.message("withdraw", EIDS)), "withdraw", key(alg)) == EIDS
        with_extensions = {"flags": 0x85}
        assert (
            verify(assertion(alg, signing.message("submit", EIDS), **with_extensions), "submit", key(alg))
            == EIDS
        )


def test_a_signature_holds_for_nothing_else() -> None:
    whole = signing.sign(SEED, "submit", EIDS)
    other = signing.plain_key(b"o" * 32)
    cases: list[Any] = [
        ({**whole, "eids": EIDS[:-1]}, "submit", key("ed25519"), None),
        ({**whole, "eids": EIDS[::-1]}, "submit", key("ed25519"), None),
        ({**whole, "eids": [*EIDS, EIDS[-1]]}, "submit", key("ed25519"), None),
        ({**whole, "eids": []}, "submit", key("ed25519"), None),
        ({**whole, "eids": [1]}, "submit", key("ed25519"), None),
        ({**whole, "eids": [b64u(bytes(31))]}, "submit", key("ed25519"), None),
        ({**whole, "sig": b64u(bytes(64))}, "submit", key("ed25519"), None),
        ({**whole, "sig": None}, "submit", key("ed25519"), None),
        ({**whole, "more": 1}, "submit", key("ed25519"), None),
        ({**whole, "kid": other["kid"]}, "submit", key("ed25519"), None),
        ({**whole, "kid": other["kid"]}, "submit", other, None),
        (whole, "withdraw", key("ed25519"), None),
        (whole, "submit", other, None),
        (whole, "submit", key(signing.ED25519), None),
        (whole, "submit", {**key("ed25519"), "kid": other["kid"]}, None),
        (None, "submit", key("ed25519"), None),
        (signing.sign(SEED, "acknowledge", EIDS, MH), "acknowledge", key("ed25519"), b64u(bytes(32))),
    ]
    for given, verb, under, mh in cases:
        with pytest.raises(BadSignature):
            verify(given, verb, under, mh)


@pytest.mark.parametrize("alg", [signing.ES256, signing.ED25519])
@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"flags": 1}, "present and recognized"), ({"flags": 4}, "present and recognized"), ({"flags": 0}, "present"),
        ({"rp_id": "evil.example"}, "another site"), ({"origin": "https://evil.example"}, "origin"),
        ({"origin": "http://bids.example"}, "origin"), ({"challenge": b64u(bytes(32))}, "challenge"),
        ({"type": "webauthn.create"}, "type"), ({"crossOrigin": True}, "inside another site"),
    ],
)  # fmt: skip
def test_a_passkey_asked_elsewhere_or_for_something_else_does_not_count(
    alg: str, changes: Any, why: str
) -> None:
    given = assertion(alg, signing.message("submit", EIDS), **changes)
    with pytest.raises(BadSignature, match=why):
        verify(given, "submit", key(alg))


@pytest.mark.parametrize("alg", [signing.ES256, signing.ED25519])
def test_an_altered_assertion_does_not_hold(alg: str) -> None:
    whole = assertion(alg, signing.message("submit", EIDS))
    other = assertion(alg, signing.message("withdraw", EIDS))
    for altered in [
        {**whole, "sig": other["sig"]}, {**whole, "client_data": other["client_data"]}, {**whole, "auth_data": b64u(bytes(36))},
        {**whole, "client_data": b64u(b"no json")}, {**whole, "client_data": b64u(b"[]")}, {**whole, "cred": "="},
        {**whole, "auth_data": whole["auth_data"] + "AAAA"},
        {**whole, "sig": "x"}, {k: v for k, v in whole.items() if k != "cred"},
    ]:  # fmt: skip
        with pytest.raises(BadSignature):
            verify(altered, "submit", key(alg))


@pytest.mark.parametrize(
    ("alg", "changes", "where"),
    [
        ("ed25519", {"alg": "rsa"}, "alg"), ("ed25519", {"pk": b64u(bytes(31))}, "pk"),
        ("ed25519", {"pk": b64u(bytes(32))}, "pk"),
        ("ed25519", {"kid": "x"}, "kid"), ("ed25519", {"rp_id": "a"}, "rp_id"), (signing.ES256, {"origin": None}, "rp_id"),
        (signing.ES256, {"pk": b64u(b"\4" + bytes(64))}, "pk"), (signing.ES256, {"pk": b64u(POINT[:33])}, "pk"),
        ("ed25519", {"more": 1}, ""),
    ],
)  # fmt: skip
def test_an_unsound_key_is_not_logged(alg: str, changes: Any, where: str) -> None:
    assert signing.key_faults(key(alg)) == []
    assert where in [fault.path for fault in signing.key_faults({**key(alg), **changes})]
