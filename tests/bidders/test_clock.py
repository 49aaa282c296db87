"""The server's clock is followed closely, whatever the network does to its frames."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bidders.clock import ServerClock

START = datetime(2031, 5, 6, tzinfo=UTC)
STEPS = st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 3000)), min_size=1, max_size=20)


class Watch:
    """A watch that is moved by hand, in milliseconds."""

    def __init__(self) -> None:
        self.at = 0

    def __call__(self) -> float:
        return self.at / 1000


def test_before_anything_was_heard_the_time_is_not_known() -> None:
    assert ServerClock(Watch()).now() is None


def test_time_goes_on_between_frames() -> None:
    watch = Watch()
    clock = ServerClock(watch)
    clock.hear(START)
    watch.at = 1500
    assert clock.now() == START + timedelta(seconds=1.5)


@given(STEPS)
def test_the_clock_is_off_by_the_fastest_frames_delay_and_never_goes_back(
    steps: list[tuple[int, int]],
) -> None:
    watch, before = Watch(), START
    clock = ServerClock(watch)
    for number, (gap, delay) in enumerate(steps, 1):
        watch.at += gap
        clock.hear(START + timedelta(milliseconds=watch.at - delay))
        now = clock.now()
        least = min(late for _, late in steps[:number])
        assert now == START + timedelta(milliseconds=watch.at - least)
        before = max(before, now) if number > 1 else now
        assert now >= before


def test_a_new_line_learns_the_time_anew() -> None:
    clock = ServerClock(Watch())
    clock.hear(START)
    clock.hear(START - timedelta(hours=1), anew=True)
    assert clock.now() == START - timedelta(hours=1)
