"""HiGHS, handed to the allocation: whole numbers go in and come out, and nobody believes them before they are checked."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import highspy

from auction.award.integer_model import Model, Row, Solution, Status

GRAIN = 2**32
"""Multipliers are rounded to this part of one before anything is reckoned from them."""
GRACE = 5.0
_FOUND: dict[highspy.HighsModelStatus, Status] = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnboundedOrInfeasible: "infeasible",
}


class _Quiet(highspy.Highs):
    """HiGHS without its banner, which the package's own constructor prints on standard output before it can be told not to."""

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()
        self.setOptionValue("output_flag", False)


class Highs:
    """HiGHS with a time limit in seconds over all that it is asked; `clock` tells seconds that only go forward."""

    def __init__(self, limit: float, clock: Callable[[], float]) -> None:
        self._clock, self._began, self._limit = clock, clock(), limit
        self.seconds = 0.0

    def solve(self, model: Model) -> Solution:
        """Find a cheapest choice, proven where there was time."""
        solver = self._run(model, relaxed=False)
        if solver is None:
            return Solution("unknown")
        status = _FOUND.get(solver.getModelStatus())
        info = solver.getInfo()
        if status == "infeasible":
            return Solution("infeasible")
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return Solution("unknown", bound=_units(info.mip_dual_bound, model))
        values = tuple(round(value) for value in solver.getSolution().col_value)
        return Solution(status or "feasible", values, _units(info.mip_dual_bound, model))

    def multipliers(self, model: Model) -> tuple[Fraction, ...]:
        """The duals of the relaxed program as fractions, for the model's own whole-numbered rows."""
        solver = self._run(model, relaxed=True)
        if solver is None or solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return ()
        duals = solver.getSolution().row_dual
        return tuple(
            Fraction(round(dual * model.scale / _size(row) * GRAIN), GRAIN)
            for row, dual in zip(model.rows, duals, strict=True)
        )

    def briefly(self) -> Highs:
        """A solver for what is asked afterwards: it has as long again as was used, and some seconds, if that is left."""
        left = self._limit - (self._clock() - self._began)
        return Highs(min(left, self.seconds + GRACE), self._clock)

    def _run(self, model: Model, relaxed: bool) -> highspy.Highs | None:
        """Run HiGHS on a model for as long as is left; None when nothing is."""
        left = self._limit - (self._clock() - self._began)
        if left <= 0:
            return None
        solver = _Quiet()
        for name, value in _options(left).items():
            solver.setOptionValue(name, value)
        solver.passModel(_program(model, relaxed))
        began = self._clock()
        solver.run()
        self.seconds += self._clock() - began
        return solver


def _options(seconds: float) -> dict[str, bool | int | float]:
    """Exact as far as it goes, the same every time, and no longer than this."""
    return {
        "output_flag": False,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": 0.0,
        "mip_feasibility_tolerance": 1e-9,
        "primal_feasibility_tolerance": 1e-9,
        "random_seed": 0,
        "threads": 1,
        "time_limit": seconds,
    }


def _program(model: Model, relaxed: bool) -> highspy.HighsLp:
    """The model in the solver's own numbers: dollars for costs, rows brought near to one."""
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(model.columns), len(model.rows)
    program.col_cost_ = [column.cost / model.scale for column in model.columns]
    program.col_lower_ = [0.0] * len(model.columns)
    program.col_upper_ = [float(column.upper) for column in model.columns]
    sizes = [_size(row) for row in model.rows]
    program.row_lower_ = [
        _bound(row.lower, size, -math.inf) for row, size in zip(model.rows, sizes, strict=True)
    ]
    program.row_upper_ = [
        _bound(row.upper, size, math.inf) for row, size in zip(model.rows, sizes, strict=True)
    ]
    if not relaxed:
        kinds = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
        program.integrality_ = [kinds[not column.whole] for column in model.columns]
    _matrix(program, model, sizes)
    return program


def _matrix(program: highspy.HighsLp, model: Model, sizes: list[int]) -> None:
    starts: list[int] = [0]
    places: list[int] = []
    values: list[float] = []
    for row, size in zip(model.rows, sizes, strict=True):
        places += row.terms.keys()
        values += [value / size for value in row.terms.values()]
        starts.append(len(places))
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_, program.a_matrix_.index_, program.a_matrix_.value_ = starts, places, values


def _size(row: Row) -> int:
    """What a row is divided by: the smallest of its numbers, so that one unit stays well above the tolerance."""
    return min((abs(value) for value in row.terms.values()), default=1)


def _bound(bound: int | None, size: int, otherwise: float) -> float:
    return otherwise if bound is None else bound / size


def _units(bound: float, model: Model) -> Fraction | None:
    """A bound in dollars as units, not above what the solver said; None where it said nothing."""
    return Fraction(math.floor(bound * model.scale)) if math.isfinite(bound) else None
