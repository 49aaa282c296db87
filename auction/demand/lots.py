"""Lots made of a call's needs: the decider of the stream `lots/<call>`.

Lots are made once the call is over, from every item that somebody needs. Splitting, merging and moving change where an item
lies, never how much of it is needed. A lot that stands in a published event is frozen.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import datetime

import msgspec

from auction.demand.parcels import Block, Blocks, cells, cut_districts, cut_items, items_of, merged
from auction.kernel import Command, Event, Refused
from auction.refusals import Refusal, no

MOST_LOTS = 400


class PlannedLot(msgspec.Struct, frozen=True):
    """A lot to be: its title and what lies in it; `event` is the event whose draft or publication it stands in."""

    id: str
    title: str
    blocks: Blocks
    event: str | None = None


class LotCommand(Command, frozen=True, kw_only=True):
    """A change to lots; `frozen` are the events that are published, and `seen` the plan's version that was looked at."""

    frozen: tuple[str, ...] = ()
    seen: int | None = None


class PlanLots(LotCommand, frozen=True):
    """Make lots of these groups: title and items each; all of them for all of these districts."""

    groups: tuple[tuple[str, tuple[str, ...]], ...]
    districts: tuple[str, ...]
    over: bool = True


class MoveItems(LotCommand, frozen=True):
    """Move items from one lot to another, or to a new one with this title."""

    lot: str
    items: tuple[str, ...]
    to: str | None = None
    title: str = ""


class SplitDistricts(LotCommand, frozen=True):
    """Split a lot: these districts' needs go to a new lot with this title."""

    lot: str
    districts: tuple[str, ...]
    title: str


class MergeLots(LotCommand, frozen=True):
    """Put lots together into the first of them."""

    lots: tuple[str, ...]


class RenameLot(LotCommand, frozen=True):
    """Give a lot another title."""

    lot: str
    title: str


class DraftLots(LotCommand, frozen=True):
    """Note in which event's draft these lots stand."""

    lots: tuple[str, ...]
    event: str


class DropLots(LotCommand, frozen=True):
    """Give all lots up, so that they can be made anew."""


class LotsPlanned(Event, frozen=True, tag="lots.planned"):
    """Lots were made of the needs."""

    lots: tuple[PlannedLot, ...]


class LotsChanged(Event, frozen=True, tag="lots.changed"):
    """Lots were changed, added, or taken out; `how` says in a word what was done."""

    how: str
    lots: tuple[PlannedLot, ...]
    removed: tuple[str, ...] = ()


class LotsDropped(Event, frozen=True, tag="lots.dropped"):
    """All lots were given up."""


LotsEvent = LotsPlanned | LotsChanged | LotsDropped


class Plan(msgspec.Struct):
    """The lots by their ids, in order; `version` counts the changes."""

    lots: dict[str, PlannedLot] = msgspec.field(default_factory=dict)
    last: int = 0
    version: int = 0


class Planned(msgspec.Struct, frozen=True):
    """The answer: the lots that were made or changed."""

    lots: tuple[str, ...]


def initial() -> Plan:
    """Return no lots."""
    return Plan()


def decide(plan: Plan, command: Command, now: datetime) -> Generator[Event, None, Planned]:
    """Judge one command."""
    if not isinstance(command, LotCommand):
        raise Refused(no("BAD_COMMAND"))
    if command.seen is not None and command.seen != plan.version:
        raise Refused(
            no("NOT_ALLOWED", "Somebody else changed the lots meanwhile; look at them again first.")
        )
    event: LotsPlanned | LotsChanged
    if isinstance(command, PlanLots):
        event = _plan(plan, command, now)
    elif isinstance(command, DropLots):
        for lot in plan.lots.values():
            _not_frozen(lot, command)
        yield LotsDropped(at=now, by=command.by)
        return Planned(())
    else:
        event = _changed(plan, command, now)
    yield event
    return Planned(tuple(lot.id for lot in event.lots))


def _plan(plan: Plan, command: PlanLots, now: datetime) -> LotsPlanned:
    if not command.over:
        raise Refused(no("NOT_ALLOWED", "Lots are made once the call for needs is over."))
    if plan.lots:
        raise Refused(no("NOT_ALLOWED", "Lots have been made already; give them up to make them anew."))
    named = [item for _, items in command.groups for item in items]
    if not named or not command.districts:
        raise Refused(no("BAD_COMMAND", "Nobody has stated a need yet, so there is nothing to make lots of."))
    if len(set(named)) < len(named) or len(set(command.districts)) < len(command.districts):
        raise Refused(no("BAD_COMMAND", "An item would lie in two lots."))
    groups = [(title, items) for title, items in command.groups if items]
    if len(groups) > MOST_LOTS:
        raise Refused(no("NOT_ALLOWED", f"There can be at most {MOST_LOTS} lots."))
    made = tuple(
        PlannedLot(f"L{plan.last + place}", _title(title), (Block(items, command.districts),))
        for place, (title, items) in enumerate(groups, start=1)
    )
    return LotsPlanned(at=now, by=command.by, lots=made)


