"""Lots and their lines, out of a tender's lots and items, which OCDS and Prozorro write alike.

A tender without lots becomes one lot with every item. An item that names no lot belongs to the only one; where there are
several it is left out and listed. A quantity that is missing, zero or not exact becomes 1 and is listed: the line
is worth keeping, and the lead can see at once which quantity to enter. Cancelled lots are left out with their items.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from auction.tender.solicitation import Line, Lot, Need
from server.imports.baselines import Baselines
from server.imports.naming import named, shortened
from server.imports.source import Place
from server.imports.values import amount

MOST_LOTS, MOST_ITEMS = 5_000, 50_000
UNKNOWN = "became 1, which the lead must check"
GONE = ("cancelled", "withdrawn")


class Frame(msgspec.Struct, frozen=True):
    """What the lots of a tender have in common; `buyers` are the districts' ids in the draft, by those in the file."""

    title: str
    currency: str
    baselines: Baselines
    buyers: dict[str, str]


def lots_of(tender: Place, frame: Frame) -> tuple[Lot, ...]:
    """Make the lots; a repeated id, a lot that is not there, and too many of either are faults."""
    lots, items = _within(tender, "lots", MOST_LOTS), _within(tender, "items", MOST_ITEMS)
    lot_ids, line_ids = named(lots, "lot"), named(items, "line")
    sorted_in = _sorted(items, [lot.id() for lot in lots])
    new = dict(zip(map(id, items), line_ids, strict=True))
    if not lots:
        return (_only(tender, frame, [_line(item, new[id(item)], frame) for item in items]),)
    return tuple(
        _lot(tender, lot, lot_id, frame, [_line(item, new[id(item)], frame) for item in sorted_in[row]])
        for row, (lot, lot_id) in enumerate(zip(lots, lot_ids, strict=True))
        if not _gone(tender, lot, sorted_in[row])
    )


def _within(tender: Place, name: str, most: int) -> list[Place]:
    rows = tender.rows(name)
    if len(rows) <= most:
        return rows
    tender.fault(f"has {len(rows):,} rows, and at most {most:,} can be imported; split the tender", name)
    return []


def _sorted(items: Sequence[Place], lots: Sequence[str]) -> dict[int, list[Place]]:
    """Put each item to its lot's row."""
    rows = {name: row for row, name in enumerate(lots) if name}
    ids = {item.id() for item in items}
    found: dict[int, list[Place]] = defaultdict(list)
    for item in items:
        name = item.id("relatedLot")
        if name in rows:
            found[rows[name]].append(item)
        elif name and lots:
            item.fault(_stray(name, item.id(), ids), "relatedLot")
        elif len(lots) > 1:
            item.drop("an item that names no lot, where there are several; add it to the lot it is meant for")
        else:
            _to_the_only_lot(item, name)
            found[0].append(item)
    return found


def _to_the_only_lot(item: Place, name: str) -> None:
    if name:
        item.note("names a lot, but the file holds none; the item is in the draft's only lot", "relatedLot")


def _stray(name: str, own: str, items: set[str]) -> str:
    if name == own:
        return f"{shortened(name)} is the item itself; name the lot that it belongs to"
    if name in items:
        return f"{shortened(name)} is an item, not a lot; name the lot that this item belongs to"
    return f"there is no lot {shortened(name)}; name one of the tender's lots"


def _gone(tender: Place, lot: Place, items: Sequence[Place]) -> bool:
    """Leave out a lot that was given up there."""
    if lot.value.get("status") not in GONE:
        return False
    lot.drop(f"a lot that is {lot.value['status']} there, and was left out")
    for item in items:
        item.drop("an item of a lot that was left out")
    return True


def _only(tender: Place, frame: Frame, lines: Sequence[Line]) -> Lot:
    if not lines:
        tender.note("has no items; the only lot has no lines", "items")
    ceiling = amount(tender, "value", frame.currency)
    return Lot(id="lot-1", title=frame.title, ceiling=ceiling, lines=tuple(lines))


def _lot(tender: Place, lot: Place, lot_id: str, frame: Frame, lines: Sequence[Line]) -> Lot:
    title, description = lot.line("title"), lot.text("description")
    if not title:
        lot.note("is missing; the draft uses the lot's id", "title")
    if not lines:
        lot.note("has no items, and so no lines")
    ceiling = amount(lot, "value", frame.currency)
    if ceiling is None and lot.value.get("value") is None and len(tender.rows("lots")) == 1:
        ceiling = amount(tender, "value", frame.currency)
    return Lot(id=lot_id, title=title or lot_id, description=description, ceiling=ceiling, lines=tuple(lines))


def _line(item: Place, line_id: str, frame: Frame) -> Line:
    unit = item.below("unit")
    name = unit.line("name") or unit.id("code") or unit.id()
    if not name:
        item.note("is missing", "unit")
    quantity = _quantity(item)
    return Line(
        id=line_id,
        description=_description(item, line_id),
        unit=name,
        quantity=quantity,
        baseline=frame.baselines.of(item.id(), name),
        needs=_needs(item, quantity, frame.buyers),
    )


def _description(item: Place, line_id: str) -> str:
    said = item.text("description") or item.below("classification").line("description")
    if not said:
        item.note("is missing; the draft uses the item's id", "description")
    return said or line_id


def _quantity(item: Place) -> str:
    quantity = item.decimal("quantity", otherwise=UNKNOWN)
    if quantity is None and item.value.get("quantity") is None:
        item.note(f"is missing; it {UNKNOWN}", "quantity")
    return quantity or "1"


def _needs(item: Place, quantity: str, buyers: dict[str, str]) -> tuple[Need, ...]:
    """An item that is for one buyer alone is that district's need."""
    buyer = item.id("relatedBuyer")
    if buyer and buyer not in buyers:
        item.note("names a buyer that the file does not hold", "relatedBuyer")
    return (Need(buyers[buyer], quantity),) if buyer in buyers else ()
