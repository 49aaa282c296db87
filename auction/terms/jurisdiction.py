"""Jurisdiction: what a state's law asks of an auction, each provision with its source, its date and how it is known.

What is not on record is unknown, and unknown means off: a state without a provision that allows auctions allows none.
A provision known from general knowledge, or only inferred, is shown but never relied on.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, Literal

import msgspec

from auction.terms.faults import Faulty, Reading, join
from auction.terms.protest_window import ANCHORS, MOST_DAYS, Window

Kind = Literal["reverse_auction", "sealed_bid"]
KINDS = ("reverse_auction", "sealed_bid")
MARKS = {
    "R": "the law's own words were read",
    "R2": "read in a secondary page",
    "GK": "from general knowledge; not relied on",
    "INF": "inferred; not relied on",
    "fictional": "made up for demonstrations",
}
RELIED_ON = ("R", "R2", "fictional")
CATEGORIES = {
    "supplies": "Classroom and office supplies",
    "technology": "Technology and devices",
    "food": "Food and kitchen supplies",
    "custodial": "Custodial and maintenance supplies",
    "furniture": "Furniture and equipment",
    "vehicles": "Vehicles and fuel",
    "energy": "Energy",
    "services": "Services",
    "construction": "Construction",
    "design": "Design, architecture and engineering",
    "repair": "Repair of buildings",
}
"""What is bought: each code with its words."""
SHOWN = {
    "own_rank": "each vendor's own rank",
    "lead_price": "the lowest price",
    "all_prices": "an anonymous graph of all prices",
    "public_prices": "prices to the public, live",
}
"""What a law may want shown, or not shown, while bidding runs."""
TOPICS = {
    "reverse_auction": "Reverse auctions",
    "sealed_opening": "Sealed bids that open an auction",
    "excluded_categories": "What may not be bought by auction",
    "live_information": "What is shown while bidding runs",
    "preconditions": "What must be on file before publication",
    "minimum_notice": "Shortest notice before bids are received",
    "addendum_cutoff": "Latest time for an addendum",
    "names": "When bidders' names become public",
    "non_collusion": "Non-collusion statement",
    "award_by": "Time to award",
    "protest": "Time to protest",
    "holidays": "Days that do not count",
    "retention": "How long the file is kept",
    "fees": "Fees",
    "schedule": "How long an auction runs",
    "note": "Also",
}
"""The topics of provisions, with their headings."""


class Provision(msgspec.Struct, frozen=True):
    """One thing the law says on a topic, with its source, the day it was looked up, and how it is known."""

    topic: str
    says: str
    source: str
    date: str
    mark: str
    value: Any = None

    @property
    def counts(self) -> bool:
        """Whether it is relied on."""
        return self.mark in RELIED_ON


class Period(msgspec.Struct, frozen=True):
    """So many days, of the calendar or working ones; `publications` and the days between them for a printed notice."""

    days: int
    working: bool = False
    publications: int = 1
    apart: int = 7


class Live(msgspec.Struct, frozen=True):
    """What must be shown while bidding runs (at least one of `one_of`, each of `needs`), and what must not be."""

    one_of: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


class Precondition(msgspec.Struct, frozen=True):
    """A paper that must be on file before an auction is published."""

    id: str
    words: str


class Profile(msgspec.Struct, frozen=True):
    """A state's law as far as it is on record; `bodies` says whose law it is."""

    code: str
    name: str
    bodies: str
    fictional: bool
    provisions: tuple[Provision, ...]
    auctions: bool = False
    sealed_opening: bool = False
    excluded: tuple[str, ...] = ()
    live: Live = Live()
    preconditions: tuple[Precondition, ...] = ()
    notice: dict[str, Period] = {}
    cutoff: Period | None = None
    names_at: tuple[str, ...] = ()
    non_collusion: dict[str, str] = {}
    award_by: Period | None = None
    protest: Window | None = None
    holidays: frozenset[date] = frozenset()
    retention_years: int | None = None

    def of(self, topic: str) -> Provision | None:
        """The provision on a topic that is relied on."""
        return next((each for each in self.provisions if each.topic == topic and each.counts), None)

    @property
    def protest_window(self) -> Window | None:
        """The time to protest that is on record, with where it stands; None where none is."""
        found = self.of("protest")
        if self.protest is None or found is None:
            return None
        return msgspec.structs.replace(self.protest, source=found.source)

    def source(self, topic: str) -> str:
        """Where the law on a topic stands, for a sentence's end."""
        found = self.of(topic)
        return f" ({found.source})" if found is not None else ""


class BadProfile(Faulty):
    """A jurisdiction's data cannot be used; carries every fault."""


