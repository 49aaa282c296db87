"""The hall: each viewer is told exactly what it may see, once, and not even a frame tells of anything else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from auction.kernel import Event
from auction.live import board, event
from auction.live.board import Viewer
from auction.live.room import Room
from auction.live.scenario import STREAM, Run
from auction.live.scenario_file import parse
from server import frames, hall
from server.deciders import DECIDERS
from server.hall import CHUNK, EVERY_S, FULL, Hall, Seat
from server.numbering import Numbering
from tests.auction.draws import VENDORS, scenario, scenarios

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
CALM = settings(
    deadline=None, max_examples=120, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
VIEWERS = [Viewer("buyer"), Viewer("public"), *(Viewer("vendor", name) for name in VENDORS)]


def happened(drawn: dict[str, Any]) -> list[Event]:
    """Everything that happens in a drawn scenario's room."""
    run = Run(parse(drawn, "5" * 64), b"salt")
    return [DECIDERS["room"].read(line.body) for line in run.journal.read(STREAM)]


class World:
    """A room that is written event by event, and a clock that is moved by hand."""

    def __init__(self) -> None:
        self.state, self.past = event.initial(), list[Event]()
        self.time, self.waiting = 100.0, list[tuple[float, Callable[[], None]]]()

    def room(self, stream: str) -> Room:
        return self.state

    def events(self, stream: str, seqs: Sequence[int]) -> list[Event]:
        return [self.past[seq - 1] for seq in seqs]

    def when_idle(self, look: Callable[[], None]) -> None:
        look()

    def later(self, at: float, call: Callable[[], None]) -> object:
        return self.waiting.append((at, call))

    def tick(self) -> float:
        return self.time

    def now(self) -> datetime:
        return NOW

    def pass_time(self, until: float) -> None:
        """Let the clock run, and everything happen on the way."""
        while due := [each for each in self.waiting if each[0] <= until]:
            first = min(due, key=lambda each: each[0])
            self.waiting.remove(first)
            self.time = max(self.time, first[0])
            first[1]()
        self.time = until


class Line:
    """A line that keeps its frames, and can be stuck."""

    def __init__(self) -> None:
        self.frames, self.at, self.stuck, self.code = list[dict[str, Any]](), list[float](), 0, 0
        self.clock: Callable[[], float] = lambda: 0.0

    @property
    def backlog(self) -> int:
        return self.stuck

    def write(self, frame: bytes) -> None:
        start = 2 if frame[1] < 126 else 4 if frame[1] == 126 else 10
        self.frames.append(msgspec.json.decode(frame[start:]))
        self.at.append(self.clock())

    def shut(self, code: int, reason: str = "") -> None:
        self.code = code


class Watched:
    """A hall in a world of its own."""

    def __init__(self) -> None:
        self.world = World()
        self.hall = Hall(STREAM, self.world)

    def seat(self, viewer: Viewer, told: int = 0) -> tuple[Seat, Line]:
        """Seat a viewer."""
        line = Line()
        line.clock = self.world.tick
        seat = Seat(viewer, line, None, told)
        self.hall.sit(seat)
        return seat, line

    def write(self, *events: Event) -> None:
        """Let something happen, all in one commit."""
        for each in events:
            self.world.state = event.evolve(self.world.state, each)
            self.world.past.append(each)
        for seq, each in enumerate(events, start=len(self.world.past) - len(events) + 1):
            self.hall.learn(seq, each)
        self.hall.ring()

    def go_on(self) -> None:
        """Let the clock run until the next frame may go out."""
        self.world.pass_time(self.world.time + EVERY_S)


def visible(room: Room, viewer: Viewer) -> object:
    """How the lots stand, as a viewer may see it, without time."""
    if room.rules is None:
        return None
    rows = board.shared(room, viewer)
    if viewer.kind == "vendor":
        return rows, board.own(room, viewer.vendor)
    return (rows, board.desk(room)) if viewer.kind == "buyer" else rows


def facts(room: Room, past: Sequence[Event], viewer: Viewer) -> list[Any]:
    """Every fact that a viewer may see, as it is sent."""
    told = [fact for each in past if (fact := board.fact(room, each, viewer)) is not None]
    return msgspec.json.decode(msgspec.json.encode(told)) if told else []


def heard(line: Line, part: str) -> dict[str, Any]:
    """The rows that a line was told of, as they last were."""
    return {row["id"]: row for frame in line.frames for row in frame.get(part, ())}


def plain(rows: list[dict[str, object]]) -> dict[str, Any]:
    return {row["id"]: row for row in msgspec.json.decode(msgspec.json.encode(rows))}


