"""Readers that a market's lots, offers and rules share: amounts in cents, names, and references to what is there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from fractions import Fraction

from auction.terms.exact_numbers import HUNDRED, money
from auction.terms.faults import Reading


def cents(read: Reading, path: str, value: object) -> Fraction:
    """Read an amount above zero in whole cents."""
    amount = money(read, path, value)
    if (amount * HUNDRED).denominator != 1:
        read.fault(path, 'must be in whole cents, such as "95.00"')
    return amount


def word(read: Reading, path: str, value: object) -> str:
    """Read an id: 1 to 200 characters."""
    if isinstance(value, str) and 0 < len(value) <= 200:
        return value
    read.fault(path, "must be a name of 1 to 200 characters")
    return ""


def known(read: Reading, path: str, value: object, among: Collection[str], what: str) -> str:
    """Read the id of something that is there."""
    name = word(read, path, value)
    if name and name not in among:
        read.fault(path, f"there is no {what} {name}; name one that is in this file")
    return name


def several(read: Reading, path: str, value: object, among: Collection[str], what: str) -> tuple[str, ...]:
    """Read a list of such ids, at least one, none of them twice."""
    rows = read.rows(path, value, 1)
    names = tuple(known(read, f"{path}[{place}]", row, among, what) for place, row in enumerate(rows))
    once(read, path, [(name,) for name in names if name])
    return names


def once(read: Reading, path: str, keys: Iterable[tuple[str, ...]]) -> None:
    """Note each key that comes twice."""
    seen: set[tuple[str, ...]] = set()
    for place, key in enumerate(keys):
        if key in seen and any(key):
            read.fault(f"{path}[{place}]", f"{' and '.join(key)} was there before; keep one")
        seen.add(key)


def objects(
    read: Reading, path: str, value: object, names: tuple[str, ...], needed: tuple[str, ...]
) -> Iterator[tuple[str, dict[str, object]]]:
    """Each row of a list of objects that has what it needs, with its path."""
    for place, row in enumerate(read.rows(path, value)):
        given = read.members(f"{path}[{place}]", row, names, needed)
        if all(name in given for name in needed):
            yield f"{path}[{place}]", given
