"""Scales: how what a bid offers on a criterion becomes a percentage of what that criterion can give.

Every scale is absolute: it is published with the criterion and never looks at another bid.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import msgspec

from auction.terms.exact_numbers import HUNDRED, ZERO, number, parse, write
from auction.terms.faults import Reading, join

KINDS = ("adjectival", "integer", "numeric", "yes_no", "lookup", "formula")
MEMBERS: dict[str, tuple[str, ...]] = {
    "adjectival": ("table",),
    "lookup": ("table",),
    "integer": ("from", "to"),
    "numeric": ("points",),
    "yes_no": (),
    "formula": ("factor",),
}
"""What each kind needs."""


class Scale(msgspec.Struct, frozen=True):
    """A published scale: a table of words, a line through points (x, percent), or whole steps."""

    kind: str
    table: tuple[tuple[str, Fraction], ...] = ()
    points: tuple[tuple[Fraction, Fraction], ...] = ()
    whole: bool = False
    fact: str | None = None


def parse_scale(read: Reading, path: str, value: object) -> Scale:
    """Read a scale of one of the kinds; a stand-in after a fault."""
    kind = value.get("kind") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        read.choice(join(path, "kind"), kind, KINDS)
        return Scale("yes_no")
    known = ("kind", "fact", *MEMBERS[kind], *{"integer": ("anchors",), "formula": ("offset",)}.get(kind, ()))
    given = read.members(path, value, known, MEMBERS[kind])
    fact = read.maybe(read.name, join(path, "fact"), given.get("fact"))
    if kind in ("adjectival", "lookup"):
        return Scale(kind, table=_table(read, join(path, "table"), given.get("table")), fact=fact)
    if kind == "yes_no":
        return Scale(kind, table=(("yes", HUNDRED), ("no", ZERO)), fact=fact)
    points = _line(read, path, kind, given)
    return Scale(kind, points=points, whole=kind == "integer", fact=fact)


def _table(read: Reading, path: str, value: object) -> tuple[tuple[str, Fraction], ...]:
    if not isinstance(value, dict) or not value:
        read.fault(path, 'must be an object of words and percentages, such as {"good": "80"}')
        return ()
    return tuple((word, number(read, join(path, word), each, most=HUNDRED)) for word, each in value.items())


def _line(
    read: Reading, path: str, kind: str, given: dict[str, object]
) -> tuple[tuple[Fraction, Fraction], ...]:
    if kind == "integer":
        low = number(read, join(path, "from"), given.get("from"))
        high = number(read, join(path, "to"), given.get("to"))
        if high <= low and "from" in given and "to" in given:
            read.fault(join(path, "to"), "must be above `from`")
        return ((low, ZERO), (high, HUNDRED))
    if kind == "formula":
        factor = number(read, join(path, "factor"), given.get("factor"), least=None)
        return ((factor, number(read, join(path, "offset"), given.get("offset", "0"), least=None)),)
    return _points(read, join(path, "points"), given.get("points"))


def _points(read: Reading, path: str, value: object) -> tuple[tuple[Fraction, Fraction], ...]:
    found: list[tuple[Fraction, Fraction]] = []
    for place, row in enumerate(read.rows(path, value, 2)):
        if not isinstance(row, list) or len(row) != 2:
            read.fault(
                f"{path}[{place}]", 'must be a pair of a figure and a percentage, such as ["30", "50"]'
            )
            return ()
        figure = number(read, f"{path}[{place}][0]", row[0], least=None)
        found.append((figure, number(read, f"{path}[{place}][1]", row[1], most=HUNDRED)))
    if any(after[0] <= before[0] for before, after in pairwise(found)):
        read.fault(path, "must go up: each figure above the one before")
    return tuple(found)


def percent(scale: Scale, value: object) -> Fraction | None:
    """What a bid's own word or figure earns, 0 to 100; None when the scale does not know it."""
    if scale.table:
        spoken = {True: "yes", False: "no"}.get(value, "") if isinstance(value, bool) else value
        return next((earned for word, earned in scale.table if word == spoken), None)
    figure = parse(value) if isinstance(value, str) else None
    if figure is None or not scale.points:
        return None
    if scale.kind == "formula":
        factor, offset = scale.points[0]
        return min(HUNDRED, max(ZERO, offset + factor * figure))
    low, high = scale.points[0][0], scale.points[-1][0]
    if scale.whole and (figure.denominator != 1 or not low <= figure <= high):
        return None
    return _between(scale.points, figure)


def _between(points: tuple[tuple[Fraction, Fraction], ...], figure: Fraction) -> Fraction:
    """Read a line through points; level before the first and after the last."""
    if figure <= points[0][0]:
        return points[0][1]
    for (x, low), (after, high) in pairwise(points):
        if figure <= after:
            return low + (high - low) * (figure - x) / (after - x)
    return points[-1][1]


def known(scale: Scale) -> str:
    """Say in words what a scale takes."""
    if scale.table:
        return f"one of {', '.join(word for word, _ in scale.table)}"
    if scale.whole:
        return f"a whole number from {write(scale.points[0][0])} to {write(scale.points[-1][0])} in a string"
    return 'a number in a string, such as "12.5"'
