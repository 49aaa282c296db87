"""Naming points in a drawing: each name beside its point where it covers nothing else; where none fits, its number alone.

Everything is in units of the drawing, which are pixels at its natural size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

GLYPH, LINE, DOT, AWAY, LONGEST = 8, 18, 7, 11, 26
"""The width of a letter and the height of a line, how far a point reaches, how far away its name stands, letters of a name."""


class Spot(msgspec.Struct, frozen=True):
    """A point to be named: where it is, its number, its name."""

    x: int
    y: int
    number: str
    name: str


class Label(msgspec.Struct, frozen=True):
    """A text beside a point, from its `anchor` (start, end or middle) on."""

    text: str
    x: int
    y: int
    anchor: str


Box = tuple[int, int, int, int]
"""Left, top, right, bottom."""


def named(spots: Sequence[Spot], frame: Box) -> list[Label | None]:
    """A label for each spot, the first ones first; None where not even the number fits."""
    taken = [(each.x - DOT, each.y - DOT, each.x + DOT, each.y + DOT) for each in spots]
    found: list[Label | None] = []
    for place, spot in enumerate(spots):
        others = taken[:place] + taken[place + 1 :]
        label = next(_fitting(spot, frame, others), None)
        found.append(label)
        if label is not None:
            taken.append(room_of(label))
    return found


def _fitting(spot: Spot, frame: Box, taken: Sequence[Box]) -> Iterator[Label]:
    for text in (f"{spot.number} {shortened(spot.name)}", spot.number):
        for label in _around(spot, text):
            box = room_of(label)
            if _inside(box, frame) and not any(meet(box, each) for each in taken):
                yield label


def _around(spot: Spot, text: str) -> Iterator[Label]:
    yield Label(text, spot.x + AWAY, spot.y + 5, "start")
    yield Label(text, spot.x - AWAY, spot.y + 5, "end")
    yield Label(text, spot.x, spot.y - AWAY, "middle")
    yield Label(text, spot.x, spot.y + AWAY + 11, "middle")


def shortened(name: str) -> str:
    """A name that is not longer than fits beside a point."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}…"


def room_of(label: Label) -> Box:
    """What a label covers."""
    width = GLYPH * len(label.text)
    left = {"start": label.x, "end": label.x - width, "middle": label.x - width // 2}[label.anchor]
    return left, label.y - LINE + 4, left + width, label.y + 4


def _inside(box: Box, frame: Box) -> bool:
    return box[0] >= frame[0] and box[1] >= frame[1] and box[2] <= frame[2] and box[3] <= frame[3]


def meet(one: Box, other: Box) -> bool:
    """Tell whether two boxes cover a common place."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
