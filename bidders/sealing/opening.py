"""Opening an envelope from its officers' shares: combine, check, decrypt, read, pack again and compare.

The result is one of four, and a fault names why a bid is not acceptable: the first of `commit`, `aead`, `padding`,
`encoding`, `schema`, `blob`, `reseal`. Nothing of such a bid's text is handed out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from bidders.sealing import bid as bids
from bidders.sealing import hpke, stream
from bidders.sealing import shares as shamir
from bidders.sealing.bid import Blob
from bidders.sealing.encoding import BadEncoding, b64u, canonical, read, sha256, unb64u
from bidders.sealing.hpke import Broken
from bidders.sealing.packing import Derived, Envelope, eid_of, packed, share_commitment, wrap_info

Result = Literal["opened", "nonresponsive", "unopenable_officers", "unavailable_host"]
FAULTS = ("commit", "aead", "padding", "encoding", "schema", "blob", "reseal")


class Opened(msgspec.Struct, frozen=True):
    """What came of one envelope; hashes and the seed are base64url, `seed`, `bid` and `files` None unless opened."""

    eid: str
    result: Result
    fault: str | None
    plain_sha256: str | None
    disc_root: str
    seed: str | None = None
    bid: dict[str, Any] | None = None
    files: tuple[bytes, ...] | None = None


class Due(msgspec.Struct, frozen=True):
    """One envelope to be opened, with all that it takes; it can be handed to another process."""

    envelope: Envelope
    body: bytes
    blobs: tuple[bytes, ...]
    shares: dict[int, bytes]
    officers: tuple[bytes, ...]
    quorum: int


def open_due(due: Due) -> Opened:
    """Open one envelope; many are opened on several cores by handing this to a pool of processes."""
    return open_envelope(due.envelope, due.body, due.blobs, due.shares, due.officers, due.quorum)


class _Fault(Exception):
    """A bid that is not acceptable, by the fault's code."""


def open_envelope(
    envelope: Envelope,
    body: bytes,
    blobs: Sequence[bytes],
    shares: Mapping[int, bytes],
    officers: Sequence[bytes],
    quorum: int,
) -> Opened:
    """Open an envelope that is in form, from shares {x: share}; those that fail their commitment do not count.

    Of more shares than the quorum the lowest x serve. `officers` are the public keys in order of x.
    """
    valid = valid_shares(envelope, shares)
    if len(valid) < quorum:
        return _unopened(envelope, "unopenable_officers")
    if not is_whole(envelope, body, blobs):
        return _unopened(envelope, "unavailable_host")
    seed = shamir.combine({x: valid[x] for x in sorted(valid)[:quorum]})
    return open_with_seed(envelope, body, blobs, seed, officers, quorum)


def open_with_seed(
    envelope: Envelope,
    body: bytes,
    blobs: Sequence[bytes],
    seed: bytes,
    officers: Sequence[bytes],
    quorum: int,
) -> Opened:
    """Open whole stored bytes with a seed: of shares, or the one a vendor saved and reveals in a rescue."""
    derived = Derived(_ctx(envelope), seed)
    try:
        bid, plain, contents = _bid(derived, envelope, body, blobs)
        kept = tuple(
            Blob(sealed, str(named["root"])) for sealed, named in zip(blobs, _rows(envelope), strict=True)
        )
        again = packed(derived, _ctx(envelope), officers, quorum, plain, bid["fields"], kept)
        if again.envelope != envelope or again.body != body:
            raise _Fault("reseal")
    except _Fault as fault:
        return _unopened(envelope, "nonresponsive", str(fault))
    digest = b64u(sha256(derived.x(b"plain"), plain))
    return Opened(again.eid, "opened", None, digest, _disc_root(envelope), b64u(seed), bid, contents)


