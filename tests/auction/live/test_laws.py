"""The laws that every format obeys. Formats are found by folder: one without draws fails here."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auction.journal import canonical
from auction.kernel import Decision, Event, handle, replay
from auction.live import event, formats, scenario_file
from auction.live.reread import read_event
from auction.live.room import HOST, Fault, LotClosed, PlaceBid, Room, Standing, Taken, Tick
from auction.live.scenario import Run
from auction.live.scenario_file import Look, Scenario
from auction.money import MICROS, exact
from auction.refusals import Refusal
from tests.auction.draws import scenarios

Plain = dict[str, Any]
DRAWS: dict[str, Callable[[], st.SearchStrategy[Plain]]] = {"english": scenarios}
"""Drawn scenarios of each format."""
FORMATS = sorted(found.name for found in pkgutil.iter_modules(formats.__path__))
MOMENT = timedelta(microseconds=1)

each_format = pytest.mark.parametrize("name", FORMATS)
numbers = st.integers(0, 2**30)


def test_every_format_found_has_draws() -> None:
    assert set(FORMATS) == set(DRAWS)


def read(scenario: Plain) -> Scenario:
    return scenario_file.parse(scenario, "00" * 32)


def told(scenario: Scenario) -> Iterator[tuple[Room, PlaceBid | object, datetime]]:
    """Each command that a room is told, with the room as it stood before and the time."""
    room = handle(event, event.initial(), scenario.prepare, scenario.prepared_at).state
    for step in scenario.steps:
        if isinstance(step.command, Look):
            continue
        yield room, step.command, step.at
        room = handle(event, room, step.command, step.at).state
    while (wake := event.wakes_at(room)) is not None:
        yield room, Tick(by=HOST), max(wake, room.time or wake)
        room = handle(event, room, Tick(by=HOST), max(wake, room.time or wake)).state


def history(scenario: Scenario, ticks: Callable[[Room, datetime], list[datetime]]) -> list[Event]:
    """All events, where before each command the clock also ticked at these times."""
    room, events = event.initial(), list[Event]()

    def tell(command: Any, at: datetime) -> None:
        nonlocal room
        decision: Decision[Room] = handle(event, room, command, at)
        room = decision.state
        events.extend(decision.events)

    tell(scenario.prepare, scenario.prepared_at)
    for step in scenario.steps:
        if isinstance(step.command, Look | Fault):
            continue
        for tick in ticks(room, step.at):
            tell(Tick(by=HOST), tick)
        tell(step.command, step.at)
    tell(Tick(by=HOST), scenario.steps[-1].at + timedelta(days=9) if scenario.steps else scenario.prepared_at)
    return events


@each_format
@settings(max_examples=250)
@given(data=st.data())
def test_a_room_is_exactly_its_history(name: str, data: st.DataObject) -> None:
    room, events = event.initial(), list[Event]()
    scenario = read(data.draw(DRAWS[name]()))
    decision = handle(event, room, scenario.prepare, scenario.prepared_at)
    for step in scenario.steps:
        events += decision.events
        assert decision.state.time is None or all(each.at <= step.at for each in events)
        command = Tick(by=HOST) if isinstance(step.command, Look) else step.command
        decision = handle(event, decision.state, command, step.at)
    events += decision.events
    assert replay(event, events) == decision.state
    assert [each.at for each in events] == sorted(each.at for each in events)


@each_format
@settings(max_examples=250)
@given(data=st.data())
def test_closed_stays_closed(name: str, data: st.DataObject) -> None:
    over: dict[str, Any] = {}
    for room, _, _ in told(read(data.draw(DRAWS[name]()))):
        for key, before in over.items():
            assert _end(room, key) == before
        over = {key: _end(room, key) for key, lot in room.lots.items() if lot.over}


def _end(room: Room, key: str) -> object:
    lot = room.lots[key]
    return (lot.status, lot.closes, lot.winner, lot.extensions, tuple(lot.order))


@each_format
@settings(max_examples=250)
@given(data=st.data())
def test_ticking_twice_is_ticking_once(name: str, data: st.DataObject) -> None:
    for room, _, at in told(read(data.draw(DRAWS[name]()))):
        if room.time is None or at >= room.time:
            once = handle(event, deepcopy(room), Tick(by=HOST), at)
            assert handle(event, once.state, Tick(by=HOST), at).events == ()


@each_format
@settings(max_examples=200)
@given(data=st.data())
def test_it_changes_nothing_how_often_the_clock_ticks_in_between(name: str, data: st.DataObject) -> None:
    scenario = read(data.draw(DRAWS[name]()))

    def often(room: Room, until: datetime) -> list[datetime]:
        wakes, copy = list[datetime](), deepcopy(room)
        while (wake := event.wakes_at(copy)) is not None and wake <= until:
            wakes += [wake - MOMENT, wake]
            copy = handle(event, copy, Tick(by=HOST), wake).state
        return wakes

    assert history(scenario, often) == history(scenario, lambda room, until: [])


@each_format
@settings(max_examples=250)
@given(data=st.data())
def test_nothing_happens_before_it_asked_to_be_woken(name: str, data: st.DataObject) -> None:
    for room, _, _ in told(read(data.draw(DRAWS[name]()))):
        wake = event.wakes_at(room)
        late = (room.time or datetime.max) + timedelta(days=99)
        early = late if wake is None else wake - MOMENT
        assert handle(event, deepcopy(room), Tick(by=HOST), early).events == () or early < (
            room.time or early
        )
        if wake is not None:
            assert handle(event, deepcopy(room), Tick(by=HOST), wake).events


@each_format
@settings(max_examples=250)
@given(data=st.data())
def test_taking_a_losers_standing_out_of_the_final_ranking_never_changes_the_winner(
    name: str, data: st.DataObject
) -> None:
    run = Run(read(data.draw(DRAWS[name]())), bytes(32))
    for key, lot in run.room.lots.items():
        if lot.status != "closed":
            continue
        suspended = _suspended_at_the_close(run, key)
        for loser in [each for each in lot.order if each.vendor != lot.winner]:
            rest = [each for each in lot.standing.values() if each is not loser]
            assert _winner(rest, suspended) == lot.winner
        assert _winner(list(lot.standing.values()), suspended) == lot.winner


def _winner(standings: list[Standing], suspended: set[str]) -> str | None:
    able = sorted(
        (each.ranked, each.place, each.vendor) for each in standings if each.vendor not in suspended
    )
    return able[0][2] if able else None


def _suspended_at_the_close(run: Run, lot: str) -> set[str]:
    room = event.initial()
    for entry in run.journal.read("room/1"):
        fact = read_event(entry.body)
        if isinstance(fact, LotClosed) and fact.lot == lot:
            return set(room.suspended)
        room = event.evolve(room, fact)
    return set()


@each_format
@settings(max_examples=200)
@given(data=st.data(), number=numbers)
def test_a_refusals_next_is_accepted_when_sent_and_nothing_nearer_is(
    name: str, data: st.DataObject, number: int
) -> None:
    for room, command, at in told(read(data.draw(DRAWS[name]()))):
        if not isinstance(command, PlaceBid) or command.amount is None or command.lot not in room.lots:
            continue
        fresh = PlaceBid(
            by=command.by, lot=command.lot, amount=command.amount, given=command.given, confirm=True
        )
        answer = _send(room, fresh, at)
        if not isinstance(answer, Refusal):
            continue
        _nearest(room, fresh, answer, at, number)


ABOUT_STATE = {
    "UNKNOWN_LOT",
    "UNKNOWN_VENDOR",
    "NOT_ALLOWED",
    "NOT_OPEN",
    "PAUSED",
    "CLOSED",
    "NOT_ADMITTED",
    "BAD_AMOUNT",
}


def _nearest(room: Room, refused: PlaceBid, answer: Refusal, at: datetime, number: int) -> None:
    assert room.rules is not None and refused.amount is not None
    tick, given = room.rules.tick, refused.amount
    if answer.code in ABOUT_STATE:
        assert answer.next is None
        return
    best = None if answer.next is None else _micros(answer.next)
    reach = 300 * tick if best is None else abs(given - best)
    if best is not None:
        assert isinstance(_send(room, _with(refused, best), at), Taken)
    low, high = (given - reach) // tick + 1, -(-(given + reach) // tick) - 1
    tries = {
        given // tick,
        -(-given // tick),
        low,
        high,
        *(low + number * k % max(1, high - low) for k in range(1, 6)),
    }
    for units in tries:
        nearer = best is None or abs(units * tick - given) < abs(best - given)
        barred = answer.code in ("TIE", "LEAD_BUFFER") and best is not None and best <= given < units * tick
        if units > 0 and nearer and not barred:
            assert isinstance(_send(room, _with(refused, units * tick), at), Refusal), (answer, units * tick)


def _micros(text: str) -> int:
    whole, _, part = text.partition(".")
    return int(whole) * MICROS + int(part.ljust(6, "0"))


def _with(bid: PlaceBid, amount: int) -> PlaceBid:
    return PlaceBid(by=bid.by, lot=bid.lot, amount=amount, given=exact(amount), confirm=True)


def _send(room: Room, bid: PlaceBid, at: datetime) -> object:
    return handle(event, deepcopy(room), bid, at).answer


@each_format
@settings(max_examples=300)
@given(data=st.data())
def test_the_same_scenario_gives_the_same_journal_byte_for_byte(name: str, data: st.DataObject) -> None:
    scenario = data.draw(DRAWS[name]())
    first, second = (Run(read(deepcopy(scenario)), bytes(32)).journal.read("room/1") for _ in range(2))
    assert first == second
    assert [canonical(read_event(entry.body)) for entry in first] == [entry.body for entry in first]
