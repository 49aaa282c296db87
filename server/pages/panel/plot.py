"""Price against quality: every scored bid of a lot as a point, drawn for a desk and for a phone, and a table of its figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import msgspec

from auction.award.irrational import Value, enclose
from auction.award.scoring import Evaluation
from auction.terms.exact_numbers import ZERO, write
from auction.terms.plan import Plan
from server.pages.panel.drawing import DESK, PHONE, Drawing, Point, drawn
from server.pages.panel.indifference import even, quality, shares
from server.presenting import money
from server.scored import RESULTS, paid_in, told

DIGITS = 12
RATES = {
    "value_deduction": "On the line, each dollar of price is made up for by a dollar of quality",
    "absolute_linear": "On the line, a higher price is made up for by as many points of quality as it costs",
}


class Bid(msgspec.Struct, frozen=True):
    """One bid of a plot: its vendor's id and name, its total price, and what its criteria earned together."""

    vendor: str
    name: str
    price: Fraction
    worth: Fraction


class Row(msgspec.Struct, frozen=True):
    """One bid in the plot's table; `behind` is how far it stands behind the first, `why` what keeps it from being ranked."""

    number: int
    name: str
    kind: str
    price: str
    quality: str
    result: str
    behind: str
    why: str


class Plot(msgspec.Struct, frozen=True):
    """A plot; `unit` says what quality is counted in, `result` what bids are compared by, `even` what the line means."""

    wide: Drawing
    narrow: Drawing
    rows: tuple[Row, ...]
    unit: str
    result: str
    even: str


def plot(plan: Plan, found: Evaluation, bids: Sequence[Bid], currency: str) -> Plot | None:
    """Draw bids in the order in which they are given, the first by the plan first; None where there is none."""
    if not bids:
        return None
    points = [
        Point(each.price, quality(plan, each.worth), each.name, kind(found, each.vendor)) for each in bids
    ]
    line = even(plan, found)
    _, paid = paid_in(plan, currency)
    wide, narrow = (drawn(sheet, points, line, (currency, paid)) for sheet in (DESK, PHONE))
    return Plot(
        wide=wide,
        narrow=narrow,
        rows=tuple(_rows(plan, found, bids, currency)),
        unit=_unit(plan),
        result=RESULTS.get(plan.price.formula, "Points in all"),
        even=_words(plan, points[0].name) if wide.line is not None else "",
    )


def kind(found: Evaluation, vendor: str) -> str:
    """How a bid stands: `first`, `ranked`, or `out`."""
    rank = found.ranks.get(vendor)
    return "out" if rank is None else "first" if rank == 1 else "ranked"


def _unit(plan: Plan) -> str:
    if plan.price.formula == "value_deduction":
        return "Quality in money"
    if plan.price.formula == "coefficient":
        return "Quality as a coefficient"
    return "Quality in % of all" if shares(plan) else "Quality in points"


def _words(plan: Plan, first: str) -> str:
    """What the line says, in two sentences."""
    told = RATES.get(plan.price.formula, "On the line, a higher price is made up for by more quality")
    return (
        f"{told}: a bid there compares exactly like {first}. A bid above it or to its left would come first."
    )


def _rows(plan: Plan, found: Evaluation, bids: Sequence[Bid], currency: str) -> Iterator[Row]:
    results = {name: result(score.total, score.evaluated_price) for name, score in found.scores.items()}
    first = next((results[name] for name, rank in found.ranks.items() if rank == 1), ZERO)
    paid, earned = paid_in(plan, currency)
    for place, bid in enumerate(bids, 1):
        own = results.get(bid.vendor)
        yield Row(
            number=place,
            name=bid.name,
            kind=kind(found, bid.vendor),
            price=money(write(bid.price), currency),
            quality=told(quality(plan, bid.worth), earned),
            result=told(own, paid) if own is not None else "",
            behind=told(abs(own - first), paid) if own is not None and own != first else "",
            why=found.refused.get(bid.vendor, ""),
        )


def result(total: Value | None, compared: Fraction) -> Fraction:
    """What a bid is compared by: its total, to twelve digits where it is no fraction, else its compared price."""
    value = compared if total is None else total
    return value if isinstance(value, Fraction) else enclose(value, DIGITS)[0]
