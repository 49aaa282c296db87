"""The panel: evaluators score alone, and by a rule fixed at publication their scores become one, exactly.

Nothing is dropped but what the rule drops: an outlier is a reason to talk, never to discard.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from statistics import median

import msgspec

from auction.terms.plan import LEAST_TRIMMED, Panel

Sheets = Mapping[str, Fraction]
"""One criterion of one bid: each evaluator's score."""


class Outlier(msgspec.Struct, frozen=True):
    """A score far from the others: more than two points, and more than twice their median distance, from the median."""

    evaluator: str
    score: Fraction
    median: Fraction


class Decisive(msgspec.Struct, frozen=True):
    """What the winner would be without one evaluator's sheets."""

    winner: str | None
    changes: bool


def combined(panel: Panel, scores: Sequence[Fraction], agreed: Fraction | None = None) -> Fraction:
    """Make one score of many by the panel's rule; `agreed` is what a consensus meeting settled on.

    Raises ValueError without scores, with fewer than five for `trimmed`, and without an agreed score for `consensus`.
    """
    if not scores:
        raise ValueError("nobody has scored yet")
    if panel.aggregation == "consensus":
        if agreed is None:
            raise ValueError("a consensus needs the score that the panel agreed on")
        return agreed
    return _RULES[panel.aggregation](scores)


def _mean(scores: Sequence[Fraction]) -> Fraction:
    return Fraction(sum(scores), len(scores))


def _trimmed(scores: Sequence[Fraction]) -> Fraction:
    """The mean without one highest and one lowest score."""
    if len(scores) < LEAST_TRIMMED:
        raise ValueError(f"a trimmed mean needs at least {LEAST_TRIMMED} scores")
    return _mean(sorted(scores)[1:-1])


_RULES: dict[str, Callable[[Sequence[Fraction]], Fraction]] = {
    "mean": _mean,
    "median": lambda scores: Fraction(median(scores)),
    "trimmed": _trimmed,
}


def outliers(sheets: Sheets) -> tuple[Outlier, ...]:
    """The scores to talk about: |s − median| > max(2, 2 · MAD), where MAD is the median distance from the median."""
    if not sheets:
        return ()
    middle = Fraction(median(sheets.values()))
    spread = Fraction(median(abs(score - middle) for score in sheets.values()))
    return tuple(
        Outlier(name, score, middle)
        for name, score in sheets.items()
        if abs(score - middle) > max(Fraction(2), 2 * spread)
    )


def decisive(
    evaluators: Sequence[str], winner: str | None, without: Callable[[str], str | None]
) -> dict[str, Decisive]:
    """Leave each evaluator out once: who would win then, and whether one person decided it.

    `without` evaluates anew with one evaluator's sheets left out and says who wins, None for an open tie.
    """
    found = {name: without(name) for name in evaluators}
    return {name: Decisive(then, then != winner) for name, then in found.items()}
