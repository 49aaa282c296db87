"""Cases of the award as a file would hold them, read and evaluated."""

from __future__ import annotations

from typing import Any

from auction.award import bids, draw
from auction.award.scoring import Evaluation, evaluate
from auction.terms import plan
from auction.terms.faults import Fault, Reading


def evaluated(case: dict[str, Any]) -> Evaluation:
    """Read a faultless case and evaluate it."""
    read = Reading()
    rules = plan.read_plan(read, case)
    lots = draw.parse(read, "draw", case["draw"]) if "draw" in case else None
    made = bids.parse(read, case["bids"], rules)
    assert read.faults == []
    return evaluate(rules, made, lots)


def faults(case: dict[str, Any]) -> dict[str, str]:
    """Every fault of a case by its path."""
    read = Reading()
    rules = plan.read_plan(read, case)
    bids.parse(read, case.get("bids"), rules)
    return {fault.path: fault.message for fault in map(_checked, read.faults)}


def _checked(fault: Fault) -> Fault:
    assert fault.path and len(fault.message.split()) > 2
    return fault
