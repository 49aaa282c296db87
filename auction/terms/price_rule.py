"""The price rule of an evaluation: which formula turns prices into points or an index, and its published parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

import msgspec

from auction.terms.exact_numbers import ONE, ZERO, number, write
from auction.terms.faults import Reading, join

FORMULAS: dict[str, str] = {
    "value_deduction": "The price less what each criterion is worth in money; the lowest wins.",
    "absolute_linear": "Points from a published upper price (none) to a published lower price (all), clipped at both.",
    "coefficient": "The price divided by one plus the coefficients earned; the lowest wins.",
    "ratio": "The price for each unit of quality; the lowest wins.",
    "vfm_index": "Quality raised to wq / wp, divided by the price; the highest wins.",
    "log": "Points fall with the logarithm of the price over the best price; at `a` times the best price none are left.",
    "relative_lowest": "Points times the lowest price over the price.",
    "linear_deviation_from_lowest": "Points less the share by which the price exceeds the lowest, never below zero.",
    "linear_zero_at_n_times_lowest": "Points on a line from the lowest price (all) to `n` times the lowest (none).",
    "linear_min_max": "Points on a line from the lowest price (all) to the highest (none).",
    "mean_plus_minus": "A base, one point up or down for each percent below or above the mean price.",
    "utility_index": "One less the quality missing to the best, weighed, over the price, times the best price.",
}
"""Every formula with its sentence."""

POINTS = (
    *("absolute_linear", "log", "relative_lowest", "linear_deviation_from_lowest"),
    *("linear_zero_at_n_times_lowest", "linear_min_max", "mean_plus_minus"),
)
"""Formulas that give points, to which those of the criteria are added."""

MONEY = ("value_deduction",)
"""Formulas in money, the only ones for events that are split or take bundles."""

REPLAY_ONLY = ("linear_min_max", "mean_plus_minus", "utility_index")
"""Formulas that are there to replay other people's evaluations."""

NEEDED: dict[str, tuple[str, ...]] = {
    "absolute_linear": ("points", "upper", "lower"),
    "log": ("points", "a"),
    "relative_lowest": ("points",),
    "linear_deviation_from_lowest": ("points",),
    "linear_zero_at_n_times_lowest": ("points", "n"),
    "linear_min_max": ("points",),
    "vfm_index": ("wq", "wp"),
    "utility_index": ("wq", "wp"),
}
MOST_EXPONENT = Fraction(1000)
MODES = ("half_up", "half_even")


class Rounding(msgspec.Struct, frozen=True):
    """How price points are rounded: to so many decimals, halves away from zero or to the even neighbor."""

    places: int
    mode: str


class PriceRule(msgspec.Struct, frozen=True):
    """A formula with its parameters; those that it does not use are kept and mean nothing."""

    formula: str = "value_deduction"
    points: Fraction | None = None
    n: Fraction | None = None
    base: Fraction = Fraction(50)
    upper: Fraction | None = None
    lower: Fraction | None = None
    a: Fraction | None = None
    scaled: bool = False
    wq: Fraction | None = None
    wp: Fraction | None = None
    round: Rounding | None = None


_READERS: dict[str, Callable[[Reading, str, object], Fraction]] = {
    "points": lambda read, path, value: number(read, path, value, above=ZERO),
    "n": lambda read, path, value: number(read, path, value, above=ONE),
    "base": lambda read, path, value: number(read, path, value),
    "upper": lambda read, path, value: number(read, path, value, above=ZERO),
    "lower": lambda read, path, value: number(read, path, value),
    "a": lambda read, path, value: number(read, path, value, above=ONE),
    "wq": lambda read, path, value: number(read, path, value, above=ZERO),
    "wp": lambda read, path, value: number(read, path, value, above=ZERO),
}


def parse(read: Reading, path: str, value: object) -> PriceRule:
    """Read a price rule; nothing given is the default formula."""
    whole = read.members(path, {} if value is None else value, ("formula", "scaled", "round", *_READERS))
    formula = read.choice(join(path, "formula"), whole.get("formula", "value_deduction"), tuple(FORMULAS))
    numbers = {
        name: reader(read, join(path, name), whole[name])
        for name, reader in _READERS.items()
        if name in whole
    }
    for name in NEEDED.get(formula, ()):
        if name not in whole:
            read.fault(join(path, name), f"is required by {formula}")
    _ordered(read, path, numbers)
    if numbers.get("wq", ONE) > MOST_EXPONENT * numbers.get("wp", ONE):
        read.fault(join(path, "wq"), f"must be at most {write(MOST_EXPONENT)} times wp")
    return PriceRule(
        formula=formula,
        scaled=read.flag(join(path, "scaled"), whole.get("scaled", False)),
        round=_rounding(read, join(path, "round"), whole["round"]) if "round" in whole else None,
        **numbers,
    )


def _ordered(read: Reading, path: str, numbers: Mapping[str, Fraction]) -> None:
    upper, lower = numbers.get("upper"), numbers.get("lower")
    if upper is not None and lower is not None and upper <= lower:
        read.fault(
            join(path, "upper"), "must be above the lower price, or nobody could earn points in between"
        )


def _rounding(read: Reading, path: str, value: object) -> Rounding:
    whole = read.members(path, value, ("places", "mode"), ("places",))
    places = read.count(join(path, "places"), whole.get("places", 0), 0, 12)
    return Rounding(places, read.choice(join(path, "mode"), whole.get("mode", "half_up"), MODES))
