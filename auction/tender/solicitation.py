"""The published event: lots, lines, vendors, districts and rules, as one frozen value with a JSON form.

Amounts and quantities are decimal strings; opening and closing times are aware UTC datetimes. `faults`
names all that keeps a solicitation from being used. Whether the zone exists is asked at the edge, and the
rule set is read by `auction.terms.rules`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

import msgspec

from auction.money import MICROS, ceil_div, exact, parse_decimal
from auction.tender.promised import Authority, Contract, Document, Fee, Officer, Sealing
from auction.terms.faults import Fault, Reading, join
from auction.terms.protest_window import Window
from auction.terms.schedule import MOST_DECIMALS

__all__ = [
    "Authority",
    "CENT",
    "Contract",
    "District",
    "Document",
    "FACTOR_PLACES",
    "Fee",
    "Line",
    "Lot",
    "LotCeiling",
]
__all__ += ["Need", "Officer", "Sealing", "Solicitation", "Vendor", "faults", "line_value", "lot_baseline"]
CENT = MICROS // 100
FACTOR_PLACES = 12
"""Decimals allowed of a vendor's factor `m`."""
_CURRENCY = re.compile(r"[A-Z]{3}")


class Need(msgspec.Struct, frozen=True):
    """What one district needs of a line; `needed_by` is an ISO date, `ship_to` an address of the district's."""

    district: str
    quantity: str
    ship_to: str = ""
    needed_by: str = ""


class Line(msgspec.Struct, frozen=True):
    """An item to buy; `baseline` is the unit price last paid, `decimals` those of its unit price, `item` its catalog id.

    `alternates` allows a second offer beside the first, `or_equal` another make than the one described.
    """

    id: str
    description: str
    unit: str
    quantity: str
    baseline: str | None = None
    decimals: int = MOST_DECIMALS
    no_bid: bool = False
    needs: tuple[Need, ...] = ()
    item: str = ""
    alternates: bool = False
    or_equal: bool = False


class Lot(msgspec.Struct, frozen=True):
    """What is bid on as one price; `opens` and `closes` only where it has times of its own."""

    id: str
    title: str
    description: str = ""
    ceiling: str | None = None
    opens: datetime | None = None
    closes: datetime | None = None
    lines: tuple[Line, ...] = ()


class LotCeiling(msgspec.Struct, frozen=True):
    """A vendor's own ceiling on one lot."""

    lot: str
    ceiling: str


class Vendor(msgspec.Struct, frozen=True):
    """An invited vendor: factor `m`, addend `a`, own ceilings, and the lots it may bid on (None is all)."""

    id: str
    name: str
    m: str = "1"
    a: str = "0"
    ceilings: tuple[LotCeiling, ...] = ()
    lots: tuple[str, ...] | None = None


class District(msgspec.Struct, frozen=True):
    """A member district; `enrolment` counts its students."""

    id: str
    name: str
    enrolment: int | None = None


class Solicitation(msgspec.Struct, frozen=True, kw_only=True):
    """The whole event. `rules` is the raw rule set; `source` and `unmapped` tell of the file it came from.

    `owner` is the consortium's id. `jurisdiction` is a code such as `US-PA`, empty where it is not known. `ordering` says who
    may order at the awarded prices: districts that stated needs (`roster`), or all members. No `fees` means that none is taken.
    `decision` says who decides on awards: two people (`direct`), or a board after a recommendation, with a notice to all bidders
    and time to protest; `protest` is that time where the law on record names none.
    Of sealed bids `closes` is when they are due, and `sealing.opens` when they are opened; `opens` and `rules` are a live one's.
    A live one whose `opening` is `sealed` takes sealed opening bids until `sealing.due`; they are opened before its room opens.
    """

    number: str
    title: str
    summary: str = ""
    consortium: str = ""
    currency: str = "USD"
    zone: str = "America/New_York"
    opens: datetime | None = None
    closes: datetime | None = None
    rules: dict[str, Any]
    lots: tuple[Lot, ...]
    vendors: tuple[Vendor, ...] = ()
    districts: tuple[District, ...] = ()
    opening: Literal["none", "schedules", "sealed"] = "none"
    source: str | None = None
    unmapped: tuple[str, ...] = ()
    kind: Literal["reverse_auction", "sealed_bid"] = "reverse_auction"
    owner: str = ""
    jurisdiction: str = ""
    category: str = ""
    funding: Literal["local", "federal", "mixed"] = "local"
    ordering: Literal["roster", "members"] = "members"
    contract: Contract = Contract()
    fees: tuple[Fee, ...] = ()
    delivery: str = ""
    non_collusion: str = ""
    documents: tuple[Document, ...] = ()
    questions_until: datetime | None = None
    plan: dict[str, Any] = msgspec.field(default_factory=dict)
    authority: tuple[Authority, ...] = ()
    sealing: Sealing = Sealing()
    decision: Literal["direct", "board"] = "direct"
    protest: Window | None = None


def line_value(line: Line) -> int | None:
    """Extend a line at its baseline, in 10^-12 of the currency unit; None without a good baseline."""
    quantity, price = parse_decimal(line.quantity, 6), parse_decimal(line.baseline, 6)
    return None if quantity is None or price is None else quantity * price


def lot_baseline(lot: Lot) -> int | None:
    """Sum quantity times baseline, in micros rounded up to a cent; None unless every line has a baseline."""
    values = [line_value(line) for line in lot.lines]
    known = [value for value in values if value is not None]
    if not values or len(known) < len(values):
        return None
    return ceil_div(sum(known), MICROS * CENT) * CENT


