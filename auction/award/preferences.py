"""Preferences: published edits of the evaluated price. Each has its own base; several add up, they do not compound.

What a preference takes from the other bids is its *footing*: the lowest bid without the flag, or whether one with it competes.
While the footing stays the same, so do all edits; the withdrawal table lives on that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from auction.terms.adjustments import Preference
from auction.terms.exact_numbers import HUNDRED, ZERO

Footing = Fraction | bool | None
"""For one preference: the lowest other bid it is counted from, whether a flagged bid competes, or None for no effect."""


class Lows:
    """The two lowest costs on each side of a preference's flag, so that one bid can be thought away at once."""

    def __init__(
        self, preference: Preference, costs: Mapping[str, Fraction], flags: Mapping[str, frozenset[str]]
    ) -> None:
        sides: tuple[list[tuple[Fraction, str]], list[tuple[Fraction, str]]] = ([], [])
        for name, cost in costs.items():
            sides[preference.flag in flags[name]].append((cost, name))
        self._preference = preference
        self._others, self._flagged = (sorted(side)[:2] for side in sides)

    def footing(self, without: str | None = None) -> Footing:
        """The preference's footing, of all bids or with one thought away."""
        other, flagged = _lowest(self._others, without), _lowest(self._flagged, without)
        if self._preference.kind == "foreign_factor":
            return flagged is not None
        if self._preference.kind == "multiplier":
            return None
        # Skipped when the lowest bid is itself preferred.
        return None if other is None or flagged is None or flagged <= other else other


def _lowest(side: Sequence[tuple[Fraction, str]], without: str | None) -> Fraction | None:
    return next((cost for cost, name in side if name != without), None)


def edited(
    cost: Fraction, flags: frozenset[str], preferences: Sequence[Preference], footings: Sequence[Footing]
) -> Fraction:
    """The evaluated price: the cost after all edits, each reckoned from what was offered."""
    return cost + sum(
        (
            _edit(cost, each.flag in flags, each, footing)
            for each, footing in zip(preferences, footings, strict=True)
        ),
        ZERO,
    )


def _edit(cost: Fraction, flagged: bool, preference: Preference, footing: Footing) -> Fraction:
    share = preference.percent / HUNDRED
    if preference.kind == "foreign_factor":
        return ZERO if flagged or not footing else _capped(share * cost, preference.cap)
    if not flagged:
        return ZERO
    if preference.kind == "multiplier":
        return -_capped(share * cost, preference.cap)
    if not isinstance(footing, Fraction):
        return ZERO
    off = _capped(share * footing, preference.cap)
    near = preference.kind != "within_percent" or cost - off <= footing
    return -off if near else ZERO


def _capped(amount: Fraction, cap: Fraction | None) -> Fraction:
    return amount if cap is None else min(amount, cap)
