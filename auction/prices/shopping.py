"""A district's shopping list: its words, and what is remembered of it.

A list is open while items are put on it and taken off. Once the district has ordered in its own system, the list is closed
with the day of the order: what it holds then is what was bought, at the prices of that day. A list closed by mistake is
opened again with a reason, and one that nobody needs is thrown away. Each line keeps the price book's words, so that it can be
read for ever.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

from auction.kernel import Command, Event

Status = Literal["none", "open", "ordered", "discarded"]


class Item(msgspec.Struct, frozen=True):
    """An awarded line as the price book has it; `line` is empty where a lot was awarded as a whole."""

    event: str
    lot: str
    line: str
    description: str
    unit: str
    unit_price: str
    currency: str
    vendor: str
    contract: str
    baseline: str | None = None

    @property
    def key(self) -> str:
        """The line's name, the same for ever."""
        return f"{self.event}/{self.lot}/{self.line}"


class ListLine(msgspec.Struct, frozen=True):
    """An item on the list: how much of it, and a note for whoever receives it."""

    item: Item
    quantity: str
    note: str = ""


class OpenList(Command, frozen=True):
    """Begin a list under the district's number for it."""

    district: str
    number: str
    title: str
    ship_to: str = ""


class DescribeList(Command, frozen=True):
    """Change its title and where it is to be shipped."""

    title: str
    ship_to: str


class PutItem(Command, frozen=True):
    """Put an item on the list, or change how much of it stands there; whether it may be ordered was asked before."""

    item: Item
    quantity: str
    note: str = ""


class TakeItem(Command, frozen=True):
    """Take an item off."""

    key: str


class RecordOrder(Command, frozen=True):
    """Close the list: it was ordered on this day, under the district's own reference."""

    on: date
    today: date
    reference: str


class ReopenList(Command, frozen=True):
    """Open a closed list again: the order was recorded by mistake."""

    reason: str


class DiscardList(Command, frozen=True):
    """Throw the list away."""


class ListOpened(Event, frozen=True, tag="list.opened"):
    """A list was begun."""

    district: str
    number: str
    title: str
    ship_to: str


class ListDescribed(Event, frozen=True, tag="list.described"):
    """Its title or its place of delivery changed."""

    title: str
    ship_to: str


class ItemPut(Event, frozen=True, tag="list.item_put"):
    """An item stands on the list with this quantity; `lines` counts all that stand there now."""

    line: ListLine
    lines: int


class ItemTaken(Event, frozen=True, tag="list.item_taken"):
    """An item was taken off; `lines` counts those that are left."""

    key: str
    lines: int


class ListOrdered(Event, frozen=True, tag="list.ordered"):
    """The list was ordered: these lines were bought."""

    on: str
    reference: str
    lines: tuple[ListLine, ...]


class ListReopened(Event, frozen=True, tag="list.reopened"):
    """The order had been recorded by mistake: nothing of it was bought."""

    reason: str


class ListDiscarded(Event, frozen=True, tag="list.discarded"):
    """The list was thrown away."""


ListEvent = ListOpened | ListDescribed | ItemPut | ItemTaken | ListOrdered | ListReopened | ListDiscarded


class ShoppingList(msgspec.Struct):
    """What is remembered of a list; `lines` stand in the order in which they were put there first."""

    status: Status = "none"
    district: str = ""
    number: str = ""
    title: str = ""
    ship_to: str = ""
    opened_at: datetime | None = None
    lines: dict[str, ListLine] = msgspec.field(default_factory=dict)
    ordered: ListOrdered | None = None
