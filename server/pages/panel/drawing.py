"""A drawing of points on two axes, in pixels at its natural size: frame, ticks, named points, and a line through the first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import msgspec

from auction.terms.exact_numbers import write
from server.pages.panel.axes import Axis, axis, figure
from server.pages.panel.indifference import Even
from server.pages.panel.naming import Box, Label, Spot, named
from server.presenting import money

TOP, BOTTOM, RIGHT, LETTER, BESIDE = 30, 54, 10, 8, 14
UP_TICKS = 5


class Sheet(msgspec.Struct, frozen=True):
    """The size of a drawing, and how many ticks its prices get at most."""

    width: int
    height: int
    ticks: int


DESK, PHONE = Sheet(880, 420, 6), Sheet(316, 340, 2)


class Point(msgspec.Struct, frozen=True):
    """A bid as it is drawn: its price and quality, whose it is, and how it stands (`first`, `ranked`, `out`)."""

    price: Fraction
    quality: Fraction
    name: str
    kind: str


class Dot(msgspec.Struct, frozen=True):
    """A point in a drawing, with the label beside it."""

    x: int
    y: int
    kind: str
    label: Label | None


class Tick(msgspec.Struct, frozen=True):
    """A tick on an axis: where it stands, and its figure."""

    at: int
    text: str


class Drawing(msgspec.Struct, frozen=True):
    """A drawing; its frame is left, top, right, bottom; `line` has both ends of the even line, x and y."""

    width: int
    height: int
    frame: Box
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    dots: tuple[Dot, ...]
    line: Box | None


class Plane(msgspec.Struct, frozen=True):
    """Two axes within a frame."""

    prices: Axis
    qualities: Axis
    frame: Box

    def x(self, price: Fraction) -> int:
        """Where a price stands."""
        return self.frame[0] + round((self.frame[2] - self.frame[0]) * self.prices.share(price))

    def y(self, quality: Fraction) -> int:
        """Where a quality stands."""
        return self.frame[3] - round((self.frame[3] - self.frame[1]) * self.qualities.share(quality))


def drawn(sheet: Sheet, points: Sequence[Point], line: Even | None, currencies: tuple[str, str]) -> Drawing:
    """Draw at least one point; `currencies` are those of prices and of qualities, empty for plain numbers."""
    prices = axis([each.price for each in points], sheet.ticks)
    qualities = axis([each.quality for each in points], UP_TICKS)
    beside = _texts(qualities, currencies[1])
    left = LETTER * max((len(each) for each in beside), default=1) + BESIDE
    plane = Plane(prices, qualities, (left, TOP, sheet.width - RIGHT, sheet.height - BOTTOM))
    below = zip(prices.ticks, _texts(prices, currencies[0]), strict=True)
    return Drawing(
        width=sheet.width,
        height=sheet.height,
        frame=plane.frame,
        across=tuple(Tick(plane.x(at), text) for at, text in below),
        up=tuple(Tick(plane.y(at), text) for at, text in zip(qualities.ticks, beside, strict=True)),
        dots=tuple(_dots(plane, points)),
        line=_ends(plane, line),
    )


def _texts(along: Axis, currency: str) -> list[str]:
    """The figures at an axis's ticks, money without cents where none has any."""
    if not currency:
        return [figure(each, along.places) for each in along.ticks]
    texts = [money(write(each), currency) for each in along.ticks]
    return texts if along.places else [each.removesuffix(".00") for each in texts]


def _dots(plane: Plane, points: Sequence[Point]) -> Iterator[Dot]:
    spots = [
        Spot(plane.x(each.price), plane.y(each.quality), str(place), each.name)
        for place, each in enumerate(points, 1)
    ]
    left, top, right, bottom = plane.frame
    for spot, point, label in zip(
        spots, points, named(spots, (left + 2, top - 10, right, bottom - 2)), strict=True
    ):
        yield Dot(spot.x, spot.y, point.kind, label)


def _ends(plane: Plane, line: Even | None) -> Box | None:
    ends = line.within(plane.prices, plane.qualities) if line is not None else None
    if ends is None:
        return None
    (low, bad), (high, good) = ends
    return plane.x(low), plane.y(bad), plane.x(high), plane.y(good)
