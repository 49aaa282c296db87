"""HPKE (RFC 9180), base mode, X25519, HKDF-SHA256, AES-256-GCM: sealing with a given ephemeral, and opening.

A wrap is `enc || ct`. Sealing is deterministic, so that whoever knows the ephemeral's `ikm` can make the same bytes again;
each `ikm` must serve for one message alone. Opening is the library's.
"""

from __future__ import annotations

from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from bidders.sealing.encoding import Mac, exp, sha256

OVERHEAD = 48
"""How many bytes a wrap is longer than what it holds."""
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_KEM, _HPKE = b"KEM\0\x20", b"HPKE\0\x20\0\1\0\2"
_PROBE = sha256(b"any scalar finds a point of small order")
_EXTRACT = Mac(b"")
_DKP, _SK = b"HPKE-v1" + _KEM + b"dkp_prk", b"\0\x20HPKE-v1" + _KEM + b"sk"
_EAE, _SHARED = b"HPKE-v1" + _KEM + b"eae_prk", b"\0\x20HPKE-v1" + _KEM + b"shared_secret"
_INFO, _SECRET = b"HPKE-v1" + _HPKE + b"info_hash", b"HPKE-v1" + _HPKE + b"secret"
_PSK = b"\0" + _EXTRACT(b"HPKE-v1" + _HPKE + b"psk_id_hash")
_KEY, _NONCE = b"\0\x20HPKE-v1" + _HPKE + b"key", b"\0\x0cHPKE-v1" + _HPKE + b"base_nonce"


class Broken(ValueError):
    """What was sealed does not open under this key, for this purpose, or was altered."""


def key_pair(ikm: bytes) -> tuple[bytes, bytes]:
    """DeriveKeyPair of at least 32 bytes: the private and the public key, 32 bytes each."""
    private = _derived(ikm)
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def _derived(ikm: bytes) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(exp(_EXTRACT(_DKP + ikm), _SK))


@lru_cache(maxsize=1024)
def public(pk: bytes) -> X25519PublicKey:
    """The public key of 32 bytes, made ready once; raises ValueError for another length."""
    return X25519PublicKey.from_public_bytes(pk)


@lru_cache(maxsize=1024)
def is_low_order(pk: bytes) -> bool:
    """Tell whether a public key gives a zero shared secret with everybody, and so no secrecy at all."""
    try:
        return not any(X25519PrivateKey.from_private_bytes(_PROBE).exchange(public(pk)))
    except ValueError:
        return True


def schedule(pk: bytes, info: bytes, ikm: bytes) -> tuple[bytes, bytes, bytes]:
    """What the ephemeral of `ikm` gives with a public key: `enc`, the key and the nonce of the one message."""
    ephemeral = _derived(ikm)
    enc = ephemeral.public_key().public_bytes_raw()
    shared = exp(_EXTRACT(_EAE + ephemeral.exchange(public(pk))), _SHARED + enc + pk)
    context = _PSK + _EXTRACT(_INFO + info)
    secret = Mac(Mac(shared)(_SECRET))
    return enc, secret(_KEY + context + b"\1"), secret(_NONCE + context + b"\1")[:12]


def seal(pk: bytes, info: bytes, plain: bytes, ikm: bytes) -> bytes:
    """Seal to a public key with the ephemeral of `ikm`; raises ValueError for a key of small order."""
    enc, key, nonce = schedule(pk, info, ikm)
    return enc + AESGCM(key).encrypt(nonce, plain, None)


def open_(sk: bytes | X25519PrivateKey, info: bytes, wrap: bytes) -> bytes:
    """What a wrap holds; raises Broken. A key made ready saves time where many wraps follow."""
    private = X25519PrivateKey.from_private_bytes(sk) if isinstance(sk, bytes) else sk
    try:
        return _SUITE.decrypt(wrap, private, info=info)
    except (InvalidTag, ValueError) as error:
        raise Broken("the wrap does not open with this key") from error
