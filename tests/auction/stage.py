"""A stage for tests: a room played in few words, told as `tenderbell replay` would tell it."""

from __future__ import annotations

from typing import Any

from auction.kernel import Event
from auction.live import scenario_file
from auction.live.reread import read_event
from auction.live.room import Room
from auction.live.scenario import STREAM, Run, lots

Plain = dict[str, Any]
DAY = "2026-03-02T"
OPEN: Plain = {"lead": "always", "lead_min_vendors": 0, "count": True, "history": True, "public": "prices"}
"""A visibility in which everything may be seen."""


def moment(clock: str) -> str:
    """A time of the day as RFC 3339: 15:30 or 15:30:00.000001."""
    return f"{DAY}{clock}Z" if clock.count(":") == 2 else f"{DAY}{clock}:00Z"


def bid(clock: str, vendor: str, amount: object, lot: str = "L1", **more: object) -> Plain:
    """A bid that is confirmed, unless said otherwise."""
    return {
        "at": moment(clock),
        "by": vendor,
        "do": "bid",
        "lot": lot,
        "amount": amount,
        "confirm": True,
        **more,
    }


def host(clock: str, do: str, **more: object) -> Plain:
    """What the host does; times among the members are times of the day."""
    timed: Plain = {name: moment(str(more[name])) for name in ("closes", "last_heartbeat") if name in more}
    return {"at": moment(clock), "by": "host", "do": do, **more, **timed}


def look(clock: str, viewer: str) -> Plain:
    """A look through somebody's eyes."""
    return host(clock, "look", **{"as": viewer})


def file(*steps: Plain, rules: Plain | None = None, **more: Any) -> Plain:
    """A scenario from 15:00 to 16:00 with one lot and vendors A, B and C; each part may be given otherwise."""
    plain = {"format": "english", "min_vendors": 1, "closing": {"mode": "parallel"}}
    made: Plain = {
        "rules": plain | (rules or {}),
        "opens": moment("15:00"),
        "closes": moment("16:00"),
        "lots": [{"id": "L1"}],
        "vendors": [{"id": name} for name in "ABC"],
        "steps": list(steps),
    }
    return made | more


class Played:
    """A scenario that was played: its outcomes, lots, room and events."""

    def __init__(self, scenario: Plain) -> None:
        self.run = Run(scenario_file.parse(scenario, "00" * 32), bytes(32))
        self.outcomes: list[Plain] = self.run.outcomes
        self.room: Room = self.run.room
        self.entries = self.run.journal.read(STREAM)
        self.events: list[Event] = [read_event(entry.body) for entry in self.entries]
        told: Any = lots(self.room)
        self.lots: Plain = told

    @property
    def codes(self) -> list[str]:
        """What became of each step: `ok` or the code of its refusal."""
        return ["ok" if each["ok"] else each["code"] for each in self.outcomes]

    @property
    def nexts(self) -> list[str | None]:
        """The `next` of each step, None where it was taken."""
        return [each.get("next") for each in self.outcomes]

    def closes(self, lot: str = "L1") -> str:
        """The time of day of a lot's close."""
        close: str = self.lots[lot]["closes"]
        return close.removeprefix(DAY).removesuffix("Z")

    def view(self, step: int, lot: str = "L1") -> Plain:
        """What the viewer of this step was shown of a lot."""
        shown: Plain = self.outcomes[step]["view"]["lots"][lot]
        return shown


def play(*steps: Plain, rules: Plain | None = None, **more: Any) -> Played:
    """Play a scenario."""
    return Played(file(*steps, rules=rules, **more))
