"""The time to protest is counted by the law's days, without holidays, and the count is shown."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.tender.calendar import protest_until, works
from auction.terms.protest_window import Window

HOLIDAYS = frozenset({date(2026, 11, 26), date(2026, 12, 25), date(2027, 1, 1)})
TUESDAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("window", "noticed", "last"),
    [
        (Window(5, working=True), TUESDAY, date(2026, 12, 2)),
        (Window(3), TUESDAY, date(2026, 11, 27)),
        (Window(2), TUESDAY, date(2026, 11, 27)),
        (Window(4), TUESDAY, date(2026, 11, 30)),
        (Window(1, working=True), date(2026, 12, 24), date(2026, 12, 28)),
        (Window(7), date(2026, 12, 25), date(2027, 1, 4)),
    ],
)
def test_the_day_of_the_notice_and_holidays_do_not_count(window: Window, noticed: date, last: date) -> None:
    assert protest_until(window, HOLIDAYS, noticed, noticed).day == last


def test_the_count_is_told_in_sentences_with_the_holidays_left_out() -> None:
    counted = protest_until(Window(5, working=True), HOLIDAYS, TUESDAY, TUESDAY)
    assert counted.steps == (
        "Notice is given on Tue, Nov 24, 2026.",
        "5 working days count from Wed, Nov 25, 2026 to Wed, Dec 2, 2026; weekends, Thu, Nov 26, 2026 do not count.",
    )
    rolled = protest_until(Window(4), HOLIDAYS, TUESDAY, TUESDAY)
    assert rolled.steps[-1] == "Sat, Nov 28, 2026 is no working day, so the last day is Mon, Nov 30, 2026."


def test_a_window_from_the_boards_decision_counts_from_there() -> None:
    window = Window(5, working=True, anchor="board")
    counted = protest_until(window, HOLIDAYS, TUESDAY, date(2026, 11, 20))
    assert counted.day == date(2026, 11, 30)
    assert counted.steps[0] == "The board decided on Fri, Nov 20, 2026."


def test_a_window_that_ended_before_anybody_was_told_counts_from_the_notice() -> None:
    counted = protest_until(Window(3, anchor="board"), HOLIDAYS, TUESDAY, date(2026, 11, 2))
    assert counted.day == date(2026, 11, 27)
    assert "it counts from the notice" in counted.steps[1]


@given(st.integers(1, 40), st.booleans(), st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(0, 60))
def test_a_window_always_ends_after_the_notice_on_a_working_day(
    days: int, working: bool, noticed: date, before: int
) -> None:
    window = Window(days, working, "board")
    last = protest_until(window, HOLIDAYS, noticed, noticed - timedelta(days=before)).day
    assert last > noticed and works(last, HOLIDAYS)
