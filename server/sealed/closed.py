"""What officers' consoles verify once bids are closed: every listed envelope with its fact in the log as of the close."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from auction.journal import Entry
from bidders.box.facts import BoxClosed
from bidders.box.state import Box
from bidders.sealing.encoding import b64u
from server.log.published import Head
from server.parts import Parts
from server.sealed.store import Store

OF_TERMS = ("tender.published", "tender.addendum", "officer.accepted", "officer.rewrapped", "tender.closed")
NOT_YET = "The close is not in the public log yet. It is published with the next tick, within a minute or two; try again then."


def head(parts: Parts, event_id: str, box: Box) -> Head | None:
    """The close checkpoint: the first published one that holds the close; None before it is published."""
    if box.closed is None:
        return None
    entry = parts.journal.pick(f"box/{event_id}", [box.closed_seq])[0]
    return parts.log.checkpoint_with(entry.n)


def close_of(found: Head) -> dict[str, Any]:
    """The close checkpoint as officers sign it."""
    return {"size": found.size, "root": b64u(found.root)}


def told(parts: Parts, event_id: str, box: Box, found: Head, seen: int | None) -> dict[str, Any]:
    """Everything that a console verifies; `seen` is the size of the last checkpoint that it saw. Slow with many bids.

    An envelope whose file is lost is left out: the console then names it, and releases nothing.
    """
    closed = box.closed
    assert closed is not None
    held = [each.eid for each in closed.current if parts.store.has(each.eid)]
    return {
        "close": close_of(found),
        "checkpoint": found.note,
        "manifests": list(box.manifests.values()),
        "events": [_shown(parts, entry, found.size) for entry in _entries(parts, event_id, closed)],
        "envelopes": {eid: parts.store.envelope(eid) for eid in held},
        "signatures": _signatures(parts.store, held),
        "consistency": _consistency(parts, seen, found.size),
    }


def _entries(parts: Parts, event_id: str, closed: BoxClosed) -> Iterator[Entry]:
    """The facts of the terms, of each listed envelope, and of the keys that its vendor signed with."""
    listed, keys = {each.eid for each in closed.current}, dict[str, set[str]]()
    for entry in parts.journal.read(f"box/{event_id}"):
        said = msgspec.json.decode(entry.body)
        if said.get("type") in OF_TERMS:
            yield entry
        elif said.get("type") == "bid.received" and said["eid"] in listed:
            keys.setdefault(said["by"], set()).add(said["kid"])
            yield entry
    for vendor, kids in keys.items():
        for entry in parts.journal.read(f"keys/{vendor}"):
            said = msgspec.json.decode(entry.body)
            if said.get("type") == "vendor.key" and said["kid"] in kids:
                yield entry


def _shown(parts: Parts, entry: Entry, size: int) -> dict[str, Any]:
    """A fact with its salt and its place in the tree of a size; one that is not in it has index -1, and no console takes it."""
    index = parts.log.index_of(entry.n)
    inside = index is not None and index < size
    return {
        "event": msgspec.json.decode(entry.body),
        "salt": b64u(entry.salt),
        "index": index if inside else -1,
        "path": [b64u(each) for each in parts.log.path(entry.n, size)] if inside else [],
    }


def _signatures(store: Store, eids: Iterable[str]) -> list[dict[str, Any]]:
    """The signatures that listed envelopes came under, each once."""
    found: dict[str, dict[str, Any]] = {}
    for eid in eids:
        sig = store.sig(eid)
        found[msgspec.json.encode(sig, order="sorted").decode()] = sig
    return list(found.values())


def _consistency(parts: Parts, seen: int | None, size: int) -> list[str]:
    if seen is None or parts.log.at(seen) is None:
        return []
    old, new = sorted((seen, size))
    return [b64u(each) for each in parts.log.consistency(old, new)]
