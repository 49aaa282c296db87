"""The evaluation plan: everything by which bids will be judged, fixed and hashed before anybody bids.

It is read with all faults at once. What cannot be judged fairly is refused here, before publication: weights that do not come to
100, one fact that would count twice, a formula that looks at other bids where the award may be split, ties without a last word.
"""

from __future__ import annotations

import hashlib
from fractions import Fraction

import msgspec

from auction.terms import criteria, price_rule
from auction.terms.adjustments import LifeCycle, Preference, parse_life_cycle, parse_preference
from auction.terms.criteria import Criterion, leaves
from auction.terms.exact_numbers import HUNDRED, ONE, ZERO, number, write
from auction.terms.faults import Faulty, Reading
from auction.terms.price_rule import MONEY, POINTS, PriceRule

TIES: dict[str, str] = {
    "small_business": "A small business goes first.",
    "in_state": "A vendor of the state goes first.",
    "nearest": "The vendor nearest to the place of delivery goes first.",
    "previous_award": "The vendor that holds the contract now goes first.",
    "earliest_delivery": "The earliest delivery goes first.",
    "quality": "The higher quality goes first.",
    "earliest_bid": "The bid that came first goes first.",
    "lot_draw": "Lots are drawn from public numbers; always the last rule.",
}
"""Every rule for ties with its sentence."""
AGGREGATIONS = ("mean", "median", "trimmed", "consensus")
LEAST_TRIMMED = 5
MEMBERS = ("price", "criteria", "preferences", "life_cycle", "ties", "threshold", "split", "panel")
WORTHS: dict[str, tuple[str, ...]] = {"value_deduction": ("value",), "coefficient": ("fmax",)}
"""What criteria may be worth under a formula; under all others a weight or points."""


class Panel(msgspec.Struct, frozen=True):
    """How scores become one, how many evaluators there are, and whether bidders are `anonymous` until scores are locked."""

    aggregation: str = "mean"
    evaluators: int = 1
    anonymous: bool = False


class Plan(msgspec.Struct, frozen=True):
    """An evaluation plan, whole and without faults."""

    price: PriceRule = PriceRule()
    criteria: tuple[Criterion, ...] = ()
    preferences: tuple[Preference, ...] = ()
    life_cycle: LifeCycle | None = None
    ties: tuple[str, ...] = ()
    threshold: Fraction | None = None
    split: bool = False
    panel: Panel = Panel()

    @property
    def hash(self) -> str:
        """The SHA-256 of the plan; the same for the same rules, however their numbers were written."""
        encoded = msgspec.json.encode(self, enc_hook=_plain, order="sorted")
        return hashlib.sha256(encoded).hexdigest()

    @property
    def most(self) -> Fraction:
        """What all criteria together give at the full score."""
        return sum((each.most for each in leaves(self.criteria)), ZERO)


class BadPlan(Faulty):
    """The plan cannot be used; carries every fault with its path."""


def _plain(value: object) -> str:
    if isinstance(value, Fraction):
        return write(value)
    raise NotImplementedError(type(value))


def parse(value: object) -> Plan:
    """Read a plan on its own; raises `BadPlan` with every fault."""
    read = Reading()
    plan = read_plan(read, read.members("", value, MEMBERS))
    read.finish(BadPlan)
    return plan


def read_plan(read: Reading, given: dict[str, object]) -> Plan:
    """Read the members of a plan, noting faults; other members are somebody else's."""
    preferences = read.rows("preferences", given.get("preferences", []))
    plan = Plan(
        price=price_rule.parse(read, "price", given.get("price")),
        criteria=criteria.parse(read, "criteria", given.get("criteria", [])),
        preferences=tuple(
            parse_preference(read, f"preferences[{n}]", row) for n, row in enumerate(preferences)
        ),
        life_cycle=read.maybe(
            lambda p, v: parse_life_cycle(read, p, v), "life_cycle", given.get("life_cycle")
        ),
        ties=_ties(read, given.get("ties", [])),
        threshold=read.maybe(
            lambda p, v: number(read, p, v, most=HUNDRED), "threshold", given.get("threshold")
        ),
        split=read.flag("split", given.get("split", False)),
        panel=_panel(read, given.get("panel", {})),
    )
    if not read.faults:
        _together(read, plan)
    return plan


def _ties(read: Reading, value: object) -> tuple[str, ...]:
    rows = read.rows("ties", value)
    found = tuple(read.choice(f"ties[{place}]", row, tuple(TIES)) for place, row in enumerate(rows))
    if found and found[-1] != "lot_draw":
        read.fault("ties", "must end with lot_draw, or two bids could stay equal for ever")
    if len({*found}) < len(found):
        read.fault("ties", "names a rule twice; keep the first")
    return found


def _panel(read: Reading, value: object) -> Panel:
    given = read.members("panel", value, ("aggregation", "evaluators", "anonymous"))
    how = read.choice("panel.aggregation", given.get("aggregation", "mean"), AGGREGATIONS)
    count = read.count(
        "panel.evaluators", given.get("evaluators", LEAST_TRIMMED if how == "trimmed" else 1), 1, 100
    )
    if how == "trimmed" and count < LEAST_TRIMMED:
        read.fault(
            "panel.evaluators", f"must be at least {LEAST_TRIMMED} to leave out the highest and the lowest"
        )
    return Panel(how, count, read.flag("panel.anonymous", given.get("anonymous", False)))


def _together(read: Reading, plan: Plan) -> None:
    """Refuse what is fine alone and wrong together."""
    _worths(read, plan)
    _weights(read, plan)
    taken = sum((each.percent for each in plan.preferences if each.kind != "foreign_factor"), ZERO)
    if taken >= HUNDRED:
        read.fault(
            "preferences", f"take off {write(taken)} per cent together; less than 100 must be left of a price"
        )
    if plan.split and plan.price.formula not in MONEY:
        remedy = f"choose {', '.join(MONEY)}: points cannot be added up over lots and bundles"
        read.fault(
            "price.formula", f"{plan.price.formula} cannot be used where the award may be split; {remedy}"
        )
    for each in leaves(plan.criteria):
        if plan.life_cycle is not None and each.fact in plan.life_cycle.facts:
            remedy = "leave it out of the criteria or out of the life-cycle cost"
            read.fault("criteria", f"{each.id}: {each.fact} already counts as a life-cycle cost; {remedy}")


def _worths(read: Reading, plan: Plan) -> None:
    allowed = WORTHS.get(plan.price.formula, ("weight", "max"))
    for place, each in enumerate(plan.criteria):
        if each.worth not in (*allowed, "gate"):
            read.fault(
                f"criteria[{place}].{each.worth}",
                f"{plan.price.formula} takes {' or '.join(allowed)} instead",
            )
    if plan.price.formula in ("ratio", "vfm_index", "utility_index") and not plan.most:
        read.fault("criteria", f"{plan.price.formula} needs at least one criterion with a weight")
    if plan.price.formula == "coefficient" and plan.price.scaled and plan.most >= ONE:
        read.fault(
            "criteria", f"the highest coefficients must sum to less than 1; they sum to {write(plan.most)}"
        )


def _weights(read: Reading, plan: Plan) -> None:
    """Weights come to 100: among themselves, or together with the price's points."""
    points = plan.price.points
    if (
        plan.price.formula not in POINTS
        or points is None
        or all(each.worth != "weight" for each in plan.criteria)
    ):
        return
    if HUNDRED not in (plan.most, plan.most + points):
        told = f"{write(plan.most)}, and {write(plan.most + points)} with the price"
        read.fault("criteria", f"the weights and the price's points must sum to 100; they sum to {told}")
