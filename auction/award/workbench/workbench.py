"""Keeping, explaining, choosing and dropping scenarios: the decider of the stream `allocation/<id>`.

Solving happens elsewhere and is not believed: what was found is reckoned again from the market before it is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from datetime import datetime
from typing import Any

from auction.award import market_of
from auction.award.allocating import Outcome
from auction.award.allocation import Allocation, cost
from auction.award.allocation_check import broken
from auction.award.decision.asking import LONGEST_NAME, words
from auction.award.rules_written import written
from auction.award.workbench.facts import (
    Aim,
    Figure,
    PartTaken,
    ScenarioChosen,
    ScenarioDropped,
    ScenarioExplained,
    Scenarios,
    ScenarioSaved,
)
from auction.kernel import Command, Event, Refused
from auction.refusals import Refusal, no
from auction.terms.exact_numbers import parse, write

MOST = 40
"""So many scenarios are kept at the most; others can be dropped."""
STALE = "The bids have changed since this scenario was solved. Solve it again, then choose it."

AWARDED = "Lots of this event are awarded already. A scenario is chosen before, so that nobody takes it for their reason."


class SaveScenario(Command, frozen=True):
    """Keep a scenario: what was found for a case under rules, `certified` a bound that needs no solver."""

    name: str
    case: dict[str, Any]
    rules: dict[str, Any]
    found: Outcome
    certified: str | None = None
    aim: Aim = "cost"
    within: str = ""


class ExplainScenario(Command, frozen=True):
    """Keep the explanations of a scenario on the market of this hash."""

    number: int
    market: str
    winning: tuple[Figure, ...] = ()
    lifted: tuple[Figure, ...] = ()
    failing: tuple[Figure, ...] = ()
    runner_up: str | None = None
    whole: bool = True


class ChooseScenario(Command, frozen=True):
    """Choose a scenario with a reason; `market` is the hash of the bids as they stand, `awarded` are lots that went already."""

    number: int
    market: str
    reason: str
    awarded: tuple[str, ...] = ()


class DropScenario(Command, frozen=True):
    """Drop a scenario."""

    number: int


def initial() -> Scenarios:
    """Return no scenarios."""
    return Scenarios()


def _save(scenarios: Scenarios, command: SaveScenario, now: datetime) -> ScenarioSaved:
    if len(scenarios.kept) >= MOST:
        raise Refused(no("NOT_ALLOWED", f"{MOST} scenarios are kept already. Drop one that is not needed."))
    market, found = market_of.read(command.case, command.rules), command.found
    if found.allocation is not None:
        _stands_up(command, found.allocation)
    return ScenarioSaved(
        at=now,
        by=command.by,
        number=len(scenarios.saved) + 1,
        name=words(command.name, "Give the scenario a name.", LONGEST_NAME),
        rules=written(market.rules),
        market=market_of.fingerprint(command.case),
        status=found.status,
        cost=_told(found.cost),
        bound=_told(found.bound),
        certified=command.certified,
        offers=tuple(sorted(found.allocation.offers)) if found.allocation else (),
        shares=_parts(found.allocation),
        tie=found.tie,
        clashing=found.clashing,
        aim=command.aim,
        within=command.within,
    )


def _stands_up(command: SaveScenario, allocation: Allocation) -> None:
    """Reckon an answer again, every rule and the whole cost; a bound must not lie above it."""
    market, found = market_of.read(command.case, command.rules), command.found
    total = cost(market, allocation)
    certified = parse(command.certified) if command.certified is not None else None
    above = found.bound is not None and found.bound > total
    if broken(market, allocation) or found.cost != total or above:
        raise Refused(no("NOT_ALLOWED", "The answer does not stand up to being reckoned again; solve anew."))
    if certified is not None and certified > total:
        raise Refused(no("NOT_ALLOWED", "The certified bound lies above the cost; solve anew."))


def _told(amount: Any) -> str | None:
    return None if amount is None else write(amount)


def _parts(allocation: Allocation | None) -> tuple[PartTaken, ...]:
    shares = allocation.shares if allocation is not None else {}
    return tuple(PartTaken(vendor, lot, percent) for (vendor, lot), percent in shares.items() if percent)


def allocation_of(saved: ScenarioSaved) -> Allocation | None:
    """The allocation of a scenario; None where nothing was found."""
    if saved.cost is None:
        return None
    return Allocation(
        frozenset(saved.offers), {(each.vendor, each.lot): each.percent for each in saved.shares}
    )


def _known(scenarios: Scenarios, number: int) -> ScenarioSaved:
    if number not in scenarios.saved or number in scenarios.dropped:
        raise Refused(no("NOT_ALLOWED", "There is no such scenario; it may have been dropped."))
    return scenarios.saved[number]


def _fresh(scenarios: Scenarios, number: int, market: str) -> ScenarioSaved:
    saved = _known(scenarios, number)
    if saved.market != market:
        raise Refused(no("NOT_ALLOWED", STALE))
    if saved.cost is None:
        raise Refused(no("NOT_ALLOWED", "This scenario awards nothing; change its rules first."))
    return saved


def _explain(scenarios: Scenarios, command: ExplainScenario, now: datetime) -> ScenarioExplained:
    _fresh(scenarios, command.number, command.market)
    return ScenarioExplained(
        at=now,
        by=command.by,
        number=command.number,
        winning=command.winning,
        lifted=command.lifted,
        failing=command.failing,
        runner_up=command.runner_up,
        whole=command.whole,
    )


def _choose(scenarios: Scenarios, command: ChooseScenario, now: datetime) -> ScenarioChosen:
    if command.awarded:
        raise Refused(no("NOT_ALLOWED", AWARDED))
    _fresh(scenarios, command.number, command.market)
    reason = words(command.reason, "Say in words why this scenario is chosen.")
    return ScenarioChosen(at=now, by=command.by, number=command.number, reason=reason)


def _drop(scenarios: Scenarios, command: DropScenario, now: datetime) -> ScenarioDropped:
    _known(scenarios, command.number)
    if scenarios.chosen is not None and scenarios.chosen.number == command.number:
        raise Refused(no("NOT_ALLOWED", "This scenario is chosen. Choose another one before dropping it."))
    return ScenarioDropped(at=now, by=command.by, number=command.number)


ANSWERS: dict[type[Command], Callable[[Scenarios, Any, datetime], Event]] = {
    SaveScenario: _save,
    ExplainScenario: _explain,
    ChooseScenario: _choose,
    DropScenario: _drop,
}
"""Each command with the rule that answers it by one event."""


def decide(scenarios: Scenarios, command: Command, now: datetime) -> Generator[Event, None, Event]:
    """Judge one command."""
    answer = ANSWERS.get(type(command))
    if answer is None:
        raise Refused(no("BAD_COMMAND"))
    made = answer(scenarios, command, now)
    yield made
    return made


def evolve(scenarios: Scenarios, event: Event) -> Scenarios:
    """Write one event down."""
    if isinstance(event, ScenarioSaved):
        scenarios.saved[event.number] = event
    elif isinstance(event, ScenarioExplained):
        scenarios.explained[event.number] = event
    elif isinstance(event, ScenarioChosen):
        scenarios.chosen = event
    elif isinstance(event, ScenarioDropped):
        scenarios.dropped.add(event.number)
    return scenarios


def refusal(scenarios: Scenarios, command: Command, reason: Refusal, now: datetime) -> Iterator[Event]:
    """Refusals are answered, not written."""
    return iter(())
