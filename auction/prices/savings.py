"""Savings: what quantities cost at awarded prices against the prices last paid, per district, lot and year.

Everything is added up exactly, in 10^-12 of the currency unit, and rounded to a cent only where it is shown: the districts'
sums are the whole, and so are the lots' and the years'. A line without a price last paid counts as spent, never as saved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TypeVar

import msgspec

from auction.money import exact, parse_decimal

PLACES = 6
EXACT = 12
CENT = 10 ** (EXACT - 2)
FIRST_MONTH = 7
"""The month with which a district's fiscal year begins where it says nothing else: July."""
SIZES: tuple[tuple[str, int | None], ...] = (("small", 1_500), ("medium", 5_000), ("large", None))
"""Classes of districts by enrolment, each with the number of students that it stays below; None is no bound."""
UNKNOWN = "unknown"
K = TypeVar("K")


class Quantity(msgspec.Struct, frozen=True):
    """So much of an awarded line for a district, stated or bought; `lot` is `<event>.<lot>`, `day` the ISO date it counts on."""

    district: str
    lot: str
    day: str
    quantity: str
    unit_price: str
    baseline: str | None = None


class Sum(msgspec.Struct, frozen=True):
    """Quantities added up, in 10^-12: `before` and `now` of the lines with a price last paid, `other` of those without."""

    before: int = 0
    now: int = 0
    other: int = 0
    lines: int = 0

    def __add__(self, more: Sum) -> Sum:
        """Add two sums."""
        return Sum(
            self.before + more.before,
            self.now + more.now,
            self.other + more.other,
            self.lines + more.lines,
        )

    @property
    def spent(self) -> int:
        """All of it at awarded prices."""
        return self.now + self.other

    @property
    def saved(self) -> int:
        """What is saved; below zero where it became dearer."""
        return self.before - self.now

    @property
    def percent(self) -> str | None:
        """The saving in per cent of what was paid before, with one decimal; None where nothing was."""
        return share(self.saved, self.before)


def of(one: Quantity) -> Sum:
    """Extend one quantity at both of its prices."""
    much, price = parse_decimal(one.quantity, PLACES) or 0, parse_decimal(one.unit_price, PLACES) or 0
    before = parse_decimal(one.baseline, PLACES) if one.baseline is not None else None
    if before is None or before <= 0:
        return Sum(other=much * price, lines=1)
    return Sum(before=much * before, now=much * price, lines=1)


def total(sums: Iterable[Sum]) -> Sum:
    """Add up sums."""
    return sum(sums, Sum())


def grouped(rows: Iterable[Quantity], key: Callable[[Quantity], K]) -> dict[K, Sum]:
    """Add up by a key, in the order in which the keys came."""
    found: dict[K, Sum] = {}
    for row in rows:
        name = key(row)
        found[name] = found.get(name, Sum()) + of(row)
    return found


def shown(amount: int) -> str:
    """Write an amount in 10^-12 rounded to a cent, half away from zero."""
    cents = (2 * abs(amount) + CENT) // (2 * CENT)
    return exact(-cents if amount < 0 else cents, 2)


def share(part: int, whole: int) -> str | None:
    """A part in per cent of a whole, with one decimal, rounded half away from zero; None of nothing."""
    if whole <= 0:
        return None
    tenths = (2 * 1_000 * abs(part) + whole) // (2 * whole)
    return ("-" if part < 0 and tenths else "") + f"{tenths // 10}.{tenths % 10}"


def fiscal_year(day: date, month: int = FIRST_MONTH) -> str:
    """Name the fiscal year of a day that begins with a month: 2026-27 begins in July 2026; one that begins in January is 2026."""
    first = day.year if day.month >= month else day.year - 1
    return f"{first}" if month == 1 else f"{first}-{(first + 1) % 100:02d}"


def size(enrolment: int | None) -> str:
    """The class of a district with so many students."""
    if enrolment is None:
        return UNKNOWN
    return next(name for name, below in SIZES if below is None or enrolment < below)


class SizeShare(msgspec.Struct, frozen=True):
    """What the districts of one class have of the whole."""

    name: str
    districts: int
    students: int
    sum: Sum
    of_saved: str | None
    of_students: str | None
    a_student: str | None


def by_size(districts: Mapping[str, Sum], enrolment: Mapping[str, int | None]) -> tuple[SizeShare, ...]:
    """Split the whole by classes of districts: their part of what is saved beside their part of the students."""
    names = [name for name, _ in SIZES] + [UNKNOWN]
    members = {name: [each for each in districts if size(enrolment.get(each)) == name] for name in names}
    saved = total(districts.values()).saved
    taught = sum(enrolment.get(each) or 0 for each in districts)
    return tuple(
        _share(name, members[name], districts, enrolment, saved, taught) for name in names if members[name]
    )


def _share(
    name: str,
    members: list[str],
    districts: Mapping[str, Sum],
    enrolment: Mapping[str, int | None],
    saved: int,
    taught: int,
) -> SizeShare:
    whole, students = (
        total(districts[each] for each in members),
        sum(enrolment.get(each) or 0 for each in members),
    )
    each = shown(_divided(whole.saved, students)) if students else None
    return SizeShare(
        name, len(members), students, whole, share(whole.saved, saved), share(students, taught), each
    )


def _divided(amount: int, by: int) -> int:
    """Divide, rounding half away from zero."""
    size = (2 * abs(amount) + by) // (2 * by)
    return -size if amount < 0 else size
