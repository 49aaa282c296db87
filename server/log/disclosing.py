"""Disclosing: a tender's facts as lines of JSON, each with its leaf and its salt, as far as the reader may see them."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from auction.record import disclosure
from auction.record.disclosed import in_url
from auction.record.disclosure import Event, Reader
from server.log.log import Log
from server.log.rows import NO_TENDER, Told

THE_LOG = "_log"
"""What stands for the facts of no tender: ticks, released clients, a new key."""
KEY = "vendor.key"
FACTS_OF_ITS_OWN = ("log.tick", "log.rotated", "client.released", "anchor.rfc3161")


class Line(msgspec.Struct, frozen=True):
    """One fact with its leaf, and its event as a mapping."""

    index: int
    told: Told
    event: Event

    @property
    def written(self) -> bytes:
        """The line, as canonical JSON."""
        index, salt = str(self.index).encode(), in_url(self.told.salt).encode()
        return b'{"event":' + self.told.body + b',"index":' + index + b',"salt":"' + salt + b'"}\n'


def lines(log: Log, tender: str, reader: Reader, held: bool = False) -> list[Line]:
    """What a reader may see of a tender, in the log's order: its events, and the keys that those were signed with.

    Where they are `held`, its envelopes are opened and still nobody's but those whom they are about.
    """
    if tender == THE_LOG:
        return list(_read(log, NO_TENDER, FACTS_OF_ITS_OWN))
    every = list(_read(log, tender))
    state = disclosure.course(each.event for each in every)
    state.opened = state.opened and not held
    seen = [each for each in every if disclosure.may_see(each.event, state, reader)]
    kids = {
        each.event["kid"] for each in seen if each.event["type"].startswith("bid.") and "kid" in each.event
    }
    keys = [each for each in _read(log, NO_TENDER, (KEY,)) if each.event["kid"] in kids] if kids else []
    return sorted(seen + keys, key=lambda each: each.index)


def _read(log: Log, tender: str, types: tuple[str, ...] = ()) -> Iterator[Line]:
    for index, told in log.facts(tender, types):
        yield Line(index, told, msgspec.json.decode(told.body))
