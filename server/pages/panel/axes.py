"""Axes of a plot: which stretch of numbers one shows, where its ticks stand, and how many units of the drawing lie between."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import msgspec

from auction.award.plan_card import rounded
from auction.terms.exact_numbers import ONE, ZERO

STEPS = (1, 2, 5)
FEWEST = 2
"""Fewer ticks tell no scale."""
ROOM = Fraction(1, 12)
"""So much of the stretch is left free beyond the outermost points."""


class Axis(msgspec.Struct, frozen=True):
    """A stretch of numbers from `low` to `high`, with ticks in even steps."""

    low: Fraction
    high: Fraction
    ticks: tuple[Fraction, ...]
    places: int

    def share(self, value: Fraction) -> Fraction:
        """How far along the axis a number lies, 0 to 1."""
        return (value - self.low) / (self.high - self.low)

    def holds(self, value: Fraction) -> bool:
        """Tell whether a number lies on the axis."""
        return self.low <= value <= self.high


def axis(values: Sequence[Fraction], most_ticks: int) -> Axis:
    """An axis that holds all values with some room around them, never below zero where none is; there is at least one value."""
    low, high = min(values), max(values)
    spread = (high - low) or abs(high) / 10 or ONE
    bottom = max(ZERO, low - spread * ROOM) if low >= ZERO else low - spread * ROOM
    top = high + spread * ROOM
    step = nice((top - bottom) / most_ticks)
    while len(ticks := _ticks(bottom, top, step)) < FEWEST:
        step = nice(step * Fraction(2, 5))
    return Axis(bottom, top, ticks[:: 2 if len(ticks) > most_ticks + 1 else 1], decimals(step))


def _ticks(bottom: Fraction, top: Fraction, step: Fraction) -> tuple[Fraction, ...]:
    """The multiples of a step from the bottom to the top."""
    return tuple(step * place for place in range(int(-(-bottom // step)), int(top // step) + 1))


def nice(least: Fraction) -> Fraction:
    """The smallest of 1, 2 and 5 times a power of ten that is not below a number above zero."""
    power = ONE
    while power > least:
        power /= 10
    while power * 10 <= least:
        power *= 10
    return next((power * each for each in STEPS if power * each >= least), power * 10)


def decimals(step: Fraction) -> int:
    """How many decimals the multiples of a step need."""
    places = 0
    while (step * 10**places).denominator != 1:
        places += 1
    return places


def figure(value: Fraction, places: int) -> str:
    """A tick's number with all its decimals: `1,200`, `0.50`."""
    whole, _, part = rounded(value, places).partition(".")
    return f"{whole}.{part.ljust(places, '0')}" if places else whole
