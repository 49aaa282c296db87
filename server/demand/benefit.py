"""Whose benefit: what districts of each size could save if each paid the lowest price that one of them pays today."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import msgspec
from sqlalchemy import select

from auction.demand.units import ratio
from auction.money import MICROS, ceil_div, parse_decimal
from server.database import Database
from server.tables import CallRow, NeedRow, Organisation

CLASSES: tuple[tuple[str, int | None], ...] = (
    ("Under 1,000 students", 1_000),
    ("1,000 to 4,999 students", 5_000),
    ("5,000 students and more", None),
)
UNKNOWN = "Enrolment not known"
FORMULA = (
    "Savings potential = sum of quantity × (own price last paid − lowest price last paid by any district for the same "
    "item), over all lines with a price. A share is a class’s potential divided by that of all districts."
)


Priced = tuple[str, int, int | Fraction]
"""An item, how much of it in millionths, and what was last paid for one, in millionths."""


class Part(msgspec.Struct, frozen=True):
    """What lines come to at the prices last paid, and what could be saved of it; in millionths, rounded up to a cent."""

    spend: int = 0
    potential: int = 0

    @property
    def percent(self) -> str | None:
        """The potential in per cent of the spend."""
        return share(self.potential, self.spend)


class Class(msgspec.Struct, frozen=True):
    """Districts of one size."""

    title: str
    districts: int
    part: Part
    of_spend: str | None
    of_potential: str | None


class Benefit(msgspec.Struct, frozen=True):
    """The benefit by size class, by district, and of all together."""

    classes: tuple[Class, ...]
    districts: dict[str, Part]
    total: Part


def share(part: int, whole: int) -> str | None:
    """A part in per cent with one decimal, rounded half up; None of nothing."""
    if whole <= 0:
        return None
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}"


def size_class(enrolment: object) -> str:
    """The size class of so many students."""
    if not isinstance(enrolment, int):
        return UNKNOWN
    return next(title for title, below in CLASSES if below is None or enrolment < below)


def classed(parts: dict[str, Part], sizes: dict[str, str]) -> tuple[Class, ...]:
    """Add districts up by size, the small ones first; sizes without a district are left out."""
    total = added(parts.values())
    made = []
    for title in [*(title for title, _ in CLASSES), UNKNOWN]:
        mine = [part for district, part in parts.items() if sizes.get(district, UNKNOWN) == title]
        if mine:
            part = added(mine)
            of_spend, of_potential = share(part.spend, total.spend), share(part.potential, total.potential)
            made.append(Class(title, len(mine), part, of_spend, of_potential))
    return tuple(made)


def added(parts: Iterable[Part]) -> Part:
    """Add parts up."""
    spend = potential = 0
    for part in parts:
        spend, potential = spend + part.spend, potential + part.potential
    return Part(spend, potential)


class Benefits:
    """Works the benefit out once for each revision of a call, district by district, so that nobody waits long for it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, tuple[int, Benefit]] = {}
        self._turn = asyncio.Lock()

    async def of(self, call: CallRow) -> Benefit:
        """The benefit of a call as it stands."""
        known = self._known.get(call.id)
        if known is not None and known[0] == call.revision:
            return known[1]
        async with self._turn:
            known = self._known.get(call.id)
            if known is None or known[0] != call.revision:
                self._known[call.id] = known = (call.revision, await self._made(call.id))
        return known[1]

    async def _made(self, call: str) -> Benefit:
        districts, sizes = await self._districts(call)
        lowest: dict[str, int | Fraction] = {}
        lines: dict[str, list[Priced]] = {}
        for district in districts:
            priced = lines[district] = await self._priced(call, district)
            for item, _, price in priced:
                if item not in lowest or price < lowest[item]:
                    lowest[item] = price
        parts = {}
        for district, priced in lines.items():
            spend = sum(price * base for _, base, price in priced)
            least = sum(lowest[item] * base for item, base, _ in priced)
            parts[district] = Part(_cents(spend), _cents(spend - least))
            await asyncio.sleep(0)
        return Benefit(classed(parts, sizes), parts, added(parts.values()))

    async def _districts(self, call: str) -> tuple[list[str], dict[str, str]]:
        async with self._database.session() as session:
            stated = select(NeedRow.district_id).where(NeedRow.call_id == call).distinct()
            names = sorted((await session.execute(stated)).scalars())
            rows = await session.execute(select(Organisation).where(Organisation.id.in_(names)))
            sizes = {row.id: size_class(row.detail.get("enrolment")) for row in rows.scalars()}
        return names, sizes

    async def _priced(self, call: str, district: str) -> list[Priced]:
        wanted: Any = select(NeedRow.item_id, NeedRow.base, NeedRow.paid, NeedRow.paid_per).where(
            NeedRow.call_id == call, NeedRow.district_id == district, NeedRow.paid.is_not(None)
        )
        return await self._database.read(lambda session: _prices(session.execute(wanted).all()))


def _prices(rows: Sequence[Any]) -> list[Priced]:
    made: list[Priced] = []
    for item, base, paid, paid_per in rows:
        micros, per = parse_decimal(paid, 6), ratio(paid_per)
        if micros is not None and per is not None:
            made.append((item, base, micros if per == 1 else Fraction(micros) / per))
    return made


def _cents(exact: int | Fraction) -> int:
    step = MICROS // 100
    return ceil_div(exact.numerator, exact.denominator * MICROS * step) * step
