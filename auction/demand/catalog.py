"""The item catalog of a consortium: the decider of the stream `catalog/<consortium>`.

An item has one base unit for ever: needs, prices and lots are counted in it. What else it comes in are its packs, each with
an exact ratio to the base unit. An item is never deleted, only retired, because old needs and prices point at it.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from datetime import datetime
from fractions import Fraction

import msgspec

from auction.demand.units import LONGEST, canonical, fixed, ratio, related
from auction.kernel import Command, Event, Refused
from auction.refusals import Refusal, no
from auction.terms.faults import Fault, Reading

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
LONGEST_TEXT = 300
MOST_ITEMS = 50_000


class Pack(msgspec.Struct, frozen=True):
    """Another unit that an item comes in; `holds` is how many base units it holds: `10`, `0.5` or `5/12`."""

    unit: str
    holds: str


class Item(msgspec.Struct, frozen=True):
    """One thing to buy; `unit` is its base unit."""

    id: str
    description: str
    category: str
    unit: str
    packs: tuple[Pack, ...] = ()
    retired: bool = False


class KeepItems(Command, frozen=True):
    """Add these items, or put them in place of those with the same ids.

    `was` is the revision that an editor saw of a single item: an item that somebody else changed meanwhile is not overwritten.
    """

    items: tuple[Item, ...]
    was: int | None = None


class NameUnit(Command, frozen=True):
    """Let a word mean a unit in this consortium."""

    word: str
    unit: str


class ItemsKept(Event, frozen=True, tag="catalog.items_kept"):
    """Items were added or changed."""

    items: tuple[Item, ...]


class UnitNamed(Event, frozen=True, tag="catalog.unit_named"):
    """A word means a unit."""

    word: str
    unit: str


CatalogEvent = ItemsKept | UnitNamed


class Catalog(msgspec.Struct):
    """A consortium's items by id, how often each was changed, and its own words for units."""

    items: dict[str, Item] = msgspec.field(default_factory=dict)
    revisions: dict[str, int] = msgspec.field(default_factory=dict)
    words: dict[str, str] = msgspec.field(default_factory=dict)


class Kept(msgspec.Struct, frozen=True):
    """What was done: how many items were new, how many changed, and how many were the same already."""

    added: int
    changed: int
    same: int


def initial() -> Catalog:
    """Return an empty catalog."""
    return Catalog()


def per(item: Item, unit: str) -> Fraction | None:
    """How many base units of an item one of this unit holds; None where that is not known."""
    for pack in item.packs:
        if pack.unit == unit:
            return ratio(pack.holds)
    return fixed(unit, item.unit)


def units_of(item: Item) -> list[str]:
    """Every unit that quantities of an item can be stated in, the base unit first."""
    return list(dict.fromkeys([item.unit, *(pack.unit for pack in item.packs), *related(item.unit)]))


def faults(item: Item, path: str = "") -> list[Fault]:
    """Name everything that is wrong with an item."""
    read, at = Reading(), f"{path}." if path else ""
    if not _ID.fullmatch(item.id):
        read.fault(f"{at}id", "must be 1 to 40 letters, digits, or one of _ . - in it")
    for name in ("description", "category"):
        text = getattr(item, name)
        if not text.strip() or len(text) > LONGEST_TEXT:
            read.fault(f"{at}{name}", f"must have 1 to {LONGEST_TEXT} letters")
    _unit(read, f"{at}unit", item.unit)
    seen: set[str] = set()
    for pack in item.packs:
        _unit(read, f"{at}packs", pack.unit)
        if ratio(pack.holds) is None:
            read.fault(
                f"{at}packs", f"{pack.holds!r} is no amount; write how many {item.unit} it holds, such as 10"
            )
        if pack.unit in seen:
            read.fault(f"{at}packs", f"{pack.unit} is named twice; keep one")
        seen.add(pack.unit)
        own = fixed(pack.unit, item.unit)
        if own is not None and ratio(pack.holds) != own:
            read.fault(f"{at}packs", f"one {pack.unit} is always {own} {item.unit}")
    return read.faults


def _unit(read: Reading, path: str, unit: str) -> None:
    if not unit or len(unit) > LONGEST or canonical(unit) != unit:
        read.fault(path, f"{unit!r} is no unit; write one such as each, box or ream")


def decide(catalog: Catalog, command: Command, now: datetime) -> Generator[Event, None, Kept]:
    """Judge one command."""
    if isinstance(command, NameUnit):
        return (yield from _name(catalog, command, now))
    if not isinstance(command, KeepItems):
        raise Refused(no("BAD_COMMAND"))
    found = [fault for item in command.items for fault in faults(item, item.id)]
    found += [fault for item in command.items for fault in _fixed_unit(catalog, item)]
    if found:
        raise Refused(no("BAD_COMMAND", "; ".join(f"{each.path}: {each.message}" for each in found[:20])))
    if command.was is not None and any(
        catalog.revisions.get(each.id, 0) != command.was for each in command.items
    ):
        raise Refused(
            no("NOT_ALLOWED", "Somebody else changed this item meanwhile; look at it again, then change it.")
        )
    if len({each.id for each in command.items}) < len(command.items):
        raise Refused(no("BAD_COMMAND", "An item is named twice; keep one."))
    if len(catalog.items.keys() | {each.id for each in command.items}) > MOST_ITEMS:
        raise Refused(no("NOT_ALLOWED", f"A catalog holds at most {MOST_ITEMS:,} items."))
    new = tuple(each for each in command.items if catalog.items.get(each.id) != each)
    added = sum(1 for each in new if each.id not in catalog.items)
    if new:
        yield ItemsKept(at=now, by=command.by, items=new)
    return Kept(added, len(new) - added, len(command.items) - len(new))


def _fixed_unit(catalog: Catalog, item: Item) -> Iterator[Fault]:
    before = catalog.items.get(item.id)
    if before is not None and before.unit != item.unit:
        said = f"is counted in {before.unit} for good; add {item.unit} as a pack, or make a new item"
        yield Fault(f"{item.id}.unit", said)


def _name(catalog: Catalog, command: NameUnit, now: datetime) -> Generator[Event, None, Kept]:
    word = " ".join(re.sub(r"[^\w ]+", " ", command.word.casefold()).split())
    unit = canonical(command.unit)
    if not word or len(word) > LONGEST or not unit or len(unit) > LONGEST:
        raise Refused(no("BAD_COMMAND", "Give the word, and the unit that it means."))
    if catalog.words.get(word) == unit:
        return Kept(0, 0, 1)
    yield UnitNamed(at=now, by=command.by, word=word, unit=unit)
    return Kept(1, 0, 0)


def evolve(catalog: Catalog, event: Event) -> Catalog:
    """Write one event into the catalog."""
    if isinstance(event, ItemsKept):
        for item in event.items:
            catalog.items[item.id] = item
            catalog.revisions[item.id] = catalog.revisions.get(item.id, 0) + 1
    elif isinstance(event, UnitNamed):
        catalog.words[event.word] = event.unit
    return catalog


def refusal(catalog: Catalog, command: Command, reason: Refusal, now: datetime) -> Iterator[Event]:
    """Refusals to a lead are answered, not written."""
    return iter(())
