"""A district's sheet of needs: its columns, and its rows as lines, or every fault with its row, column and remedy."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from difflib import get_close_matches

import msgspec

from auction.demand.catalog import Catalog, Item
from auction.demand.needs import NeedLine
from auction.demand.places import Places
from auction.demand.stating import number, read_line
from auction.money import parse_decimal
from auction.terms.faults import Faulty, Reading
from server.imports.sheet_words import MOST_FAULTS, Column, Row, capped, place, short

MOST_ROWS = 50_000
COLUMNS = (
    Column("item", ("Item number", "Item", "Item no", "Item id", "SKU", "Catalog number", "Part number")),
    Column("description", ("Description", "Item description", "Item name"), required=False),
    Column("category", ("Category",), required=False),
    Column("quantity", ("Quantity", "Qty", "Quantity needed")),
    Column("unit", ("Unit", "UOM", "Unit of measure", "Units"), required=False),
    Column("ship_to", ("Ship to", "Ship-to", "Deliver to", "School", "Site", "Location"), required=False),
    Column("needed_by", ("Needed by", "Need by", "Date needed", "Delivery date"), required=False),
    Column(
        "paid",
        ("Last price paid", "Last price", "Price paid", "Price last paid", "Unit price"),
        required=False,
    ),
    Column("paid_unit", ("Price unit", "Last price unit", "Price per", "Unit of price"), required=False),
)
TITLES = {column.name: column.titles[0] for column in COLUMNS}


class Read(msgspec.Struct, frozen=True):
    """What a sheet says: the lines, and the keys of those that are to be taken out, by a quantity of 0."""

    lines: tuple[NeedLine, ...]
    drop: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()


def lines_of(
    name: str, rows: Sequence[Row], catalog: Catalog, categories: Collection[str], today: date, places: Places
) -> Read:
    """Read every row; raises `Faulty`. A row without a quantity is passed over, one with 0 takes its line out."""
    read, sheet = Reading(), _Sheet(catalog, categories)
    lines: dict[tuple[str, str], NeedLine] = {}
    drop: list[tuple[str, str]] = []
    first: dict[tuple[str, str], int] = {}
    empty = 0
    for row in rows:
        if not row.cells["quantity"]:
            empty += 1
            continue
        item = sheet.item(read, row)
        if item is None:
            continue
        line = read_line(read, _where(row.number), row.cells, item, catalog, today, places)
        if line.key in first:
            ship_to = f" for {short(places.shown(line.ship_to))}" if line.ship_to else ""
            said = f"names {item.id}{ship_to} again, as row {first[line.key]:,} does; keep one, with the sum of both"
            read.fault(place(row.number, TITLES["item"]), said)
        first.setdefault(line.key, row.number)
        if parse_decimal(number(row.cells["quantity"]), 6) == 0:
            drop.append(line.key)
        else:
            lines[line.key] = line
    read.finish(lambda found: Faulty(capped(name, found)))
    notes = (f"{empty:,} rows without a quantity were passed over.",) if empty else ()
    return Read(tuple(lines.values()), tuple(drop), notes)


def _where(row: int):  # type: ignore[no-untyped-def]
    return lambda field: place(row, TITLES[field])


class _Sheet:
    """Finds items by their number, whatever its case, or by their description where only one has it."""

    def __init__(self, catalog: Catalog, categories: Collection[str]) -> None:
        self._items, self._categories = catalog.items, frozenset(categories)
        self._folded = {each.casefold(): each for each in catalog.items}
        self._described: dict[str, str | None] = {}
        for item in catalog.items.values():
            key = " ".join(item.description.casefold().split())
            self._described[key] = None if key in self._described else item.id
        self._looked = 0

    def item(self, read: Reading, row: Row) -> Item | None:
        """Find the row's item, or note why it cannot be stated."""
        text, path = row.cells["item"], place(row.number, TITLES["item"])
        if not text:
            read.fault(path, "is empty; give the item's number as it stands in the catalog")
            return None
        folded = " ".join(text.casefold().split())
        name = self._folded.get(folded) or self._described.get(folded)
        if name is None:
            read.fault(path, f"“{short(text)}” is not in the catalog{self._near(folded)}")
            return None
        item = self._items[name]
        if item.retired:
            read.fault(path, f"{name} is no longer bought; choose another item")
            return None
        if self._categories and item.category not in self._categories:
            read.fault(path, f"{name} ({item.category}) is not part of this call; leave the row out")
            return None
        return item

    def _near(self, folded: str) -> str:
        """Name the item whose number is most like it; looked for only as often as faults are told."""
        self._looked += 1
        found = get_close_matches(folded, self._folded, 1, 0.6) if self._looked <= MOST_FAULTS else []
        if not found:
            return "; look it up there, or ask the lead to add it"
        near = self._items[self._folded[found[0]]]
        return f"; did you mean {near.id} ({short(near.description)})?"


def cells_of(line: NeedLine, item: Item | None, places: Places) -> Mapping[str, str]:
    """A line as a sheet's cells, so that what is downloaded can be sent back."""
    return {
        "item": line.item,
        "description": item.description if item is not None else "",
        "category": item.category if item is not None else "",
        "quantity": line.quantity,
        "unit": line.unit,
        "ship_to": places.cell(line.ship_to),
        "needed_by": line.needed_by,
        "paid": line.paid or "",
        "paid_unit": line.paid_unit,
    }
