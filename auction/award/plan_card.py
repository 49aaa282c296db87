"""The plan card: how bids are judged, in sentences written from the very plan, with an example that the plan itself works out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from auction.award.bids import Bid
from auction.award.irrational import Value, enclose
from auction.award.scoring import Evaluation, evaluate
from auction.award.sheets import gained
from auction.live.rule_card import Section
from auction.terms.criteria import Criterion, leaves
from auction.terms.exact_numbers import HUNDRED, write
from auction.terms.plan import TIES, Plan
from auction.terms.price_rule import FORMULAS, POINTS, PriceRule
from auction.terms.scales import Scale

AGGREGATIONS = {
    "mean": "Their scores become one by the mean.",
    "median": "Their scores become one by the median: the middle one.",
    "trimmed": "Of their scores the highest and the lowest are left out; the mean of the others counts.",
    "consensus": "They then meet and agree on each score; every sheet and the reason stay on record.",
}
LOWEST = Section(
    "How bids are judged",
    (
        "Each lot goes by price alone: the lowest total comes first.",
        "Nothing is awarded by itself: the lead records the award with a reason, and a second person confirms it.",
    ),
)
DIGITS = 12


def card(plan: Plan | None) -> tuple[Section, ...]:
    """Write the card; without a plan the lowest price decides."""
    if plan is None:
        return (LOWEST,)
    return (
        Section("How bids are judged", tuple(_price(plan))),
        Section("What is scored beside the price", tuple(_criteria(plan.criteria))),
        Section("Who scores", tuple(_panel(plan))),
        Section("Equal bids", tuple(_ties(plan))),
        Section("A worked example", tuple(_example(plan))),
    )


def rounded(value: Value | None, places: int = 2) -> str:
    """A number for reading, halves away from zero; what counts is never rounded so."""
    if value is None:
        return ""
    exact = value if isinstance(value, Fraction) else enclose(value, DIGITS)[0]
    if exact and abs(exact) < Fraction(1, 10**places):
        places += 6
    scaled = abs(exact) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    digits = f"{whole // 10**places:,}" + (f".{whole % 10**places:0{places}d}".rstrip("0").rstrip("."))
    return f"-{digits}" if exact < 0 and whole else digits


def _price(plan: Plan) -> Iterator[str]:
    yield "Each lot is judged on price and quality. Quality is scored once for each vendor and counts for every lot."
    yield FORMULAS[plan.price.formula]
    yield from _numbers(plan.price)
    if plan.threshold is not None:
        yield f"A bid that earns less than {write(plan.threshold)} % of all that can be earned beside the price is out."
    yield "Price and scores are computed exactly; numbers on pages are rounded for reading only."


def _numbers(rule: PriceRule) -> Iterator[str]:
    if rule.points is not None:
        yield f"The price earns at most {write(rule.points)} points."
    if rule.upper is not None and rule.lower is not None:
        yield f"A price of {write(rule.lower)} or less earns all of them, one of {write(rule.upper)} or more none."
    if rule.n is not None:
        yield f"At {write(rule.n)} times the lowest price no points are left."
    if rule.a is not None:
        yield f"At {write(rule.a)} times the best price no points are left."
    if rule.wq is not None and rule.wp is not None:
        yield f"Quality weighs {write(rule.wq)} and price {write(rule.wp)}."
    if rule.round is not None:
        yield f"Price points are rounded to {rule.round.places} decimals."


def _criteria(criteria: Iterable[Criterion], above: str = "") -> Iterator[str]:
    for each in criteria:
        yield f"{above}{each.id}: {worth(each)}.{_scale(each)}{_threshold(each)}"
        yield from _criteria(each.below, f"{above}{each.id}, ")


def worth(criterion: Criterion) -> str:
    """What a criterion can give, in words."""
    most = rounded(criterion.most)
    return {
        "gate": "no points, but a threshold",
        "value": f"worth {most} in money",
        "fmax": f"a coefficient of at most {write(criterion.most)}",
    }.get(criterion.worth, f"at most {most} points")


def _scale(criterion: Criterion) -> str:
    if criterion.below:
        return ""
    if criterion.scale is None:
        return f" Scored from 0 to {write(criterion.full)}."
    return f" Scored {scale(criterion.scale)}."


def scale(found: Scale) -> str:
    """What a scale takes and what it gives, in words."""
    if found.table:
        return ", ".join(f"“{word}” ({write(share)} %)" for word, share in found.table)
    if found.kind == "formula":
        factor, offset = found.points[0]
        return f"by a formula: {write(factor)} times the figure plus {write(offset)}, from 0 to 100 %"
    if found.whole:
        return f"in whole steps from {write(found.points[0][0])} to {write(found.points[-1][0])}"
    return "on a line through " + ", ".join(f"{write(x)} ({write(y)} %)" for x, y in found.points)


def _threshold(criterion: Criterion) -> str:
    if criterion.threshold is None:
        return ""
    percent = " %" if criterion.scale is not None or criterion.below else ""
    return f" Below {write(criterion.threshold)}{percent} a bid is out."


def _panel(plan: Plan) -> Iterator[str]:
    count = plan.panel.evaluators
    yield f"At least {count} evaluator{'' if count == 1 else 's'} score{'s' if count == 1 else ''}."
    yield "Each first signs a statement on conflicts of interest; who has one is excluded."
    yield "Each scores alone, with a comment on every score. Nobody sees another’s sheet before all have submitted."
    yield AGGREGATIONS[plan.panel.aggregation]
    if plan.panel.anonymous:
        yield "Evaluators know bidders as A, B, C until the scores are locked."


def _ties(plan: Plan) -> Iterator[str]:
    yield from (TIES[rule] for rule in plan.ties)
    if not plan.ties:
        yield "Of equal bids the consortium chooses, with a reason in public."


# --- the example -----------------------------------------------------------------------------------------------------------


def _example(plan: Plan) -> Iterator[str]:
    """Two made-up bids: one dear and good, one cheap and plain."""
    dear, cheap = _prices(plan)
    made = (_bid(plan, "Bid X", dear, Fraction(9, 10)), _bid(plan, "Bid Y", cheap, Fraction(7, 10)))
    found = evaluate(plan, made)
    for bid, share in zip(made, (90, 70), strict=True):
        yield f"{bid.id} asks {rounded(bid.price)} and earns {share} % of each criterion. {_came_to(plan, found, bid)}"
    first = found.winner.id if found.winner is not None else None
    yield f"{first} comes first." if first else "The two are equal, so the rules for equal bids decide."


def _prices(plan: Plan) -> tuple[Fraction, Fraction]:
    rule = plan.price
    if rule.upper is not None and rule.lower is not None:
        return rule.lower + (rule.upper - rule.lower) / 2, rule.lower + (rule.upper - rule.lower) / 4
    if rule.formula not in POINTS and rule.formula == "value_deduction":
        return plan.most * 5, plan.most * 5 - plan.most / 10
    return Fraction(100_000), Fraction(90_000)


def _bid(plan: Plan, name: str, price: Fraction, share: Fraction) -> Bid:
    scores = {}
    for each in leaves(plan.criteria):
        at = share * (HUNDRED if each.scale is not None else each.full)
        scores[each.id] = (gained(each, at), at)
    return Bid(name, price=price, scores=scores)


def _came_to(plan: Plan, found: Evaluation, bid: Bid) -> str:
    if bid.id in found.refused:
        return f"It is out: {found.refused[bid.id]}."
    score, quality = found.scores[bid.id], sum((gain for gain, _ in bid.scores.values()), Fraction(0))
    if score.price_points is not None:
        told = f"{rounded(score.price_points)} points for the price and {rounded(quality)} for quality"
        return f"That is {told}: {rounded(score.total)}."
    if score.total is not None:
        return f"Its index is {rounded(score.total)}; the highest wins."
    return f"Its price is compared as {rounded(score.evaluated_price)}; the lowest wins."
