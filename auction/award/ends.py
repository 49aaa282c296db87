"""The ends of a list of figures, kept so that one of them can be thought away at once."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from auction.terms.exact_numbers import ZERO


class Ends:
    """The lowest, the highest and the mean of some named figures, of all or without one."""

    def __init__(self, figures: Mapping[str, Fraction]) -> None:
        ranked = sorted((figure, name) for name, figure in figures.items())
        self._low, self._high = ranked[:2], ranked[:-3:-1]
        self._figures, self._sum = figures, sum(figures.values(), ZERO)

    def lowest(self, without: str | None = None) -> Fraction:
        """The lowest figure."""
        return next(figure for figure, name in self._low if name != without)

    def highest(self, without: str | None = None) -> Fraction:
        """The highest figure."""
        return next(figure for figure, name in self._high if name != without)

    def mean(self, without: str | None = None) -> Fraction:
        """The mean of the figures."""
        if without is None:
            return self._sum / len(self._figures)
        return (self._sum - self._figures[without]) / (len(self._figures) - 1)