def faults(solicitation: Solicitation) -> list[Fault]:
    """Name everything that is wrong, each with its path (`lots[0].ceiling`) and what would be right."""
    read = Reading()
    for name in ("number", "title"):
        _said(read, name, getattr(solicitation, name))
    if not _CURRENCY.fullmatch(solicitation.currency):
        read.fault("currency", "must be a currency's three capital letters, such as USD")
    _times(read, "", solicitation.opens, solicitation.closes)
    if not solicitation.lots:
        read.fault("lots", "needs at least one lot")
    for name in ("lots", "vendors", "districts"):
        _ids(read, name, [row.id for row in getattr(solicitation, name)])
    for row, lot in enumerate(solicitation.lots):
        _lot(read, f"lots[{row}]", lot, solicitation)
    known = {lot.id for lot in solicitation.lots}
    for row, vendor in enumerate(solicitation.vendors):
        _vendor(read, f"vendors[{row}]", vendor, known)
    for row, district in enumerate(solicitation.districts):
        _said(read, f"districts[{row}].name", district.name)
        if district.enrolment is not None and district.enrolment < 0:
            read.fault(f"districts[{row}].enrolment", "must not be negative")
    return read.faults


def _said(read: Reading, path: str, text: str) -> None:
    if not text.strip():
        read.fault(path, "must not be empty")


def _ids(read: Reading, path: str, ids: Sequence[str]) -> None:
    seen: set[str] = set()
    for row, name in enumerate(ids):
        read.name(f"{path}[{row}].id", name)
        if name in seen:
            read.fault(f"{path}[{row}].id", f"{name!r} is used twice; each needs its own")
        seen.add(name)


def _refers(read: Reading, path: str, name: str, known: Iterable[str], kind: str) -> None:
    if name not in known:
        read.fault(path, f"there is no {kind} {name!r} in this event")


def _times(read: Reading, path: str, opens: datetime | None, closes: datetime | None) -> None:
    given = {"opens": opens, "closes": closes}
    naive = [name for name, time in given.items() if time and time.utcoffset() is None]
    for name in naive:
        read.fault(join(path, name), 'must say its offset from UTC, such as "2026-03-02T15:00:00Z"')
    if opens and closes and not naive and closes <= opens:
        read.fault(join(path, "closes"), "must be after opens")


def _quantity(read: Reading, path: str, value: str, least: int) -> int:
    scaled = parse_decimal(value, 6)
    if scaled is None or scaled < least:
        above = "above zero" if least else "of zero or more"
        read.fault(path, f'must be a quantity {above} with at most 6 decimals in a string, such as "120"')
    return scaled or 0


def _lot(read: Reading, path: str, lot: Lot, event: Solicitation) -> None:
    _said(read, f"{path}.title", lot.title)
    read.maybe(read.amount, f"{path}.ceiling", lot.ceiling)
    if lot.opens or lot.closes:
        _times(read, path, lot.opens or event.opens, lot.closes or event.closes)
    _ids(read, f"{path}.lines", [line.id for line in lot.lines])
    if event.opening != "none" and not lot.lines:
        read.fault(f"{path}.lines", "needs at least one line, because the opening bids are line prices")
    districts = {district.id for district in event.districts}
    for row, line in enumerate(lot.lines):
        _line(read, f"{path}.lines[{row}]", line, districts)


def _line(read: Reading, path: str, line: Line, districts: set[str]) -> None:
    _said(read, f"{path}.description", line.description)
    quantity = _quantity(read, f"{path}.quantity", line.quantity, 1)
    read.maybe(read.amount, f"{path}.baseline", line.baseline)
    read.count(f"{path}.decimals", line.decimals, 0, MOST_DECIMALS)
    needed, seen = 0, set[str]()
    for row, need in enumerate(line.needs):
        micros = _micros(need.quantity)
        if micros is None or micros < 0 or need.district not in districts or need.district in seen:
            micros = _need(read, f"{path}.needs[{row}]", need, districts, seen)
        seen.add(need.district)
        needed += micros
    if line.needs and needed != quantity:
        read.fault(f"{path}.needs", f"come to {exact(needed)}, but the line's quantity is {line.quantity}")


@lru_cache(4096)
def _micros(quantity: str) -> int | None:
    """Read a quantity; districts' quantities repeat a great deal."""
    return parse_decimal(quantity, 6)


def _need(read: Reading, path: str, need: Need, districts: set[str], seen: set[str]) -> int:
    """Say what is wrong with a district's need, and return what it comes to."""
    _refers(read, f"{path}.district", need.district, districts, "district")
    if need.district in seen:
        read.fault(f"{path}.district", f"{need.district!r} is named twice; keep one row")
    return _quantity(read, f"{path}.quantity", need.quantity, 0)


def _vendor(read: Reading, path: str, vendor: Vendor, lots: set[str]) -> None:
    _said(read, f"{path}.name", vendor.name)
    factor = parse_decimal(vendor.m, FACTOR_PLACES)
    if factor is None or factor <= 0:
        read.fault(f"{path}.m", 'must be a factor above zero in a string, such as "1.05"')
    if parse_decimal(vendor.a, 6) is None:
        read.fault(f"{path}.a", 'must be an amount, maybe negative, in a string, such as "-250.00"')
    seen: set[str] = set()
    for row, own in enumerate(vendor.ceilings):
        _refers(read, f"{path}.ceilings[{row}].lot", own.lot, lots, "lot")
        if own.lot in seen:
            read.fault(f"{path}.ceilings[{row}].lot", f"{own.lot!r} has two ceilings; keep one")
        seen.add(own.lot)
        read.amount(f"{path}.ceilings[{row}].ceiling", own.ceiling)
    for row, name in enumerate(vendor.lots or ()):
        _refers(read, f"{path}.lots[{row}]", name, lots, "lot")
    if vendor.lots == ():
        read.fault(f"{path}.lots", "must name at least one lot; leave it null for all")