# --- numbers ---------------------------------------------------------------------------------------------------------------


@CALM
@given(scenarios())
def test_a_viewer_s_numbers_count_exactly_the_facts_that_it_may_see(drawn: dict[str, Any]) -> None:
    past, room, numbering = happened(drawn), event.initial(), Numbering()
    for seq, each in enumerate(past, start=1):
        room = event.evolve(room, each)
        numbering.add(room, seq, each)
    for viewer in VIEWERS:
        seen = [seq for seq, each in enumerate(past, start=1) if board.fact(room, each, viewer) is not None]
        assert numbering.count(viewer) == len(seen)
        for told in range(len(seen) + 1):
            assert numbering.after(viewer, told, CHUNK) == seen[told:]
            assert numbering.after(viewer, told, 2) == seen[told : told + 2]
        for seq in range(len(past) + 1):
            assert numbering.number(viewer, seq) == sum(each <= seq for each in seen)


# --- frames ----------------------------------------------------------------------------------------------------------------


@CALM
@given(scenarios())
def test_a_frame_is_sent_exactly_to_those_who_see_something_new_in_it(drawn: dict[str, Any]) -> None:
    house, past = Watched(), happened(drawn)
    known = {each.vendor.id for each in past if hasattr(each, "vendor") and hasattr(each.vendor, "id")}
    viewers = [viewer for viewer in VIEWERS if viewer.kind != "vendor" or viewer.vendor in known]
    prepared = 2 + len(known)
    house.write(*past[:prepared])
    lines = {viewer: house.seat(viewer)[1] for viewer in viewers}
    house.go_on()
    for row, each in enumerate(past[prepared:], start=prepared + 1):
        before = {
            viewer: (len(lines[viewer].frames), visible(house.world.state, viewer)) for viewer in viewers
        }
        counts = {viewer: house.hall.numbering.count(viewer) for viewer in viewers}
        house.write(each)
        house.go_on()
        room = house.world.state
        for viewer, line in lines.items():
            sent, stood = before[viewer]
            new = visible(room, viewer) != stood or house.hall.numbering.count(viewer) > counts[viewer]
            assert len(line.frames) - sent == new, (row, each, viewer, line.frames[sent:])
    for viewer, line in lines.items():
        told = [fact for frame in line.frames for fact in frame.get("facts", ())]
        assert heard(line, "board") == plain(board.shared(room := house.world.state, viewer))
        assert [without_names(fact) for fact in told] == [
            without_names(fact) for fact in facts(room, past, viewer)
        ]
        if viewer.kind == "vendor":
            assert heard(line, "you") == plain(board.own(room, viewer.vendor))


def without_names(fact: dict[str, Any]) -> dict[str, Any]:
    """Names may be told to the buyer's side only later."""
    return {name: value for name, value in fact.items() if name != "vendor"}


