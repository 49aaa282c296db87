"""The releases of one process made into one, as OCDS prescribes: later values stand over earlier ones.

Objects are merged member by member, and lists of objects by their ids; any other list is replaced as a whole, as is one
in which an id is missing or repeated. A null takes a member away.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from typing import Any

from auction.terms.faults import parse_time
from server.imports.reading import Number

Object = dict[str, Any]


def merged(releases: Sequence[Object]) -> Object:
    """Merge releases by their dates; in the order of the file where one of them has no date that can be read."""
    dates = [parse_time(release.get("date")) for release in releases]
    known = [date for date in dates if date is not None]
    order = _by_date(releases, known) if len(known) == len(releases) else releases
    return reduce(_merge, order, Object())


def _by_date(releases: Sequence[Object], dates: Sequence[datetime]) -> list[Object]:
    return [releases[row] for row in sorted(range(len(releases)), key=dates.__getitem__)]


def _merge(before: Object, after: Object) -> Object:
    gone = {name for name, value in after.items() if value is None}
    changed = {name: _value(before.get(name), value) for name, value in after.items() if name not in gone}
    return {name: value for name, value in before.items() if name not in gone} | changed


def _value(before: object, after: object) -> object:
    if isinstance(after, dict):
        return _merge(before if isinstance(before, dict) else {}, after)
    if isinstance(after, list):
        old, new = _by_id(before), _by_id(after)
        if new is not None:
            return list(_merge(old or {}, new).values())
    return after


def _by_id(rows: object) -> Object | None:
    """The rows of a list by their ids; None when it is no list of objects with an id each of its own."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return None
    ids = [_id(row) for row in rows]
    unique = all(ids) and len(set(ids)) == len(ids)
    return dict(zip(ids, rows, strict=True)) if unique else None


def _id(row: Object) -> str:
    value = row.get("id")
    return value.text if isinstance(value, Number) else value if isinstance(value, str) else ""
