"""Keeping a shopping list: the decider of the stream `list/<district>.<number>`."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import datetime

from auction.kernel import Command, Event, Refused
from auction.money import parse_decimal
from auction.prices.shopping import (
    DescribeList,
    DiscardList,
    ItemPut,
    ItemTaken,
    ListDescribed,
    ListDiscarded,
    ListLine,
    ListOpened,
    ListOrdered,
    ListReopened,
    OpenList,
    PutItem,
    RecordOrder,
    ReopenList,
    ShoppingList,
    Status,
    TakeItem,
)
from auction.refusals import Refusal, no

PLACES = 3
"""Decimals of a quantity."""
MOST_LINES = 500
LONGEST = 200


def initial() -> ShoppingList:
    """Return a list that is not there yet."""
    return ShoppingList()


def decide(held: ShoppingList, command: Command, now: datetime) -> Generator[Event, None, ShoppingList]:
    """Judge one command."""
    if isinstance(command, OpenList):
        if held.status != "none":
            raise Refused(no("NOT_ALLOWED", "This number is taken; begin the list again."))
        yield ListOpened(
            at=now,
            by=command.by,
            district=command.district,
            number=command.number,
            title=_title(command.title),
            ship_to=_short(command.ship_to, "place of delivery"),
        )
    elif isinstance(command, ReopenList):
        yield _reopen(held, command, now)
    else:
        if held.status != "open":
            raise Refused(no("CLOSED", _why_closed(held.status)))
        yield from _change(held, command, now)
    return held


def _change(held: ShoppingList, command: Command, now: datetime) -> Iterator[Event]:
    """What may be done to an open list; what changes nothing is not written."""
    if isinstance(command, DescribeList):
        title, ship_to = _title(command.title), _short(command.ship_to, "place of delivery")
        if (title, ship_to) != (held.title, held.ship_to):
            yield ListDescribed(at=now, by=command.by, title=title, ship_to=ship_to)
    elif isinstance(command, PutItem):
        line = ListLine(command.item, quantity(command.quantity), _short(command.note, "note"))
        if line.item.key not in held.lines and len(held.lines) >= MOST_LINES:
            raise Refused(no("NOT_ALLOWED", f"A list holds at most {MOST_LINES} items; begin another one."))
        if held.lines.get(line.item.key) != line:
            count = len(held.lines | {line.item.key: line})
            yield ItemPut(at=now, by=command.by, line=line, lines=count)
    elif isinstance(command, TakeItem):
        if command.key in held.lines:
            yield ItemTaken(at=now, by=command.by, key=command.key, lines=len(held.lines) - 1)
    elif isinstance(command, RecordOrder):
        yield _order(held, command, now)
    elif isinstance(command, DiscardList):
        yield ListDiscarded(at=now, by=command.by)
    else:
        raise Refused(no("BAD_COMMAND"))


def _why_closed(status: Status) -> str:
    return {
        "none": "There is no such list.",
        "ordered": "This list was ordered; open it again with a reason to change it.",
        "discarded": "This list was thrown away.",
    }[status]


def _order(held: ShoppingList, command: RecordOrder, now: datetime) -> ListOrdered:
    if not held.lines:
        raise Refused(no("NOT_ALLOWED", "Nothing stands on this list yet."))
    if command.on > command.today:
        raise Refused(
            no("NOT_ALLOWED", "The day of the order lies in the future; give the day it was placed.")
        )
    reference = _short(command.reference, "reference")
    return ListOrdered(
        at=now,
        by=command.by,
        on=command.on.isoformat(),
        reference=reference,
        lines=tuple(held.lines.values()),
    )


def _reopen(held: ShoppingList, command: ReopenList, now: datetime) -> ListReopened:
    if held.status != "ordered":
        raise Refused(no("NOT_ALLOWED", "Only a list that was ordered can be opened again."))
    if not command.reason.strip():
        raise Refused(no("BAD_COMMAND", "Say in words why the order does not count."))
    return ListReopened(at=now, by=command.by, reason=_short(command.reason, "reason"))


def quantity(text: str) -> str:
    """Read a quantity above zero, as people write it; raises `Refused`."""
    plain = text.strip().replace(",", "").lstrip("+")
    scaled = parse_decimal(plain, PLACES)
    if scaled is None or scaled <= 0:
        raise Refused(
            no("BAD_AMOUNT", f"A quantity is a number above zero with at most {PLACES} decimals, such as 12.")
        )
    return plain


def _title(text: str) -> str:
    if not text.strip():
        raise Refused(no("BAD_COMMAND", "Give the list a name, such as Classroom paper, fall."))
    return _short(text, "name")


def _short(text: str, what: str) -> str:
    if len(text.strip()) > LONGEST:
        raise Refused(no("BAD_COMMAND", f"The {what} may have at most {LONGEST} characters."))
    return text.strip()


def evolve(held: ShoppingList, event: Event) -> ShoppingList:
    """Write one event down."""
    if isinstance(event, ListOpened):
        held.status, held.district, held.number = "open", event.district, event.number
        held.title, held.ship_to, held.opened_at = event.title, event.ship_to, event.at
    elif isinstance(event, ListDescribed):
        held.title, held.ship_to = event.title, event.ship_to
    elif isinstance(event, ItemPut):
        held.lines[event.line.item.key] = event.line
    elif isinstance(event, ItemTaken):
        held.lines.pop(event.key, None)
    elif isinstance(event, ListOrdered):
        held.status, held.ordered = "ordered", event
    elif isinstance(event, ListReopened):
        held.status, held.ordered = "open", None
    elif isinstance(event, ListDiscarded):
        held.status = "discarded"
    return held


def refusal(held: ShoppingList, command: Command, reason: Refusal, now: datetime) -> Iterator[Event]:
    """Refusals are answered, not written."""
    return iter(())
