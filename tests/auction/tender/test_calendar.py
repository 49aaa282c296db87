"""Days of notice are counted as the law says, and the count is shown."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.tender.calendar import (
    after_addendum,
    counted,
    earliest,
    kept_until,
    last_day_for_addendum,
    shortfall,
    works,
)
from auction.terms.jurisdiction import Period

THANKSGIVING = date(2026, 11, 26)
HOLIDAYS = frozenset({THANKSGIVING, date(2026, 12, 25)})
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
holidays = st.frozensets(days, max_size=40)
periods = st.builds(
    Period,
    days=st.integers(0, 40),
    working=st.booleans(),
    publications=st.integers(1, 3),
    apart=st.integers(1, 10),
)


def test_ten_days_of_notice_count_from_the_day_after() -> None:
    found = earliest(Period(10), frozenset(), date(2026, 3, 2))
    assert found.day == date(2026, 3, 13)
    assert "10 days pass from Tue, Mar 3, 2026 to Thu, Mar 12, 2026" in " ".join(found.steps)


def test_weekends_and_a_holiday_do_not_count_and_are_named() -> None:
    found = earliest(Period(3, working=True), HOLIDAYS, date(2026, 11, 24))
    assert found.day == date(2026, 12, 1)  # Wednesday, Friday, Monday.
    assert "Thu, Nov 26, 2026" in " ".join(found.steps)


def test_notice_twice_counts_from_the_second() -> None:
    found = earliest(Period(5, publications=2), frozenset(), date(2026, 3, 2))
    assert found.day == date(2026, 3, 15)
    assert "2 times, 7 days apart" in found.steps[0]


def test_no_days_means_the_same_day() -> None:
    assert earliest(Period(0), frozenset(), THANKSGIVING).day == THANKSGIVING


@given(periods, holidays, days)
def test_the_days_between_are_exactly_as_many_as_asked_and_one_less_is_too_few(
    period: Period, off: frozenset[date], published: date
) -> None:
    found = earliest(period, off, published)
    last = published + timedelta(days=(period.publications - 1) * period.apart)
    between = [last + timedelta(days=n) for n in range(1, (found.day - last).days)]
    assert sum(not period.working or works(day, off) for day in between) == period.days
    assert list(counted(period, off, last)) == [
        day for day in between if not period.working or works(day, off)
    ]


@given(periods, holidays, days, st.integers(0, 60))
def test_a_later_notice_never_leads_to_an_earlier_deadline(
    period: Period, off: frozenset[date], published: date, later: int
) -> None:
    moved = published + timedelta(days=later)
    assert earliest(period, off, moved).day >= earliest(period, off, published).day


@given(periods, holidays, days)
def test_a_holiday_more_never_makes_a_deadline_earlier(
    period: Period, off: frozenset[date], published: date
) -> None:
    more = off | {published + timedelta(days=2)}
    assert earliest(period, more, published).day >= earliest(period, off, published).day


@given(periods, holidays, days, st.integers(-10, 80))
def test_a_deadline_moved_by_the_shortfall_is_in_time_and_by_a_day_less_is_not(
    period: Period, off: frozenset[date], issued: date, ahead: int
) -> None:
    deadline = issued + timedelta(days=ahead)
    missing = shortfall(period, off, issued, deadline)
    assert shortfall(period, off, issued, deadline + timedelta(days=missing)) == 0
    if missing:
        assert shortfall(period, off, issued, deadline + timedelta(days=missing - 1)) == 1


@given(periods, holidays, days)
def test_the_last_day_for_an_addendum_is_the_last(
    period: Period, off: frozenset[date], deadline: date
) -> None:
    last = last_day_for_addendum(period, off, deadline)
    assert after_addendum(period, off, last) <= deadline
    assert after_addendum(period, off, last + timedelta(days=1)) > deadline


@pytest.mark.parametrize(
    ("day", "gone"), [(date(2026, 12, 3), date(2031, 12, 3)), (date(2028, 2, 29), date(2033, 3, 1))]
)
def test_a_file_is_kept_so_many_years_from_a_day(day: date, gone: date) -> None:
    assert kept_until(day, 5) == gone
