"""Why nothing can be awarded: a smallest set of rules that cannot be kept together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, islice
from math import comb

import msgspec

from auction.award.allocation_model import AllocationModel
from auction.award.integer_model import Column, Model, Row, Solver
from auction.award.market import Market

MOST_TRIED = 200
"""How many smaller sets are tried, at the most, before a set from which nothing can be left out is called the answer."""


def clash(market: Market, solver: Solver) -> tuple[str, ...]:
    """The names of rules that clash: none of them can be left out, and mostly no smaller set clashes at all."""
    model = _bare(AllocationModel(market).model)
    rules = list(dict.fromkeys(row.rule for row in model.rows if row.rule))
    found = _shrunk(model, rules, solver)
    return tuple(_smaller(model, rules, found, solver) or found)


def _bare(model: Model) -> Model:
    """The model without costs: only whether anything is possible."""
    return Model(model.scale, [Column(each.upper, 0, each.whole) for each in model.columns], model.rows)


def _possible(model: Model, kept: set[str], solver: Solver) -> bool:
    """Tell whether these rules alone can be kept; what was not settled in time counts as possible."""
    rows = [row for each in model.rows if (row := _row(each, kept)) is not None]
    return solver.solve(Model(model.scale, model.columns, rows)).status != "infeasible"


def _row(row: Row, kept: set[str]) -> Row | None:
    """A row while its rule is kept. Without it a lot need not be awarded, and still not twice."""
    if not row.rule or row.rule in kept:
        return row
    return msgspec.structs.replace(row, lower=None) if row.lower == row.upper else None


def _shrunk(model: Model, rules: Sequence[str], solver: Solver) -> list[str]:
    """Leave out what is not needed for the clash, in large parts first and then one by one."""
    left, size = list(rules), max(1, len(rules) // 2)
    while True:
        for start in range(0, len(left), size):
            fewer = left[:start] + left[start + size :]
            if not _possible(model, {*fewer}, solver):
                left = fewer
                break
        else:
            if size == 1:
                return left
            size //= 2


def _smaller(model: Model, rules: Sequence[str], found: list[str], solver: Solver) -> list[str] | None:
    """A clashing set of fewer rules, where there is one and the sets to try are not too many."""
    for size in range(1, len(found)):
        if comb(len(rules), size) > MOST_TRIED:
            return None
        for chosen in islice(combinations(rules, size), MOST_TRIED):
            if not _possible(model, {*chosen}, solver):
                return list(chosen)
    return None
