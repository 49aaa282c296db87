"""`tenderbell score`: evaluate the bids of a case by its plan, exactly."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from auction.award import bids, draw
from auction.award.bids import Bid
from auction.award.draw import Draw
from auction.award.irrational import Value
from auction.award.price_formulas import Score, told
from auction.award.scoring import Evaluation, evaluate
from auction.terms import plan
from auction.terms.exact_numbers import write
from auction.terms.faults import Reading
from auction.terms.plan import Plan
from auction.terms.price_rule import REPLAY_ONLY
from server.evaluation import case


def configure(parser: argparse.ArgumentParser) -> None:
    """Name the command's arguments."""
    case.configure(parser)


def run(args: argparse.Namespace) -> int:
    """Print the evaluation; 2 with every fault when the case cannot be used."""
    return case.answer(args.case, scored)


def scored(value: object) -> dict[str, Any]:
    """Read and evaluate a case; raises `Faulty` with every fault."""
    read = Reading()
    given = read.members("", value, (*plan.MEMBERS, "draw", "bids"), ("bids",))
    rules = plan.read_plan(read, given)
    lots = _draw(read, given["draw"]) if "draw" in given else None
    made = bids.parse(read, given["bids"], rules) if "bids" in given else ()
    read.finish()
    return tell(rules, made, evaluate(rules, made, lots))


def _draw(read: Reading, value: object) -> Draw:
    return draw.parse(read, "draw", read.members("draw", value, ("algorithm", "seeds"), ("seeds",)))


def tell(rules: Plan, made: Sequence[Bid], found: Evaluation) -> dict[str, Any]:
    """An evaluation as JSON would have it: exact numbers in strings, null for what does not apply."""
    said: dict[str, Any] = {
        "bids": {bid.id: _bid(bid, found) for bid in made},
        "winner": found.winner.id if found.winner else None,
        "tie": found.tie or None,
        "contract_price": write(found.winner.offered) if found.winner else None,
        "withdrawal": found.withdrawal,
        "flags": found.flags,
    }
    return said | ({"replay_only": True} if rules.price.formula in REPLAY_ONLY else {})


def _bid(bid: Bid, found: Evaluation) -> dict[str, Any]:
    score = found.scores.get(bid.id)
    said: dict[str, Any] = {
        "evaluated_price": write(score.evaluated_price) if score else None,
        "price_points": _told(score.price_points) if score else None,
        "criteria": {name: write(earned) for name, (earned, _) in bid.scores.items()},
        "total": _told(score.total) if score else None,
        "rank": found.ranks.get(bid.id),
    }
    if score and _inexact(score):
        said["inexact"] = True
    return said | ({"disqualified": found.refused[bid.id]} if bid.id in found.refused else {})


def _told(value: Value | None) -> str | None:
    return None if value is None else told(value)


def _inexact(score: Score) -> bool:
    return not all(
        value is None or isinstance(value, Fraction) for value in (score.price_points, score.total)
    )
