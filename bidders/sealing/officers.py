"""An officer's keys for one tender, and the records that lock them: by recovery code, by passkey, by unlock key.

All follows from `os`, 32 random bytes for each officer and tender. The host keeps only the locked records.
"""

from __future__ import annotations

from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bidders.sealing import hpke
from bidders.sealing.crockford import BadCode, grouped, letters, number, tidied
from bidders.sealing.encoding import BadEncoding, b64u, canonical, exp, ext, kid_of, sha256, unb64u

Record = dict[str, str]
CODE_BYTES, CODE_LETTERS = 16, 28


class Locked(ValueError):
    """A record does not open: another code, passkey, officer or tender, or it was altered."""


class OfficerKeys:
    """What `os` gives an officer for a tender: `pk` to seal to, `vk` to verify by, `kid`; `sk` opens wraps."""

    def __init__(self, tender: str, os: bytes) -> None:
        prk = ext(b"sealbid/v1 officer\0" + tender.encode(), os)
        secret, self.pk = hpke.key_pair(exp(prk, b"hpke"))
        self.tender, self.os, self.kid = tender, os, kid_of(self.pk)
        self.sk = X25519PrivateKey.from_private_bytes(secret)
        self._signer = Ed25519PrivateKey.from_private_bytes(exp(prk, b"sign"))
        self.vk = self._signer.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> str:
        """The officer's signature over a message, as text."""
        return b64u(self._signer.sign(message))

    def entry(self, x: int, name: str, org: str) -> dict[str, object]:
        """The officer's row in a manifest."""
        return {"x": x, **self.named(name, org)}

    def named(self, name: str, org: str) -> dict[str, object]:
        """The officer's keys with a name and an organization, as a hand-over names the successor."""
        return {"name": name, "org": org, "kid": self.kid, "pk": b64u(self.pk), "vk": b64u(self.vk)}


def prf_input() -> bytes:
    """What passkeys are asked to turn into a secret."""
    return sha256(b"sealbid/v1 prf input\0")


def lock_code(uk: bytes, officer: str, code: bytes, iv: bytes) -> Record:
    """Lock the unlock key by the recovery code's 16 bytes; iv is 12 fresh random bytes."""
    return _lock("code", uk, _key(b"code", officer, code), {"officer": officer}, iv)


def open_code(record: Mapping[str, object], officer: str, code: bytes) -> bytes:
    """The unlock key, by the recovery code; raises Locked."""
    return _open("code", record, _key(b"code", officer, code), {"officer": officer})


def lock_prf(uk: bytes, officer: str, cred: str, output: bytes, iv: bytes) -> Record:
    """Lock the unlock key by a passkey's output; `cred` is the credential's id as text."""
    return _lock("prf", uk, _key(b"prf", officer, output), {"officer": officer, "cred": cred}, iv)


def open_prf(record: Mapping[str, object], officer: str, output: bytes) -> bytes:
    """The unlock key, by the output of the passkey that the record names; raises Locked."""
    bound = {"officer": officer, "cred": str(record.get("cred"))}
    return _open("prf", record, _key(b"prf", officer, output), bound)


def lock_os(keys: OfficerKeys, officer: str, uk: bytes, iv: bytes) -> Record:
    """Lock a tender's `os` by the unlock key."""
    bound = {"officer": officer, "tender": keys.tender, "kid": keys.kid}
    return _lock("os", keys.os, _key(b"unlock", keys.tender, uk), bound, iv)


def open_os(record: Mapping[str, object], officer: str, tender: str, kid: str, uk: bytes) -> OfficerKeys:
    """The officer's keys for a tender, by the unlock key; raises Locked, also where they are not those of `kid`."""
    bound = {"officer": officer, "tender": tender, "kid": kid}
    keys = OfficerKeys(tender, _open("os", record, _key(b"unlock", tender, uk), bound))
    if keys.kid != kid:
        raise Locked(f"the record holds the keys {keys.kid}, not {kid}")
    return keys


def _key(what: bytes, salt: str, secret: bytes) -> bytes:
    return exp(ext(b"sealbid/v1 " + what + b"\0" + salt.encode(), secret), b"kek")


def _lock(kind: str, plain: bytes, key: bytes, bound: dict[str, str], iv: bytes) -> Record:
    ct = AESGCM(key).encrypt(iv, plain, canonical({"kind": kind, **bound}))
    cred = {"cred": bound["cred"]} if kind == "prf" else {}
    return {"kind": kind, **cred, "iv": b64u(iv), "ct": b64u(ct)}


def _open(kind: str, record: Mapping[str, object], key: bytes, bound: dict[str, str]) -> bytes:
    members = {"kind", "iv", "ct"} | ({"cred"} if kind == "prf" else set())
    if set(record) != members or record["kind"] != kind:
        raise Locked(f"the record must have {', '.join(sorted(members))} alone, and the kind {kind}")
    try:
        iv, ct = unb64u(record["iv"], 12), unb64u(record["ct"], 48)
        return AESGCM(key).decrypt(iv, ct, canonical({"kind": kind, **bound}))
    except BadEncoding as bad:
        raise Locked(f"the record is not written as it must be: {bad}") from bad
    except InvalidTag as error:
        raise Locked("the record does not open with this") from error


def code_text(code: bytes) -> str:
    """A recovery code's 16 bytes as it is printed: seven groups of four, the last two characters for checking."""
    return grouped(letters(code, 26) + letters(_check(code), 2), 4)


def code_bytes(text: str) -> bytes:
    """The 16 bytes of a recovery code as it was typed; raises BadCode with what is wrong with it."""
    plain = tidied(text, CODE_LETTERS)
    value = number(plain[:26])
    code = (value >> 2).to_bytes(CODE_BYTES)
    if value & 3 or plain[26:] != letters(_check(code), 2):
        raise BadCode("a character of the code is wrong; compare it with the printed one")
    return code


def _check(code: bytes) -> bytes:
    return sha256(b"sealbid/v1 code check\0", code)
