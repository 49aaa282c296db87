"""An evaluation plan is refused with every fault at once, before anybody bids, and hashed once it has none."""

from __future__ import annotations

from typing import Any

import pytest

from auction.terms.plan import BadPlan, parse
from tests.auction.award.cases import faults

GOOD: dict[str, Any] = {
    "price": {"formula": "relative_lowest", "points": "60"},
    "criteria": [
        {
            "id": "quality",
            "weight": "30",
            "criteria": [{"id": "fit", "weight": "75"}, {"id": "service", "weight": "25"}],
        },
        {"id": "delivery", "weight": "10", "scale": {"kind": "integer", "from": "0", "to": "5"}},
    ],
    "ties": ["small_business", "lot_draw"],
}


NPV = {"kind": "npv", "rate": "0", "years": 3}


def scaled(**scale: Any) -> dict[str, Any]:
    """A criterion of weight 40 on a scale."""
    return {"id": "q", "weight": "40", "scale": scale}


def refused(**changes: Any) -> dict[str, str]:
    """The faults of a plan with some members changed."""
    with pytest.raises(BadPlan) as caught:
        parse({**GOOD, **changes})
    return {fault.path: fault.message for fault in caught.value.faults}


def test_a_plan_hashes_the_same_however_its_numbers_are_written() -> None:
    again = {**GOOD, "price": {"points": "60.0", "formula": "relative_lowest"}}
    assert parse(GOOD).hash == parse(again).hash
    assert parse(GOOD).hash != parse({**GOOD, "threshold": "50"}).hash


def test_leaves_of_a_group_weigh_their_share_of_it() -> None:
    assert [str(each.most) for each in parse(GOOD).criteria[0].below] == ["45/2", "15/2"]


def test_every_fault_is_named_at_once() -> None:
    assert {
        *refused(price={"formula": "cheapest", "points": "-1", "n": 2}, ties=["lot_draw", "quality"])
    } == {
        "price.formula",
        "price.points",
        "price.n",
        "ties",
    }


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("criteria", {"criteria": [{"id": "quality", "weight": "39"}]}),
        ("criteria[0].criteria", {"criteria": [{"id": "g", "weight": "40", "criteria": [{"id": "a", "weight": "99"}]}]}),
        ("criteria[0]", {"criteria": [{"id": "quality", "weight": "40", "max": "40"}]}),
        ("criteria[0]", {"criteria": [{"id": "quality"}]}),
        ("criteria[0].value", {"criteria": [{"id": "quality", "value": "40"}]}),
        ("criteria", {"criteria": [{"id": "q", "weight": "20"}, {"id": "q", "weight": "20"}]}),
        ("criteria[0].threshold", {"criteria": [{"id": "quality", "weight": "40", "threshold": "101"}]}),
        ("criteria[0].scale.points", {"criteria": [scaled(kind="numeric", points=[["1", "0"], ["1", "9"]])]}),
        ("criteria[0].scale.kind", {"criteria": [scaled(kind="stars")]}),
        ("criteria[0].scale.table", {"criteria": [scaled(kind="adjectival", table={})]}),
        ("criteria", {"criteria": [{"id": "eer", "weight": "40"}], "life_cycle": {"kind": "energy", "energy_price": "1"}}),
        ("criteria", {"criteria": [{"id": "running", "fact": "opex", "weight": "40"}], "life_cycle": NPV}),
        ("price.formula", {"split": True}),
        ("price.upper", {"price": {"formula": "absolute_linear", "points": "60", "upper": "5", "lower": "5"}}),
        ("price.upper", {"price": {"formula": "absolute_linear", "points": "60", "lower": "5"}}),
        ("price.a", {"price": {"formula": "log", "points": "60", "a": "1"}}),
        ("price.n", {"price": {"formula": "linear_zero_at_n_times_lowest", "points": "60"}}),
        ("price.wq", {"price": {"formula": "vfm_index", "wp": "40"}}),
        ("price.points", {"price": {"formula": "relative_lowest"}}),
        ("price.points", {"price": {"formula": "relative_lowest", "points": 60}}),
        ("price.points", {"price": {"formula": "relative_lowest", "points": "6e1"}}),
        ("price.round.mode", {"price": {"formula": "relative_lowest", "points": "60", "round": {"places": 1, "mode": "up"}}}),
        ("price.colour", {"price": {"formula": "relative_lowest", "points": "60", "colour": "red"}}),
        ("criteria", {"price": {"formula": "ratio"}, "criteria": []}),
        ("criteria", {"price": {"formula": "coefficient", "scaled": True}, "criteria": [{"id": "f", "fmax": "1"}]}),
        ("preferences", {"preferences": [{"kind": "multiplier", "percent": "50", "applies_to": "a"}] * 2}),
        ("preferences[0].percent", {"preferences": [{"kind": "multiplier", "percent": "0", "applies_to": "a"}]}),
        ("preferences[0].applies_to", {"preferences": [{"kind": "multiplier", "percent": "5"}]}),
        ("preferences[0].cap", {"preferences": [{"kind": "multiplier", "percent": "5", "applies_to": "a", "cap": "0"}]}),
        ("life_cycle.years", {"life_cycle": {"kind": "npv", "rate": "0.03", "years": 0}}),
        ("life_cycle.kind", {"life_cycle": {"kind": "guess"}}),
        ("life_cycle", {"life_cycle": {"kind": "energy", "energy_price": "1", "hours": "5"}}),
        ("ties", {"ties": ["quality"]}),
        ("ties[0]", {"ties": ["coin", "lot_draw"]}),
        ("panel.evaluators", {"panel": {"aggregation": "trimmed", "evaluators": 4}}),
    ],
)  # fmt: skip
def test_a_plan_that_cannot_judge_fairly_is_refused(path: str, changes: dict[str, Any]) -> None:
    assert [*refused(**changes)] == [path]


