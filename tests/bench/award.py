"""The award at its full size, in seconds of one processor: an evaluation with all withdrawals, and what is ours beside HiGHS."""

from __future__ import annotations

import random
from collections.abc import Callable
from time import process_time
from typing import Any

from auction.award.allocation import cost
from auction.award.allocation_check import broken
from auction.award.allocation_model import AllocationModel
from auction.award.certificate import certified
from auction.award.market import parse
from server.evaluation.score import scored
from server.solver import Highs
from tests.bench.measuring import median
from tests.server.evaluation.markets import cooperative

BIDS, LINES, CRITERIA, ROUNDS = 1_000, 500, 30, 3
FORMULAS = ("value_deduction", "relative_lowest", "mean_plus_minus", "log")
SIZES = ((200, 40), (500, 60))
LIMIT_S = 120
LARGEST_LINE = 500


def case(formula: str) -> dict[str, Any]:
    """A thousand bids of five hundred lines on thirty criteria."""
    draw = random.Random(1)
    money = formula == "value_deduction"
    return {
        "price": {"formula": formula, "points": "40", "a": "4"},
        "criteria": [
            {"id": f"c{n}", **({"value": "200"} if money else {"weight": "2"})} for n in range(CRITERIA)
        ],
        "bids": {
            f"B{n}": {
                "lines": [
                    {
                        "quantity": str(draw.randint(1, LARGEST_LINE)),
                        "unit_price": f"{draw.randint(1, 90)}.{draw.randint(0, 9_999):04}",
                    }
                    for _ in range(LINES)
                ],
                "scores": {
                    f"c{n}": f"0.{draw.randint(0, 99):02}" if money else str(draw.randint(0, 100))
                    for n in range(CRITERIA)
                },
            }
            for n in range(BIDS)
        },
    }


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """How many seconds something took, and what came of it."""
    began = process_time()
    found = work()
    return process_time() - began, found


def evaluations() -> None:
    """Read, evaluate and tell, with every withdrawal tried."""
    print("| evaluation of 1,000 bids × 500 lines × 30 criteria | s, median | target |\n|---|---|---|")
    for formula in FORMULAS:
        given = case(formula)
        seconds = [timed(lambda given=given: scored(given))[0] for _ in range(ROUNDS)]
        print(f"| `{formula}` | {median(seconds):.2f} | < 2 |", flush=True)


def allocations() -> None:
    """The model, its check and the certificate, beside HiGHS on the same market."""
    print(
        "\n| allocation | columns | HiGHS, s | model + check + certificate, s | ratio | target | gap certified |"
    )
    print("|---|---|---|---|---|---|---|")
    for lots, vendors in SIZES:
        market = parse(cooperative(lots, vendors, 1))
        highs, relaxing = Highs(LIMIT_S, process_time), Highs(LIMIT_S, process_time)
        building, whole = timed(lambda market=market: AllocationModel(market))
        found = highs.solve(whole.model)
        numbers = relaxing.multipliers(whole.model)
        allocation = whole.allocation(found.values)
        checking, faults = timed(lambda m=market, a=allocation: broken(m, a))
        costing, total = timed(lambda m=market, a=allocation: cost(m, a))
        certifying, bound = timed(lambda w=whole, n=numbers: certified(w.model, n))
        assert not faults and bound <= total
        ours = building + checking + costing + certifying
        gap = 100 * (total - bound) / total
        name = f"{lots} lots × {vendors} vendors, {len(market.offers):,} offers, {found.status}"
        print(
            f"| {name} | {len(whole.model.columns):,} | {highs.seconds:.2f} | {ours:.2f} | {ours / highs.seconds:.2f} "
            f"| ≤ 0.20 | {float(gap):.3f} % |",
            flush=True,
        )


def main() -> None:
    """Measure both and print two tables."""
    evaluations()
    allocations()


if __name__ == "__main__":
    main()
