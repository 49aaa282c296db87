"""A made-up tender with five officers of four organizations, three of whom are needed, and bids for it."""

from __future__ import annotations

from typing import Any

from auction.record.note import ED25519, Key
from bidders.sealing import signing
from bidders.sealing.encoding import V, b64u, sha256, unb64u
from bidders.sealing.manifest import manifest_hash
from bidders.sealing.manifest_form import SUITE
from bidders.sealing.officers import OfficerKeys
from bidders.sealing.packing import Sealed, seal

TENDER, QUORUM = "T-1", 3
OFFICERS = [OfficerKeys(TENDER, bytes((x,)) * 32) for x in range(1, 6)]
PKS = [keys.pk for keys in OFFICERS]
LOG = Key("log.example/1", ED25519, unb64u(signing.plain_key(bytes(32))["pk"]))
SEED = sha256(b"a seed")
BID: dict[str, Any] = {
    "fields": [["items/0", {"price": "0.25", "qty": "100"}], ["terms", ["net 30"]]],
    "note": "",
}


def manifest(**changes: Any) -> dict[str, Any]:
    """A faultless manifest, with changes."""
    whole = {
        "v": V, "type": "manifest", "tender": TENDER, "ver": 1, "prev": None, "title": "Milk", "suite": SUITE,
        "lots": [{"id": "1", "title": "Milk"}, {"id": "2", "title": "Juice"}], "envs": ["technical", "price"],
        "opens_at": "2026-12-01T17:00:00.000Z", "closes_at": "2026-12-01T16:00:00.000Z", "quorum": QUORUM,
        "officers": [keys.entry(x, f"Officer {x}", f"District {min(x, 4)}") for x, keys in enumerate(OFFICERS, 1)],
        "docs": [{"name": "itb.pdf", "len": 12, "sha256": b64u(bytes(32))}],
        "client": {"sha256": b64u(bytes(32)), "url": "https://bids.example/seal.html"},
        "log": {"origin": LOG.name, "vkey": LOG.vkey, "witnesses": [], "k": 0}, "pad": "b1",
        "rules": {"reseal": "reject", "late": "drop", "material": "keep"},
    }  # fmt: skip
    return {**whole, **changes}


def ctx(**changes: Any) -> dict[str, Any]:
    """What an envelope is bound to, with changes."""
    whole = {"v": V, "tender": TENDER, "manifest": manifest_hash(manifest()), "lot": "1", "env": "price"}
    return {**whole, "vendor": "v1", "rev": 1, **changes}


def sealed(
    bid: dict[str, Any] = BID, blobs: tuple[bytes, ...] = (), seed: bytes = SEED, **changes: Any
) -> Sealed:
    """A sealed bid."""
    return seal(ctx(**changes), PKS, QUORUM, seed, bid, blobs)