def test_price_points_and_weights_come_to_100_together_or_weights_alone() -> None:
    assert (
        "they sum to 39, and 99 with the price" in refused(criteria=[{"id": "q", "weight": "39"}])["criteria"]
    )
    for weight in ("40", "100"):
        parse({**GOOD, "criteria": [{"id": "q", "weight": weight}]})
    parse(
        {
            **GOOD,
            "price": {"formula": "relative_lowest", "points": "300"},
            "criteria": [{"id": "q", "max": "700"}],
        }
    )


def bid(**changes: Any) -> dict[str, str]:
    """The faults of a case whose one bid is changed."""
    good = {"price": "10", "scores": {"fit": "50", "service": "60", "delivery": "5"}}
    return faults({**GOOD, "bids": {"A": {**good, **changes}}})


ONE = {"quantity": "1", "unit_price": "10"}
SCORES = {"fit": "50", "service": "60", "delivery": "5"}


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("price", {"price": "0"}),
        ("price", {"price": "-5"}),
        ("price", {"price": "0.00"}),
        ("price", {"price": "NaN"}),
        ("price", {"price": "1e5"}),
        ("price", {"price": 10}),
        ("price", {"price": None}),
        ("price", {"price": "10/3"}),
        ("price", {"price": "11", "lines": [ONE]}),
        ("lines[1].unit_price", {"price": "10", "lines": [ONE, {"quantity": "1", "unit_price": "0"}]}),
        ("lines[0].quantity", {"lines": [{"quantity": "-1", "unit_price": "10"}]}),
        ("lines", {"lines": []}),
        ("scores.fit", {"scores": {**SCORES, "fit": "100.01"}}),
        ("scores.fit", {"scores": {**SCORES, "fit": "-1"}}),
        ("scores.delivery", {"scores": {**SCORES, "delivery": "2.5"}}),
        ("scores.delivery", {"scores": {"fit": "50", "service": "60"}}),
        ("scores.beauty", {"scores": {**SCORES, "beauty": "5"}}),
        ("flags[0]", {"flags": [7]}),
        ("disqualified", {"disqualified": ""}),
        ("colour", {"colour": "red"}),
        ("received", {"received": "yesterday"}),
    ],
)  # fmt: skip
def test_a_bid_that_is_none_is_refused_with_its_place(path: str, changes: dict[str, Any]) -> None:
    assert [*bid(**changes)] == [f"bids.A.{path}"]


def test_no_bids_are_no_case() -> None:
    assert [*faults({**GOOD, "bids": {}})] == ["bids"]
    assert [*faults({"bids": {"A": {}}})] == ["bids.A.price"]


def test_quality_of_nothing_divides_no_price() -> None:
    rules = {"price": {"formula": "ratio"}, "criteria": [{"id": "q", "weight": "100"}]}
    assert [*faults({**rules, "bids": {"A": {"price": "10", "scores": {"q": "0"}}}})] == ["bids.A.scores"]


def test_life_cycle_costs_need_their_facts() -> None:
    npv = {"life_cycle": {"kind": "npv", "rate": "0.03", "years": 20}}
    assert [*faults({**npv, "bids": {"A": {}}})] == ["bids.A.opex", "bids.A.capex"]
    assert [*faults({**npv, "bids": {"A": {"capex": "1", "opex": "1", "residual": "99"}}})] == [
        "bids.A.residual"
    ]
    energy = {"life_cycle": {"kind": "energy", "capacity": "1", "hours": "1", "energy_price": "1"}}
    assert [*faults({**energy, "bids": {"A": {"price": "1"}}})] == ["bids.A.eer"]
    assert [*faults({**energy, "bids": {"A": {"price": "1", "eer": "0"}}})] == ["bids.A.eer"]
