"""A workbench with scenarios to look at: the cheapest, one that is explained and chosen, and one that is impossible."""

from __future__ import annotations

from typing import Any

import msgspec

from auction.award.workbench.workbench import ChooseScenario, ExplainScenario, SaveScenario
from server import drafting, solving
from server.pages.allocation.finding import bench_of, found_of
from server.pages.showing import find
from server.solving import Wanted
from tests.server.house import House

LEAD = "p-lead"


async def allocated(house: House, event_id: str) -> None:
    """Solve three scenarios of an event that is over, explain and choose the second; the third is impossible."""
    bench, stream = bench_of(house.parts, find(house.parts, event_id)), f"allocation/{event_id}"
    cedar: dict[str, Any] = {"v-cedar": {"must_win": True}}
    for name, rules in (
        ("Cheapest", {}),
        ("Cedar Supply must win something", {"vendors": cedar}),
        ("One vendor alone", {"vendors": cedar, "max_winners": 1, "min_winners": 2}),
    ):
        found, certified = solving.solve(Wanted(bench.case, rules))
        save = SaveScenario(
            by=LEAD, name=name, case=bench.case, rules=rules, found=found, certified=certified
        )
        await drafting.tell(house.parts, stream, save)
    saved = house.parts.desk.state(stream).saved[2]
    best = found_of(saved)
    assert best is not None
    told = solving.explain(Wanted(bench.case, saved.rules), best)
    explained = ExplainScenario(by=LEAD, number=2, market=bench.mark, **msgspec.structs.asdict(told))
    chosen = ChooseScenario(by=LEAD, number=2, market=bench.mark, reason="A second source of paper.")
    for step in (explained, chosen):
        await drafting.tell(house.parts, stream, step)
