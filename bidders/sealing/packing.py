"""Packing an envelope: everything in it follows from its context, its seed and the bid, byte for byte.

That is what lets anyone who is given the seed pack it again, and see that nobody was told anything else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from auction.terms.faults import Faulty
from bidders.sealing import disclosure, hpke, shares, stream
from bidders.sealing.bid import Blob, bid_faults, files, pad, seal_file
from bidders.sealing.encoding import Mac, V, b64u, canonical, ext, sha256

Envelope = dict[str, object]


class Sealed(msgspec.Struct, frozen=True):
    """A packed envelope: its public part and name, the sealed bid and attachments, and the key they follow from."""

    envelope: Envelope
    eid: str
    body: bytes
    blobs: tuple[Blob, ...]
    prk: bytes
    plain: bytes


class Derived:
    """What follows from one seed in one context: `X(label)` of the specification, the shares and their wraps."""

    def __init__(self, ctx: Mapping[str, object], seed: bytes) -> None:
        self.ch = sha256(canonical(ctx))
        self.seed = seed
        self.prk = ext(self.ch, seed)
        self._mac = Mac(self.prk)

    def x(self, label: bytes) -> bytes:
        """The 32 bytes for a label."""
        return self._mac(b"sealbid/v1 " + label + b"\1")

    def shares(self, quorum: int, count: int) -> list[bytes]:
        """One share for each officer; `quorum` of them give the seed."""
        return shares.split(self.seed, [self.x(b"coef/%d" % k) for k in range(1, quorum)], count)

    def wraps(self, officers: Sequence[bytes], told: Sequence[bytes]) -> list[bytes]:
        """Each share, sealed to its officer's key."""
        return [
            hpke.seal(pk, wrap_info(self.ch, x), share, self.x(b"eph/%d" % x))
            for x, (pk, share) in enumerate(zip(officers, told, strict=True), 1)
        ]


def wrap_info(ch: bytes, x: int) -> bytes:
    """What a wrap is bound to: the context's hash and the officer's place."""
    return b"sealbid/v1 wrap\0" + ch + bytes((x,))


def share_commitment(ch: bytes, x: int, share: bytes) -> bytes:
    """What the envelope says of a share, so that a forged one is known."""
    return sha256(b"sealbid/v1 share\0", ch, bytes((x,)), share)


def eid_of(envelope: object) -> str:
    """An envelope's name: the hash over all of it, as text; raises BadEncoding."""
    return b64u(sha256(b"sealbid/v1 envelope\0", canonical(envelope)))


def seal(
    ctx: Mapping[str, object],
    officers: Sequence[bytes],
    quorum: int,
    seed: bytes,
    bid: Mapping[str, object],
    blobs: Sequence[bytes] = (),
) -> Sealed:
    """Pack a bid for officers (their public keys in order of x); raises Faulty or BadEncoding with what is wrong.

    `blobs` are the attachments' bytes in the order of the bid's `files/i` fields, whose keys they are sealed under.
    """
    plain = canonical(bid)
    if faults := bid_faults(bid):
        raise Faulty(faults)
    named = files(bid)
    if [each.length for each in named] != [len(content) for content in blobs]:
        raise ValueError("the attachments differ from those that the bid's fields name, in number or length")
    sealed = tuple(seal_file(file.key, content) for file, content in zip(named, blobs, strict=True))
    return packed(Derived(ctx, seed), ctx, officers, quorum, plain, bid["fields"], sealed)


def packed(
    derived: Derived,
    ctx: Mapping[str, object],
    officers: Sequence[bytes],
    quorum: int,
    plain: bytes,
    fields: object,
    blobs: tuple[Blob, ...],
) -> Sealed:
    """Pack a faultless bid whose attachments are sealed already."""
    assert isinstance(fields, list)
    told = derived.shares(quorum, len(officers))
    body = stream.seal(derived.x(b"stream/0"), pad(plain))
    root = disclosure.root(fields, derived.prk)
    envelope: Envelope = {
        "v": V,
        "type": "envelope",
        "ctx": dict(ctx),
        "commit": b64u(derived.x(b"commit")),
        "sc": [b64u(share_commitment(derived.ch, x, share)) for x, share in enumerate(told, 1)],
        "wraps": [b64u(wrap) for wrap in derived.wraps(officers, told)],
        "body": {"len": len(body), "sha256": b64u(sha256(body))},
        "blobs": [blob.named for blob in blobs],
        "disc": {"n": disclosure.size(len(fields)), "root": b64u(root)},
    }
    return Sealed(envelope, eid_of(envelope), body, blobs, derived.prk, plain)
