"""Calendar: counting days of notice, so that a deadline is never earlier than the law allows, and the count is shown.

The day of the notice does not count; the count begins the day after. Working days leave out weekends and the state's
holidays. A deadline may lie on the day after the last counted one, at any hour.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from auction.terms.jurisdiction import Period, Profile
from auction.terms.protest_window import Window

DAY = timedelta(days=1)
SATURDAY = 5


class Counted(msgspec.Struct, frozen=True):
    """The first day that is allowed, and how it was counted, in sentences."""

    day: date
    steps: tuple[str, ...]


def works(day: date, holidays: frozenset[date]) -> bool:
    """Tell whether a day is a working day."""
    return day.weekday() < SATURDAY and day not in holidays


def counted(period: Period, holidays: frozenset[date], after: date) -> Iterator[date]:
    """The days that count after a day, one by one."""
    left, day = period.days, after
    while left:
        day += DAY
        if not period.working or works(day, holidays):
            left -= 1
            yield day


def earliest(period: Period, holidays: frozenset[date], published: date) -> Counted:
    """The first day on which bids may be received, where notice is first given on `published`."""
    last = published + (period.publications - 1) * timedelta(days=period.apart)
    steps = [f"Notice is given on {said(published)}."]
    if period.publications > 1:
        steps = [
            f"Notice is given {period.publications} times, {period.apart} days apart; the last is on {said(last)}."
        ]
    days = list(counted(period, holidays, last))
    if not days:
        return Counted(last, (*steps, "No further days need to pass."))
    steps.append(
        f"{_many(period)} pass from {said(days[0])} to {said(days[-1])}{_left_out(period, holidays, last, days[-1])}."
    )
    return Counted(days[-1] + DAY, tuple(steps))


def notice(profile: Profile, kind: str, published: date) -> Counted | None:
    """The first day for bids under a profile; None where it has no shortest notice on record."""
    period = profile.notice.get(kind)
    return None if period is None else earliest(period, profile.holidays, published)


def shortfall(period: Period, holidays: frozenset[date], issued: date, deadline: date) -> int:
    """By how many days an addendum of this day comes too late for a deadline; 0 when it is in time."""
    return max(0, (after_addendum(period, holidays, issued) - deadline).days)


def after_addendum(period: Period, holidays: frozenset[date], issued: date) -> date:
    """The first deadline that leaves the days asked for between an addendum and bids."""
    days = list(counted(period, holidays, issued))
    return days[-1] if days else issued


def last_day_for_addendum(period: Period, holidays: frozenset[date], deadline: date) -> date:
    """The last day on which an addendum needs no later deadline."""
    day = deadline
    while after_addendum(period, holidays, day) > deadline:
        day -= DAY
    return day


def protest_until(window: Window, holidays: frozenset[date], noticed: date, decided: date) -> Counted:
    """The last day on which a bidder may protest, where the board decided and the notice was given on these days."""
    first = decided if window.anchor == "board" else noticed
    last = _last_to_protest(window, holidays, first)
    steps = [f"The board decided on {said(first)}." if first != noticed else _notice_given(noticed)]
    if last <= noticed:
        steps.append(f"Counted from there it would have ended by {said(last)}, so it counts from the notice.")
        first, last = noticed, _last_to_protest(window, holidays, noticed)
        steps.append(_notice_given(noticed))
    period = Period(window.days, window.working)
    days = list(counted(period, holidays, first))
    steps.append(
        f"{_many(period)} count from {said(days[0])} to {said(days[-1])}{_left_out(period, holidays, first, days[-1])}."
    )
    if last != days[-1]:
        steps.append(f"{said(days[-1])} is no working day, so the last day is {said(last)}.")
    return Counted(last, tuple(steps))


def _notice_given(noticed: date) -> str:
    return f"Notice is given on {said(noticed)}."


def _last_to_protest(window: Window, holidays: frozenset[date], first: date) -> date:
    """The last counted day, or the next working day where offices are closed on it."""
    *_, last = counted(Period(window.days, window.working), holidays, first)
    while not works(last, holidays):
        last += DAY
    return last


def kept_until(day: date, years: int) -> date:
    """The first day on which a file may go that is kept so many years from a day; after Feb 29 that is Mar 1."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def said(day: date) -> str:
    """Write a day as people do: Tue, Mar 3, 2026."""
    return f"{day:%a, %b} {day.day}, {day.year}"


def _many(period: Period) -> str:
    kind = "working day" if period.working else "day"
    return f"{period.days} {kind}{'' if period.days == 1 else 's'}"


def _left_out(period: Period, holidays: frozenset[date], after: date, last: date) -> str:
    """Name the holidays among working days that were left out."""
    if not period.working:
        return ""
    out = [day for day in sorted(holidays) if after < day < last and day.weekday() < SATURDAY]
    return f"; weekends{''.join(f', {said(day)}' for day in out)} do not count"
