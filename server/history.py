"""The history of a thing as people read it: each entry of its streams with its time, who caused it, and what happened."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from auction.journal import Entry
from auction.kernel import Event
from auction.live import board
from auction.live.board import Viewer
from auction.live.room import Room
from server.deciders import ruler_of

BUYER = Viewer("buyer")
MACHINES = {
    "time": "The clock",
    "host": "The host",
    "import": "An import",
    "asker": "Somebody who asked",
    "register": "The register",
    "": "The server",
}
SHOWN = {
    "lot": "lot",
    "amount": "amount",
    "given": "amount",
    "number": "number",
    "closes": "closes",
    "code": "code",
    "cause": "cause",
    "reason": "reason",
    "message": "answer",
    "status": "status",
    "role": "role",
    "name": "name",
    "title": "title",
}
"""The fields of events that a history shows, by the word before each; what is not named here stays out."""
NAMED = ("person", "district")
"""The fields of events that hold the id of somebody, shown by the name."""
_MARKUP = re.compile(r"`([^`]*)`")


class Line(msgspec.Struct, frozen=True):
    """One entry, told; `commitment` is what the public log will hold of it, in hex."""

    n: int
    stream: str
    seq: int
    at: datetime
    who: str
    words: str
    details: tuple[tuple[str, str | datetime], ...]
    commitment: str


def told(entries: Sequence[Entry], names: Mapping[str, str], room: Room | None) -> Iterator[Line]:
    """Tell entries; `names` are those of people and organisations by id, `room` says which vendors may be named now."""
    for entry in entries:
        event = ruler_of(entry.stream).read(entry.body)
        fact: Mapping[str, Any] = {}
        if room is not None and entry.stream.startswith("room/") and board.owner(event) is not None:
            fact = board.fact(room, event, BUYER) or {}
            who = names.get(str(fact.get("vendor")), str(fact.get("label", "A vendor")))
        else:
            who = MACHINES.get(event.by) or names.get(event.by, event.by)
        yield Line(
            entry.n,
            entry.stream,
            entry.seq,
            event.at,
            who,
            sentence(type(event)),
            tuple(_details(event, names)),
            entry.commitment.hex(),
        )


def sentence(kind: type[Event]) -> str:
    """What an event says happened: the first sentence of its description."""
    first = (kind.__doc__ or kind.__name__).strip().partition("\n")[0].partition("; ")[0].partition(". ")[0]
    return _MARKUP.sub(r"\1", first).rstrip(".") + "."


def _details(event: Event, names: Mapping[str, str]) -> Iterator[tuple[str, str | datetime]]:
    for word in NAMED:
        if isinstance(about := getattr(event, word, None), str):
            yield word, names.get(about, about)
    for field, word in SHOWN.items():
        value = getattr(event, field, None)
        if isinstance(value, datetime) or (isinstance(value, str | int) and value not in ("", True, False)):
            yield word, value if isinstance(value, datetime) else str(value)