def _changed(plan: Plan, command: LotCommand, now: datetime) -> LotsChanged:
    """Carry out a change to lots that are there."""
    if isinstance(command, MoveItems):
        how, lots, removed = "moved", *_move(plan, command)
    elif isinstance(command, SplitDistricts):
        lot = _lot(plan, command.lot, command)
        rest, taken = cut_districts(lot.blocks, command.districts)
        if not rest or not taken:
            raise Refused(no("BAD_COMMAND", "Choose some of the lot's districts, but not all of them."))
        how, removed = "split", ()
        lots = (msgspec.structs.replace(lot, blocks=rest), _new(plan, command.title, taken))
    elif isinstance(command, MergeLots):
        chosen = [_lot(plan, each, command) for each in dict.fromkeys(command.lots)]
        if len(chosen) < 2:
            raise Refused(no("BAD_COMMAND", "Choose at least two lots to merge."))
        how, removed = "merged", tuple(each.id for each in chosen[1:])
        lots = (msgspec.structs.replace(chosen[0], blocks=merged(each.blocks for each in chosen)),)
    elif isinstance(command, RenameLot):
        how, removed = "renamed", ()
        lots = (msgspec.structs.replace(_lot(plan, command.lot, command), title=_title(command.title)),)
    elif isinstance(command, DraftLots):
        how, removed = "drafted", ()
        chosen = [_lot(plan, each, command) for each in dict.fromkeys(command.lots)]
        lots = tuple(msgspec.structs.replace(each, event=command.event) for each in chosen)
    else:
        raise Refused(no("BAD_COMMAND"))
    return LotsChanged(at=now, by=command.by, how=how, lots=lots, removed=removed)


def _move(plan: Plan, command: MoveItems) -> tuple[tuple[PlannedLot, ...], tuple[str, ...]]:
    lot = _lot(plan, command.lot, command)
    rest, taken = cut_items(lot.blocks, command.items)
    if not taken:
        raise Refused(no("BAD_COMMAND", "Choose at least one of the lot's items."))
    if command.to is None:
        if not rest:
            raise Refused(no("BAD_COMMAND", "That is the whole lot; leave at least one item in it."))
        goal = _new(plan, command.title, taken)
    else:
        goal = _lot(plan, command.to, command)
        if goal.id == lot.id:
            raise Refused(no("BAD_COMMAND", "Choose another lot than the one the items lie in."))
        goal = msgspec.structs.replace(goal, blocks=merged((goal.blocks, taken)))
    if not rest:
        return (goal,), (lot.id,)
    return (msgspec.structs.replace(lot, blocks=rest), goal), ()


def _lot(plan: Plan, name: str, command: LotCommand) -> PlannedLot:
    lot = plan.lots.get(name)
    if lot is None:
        raise Refused(no("UNKNOWN_LOT", "There is no such lot any more; look at the lots again."))
    _not_frozen(lot, command)
    return lot


def _not_frozen(lot: PlannedLot, command: LotCommand) -> None:
    if lot.event is not None and lot.event in command.frozen:
        raise Refused(
            no("NOT_ALLOWED", f"“{lot.title}” stands in a published event and does not change any more.")
        )


def _new(plan: Plan, title: str, blocks: Blocks) -> PlannedLot:
    if len(plan.lots) >= MOST_LOTS:
        raise Refused(no("NOT_ALLOWED", f"There can be at most {MOST_LOTS} lots."))
    return PlannedLot(f"L{plan.last + 1}", _title(title), blocks)


def _title(title: str) -> str:
    if not title.strip() or len(title) > 200:
        raise Refused(no("BAD_COMMAND", "A lot needs a title of at most 200 letters."))
    return title.strip()


def evolve(plan: Plan, event: Event) -> Plan:
    """Write one event into the plan."""
    if isinstance(event, LotsDropped):
        plan.lots = {}
    elif isinstance(event, LotsPlanned | LotsChanged):
        for lot in event.lots:
            plan.lots[lot.id] = lot
            plan.last = max(plan.last, int(lot.id[1:]))
        if isinstance(event, LotsChanged):
            for name in event.removed:
                plan.lots.pop(name, None)
    plan.version += 1
    return plan


def whole(plan: Plan) -> list[tuple[str, str]]:
    """Every cell of every lot, sorted: what no change may alter."""
    return sorted(cell for lot in plan.lots.values() for cell in cells(lot.blocks))


def size(lot: PlannedLot) -> int:
    """How many items lie in a lot."""
    return len(items_of(lot.blocks))


def refusal(plan: Plan, command: Command, reason: Refusal, now: datetime) -> Iterator[Event]:
    """Refusals to a lead are answered, not written."""
    return iter(())
