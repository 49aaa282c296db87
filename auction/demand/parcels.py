"""Parcels: which item of which district lies in a lot, kept as blocks, never lost and never twice.

A cell is one item of one district. A block is a rectangle of cells: these items of these districts. A lot is a set of
blocks that do not overlap. Splitting, merging and moving cut and join blocks; the cells stay the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec


class Block(msgspec.Struct, frozen=True):
    """These items of these districts."""

    items: tuple[str, ...]
    districts: tuple[str, ...]


Blocks = tuple[Block, ...]


def items_of(blocks: Blocks) -> list[str]:
    """Every item that lies in the blocks, in their order, once."""
    return list(dict.fromkeys(item for block in blocks for item in block.items))


def districts_of(blocks: Blocks, item: str) -> frozenset[str]:
    """The districts whose needs of an item lie in the blocks."""
    return frozenset(each for block in blocks if item in block.items for each in block.districts)


def scopes(blocks: Blocks) -> dict[str, frozenset[str]]:
    """For each item the districts whose needs of it lie in the blocks."""
    found: dict[str, set[str]] = {}
    for block in blocks:
        for item in block.items:
            found.setdefault(item, set()).update(block.districts)
    return {item: frozenset(districts) for item, districts in found.items()}


def cells(blocks: Blocks) -> Iterator[tuple[str, str]]:
    """Every cell, as often as it lies in the blocks."""
    return ((item, district) for block in blocks for item in block.items for district in block.districts)


def cut_items(blocks: Blocks, chosen: Iterable[str]) -> tuple[Blocks, Blocks]:
    """Cut blocks in two: without these items, and these items alone."""
    taken = frozenset(chosen)
    return (
        _joined(
            Block(tuple(each for each in block.items if each not in taken), block.districts)
            for block in blocks
        ),
        _joined(
            Block(tuple(each for each in block.items if each in taken), block.districts) for block in blocks
        ),
    )


def cut_districts(blocks: Blocks, chosen: Iterable[str]) -> tuple[Blocks, Blocks]:
    """Cut blocks in two: without these districts, and these districts alone."""
    taken = frozenset(chosen)
    return (
        _joined(
            Block(block.items, tuple(each for each in block.districts if each not in taken))
            for block in blocks
        ),
        _joined(
            Block(block.items, tuple(each for each in block.districts if each in taken)) for block in blocks
        ),
    )


def merged(parts: Iterable[Blocks]) -> Blocks:
    """Put the blocks of several lots together."""
    return _joined(block for blocks in parts for block in blocks)


def _joined(blocks: Iterable[Block]) -> Blocks:
    """Leave empty blocks out, and join those with the same districts, or with the same items."""
    by_districts: dict[frozenset[str], Block] = {}
    for block in blocks:
        if block.items and block.districts:
            key = frozenset(block.districts)
            other = by_districts.get(key)
            by_districts[key] = (
                block if other is None else Block((*other.items, *block.items), other.districts)
            )
    by_items: dict[frozenset[str], Block] = {}
    for block in by_districts.values():
        items = frozenset(block.items)
        other = by_items.get(items)
        by_items[items] = block if other is None else Block(other.items, (*other.districts, *block.districts))
    return tuple(by_items.values())
