"""The engine and its slow, independent twin agree on every outcome, view and lot of drawn scenarios."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings

from auction.live import scenario_file
from auction.live.scenario import Run, lots
from tests.auction import naive_run
from tests.auction.draws import scenarios

Plain = dict[str, Any]


def plain(outcome: Plain) -> Plain:
    """An outcome without its sentence and without the labels of the anonymous graph."""
    return {key: unlabelled(value) for key, value in outcome.items() if key != "message"}


def unlabelled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: unlabelled(each) for key, each in value.items() if key != "label"}
    return [unlabelled(each) for each in value] if isinstance(value, list) else value


@settings(max_examples=500)
@given(scenarios())
def test_both_engines_agree(scenario: Plain) -> None:
    run = Run(scenario_file.parse(scenario, "00" * 32), bytes(32))
    slow = naive_run.run(scenario)
    for step, fast, expected in zip(scenario["steps"], run.outcomes, slow["outcomes"], strict=True):
        assert (step, plain(fast)) == (step, expected)
    assert lots(run.room) == slow["lots"]
