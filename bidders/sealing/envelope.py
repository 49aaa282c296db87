"""Envelopes as vendors make them and the host takes them in: sealing, looking at their form, and trying them out.

The packing itself is in `packing`; it is named here again, because this is where others look for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from auction.terms.faults import Fault
from bidders.sealing import opening
from bidders.sealing.bid import Blob, attachment, blob_key, fresh_seed
from bidders.sealing.encoding import LARGEST, BadEncoding, V, canonical, is_id, unb64u
from bidders.sealing.packing import Derived, Envelope, Sealed, eid_of, seal

__all__ = [
    "Blob", "Envelope", "Sealed", "attachment", "blob_key", "context_faults", "eid_of", "envelope_faults", "fresh_seed",
    "seal", "self_check",
]  # fmt: skip
_MEMBERS = ("v", "type", "ctx", "commit", "sc", "wraps", "body", "blobs", "disc")
_CTX = ("v", "tender", "manifest", "lot", "env", "vendor", "rev")
ENVS = ("technical", "price", "reserve")
MOST_BLOBS = 1000
WRAP = 80


def envelope_faults(envelope: object, count: int | None = None) -> list[Fault]:
    """What is wrong with an envelope's form: members, types, lengths; `count` is the number of officers, if known."""
    if not isinstance(envelope, dict) or set(envelope) != set(_MEMBERS):
        return [Fault("", f"must be an object of {', '.join(_MEMBERS)}, and nothing else")]
    try:
        canonical(envelope)
    except BadEncoding as bad:
        return [Fault(bad.path, bad.message)]
    return [
        *_head_faults(envelope),
        *_ctx_faults(envelope["ctx"]),
        *_row_faults(envelope, count),
        *_sealed_faults(envelope),
    ]


def _head_faults(envelope: Mapping[str, object]) -> Iterator[Fault]:
    yield from _word("v", envelope["v"], V)
    yield from _word("type", envelope["type"], "envelope")
    yield from _bytes("commit", envelope["commit"], 32)


def _ctx_faults(ctx: object) -> Iterator[Fault]:
    if not isinstance(ctx, dict) or set(ctx) != set(_CTX):
        yield Fault("ctx", f"must be an object of {', '.join(_CTX)}, and nothing else")
        return
    yield from _word("ctx.v", ctx["v"], V)
    yield from _bytes("ctx.manifest", ctx["manifest"], 32)
    yield from (
        Fault(f"ctx.{name}", "must be an id") for name in ("tender", "lot", "vendor") if not is_id(ctx[name])
    )
    if ctx["env"] not in ENVS:
        yield Fault("ctx.env", f"must be one of {', '.join(ENVS)}")
    yield from _count("ctx.rev", ctx["rev"], 1)


def _row_faults(envelope: Mapping[str, object], count: int | None) -> Iterator[Fault]:
    for name, length in (("sc", 32), ("wraps", WRAP)):
        rows = envelope[name]
        if not isinstance(rows, list) or not 2 <= len(rows) <= 16 or len(rows) != (count or len(rows)):
            yield Fault(name, f"must be a list with one for each of the {count or '3 to 16'} officers")
            continue
        for place, row in enumerate(rows):
            yield from _bytes(f"{name}[{place}]", row, length)


def _sealed_faults(envelope: Mapping[str, object]) -> Iterator[Fault]:
    yield from _named("body", envelope["body"], "sha256")
    blobs = envelope["blobs"]
    if not isinstance(blobs, list) or len(blobs) > MOST_BLOBS:
        yield Fault("blobs", f"must be a list of at most {MOST_BLOBS}")
    else:
        for place, blob in enumerate(blobs):
            yield from _named(f"blobs[{place}]", blob, "root")
    yield from _disc_faults(envelope["disc"])


def _named(path: str, value: object, digest: str) -> Iterator[Fault]:
    if not isinstance(value, dict) or set(value) != {"len", digest}:
        yield Fault(path, f"must be an object of len and {digest}")
        return
    yield from _count(f"{path}.len", value["len"], 1)
    yield from _bytes(f"{path}.{digest}", value[digest], 32)


def _disc_faults(disc: object) -> Iterator[Fault]:
    if not isinstance(disc, dict) or set(disc) != {"n", "root"}:
        yield Fault("disc", "must be an object of n and root")
        return
    n = disc["n"]
    if type(n) is not int or n < 64 or n & (n - 1):
        yield Fault("disc.n", "must be a power of two, at least 64")
    yield from _bytes("disc.root", disc["root"], 32)


def _word(path: str, value: object, expected: str) -> Iterator[Fault]:
    if value != expected:
        yield Fault(path, f"must be {expected}")


def _bytes(path: str, value: object, length: int) -> Iterator[Fault]:
    try:
        unb64u(value, length)
    except BadEncoding as bad:
        yield Fault(path, bad.message)


def _count(path: str, value: object, least: int) -> Iterator[Fault]:
    if type(value) is not int or not least <= value <= LARGEST:
        yield Fault(path, f"must be a whole number from {least} on")


def context_faults(
    ctx: Mapping[str, object], manifest: Mapping[str, object], mh: str, vendor: str
) -> list[Fault]:
    """What in a well-formed context does not agree with a manifest, its hash and the vendor who sends it."""
    expected = {"tender": manifest["tender"], "manifest": mh, "vendor": vendor}
    found = [Fault(f"ctx.{name}", f"must be {each}") for name, each in expected.items() if ctx[name] != each]
    envs, lots = manifest["envs"], manifest["lots"]
    assert isinstance(envs, list) and isinstance(lots, list)
    if ctx["env"] not in envs:
        found.append(Fault("ctx.env", f"must be one of {', '.join(envs)}"))
    known = [lot["id"] for lot in lots] + (["_all"] if ctx["env"] == "technical" else [])
    if ctx["lot"] not in known:
        found.append(Fault("ctx.lot", f"must be one of {', '.join(known)}"))
    return found


def self_check(sealed: Sealed, seed: bytes, officers: Sequence[bytes], quorum: int) -> bool:
    """Tell whether an envelope, before it is sent, opens again from as many shares as the quorum needs."""
    ctx = sealed.envelope["ctx"]
    assert isinstance(ctx, dict)
    told = Derived(ctx, seed).shares(quorum, len(officers))
    least = dict(list(enumerate(told, 1))[-quorum:])
    blobs = [blob.sealed for blob in sealed.blobs]
    opened = opening.open_envelope(sealed.envelope, sealed.body, blobs, least, officers, quorum)
    return opened.result == "opened" and opened.eid == sealed.eid and canonical(opened.bid) == sealed.plain
