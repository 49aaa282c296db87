"""What happened in the workbench of an event, stream `allocation/<id>`, and what is remembered of it.

Amounts are dollars in exact decimal strings; `market` is the hash of the case without its rules.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from auction.award.integer_model import Status
from auction.kernel import Event

Aim = Literal["cost", "quality"]


class PartTaken(msgspec.Struct, frozen=True):
    """So many percent of a lot that a vendor gets."""

    vendor: str
    lot: str
    percent: int


class ScenarioSaved(Event, frozen=True, tag="allocation.scenario_saved"):
    """A scenario was kept: its rules, and the allocation that was found and reckoned again, or the rules that clash.

    `aim` is what was sought: the least cost, or the most quality within `within` percent of the cheapest.
    """

    number: int
    name: str
    rules: dict[str, Any]
    market: str
    status: Status
    cost: str | None = None
    bound: str | None = None
    certified: str | None = None
    offers: tuple[str, ...] = ()
    shares: tuple[PartTaken, ...] = ()
    tie: bool | None = False
    clashing: tuple[str, ...] = ()
    aim: Aim = "cost"
    within: str = ""


class Figure(msgspec.Struct, frozen=True):
    """A name with an amount; None where the changed question has no proven answer, or there was no time for it."""

    name: str
    amount: str | None


class ScenarioExplained(Event, frozen=True, tag="allocation.scenario_explained"):
    """A scenario was explained by exact solutions of changed questions.

    `winning` names losing offers with the price at which each would have won, `lifted` rules with what each costs, `failing`
    winners with what everything costs without each; `whole` is False where time ran out before all of it was looked at.
    """

    number: int
    winning: tuple[Figure, ...] = ()
    lifted: tuple[Figure, ...] = ()
    failing: tuple[Figure, ...] = ()
    runner_up: str | None = None
    whole: bool = True


class ScenarioChosen(Event, frozen=True, tag="allocation.scenario_chosen"):
    """A scenario was chosen: its winners are proposed where awards are made; nothing is awarded by it."""

    number: int
    reason: str


class ScenarioDropped(Event, frozen=True, tag="allocation.scenario_dropped"):
    """A scenario was dropped; it stays on record."""

    number: int


AllocationEvent = ScenarioSaved | ScenarioExplained | ScenarioChosen | ScenarioDropped


class Scenarios(msgspec.Struct):
    """All scenarios by number, the dropped ones, the explanations, and the last choice."""

    saved: dict[int, ScenarioSaved] = msgspec.field(default_factory=dict)
    dropped: set[int] = msgspec.field(default_factory=set)
    explained: dict[int, ScenarioExplained] = msgspec.field(default_factory=dict)
    chosen: ScenarioChosen | None = None

    @property
    def kept(self) -> list[ScenarioSaved]:
        """The scenarios that were not dropped, in order."""
        return [each for number, each in self.saved.items() if number not in self.dropped]

    @property
    def choice(self) -> ScenarioSaved | None:
        """The scenario that is chosen."""
        return self.saved[self.chosen.number] if self.chosen is not None else None
