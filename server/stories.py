"""What happened in each room lately, as pages tell it; read on from the journal, never the whole of it twice."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from heapq import merge
from typing import Any, TypeVar

import msgspec

from auction.journal import Journal
from auction.kernel import Event
from auction.live import board
from auction.live.board import Viewer
from auction.live.room import (
    CloseMoved,
    LotCancelled,
    LotClosed,
    LotOpened,
    LotPaused,
    LotResumed,
    Room,
    RoomEvent,
)

Fact = dict[str, Any]
Kind = TypeVar("Kind", bound=Event)
COMMON = (LotOpened, LotClosed, LotCancelled, LotPaused, LotResumed, CloseMoved)
KEPT = 500
"""How many of the latest events are kept for each vendor, for all vendors together, and in common."""


class Numbered(msgspec.Struct, frozen=True, order=True):
    """An event at its place in the stream."""

    seq: int
    event: Event


class Story:
    """One room's latest events: in common, and of each vendor."""

    def __init__(self) -> None:
        self.seq = 0
        self._common: deque[Numbered] = deque(maxlen=KEPT)
        self._vendors: dict[str, deque[Numbered]] = {}
        self._all: deque[Numbered] = deque(maxlen=KEPT)

    def add(self, seq: int, event: Event) -> None:
        """Read on by one event."""
        self.seq, line = seq, Numbered(seq, event)
        owner = board.owner(event)
        if isinstance(event, COMMON):
            self._common.append(line)
            self._all.append(line)
        elif owner is not None:
            self._vendors.setdefault(owner, deque(maxlen=KEPT)).append(line)
            self._all.append(line)

    def facts(self, room: Room, viewer: Viewer, lot: str | None, most: int) -> list[Fact]:
        """The latest facts that a viewer may see, newest first; of one lot and of the whole event, where one is named."""
        lines: Iterable[Numbered] = self._all
        if viewer.kind == "vendor":
            own = self._vendors.get(viewer.vendor, ())
            lines = merge(self._common, own, key=lambda line: line.seq)
        told: list[Fact] = []
        for line in reversed(list(lines)):
            fact = board.fact(room, line.event, viewer)
            if fact is not None and (lot is None or fact.get("lot") in (None, lot)):
                told.append(fact)
            if len(told) == most:
                break
        return told

    def last(self, lot: str, kind: type[Kind]) -> Kind | None:
        """The latest common event of a kind on a lot."""
        for line in reversed(self._common):
            if isinstance(line.event, kind) and getattr(line.event, "lot", None) == lot:
                return line.event
        return None

    def reason(self, lot: str, status: str) -> str | None:
        """Why a lot is paused, or was cancelled."""
        told: LotPaused | LotCancelled | None = None
        if status == "paused":
            told = self.last(lot, LotPaused)
        elif status == "cancelled":
            told = self.last(lot, LotCancelled)
        return told.reason if told is not None else None


class Stories:
    """The story of every room that somebody looked at."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._stories: dict[str, Story] = {}
        self._decoder = msgspec.json.Decoder(RoomEvent)

    def read(self, event_id: str) -> Story:
        """Read on to the present."""
        story = self._stories.setdefault(event_id, Story())
        for entry in self._journal.read(f"room/{event_id}", story.seq):
            story.add(entry.seq, self._decoder.decode(entry.body))
        return story
