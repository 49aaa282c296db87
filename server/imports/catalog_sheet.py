"""A catalog's sheet: its columns, and its rows as items, or every fault with its row, column and remedy."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from auction.demand import catalog
from auction.demand.catalog import Catalog, Item, Pack
from auction.demand.units import canonical
from auction.terms.faults import Faulty, Reading
from server.imports.sheet_words import Column, Row, capped, place, short

MOST_ROWS = 50_000
COLUMNS = (
    Column("id", ("Item number", "Item", "Item no", "Item id", "SKU", "Catalog number")),
    Column("description", ("Description", "Item description", "Item name")),
    Column("category", ("Category", "Commodity", "Group")),
    Column("unit", ("Unit", "UOM", "Unit of measure", "Base unit")),
    Column("packs", ("Packs", "Pack conversions", "Also comes in"), required=False),
)
TITLES = {column.name: column.titles[0] for column in COLUMNS}
_PACK = re.compile(r"\s*(?:1\s+)?([^\d=][^=]*?)\s*=\s*([\d./]+)\s*(.*)")


def packs_of(read: Reading, path: str, text: str, unit: str, words: Mapping[str, str]) -> tuple[Pack, ...]:
    """Read packs as people write them: `carton = 10 ream; pallet = 400`."""
    made: list[Pack] = []
    for part in re.split(r"[;\n]", text):
        if not part.strip():
            continue
        match = _PACK.fullmatch(part)
        if match is None:
            read.fault(path, f"“{short(part)}” is no pack; write one such as carton = 10 {unit}")
            continue
        name, holds, of = match.groups()
        if of and canonical(of, words) != unit:
            read.fault(path, f"“{short(part)}” must say how many {unit} it holds, the item's unit")
        made.append(Pack(canonical(name, words), holds))
    return tuple(made)


def packs_text(packs: Sequence[Pack], unit: str) -> str:
    """Write packs so that they can be read back."""
    return "; ".join(f"{pack.unit} = {pack.holds} {unit}" for pack in packs)


def item_of(
    read: Reading, cells: Mapping[str, str], words: Mapping[str, str], packs_at: str = "packs"
) -> Item:
    """Read one item from a form or a row."""
    unit = canonical(cells.get("unit", ""), words)
    return Item(
        id=cells.get("id", "").strip(),
        description=" ".join(cells.get("description", "").split()),
        category=" ".join(cells.get("category", "").split()),
        unit=unit,
        packs=packs_of(read, packs_at, cells.get("packs", ""), unit, words),
    )


def items_of(name: str, rows: Sequence[Row], kept: Catalog) -> tuple[Item, ...]:
    """Read every row; raises `Faulty`."""
    read, first = Reading(), dict[str, int]()
    made: list[Item] = []
    for row in rows:
        item = item_of(read, row.cells, kept.words, place(row.number, TITLES["packs"]))
        for fault in catalog.faults(item):
            read.fault(place(row.number, TITLES[fault.path]), fault.message)
        before = kept.items.get(item.id)
        if before is not None and before.unit != item.unit:
            said = f"{item.id} is counted in {before.unit} for good; write that, and {short(item.unit)} as a pack"
            read.fault(place(row.number, TITLES["unit"]), said)
        if item.id in first:
            said = f"names {short(item.id)} again, as row {first[item.id]:,} does; keep one"
            read.fault(place(row.number, TITLES["id"]), said)
        first.setdefault(item.id, row.number)
        made.append(item)
    read.finish(lambda found: Faulty(capped(name, found)))
    return tuple(made)
