"""A hall: everybody who watches one room, and what each of them has been told.

After each commit the news is gathered: at most twenty frames a second to a viewer, each with every fact since its last and the
lots as they now stand. What viewers share is encoded once for their kind and framed once; only what changed for a viewer
is sent to it, so that not even a frame tells that something happened which it may not see. Joining, coming back and
having been slow are one case: a seat knows the number of its last fact.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Literal, Protocol

from auction.kernel import Event
from auction.live import board
from auction.live.board import Viewer
from auction.live.room import BidPlaced, CommandRefused, Room, ScheduleFiled
from server import frames
from server.numbering import Numbering

EVERY_S = 0.05
CHUNK = 500
RECENT = 20_000
FULL = 256 * 1024
"""A seat with so many bytes unsent gets no more until they are gone."""
TEMPO_MINUTES = 15


Away = Literal["unreadable", "too many", "strangers"]
"""Why a message was only counted and not written down: it could not be read, there were too many, or its sender may not bid."""


class Line(Protocol):
    """What a seat needs of its connection."""

    @property
    def backlog(self) -> int:
        """How many bytes wait to be sent."""

    def write(self, frame: bytes) -> None:
        """Send a made frame."""

    def shut(self, code: int, reason: str = "") -> None:
        """Close with a code."""


class Seat:
    """One viewer's connection: `told` is the number of its last fact, `seen` the version of the rows that it has."""

    __slots__ = ("full_since", "line", "seen", "session", "told", "viewer", "wrote_at")

    def __init__(self, viewer: Viewer, line: Line, session: bytes | None, told: int) -> None:
        self.viewer, self.line, self.session, self.told = viewer, line, session, told
        self.seen, self.wrote_at = 0, 0.0
        self.full_since: float | None = None

    def write(self, frame: bytes, at: float) -> None:
        """Send a frame and remember when."""
        self.line.write(frame)
        self.wrote_at = at


class Rows:
    """Rows that are encoded once, each with the version in which it last changed."""

    def __init__(self) -> None:
        self._rows: dict[str, bytes] = {}
        self._changed: dict[str, int] = {}
        self.fresh = True

    def put(self, version: int, rows: Iterable[dict[str, Any]]) -> None:
        """Take in rows as they now stand."""
        self.fresh = False
        for row in rows:
            encoded, name = frames.encode(row), str(row["id"])
            if self._rows.get(name) != encoded:
                self._rows[name], self._changed[name] = encoded, version

    def since(self, version: int) -> list[bytes]:
        """The rows that changed after a version."""
        return [self._rows[name] for name, changed in self._changed.items() if changed > version]


class World(Protocol):
    """What a hall is given: the room, its older events, when nothing is in flight, and two clocks."""

    def room(self, stream: str) -> Room:
        """The room's state."""

    def events(self, stream: str, seqs: Sequence[int]) -> list[Event]:
        """Events from the journal."""

    def when_idle(self, look: Callable[[], None]) -> None:
        """Call back when the state is durable."""

    def later(self, at: float, call: Callable[[], None]) -> object:
        """Call at a time of the loop's clock."""

    def tick(self) -> float:
        """The loop's clock."""

    def now(self) -> datetime:
        """The server's time."""