@CALM
@given(scenarios())
def test_whoever_comes_back_is_told_exactly_what_it_missed(drawn: dict[str, Any]) -> None:
    house, past = Watched(), happened(drawn)
    house.write(*past)
    for viewer in VIEWERS:
        if viewer.kind == "vendor" and viewer.vendor not in house.world.state.vendors:
            continue
        all_of_it = facts(house.world.state, past, viewer)
        for last in {0, len(all_of_it) // 2, len(all_of_it)}:
            _, line = house.seat(viewer, last)
            house.go_on()
            told = [frame for frame in line.frames if "facts" in frame]
            assert [fact for frame in told for fact in frame["facts"]] == all_of_it[last:]
            assert [frame["first"] for frame in told] == ([last + 1] if last < len(all_of_it) else [])
            assert heard(line, "board") == plain(board.shared(house.world.state, viewer))


def drawn_with(fits: Callable[[list[Event]], bool], **seen: object) -> list[Event]:
    """What happens in the first drawn scenario that fits, under a visibility."""
    for number in range(400):
        drawn = scenario(number)
        drawn["rules"]["visibility"] |= seen
        past = happened(drawn)
        if fits(past):
            return past
    raise AssertionError("no scenario fits")


def bids(past: list[Event]) -> Iterator[Event]:
    return (each for each in past if type(each).__name__ == "BidPlaced")


def test_where_the_public_sees_nothing_bids_send_it_no_frame() -> None:
    past = drawn_with(lambda past: len(list(bids(past))) > 8, public="nothing")
    house = Watched()
    _, line = house.seat(Viewer("public"))
    for each in past:
        before = len(line.frames)
        house.write(each)
        house.go_on()
        if type(each).__name__ in ("BidPlaced", "CloseMoved", "CommandRefused"):
            assert len(line.frames) == before
    assert {name for row in heard(line, "board").values() for name in row} == {"id", "status"}


def test_however_much_happens_a_viewer_gets_at_most_twenty_frames_a_second() -> None:
    past = drawn_with(lambda past: len(list(bids(past))) > 8, public="prices", history=True)
    house = Watched()
    _, line = house.seat(Viewer("public"))
    for each in past:
        house.write(each)
        house.world.pass_time(house.world.time + EVERY_S / 7)
    house.world.pass_time(house.world.time + 1)
    assert all(after - before >= 1 / 20 - 1e-9 for before, after in zip(line.at, line.at[1:], strict=False))
    told = [fact for frame in line.frames for fact in frame.get("facts", ())]
    assert told == facts(house.world.state, past, Viewer("public"))
    assert len(line.frames) < len(told)


def test_what_viewers_share_is_worked_out_and_framed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    past = drawn_with(lambda past: len(list(bids(past))) > 8, public="prices", count=True)
    last = next(row for row in reversed(range(len(past))) if type(past[row]).__name__ == "BidPlaced")
    house = Watched()
    house.write(*past[:last])
    seats = [house.seat(Viewer("public"))[1] for _ in range(40)]
    seats += [house.seat(Viewer("vendor", name))[1] for name in house.world.state.vendors for _ in range(20)]
    house.go_on()
    counts = {"shared": 0, "framed": 0}

    def counted(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def counting(*given: Any) -> Any:
            counts[name] += 1
            return call(*given)

        return counting

    monkeypatch.setattr(hall.board, "shared", counted("shared", board.shared))
    monkeypatch.setattr(hall.frames, "framed", counted("framed", frames.framed))
    before = [len(line.frames) for line in seats]
    house.write(past[last])
    house.go_on()
    assert [len(line.frames) - had for line, had in zip(seats, before, strict=True)] == [1] * len(seats)
    assert counts == {"shared": 2, "framed": 1 + len(house.world.state.vendors)}


def test_a_slow_viewer_is_left_alone_and_then_told_everything_at_once() -> None:
    past = drawn_with(lambda past: len(list(bids(past))) > 8, public="prices")
    house = Watched()
    house.write(*past[:5])
    slow_seat, slow = house.seat(Viewer("public"))
    _, quick = house.seat(Viewer("public"))
    house.go_on()
    slow.stuck, had = FULL + 1, len(slow.frames)
    for each in past[5:]:
        house.write(each)
        house.go_on()
    assert len(slow.frames) == had and slow_seat.full_since is not None
    all_of_it = facts(house.world.state, past, Viewer("public"))
    assert [fact for frame in quick.frames for fact in frame.get("facts", ())] == all_of_it
    slow.stuck = 0
    house.hall.ring()
    house.go_on()
    assert slow_seat.full_since is None and len(slow.frames) == had + 1
    assert [fact for frame in slow.frames for fact in frame.get("facts", ())] == all_of_it
    assert heard(slow, "board") == heard(quick, "board")


def test_a_long_story_is_told_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hall, "CHUNK", 3)
    monkeypatch.setattr(hall, "RECENT", 4)
    past = drawn_with(lambda past: len(list(bids(past))) > 8, public="prices")
    house = Watched()
    house.write(*past)
    _, line = house.seat(Viewer("public"))
    for _ in past:
        house.go_on()
    all_of_it = facts(house.world.state, past, Viewer("public"))
    assert [fact for frame in line.frames for fact in frame.get("facts", ())] == all_of_it
    assert max(len(frame.get("facts", ())) for frame in line.frames) == 3


def test_the_leads_see_who_is_connected_and_nobody_else_does() -> None:
    past = drawn_with(lambda past: len(list(bids(past))) > 2)
    house = Watched()
    house.write(*past)
    _, buyer = house.seat(Viewer("buyer"))
    _, public = house.seat(Viewer("public"))
    house.go_on()
    seat, _ = house.seat(Viewer("vendor", "A"))
    house.seat(Viewer("vendor", "A"))
    house.go_on()
    assert buyer.frames[-1]["connected"] == [{"vendor": "A", "connections": 2}]
    house.hall.rise(seat)
    house.go_on()
    assert buyer.frames[-1]["connected"] == [{"vendor": "A", "connections": 1}]
    assert not any("connected" in frame for frame in public.frames)
    assert len(public.frames) == 1