def _bid(
    derived: Derived, envelope: Envelope, body: bytes, blobs: Sequence[bytes]
) -> tuple[dict[str, Any], bytes, tuple[bytes, ...]]:
    # AES-GCM does not commit to its key: the commitment is checked before anything is decrypted.
    if b64u(derived.x(b"commit")) != envelope["commit"]:
        raise _Fault("commit")
    plain = _unpadded(_decrypted(derived.x(b"stream/0"), body))
    try:
        value = read(plain)
    except BadEncoding as bad:
        raise _Fault("encoding") from bad
    if bids.bid_faults(value):
        raise _Fault("schema")
    assert isinstance(value, dict)
    return value, plain, _contents(bids.files(value), blobs)


def _decrypted(key: bytes, body: bytes) -> bytes:
    try:
        return stream.open_(key, body)
    except Broken as broken:
        raise _Fault("aead") from broken


def _unpadded(padded: bytes) -> bytes:
    try:
        plain = stream.unpad(padded)
    except stream.BadPadding as bad:
        raise _Fault("padding") from bad
    if stream.body_bucket(len(plain)) != len(padded):
        raise _Fault("padding")
    return plain


def _contents(named: list[bids.File], blobs: Sequence[bytes]) -> tuple[bytes, ...]:
    if len(named) != len(blobs):
        raise _Fault("schema")
    return tuple(_content(file, sealed) for file, sealed in zip(named, blobs, strict=True))


def _content(file: bids.File, sealed: bytes) -> bytes:
    # What decrypts under a key also encrypts to the same bytes: an attachment need not be sealed again.
    try:
        padded = stream.open_(file.key, sealed)
        content = stream.unpad(padded)
    except (Broken, stream.BadPadding) as bad:
        raise _Fault("blob") from bad
    if len(content) != file.length or stream.blob_bucket(len(content)) != len(padded):
        raise _Fault("blob")
    return content


def valid_shares(envelope: Envelope, shares: Mapping[int, bytes]) -> dict[int, bytes]:
    """The shares that agree with what the envelope says of them; the others were forged."""
    ch, told = sha256(canonical(envelope["ctx"])), envelope["sc"]
    assert isinstance(told, list)
    return {
        x: share
        for x, share in shares.items()
        if 0 < x <= len(told) and b64u(share_commitment(ch, x, share)) == told[x - 1]
    }


def is_whole(envelope: Envelope, body: bytes, blobs: Sequence[bytes]) -> bool:
    """Tell whether stored bytes are those that the envelope names; if not, the host has damaged them."""
    named = {"len": len(body), "sha256": b64u(sha256(body))}
    stored = [{"len": len(sealed), "root": bids.blob_root(sealed)} for sealed in blobs]
    return named == envelope["body"] and stored == envelope["blobs"]


def _ctx(envelope: Envelope) -> dict[str, object]:
    ctx = envelope["ctx"]
    assert isinstance(ctx, dict)
    return ctx


def _rows(envelope: Envelope) -> list[dict[str, object]]:
    rows = envelope["blobs"]
    assert isinstance(rows, list)
    return rows


def _disc_root(envelope: Envelope) -> str:
    disc = envelope["disc"]
    assert isinstance(disc, dict)
    return str(disc["root"])


def _unopened(envelope: Envelope, result: Result, fault: str | None = None) -> Opened:
    return Opened(eid_of(envelope), result, fault, None, _disc_root(envelope))


def wrapped_share(envelope: Envelope, x: int, sk: bytes | X25519PrivateKey) -> bytes | None:
    """Officer x's own share; None is the fault `wrap`: it does not open, or is not what the envelope says of it."""
    wraps = envelope["wraps"]
    assert isinstance(wraps, list)
    info = wrap_info(sha256(canonical(envelope["ctx"])), x)
    try:
        share = hpke.open_(sk, info, unb64u(wraps[x - 1], hpke.OVERHEAD + 32))
    except (BadEncoding, hpke.Broken):
        return None
    return valid_shares(envelope, {x: share}).get(x)
