"""Ticks: the tree grows in steps that hide how much happened, and promises name a tick that keeps them."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.kernel import handle, replay
from auction.record import logged, ticks
from auction.record.ticks import LogTick, Strike, growth, places
from tests.auction.record.signing import CASES

AT = datetime(2026, 12, 1, 15, 20, 1, 5_000, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
random = Random(1).randbytes


@pytest.mark.parametrize("pending, step", CASES[0]["tables"]["step"])
def test_the_published_steps(pending, step):
    assert growth(pending) == step


@pytest.mark.parametrize("micros, text", CASES[0]["tables"]["written"])
def test_the_published_times(micros, text):
    assert logged.written(ticks.EPOCH + timedelta(microseconds=micros)) == text


@given(st.integers(1, 300), st.integers(0, 2**32))
def test_entries_keep_their_order_and_the_tick_is_the_last_leaf(entries, seed):
    size = growth(entries)
    found = places(entries, size, Random(seed).randbytes)
    assert len(found) == entries and found[-1] == size - 1
    assert all(a < b for a, b in pairwise(found))


def test_places_are_drawn_over_the_whole_step():
    seen = {place for _ in range(200) for place in places(2, 32, random)}
    assert seen == set(range(32))


def test_what_is_no_entry_is_padding_from_its_own_random_bytes():
    drawn, commitments = random(29 * 32), [bytes([n]) * 32 for n in range(3)]
    data = ticks.leaves(commitments, [4, 7, 31], drawn, 32)
    row = [data[at : at + 32] for at in range(0, 32 * 32, 32)]
    assert [row[4], row[7], row[31]] == commitments
    assert row[0] == ticks.pad(drawn[:32]) and row[30] == ticks.pad(drawn[-32:])
    assert len(set(row)) == 32


def test_a_tick_is_a_whole_multiple_and_a_promise_looks_two_ahead():
    assert ticks.latest(AT, MINUTE) == datetime(2026, 12, 1, 15, 20, tzinfo=UTC)
    assert ticks.promised(AT, MINUTE) == datetime(2026, 12, 1, 15, 22, tzinfo=UTC)
    on_the_stroke = datetime(2026, 12, 1, 15, 20, tzinfo=UTC)
    assert ticks.latest(on_the_stroke, MINUTE) == on_the_stroke


def test_the_log_grows_once_for_each_tick():
    state = ticks.initial()
    asked = (AT, AT, AT - MINUTE, AT + MINUTE)
    events = [event for at in asked for event in handle(ticks, state, Strike(by="time", at=at), AT).events]
    late = timedelta(microseconds=1)
    (rounded,) = handle(ticks, ticks.initial(), Strike(by="time", at=AT + late), AT).events
    assert rounded.at == AT + timedelta(milliseconds=1)
    assert events == [LogTick(at=AT), LogTick(at=AT + MINUTE)]
    assert replay(ticks, events).last == AT + MINUTE


def test_a_tick_is_written_as_the_log_writes_it():
    at = datetime(2026, 12, 1, 15, 30, tzinfo=UTC)
    event, _ = CASES[0]["log"]["leaves"][31]
    assert LogTick(at=at).canonical() == (
        b'{"at":"2026-12-01T15:30:00.000Z","by":"_server","tender":null,"type":"log.tick",'
        b'"v":"sealbid/v1","vis":"public"}'
    )
    assert event["at"] == "2026-12-01T15:30:00.000Z"
