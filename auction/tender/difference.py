"""Difference: what an addendum changes, computed from the two documents, so that nothing can be left unsaid.

A change names a place, what stood there and what stands there now. Lots, lines, districts and documents are told apart by
their ids, not by their row. Applying all changes to the old document gives the new one, exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
KEYS = {
    "lots": "id",
    "lines": "id",
    "vendors": "id",
    "districts": "id",
    "documents": "hash",
    "needs": "district",
}
"""The lists whose rows are known by a key."""
ORDER = "#order"
"""The last step of a change to the order of a list's rows."""
Tree = Any


class Change(msgspec.Struct, frozen=True):
    """One place that changed; `old` is None where something was added, `new` where it was removed.

    A step of `path` is a member's name or a row's key; the last is `#order` where only the order of rows changed.
    """

    path: tuple[str, ...]
    old: Tree = None
    new: Tree = None
    had: bool = True
    has: bool = True


def difference(old: object, new: object) -> tuple[Change, ...]:
    """Name every place in which two documents of one type differ."""
    return tuple(_between((), plain(old), plain(new)))


def applied(document: T, changes: Sequence[Change]) -> T:
    """Make the document that has these changes."""
    tree = plain(document)
    for change in changes:
        tree = _put(tree, change.path, change)
    return msgspec.convert(tree, type(document))


def _between(path: tuple[str, ...], old: Tree, new: Tree) -> Iterator[Change]:
    if old == new and type(old) is type(new):
        return
    key = KEYS.get(path[-1]) if path else None
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _members(path, old, new)
    elif key and _keyed(old, key) and _keyed(new, key):
        yield from _rows(path, {row[key]: row for row in old}, {row[key]: row for row in new})
    else:
        yield Change(path, old, new)


def _keyed(rows: Tree, key: str) -> bool:
    """Tell whether rows are each known by a key of their own."""
    if not isinstance(rows, list) or not all(
        isinstance(row, dict) and isinstance(row.get(key), str) for row in rows
    ):
        return False
    return len({row[key] for row in rows}) == len(rows)


def _members(path: tuple[str, ...], old: Mapping[str, Tree], new: Mapping[str, Tree]) -> Iterator[Change]:
    for name in (*old, *(name for name in new if name not in old)):
        here = (*path, name)
        if name not in new:
            yield Change(here, old[name], has=False)
        elif name not in old:
            yield Change(here, None, new[name], had=False)
        else:
            yield from _between(here, old[name], new[name])


def _rows(path: tuple[str, ...], old: dict[str, Tree], new: dict[str, Tree]) -> Iterator[Change]:
    yield from _members(path, old, new)
    order = [name for name in old if name in new] + [name for name in new if name not in old]
    if order != list(new):
        yield Change((*path, ORDER), order, list(new))


def _put(tree: Tree, path: tuple[str, ...], change: Change, above: str = "") -> Tree:
    """Write one change into a tree of plain values."""
    if not path:
        return change.new
    name, rest = path[0], path[1:]
    if isinstance(tree, list):
        return _put_row(tree, name, rest, change, KEYS[above])
    if not rest and not change.has:
        return {each: value for each, value in tree.items() if each != name}
    return {**tree, name: _put(tree.get(name), rest, change, name)}


def _put_row(rows: list[Tree], name: str, rest: tuple[str, ...], change: Change, key: str) -> list[Tree]:
    if name == ORDER and not rest:
        place = {each: at for at, each in enumerate(change.new)}
        return sorted(rows, key=lambda row: place[row[key]])
    if not rest and not change.has:
        return [row for row in rows if row[key] != name]
    if not rest and not change.had:
        return [*rows, change.new]
    return [_put(row, rest, change, name) if row[key] == name else row for row in rows]


def plain(document: object) -> Tree:
    """A document as plain values: objects, lists and strings, as its JSON has them."""
    return msgspec.json.decode(msgspec.json.encode(document))