class Hall:
    """One room's seats."""

    def __init__(self, stream: str, world: World) -> None:
        self.stream, self._world = stream, world
        self.numbering = Numbering()
        self.seats: dict[Seat, None] = {}
        self.turned_away: Counter[Away] = Counter()
        self._recent: dict[int, Event] = {}
        self._order: deque[int] = deque()
        self._rows: dict[tuple[str, str], Rows] = {}
        self._dirty: set[str] | None = set()
        self._version, self._connected_in, self._flushed_at, self._rung = 0, 0, 0.0, False

    # --- hearing -----------------------------------------------------------------------------------------------------

    def learn(self, seq: int, event: Event) -> None:
        """Take in one more event, without telling anybody yet."""
        self.numbering.add(self._world.room(self.stream), seq, event)
        self._recent[seq] = event
        self._order.append(seq)
        if len(self._order) > RECENT:
            del self._recent[self._order.popleft()]
        if isinstance(event, BidPlaced):
            if self._dirty is not None:
                self._dirty.add(event.lot)
        elif not isinstance(event, CommandRefused | ScheduleFiled):
            self._dirty = None

    def ring(self) -> None:
        """Let the news out as soon as it is time for it."""
        if self._rung or not self.seats:
            return
        self._rung = True
        due = self._flushed_at + EVERY_S
        if self._world.tick() >= due:
            self._world.when_idle(self.flush)
        else:
            self._world.later(due, lambda: self._world.when_idle(self.flush))

    # --- seats -------------------------------------------------------------------------------------------------------

    def sit(self, seat: Seat) -> None:
        """Take a seat; whoever joins is told at the next ring all that it has missed."""
        self.seats[seat] = None
        for key in _keys(seat.viewer):
            self._rows.setdefault(key, Rows())
        self._seats_changed(seat)

    def rise(self, seat: Seat) -> None:
        """Leave a seat; rows that nobody watches are forgotten."""
        if self.seats.pop(seat, seat) is seat:
            return
        wanted = {key for each in self.seats for key in _keys(each.viewer)}
        self._rows = {key: rows for key, rows in self._rows.items() if key in wanted}
        self._seats_changed(seat)

    def _seats_changed(self, seat: Seat) -> None:
        if seat.viewer.kind == "vendor":
            self._connected_in = self._version + 1
        self.ring()

    def connected(self) -> dict[str, int]:
        """How many windows each vendor has open."""
        counts: dict[str, int] = {}
        for seat in self.seats:
            if seat.viewer.kind == "vendor":
                counts[seat.viewer.vendor] = counts.get(seat.viewer.vendor, 0) + 1
        return counts

    def number(self, viewer: Viewer, seq: int) -> int:
        """How many facts a viewer may see up to a place in the stream."""
        return self.numbering.number(viewer, seq)

    # --- telling -----------------------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Tell every seat what is new to it."""
        self._rung, self._flushed_at = False, self._world.tick()
        room, now = self._world.room(self.stream), self._world.now()
        if room.rules is None:
            return
        self._version += 1
        self._work_out(room)
        made: dict[object, bytes] = {}
        behind = False
        for seat in list(self.seats):
            behind |= self._tell(seat, room, now, made)
        if behind:
            self.ring()

    def _work_out(self, room: Room) -> None:
        names, self._dirty = self._dirty, set()
        if all(lot.over for lot in room.lots.values()):
            names = None
        for key, rows in self._rows.items():
            if rows.fresh and key[0] == "tempo":
                rows.put(self._version, _tempo(room, self._world.now()))
            elif rows.fresh or names is None or names:
                rows.put(self._version, _rows_of(room, key, None if rows.fresh else names))

    def tempo(self) -> None:
        """Tell the leads how many bids there were in each of the last minutes."""
        rows = self._rows.get(("tempo", ""))
        if rows is not None:
            rows.fresh = True
            self.ring()

    def _tell(self, seat: Seat, room: Room, now: datetime, made: dict[object, bytes]) -> bool:
        """Tell one seat; whether there is more to tell it at once."""
        tick = self._world.tick()
        if seat.line.backlog > FULL:
            seat.full_since = tick if seat.full_since is None else seat.full_since
            return False
        seat.full_since = None
        count = self.numbering.count(seat.viewer)
        key = (_kind(seat.viewer), seat.seen, seat.told)
        frame = made.get(key)
        if frame is None:
            parts = self._parts(seat, room, made, count)
            frame = made[key] = frames.framed(frames.news(now, parts)) if parts else b""
        seat.seen, seat.told = self._version, min(count, seat.told + CHUNK)
        if frame:
            seat.write(frame, tick)
        return seat.told < count

    def _parts(
        self, seat: Seat, room: Room, made: dict[object, bytes], count: int
    ) -> list[tuple[str, bytes]]:
        viewer = seat.viewer
        parts = [("board", self._shared(viewer, seat.seen, made))]
        if viewer.kind == "vendor":
            parts.append(("you", frames.rows(self._rows["you", viewer.vendor].since(seat.seen))))
        if viewer.kind == "buyer":
            desk = [row for key in _DESK for row in self._rows[key].since(seat.seen)]
            parts.append(("desk", frames.rows(desk)))
            if self._connected_in > seat.seen:
                parts.append(("connected", self._connected()))
        if count > seat.told:
            facts = [board.fact(room, event, viewer) for event in self._events(viewer, seat.told)]
            parts += [("first", b"%d" % (seat.told + 1)), ("facts", frames.encode(facts))]
        return [(name, part) for name, part in parts if part != b"[]" or name == "connected"]

    def _shared(self, viewer: Viewer, seen: int, made: dict[object, bytes]) -> bytes:
        key = ("board", viewer.kind, seen)
        if key not in made:
            made[key] = frames.rows(self._rows["board", viewer.kind].since(seen))
        return made[key]

    def _connected(self) -> bytes:
        seats = self.connected().items()
        return frames.encode([{"vendor": vendor, "connections": windows} for vendor, windows in seats])

    def _events(self, viewer: Viewer, told: int) -> list[Event]:
        """The next events that a viewer has not been told of."""
        seqs = self.numbering.after(viewer, told, CHUNK)
        if all(seq in self._recent for seq in seqs):
            return [self._recent[seq] for seq in seqs]
        return self._world.events(self.stream, seqs)


_DESK = [("desk", ""), ("tempo", "")]


def _kind(viewer: Viewer) -> tuple[str, str]:
    return viewer.kind, viewer.vendor


def _keys(viewer: Viewer) -> list[tuple[str, str]]:
    """The rows that a viewer is told of."""
    keys: list[tuple[str, str]] = [("board", viewer.kind)]
    if viewer.kind == "vendor":
        keys.append(("you", viewer.vendor))
    elif viewer.kind == "buyer":
        keys += _DESK
    return keys


def _rows_of(room: Room, key: tuple[str, str], names: Iterable[str] | None) -> list[dict[str, object]]:
    what, who = key
    if what == "you":
        return board.own(room, who, names)
    if what == "desk":
        return board.desk(room, names)
    return board.shared(room, Viewer(who), names) if what == "board" else []  # type: ignore[arg-type]


def _tempo(room: Room, now: datetime) -> list[dict[str, object]]:
    return [
        {"id": name, "bids_per_min": board.tempo(lot, now, TEMPO_MINUTES)} for name, lot in room.lots.items()
    ]