def parse(raw: object) -> Profile:
    """Read a profile; raises `BadProfile` with every fault."""
    read = Reading()
    whole = read.members("", raw, ("code", "name", "bodies", "fictional", "provisions"), ("code", "name"))
    code = str(whole.get("code", ""))
    if not re.fullmatch(r"US-[A-Z]{2}", code):
        read.fault("code", "must be a state's code, such as US-PA")
    rows = tuple(
        _provision(read, f"provisions[{row}]", each)
        for row, each in enumerate(read.rows("provisions", whole.get("provisions", []), 1))
    )
    given: dict[str, Any] = {}
    for row, each in enumerate(rows):
        if each.counts and each.topic in _VALUES:
            name, reader = _VALUES[each.topic]
            if name in given:
                read.fault(f"provisions[{row}].topic", f"{each.topic} stands twice; keep one that counts")
            given[name] = reader(read, f"provisions[{row}].value", each.value)
    fictional = read.flag("fictional", whole.get("fictional", False))
    if any((each.mark == "fictional") != fictional for each in rows):
        read.fault("fictional", "must be true where, and only where, the provisions are made up")
    read.finish(BadProfile)
    return Profile(code, str(whole.get("name", "")), str(whole.get("bodies", "")), fictional, rows, **given)


def _provision(read: Reading, path: str, raw: object) -> Provision:
    names = ("topic", "says", "source", "date", "mark")
    row = read.members(path, raw, (*names, "value"), names)
    said = {name: str(row.get(name, "")) for name in names}
    read.choice(join(path, "topic"), said["topic"], tuple(TOPICS))
    read.choice(join(path, "mark"), said["mark"], tuple(MARKS))
    for name in ("says", "source"):
        if not said[name].strip():
            read.fault(join(path, name), "must not be empty")
    _day(read, join(path, "date"), said["date"])
    return Provision(**said, value=row.get("value"))


def _day(read: Reading, path: str, value: object) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        read.fault(path, 'must be a day, such as "2026-11-25"')
        return date(2000, 1, 1)


def _words(among: dict[str, str] | tuple[str, ...]) -> Callable[[Reading, str, object], tuple[str, ...]]:
    def read_words(read: Reading, path: str, value: object) -> tuple[str, ...]:
        rows = read.rows(path, value)
        return tuple(read.choice(f"{path}[{row}]", each, tuple(among)) for row, each in enumerate(rows))

    return read_words


def _live(read: Reading, path: str, value: object) -> Live:
    names = ("one_of", "needs", "never")
    row = read.members(path, value, names)
    return Live(*(_words(SHOWN)(read, join(path, name), row.get(name, [])) for name in names))


def _period(read: Reading, path: str, value: object) -> Period:
    row = read.members(path, value, ("days", "working", "publications", "apart"), ("days",))
    return Period(
        read.count(join(path, "days"), row.get("days", 0), 0, 3650),
        read.flag(join(path, "working"), row.get("working", False)),
        read.count(join(path, "publications"), row.get("publications", 1), 1, 12),
        read.count(join(path, "apart"), row.get("apart", 7), 1, 31),
    )


def _window(read: Reading, path: str, value: object) -> Window:
    """A time to protest says all that an award waits for: nothing of it is guessed."""
    row = read.members(path, value, ("days", "working", "anchor", "stay"), ("days", "anchor", "stay"))
    return Window(
        read.count(join(path, "days"), row.get("days", 1), 1, MOST_DAYS),
        read.flag(join(path, "working"), row.get("working", False)),
        read.choice(join(path, "anchor"), row.get("anchor", "notice"), ANCHORS),  # type: ignore[arg-type]
        read.flag(join(path, "stay"), row.get("stay", True)),
    )


def _notice(read: Reading, path: str, value: object) -> dict[str, Period]:
    return {kind: _period(read, join(path, kind), each) for kind, each in _by_kind(read, path, value).items()}


def _by_kind(read: Reading, path: str, value: object) -> dict[str, object]:
    return read.members(path, value, KINDS)


def _texts(read: Reading, path: str, value: object) -> dict[str, str]:
    return {kind: str(each) for kind, each in _by_kind(read, path, value).items()}


def _preconditions(read: Reading, path: str, value: object) -> tuple[Precondition, ...]:
    found = []
    for row, each in enumerate(read.rows(path, value)):
        given = read.members(f"{path}[{row}]", each, ("id", "words"), ("id", "words"))
        found.append(
            Precondition(read.name(f"{path}[{row}].id", given.get("id")), str(given.get("words", "")))
        )
    return tuple(found)


def _days(read: Reading, path: str, value: object) -> frozenset[date]:
    return frozenset(_day(read, f"{path}[{row}]", each) for row, each in enumerate(read.rows(path, value)))


def _years(read: Reading, path: str, value: object) -> int:
    return read.count(path, value, 1, 100)


_VALUES: dict[str, tuple[str, Callable[[Reading, str, object], Any]]] = {
    "reverse_auction": ("auctions", lambda read, path, value: read.flag(path, value)),
    "sealed_opening": ("sealed_opening", lambda read, path, value: read.flag(path, value)),
    "excluded_categories": ("excluded", _words(CATEGORIES)),
    "live_information": ("live", _live),
    "preconditions": ("preconditions", _preconditions),
    "minimum_notice": ("notice", _notice),
    "addendum_cutoff": ("cutoff", _period),
    "names": ("names_at", _words(("close", "award", "never"))),
    "non_collusion": ("non_collusion", _texts),
    "award_by": ("award_by", _period),
    "protest": ("protest", _window),
    "holidays": ("holidays", _days),
    "retention": ("retention_years", _years),
}
