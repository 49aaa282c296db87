"""The workbench keeps what stands up, chooses on the bids of now with a reason, and never believes a solver."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import msgspec
import pytest

from auction.award import market_of
from auction.award.allocating import Outcome
from auction.award.allocation import Allocation
from auction.award.workbench import workbench
from auction.award.workbench.facts import Scenarios, ScenarioSaved
from auction.award.workbench.workbench import (
    MOST,
    ChooseScenario,
    DropScenario,
    SaveScenario,
    allocation_of,
)
from auction.kernel import Command, handle
from auction.refusals import Refusal

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
CASE: dict[str, Any] = {
    "lots": [{"id": "L1"}, {"id": "L2", "reserve": "50.00"}],
    "offers": [
        {"id": "L1/a", "vendor": "a", "lots": ["L1"], "price": "10.00"},
        {"id": "L2/a", "vendor": "a", "lots": ["L2"], "price": "30.00"},
        {"id": "L2/b", "vendor": "b", "lots": ["L2"], "price": "20.00"},
    ],
}
MARK = market_of.fingerprint(CASE)
BEST = Outcome("optimal", Allocation(frozenset({"L1/a", "L2/b"}), {}), Fraction(30), Fraction(30), False)
SAVE = SaveScenario(by="p-lead", name="Cheapest", case=CASE, rules={}, found=BEST, certified="30")


def after(*commands: Command) -> tuple[Scenarios, object]:
    """The state after some commands, and the last one's answer."""
    state, answer = workbench.initial(), None
    for command in commands:
        done = handle(workbench, state, command, NOW)
        state, answer = done.state, done.answer
    return state, answer


def changed(**found: Any) -> SaveScenario:
    return msgspec.structs.replace(SAVE, found=msgspec.structs.replace(BEST, **found))


def test_a_scenario_is_kept_with_the_hash_of_its_bids_and_an_allocation_that_can_be_read_again() -> None:
    state, answer = after(SAVE)
    assert isinstance(answer, ScenarioSaved)
    assert (answer.number, answer.cost, answer.market) == (1, "30", MARK)
    assert allocation_of(state.saved[1]) == BEST.allocation


@pytest.mark.parametrize(
    "wrong",
    [
        changed(cost=Fraction(29)),
        changed(bound=Fraction(31)),
        changed(allocation=Allocation(frozenset({"L2/b"}), {}), cost=Fraction(20), bound=None),
        msgspec.structs.replace(SAVE, certified="30.01"),
        msgspec.structs.replace(SAVE, rules={"max_winners": 1}),
    ],
    ids=[
        "a cost that is none",
        "a bound above the cost",
        "a lot left over",
        "a certificate too high",
        "a rule broken",
    ],
)
def test_an_answer_that_does_not_stand_up_is_not_kept(wrong: SaveScenario) -> None:
    state, answer = after(wrong)
    assert isinstance(answer, Refusal)
    assert state == workbench.initial()


def test_what_is_impossible_is_kept_with_the_rules_that_clash() -> None:
    found = Outcome("infeasible", clashing=("rules.max_winners", "lots.L1"))
    state, _ = after(msgspec.structs.replace(SAVE, found=found, certified=None, rules={"max_winners": 0}))
    assert state.saved[1].clashing == ("rules.max_winners", "lots.L1")
    _, answer = after(
        msgspec.structs.replace(SAVE, found=found, certified=None),
        ChooseScenario(by="p-lead", number=1, market=MARK, reason="No."),
    )
    assert isinstance(answer, Refusal)


def test_a_scenario_is_chosen_with_a_reason_on_the_bids_of_now() -> None:
    choose = ChooseScenario(by="p-lead", number=1, market=MARK, reason="It is the cheapest.")
    state, _ = after(SAVE, choose)
    assert state.choice == state.saved[1]
    for wrong in ({"market": "0" * 64}, {"reason": "  "}, {"number": 2}, {"awarded": ("L1",)}):
        state, answer = after(SAVE, msgspec.structs.replace(choose, **wrong))
        assert isinstance(answer, Refusal), wrong
        assert state.chosen is None


def test_a_chosen_scenario_cannot_be_dropped_and_a_dropped_one_cannot_be_chosen() -> None:
    choose, drop = (
        ChooseScenario(by="p-lead", number=1, market=MARK, reason="It is the cheapest."),
        DropScenario(by="p-lead", number=1),
    )
    _, answer = after(SAVE, choose, drop)
    assert isinstance(answer, Refusal)
    state, answer = after(SAVE, drop, choose)
    assert isinstance(answer, Refusal)
    assert state.kept == []


def test_the_number_of_scenarios_is_bounded_and_dropping_makes_room() -> None:
    many = [SAVE] * MOST
    assert isinstance(after(*many, SAVE)[1], Refusal)
    _, answer = after(*many, DropScenario(by="p-lead", number=3), SAVE)
    assert isinstance(answer, ScenarioSaved)
    assert answer.number == MOST + 1
