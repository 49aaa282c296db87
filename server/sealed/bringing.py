"""Bringing back: a vendor's own copy opens what too few officers can, and heals what was damaged on our side."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from auction.terms.faults import Fault, Faulty
from bidders.box.state import Box
from bidders.sealing.encoding import BadEncoding, unb64u
from bidders.sealing.manifest import officer_keys
from bidders.sealing.opening import is_whole, open_with_seed
from bidders.sealing.packing import Derived, eid_of, packed
from server.sealed.bid_file import Copy
from server.sealed.store import Store


def copies(text: bytes) -> dict[str, Copy]:
    """The vendor's copies in a file, by the ids of their envelopes; raises `Faulty`."""
    try:
        given = msgspec.json.decode(text, type=list[Copy])
        return {eid_of(each.envelope): each for each in given}
    except (msgspec.MsgspecError, UnicodeDecodeError, BadEncoding) as bad:
        told = "is not the copy that was saved when the bid was sealed; choose the file own-copy-….json"
        raise Faulty([Fault("The file", told)]) from bad


def seed_of(store: Store, box: Box, eid: str, copy: Copy) -> bytes:
    """The seed of a copy, where our stored envelope seals to the same again with it; raises `Faulty`."""
    try:
        seed = unb64u(copy.seed, 32)
    except BadEncoding as bad:
        raise Faulty([Fault(f"Envelope {eid[:8]}", f"its seed {bad}")]) from bad
    envelope, manifest = store.envelope(eid), manifest_of(box, eid)
    body, blobs = store.body(eid), store.blobs(eid)
    if not is_whole(envelope, body, blobs):
        raise Faulty([Fault(f"Envelope {eid[:8]}", "our own copy is damaged; bring it again first")])
    found = open_with_seed(envelope, body, blobs, seed, officer_keys(manifest), manifest["quorum"])
    if found.result != "opened" or found.eid != eid:
        raise Faulty([Fault(f"Envelope {eid[:8]}", "does not seal to the same again with this copy")])
    return seed


def manifest_of(box: Box, eid: str) -> dict[str, Any]:
    """The manifest that an envelope was sealed under."""
    return box.manifests[box.envelopes[eid].manifest]


def body_of(store: Store, box: Box, eid: str, copy: Copy) -> bytes:
    """The sealed body that a copy gives again, where it is the one that the envelope names; raises `Faulty`."""
    manifest, envelope = manifest_of(box, eid), store.envelope(eid)
    try:
        derived = Derived(envelope["ctx"], unb64u(copy.seed, 32))
        plain = msgspec.json.encode(copy.bid, order="sorted")
        again = packed(
            derived,
            envelope["ctx"],
            officer_keys(manifest),
            manifest["quorum"],
            plain,
            copy.bid["fields"],
            (),
        )
    except (BadEncoding, KeyError, AssertionError) as bad:
        raise Faulty([Fault(f"Envelope {eid[:8]}", "cannot be made again from this copy")]) from bad
    if again.envelope["body"] != envelope["body"]:
        raise Faulty([Fault(f"Envelope {eid[:8]}", "is another than this copy gives")])
    return again.body


class Brought(msgspec.Struct, frozen=True):
    """What a vendor brought: seeds to reveal, and bodies to put back, by envelope; and when its last byte came."""

    received: datetime
    seeds: dict[str, bytes] = {}
    bodies: dict[str, bytes] = {}


def read(
    store: Store, box: Box, wanted: tuple[str, ...], damaged: tuple[str, ...], text: bytes, received: datetime
) -> Brought:
    """Read a file of copies against what is asked for; raises `Faulty`, also where nothing of it is asked for."""
    given = copies(text)
    asked = {*wanted, *damaged} & given.keys()
    if not asked:
        raise Faulty(
            [Fault("The file", "holds none of the envelopes that are asked for; choose another copy")]
        )
    bodies = {eid: body_of(store, box, eid, given[eid]) for eid in damaged if eid in given}
    seeds = {eid: seed_of(store, box, eid, given[eid]) for eid in wanted if eid in given}
    return Brought(received, seeds, bodies)
