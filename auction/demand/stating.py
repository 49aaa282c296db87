"""Reading what a district wrote about one item, by form or by sheet: numbers, units and dates, or every fault with its remedy."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction

from auction.demand.catalog import Catalog, Item, per, units_of
from auction.demand.needs import NeedLine
from auction.demand.places import Places, read_place
from auction.demand.units import canonical, nearest
from auction.money import MICROS, exact, parse_amount, parse_decimal
from auction.terms.faults import Reading

Where = Callable[[str], str]
"""Says where a field stands: for `quantity`, `row 7, Quantity`."""
_THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
_US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
MOST_QUANTITY = 10**9 * MICROS


def number(text: str) -> str:
    """A number as people write it, without its thousands' commas and the sign of the dollar."""
    plain = text.strip().removeprefix("$").strip()
    plain = plain.replace(",", "") if _THOUSANDS.fullmatch(plain) else plain
    return plain.removeprefix("+") if plain[1:2].isdigit() else plain


def day(text: str) -> date | None:
    """Read a date such as 2026-08-15 or 8/15/2026; None if it is none."""
    match = _US_DATE.fullmatch(text)
    try:
        if match is not None:
            month, of_month, year = map(int, match.groups())
            return date(year, month, of_month)
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) else None
    except ValueError:
        return None


def read_line(
    read: Reading,
    where: Where,
    cells: Mapping[str, str],
    item: Item,
    catalog: Catalog,
    today: date,
    places: Places,
) -> NeedLine:
    """Read one line of needs; faults are noted in `read`, and the line is only good where there are none."""
    unit, factor = _unit(read, where("unit"), cells.get("unit", ""), item, catalog)
    quantity = _quantity(read, where("quantity"), cells.get("quantity", ""), unit, factor, item)
    paid = number(cells.get("paid", ""))
    if paid and parse_amount(paid) is None:
        read.fault(
            where("paid"),
            f"“{_short(paid)}” is no price above zero; write one such as 41.50, or leave it empty",
        )
    paid_unit, paid_factor = unit, factor
    if paid and cells.get("paid_unit", "").strip():
        paid_unit, paid_factor = _unit(read, where("paid_unit"), cells["paid_unit"], item, catalog)
    place = read_place(read, where("ship_to"), cells.get("ship_to", ""), item.id, places)
    return NeedLine(
        item=item.id,
        quantity=quantity,
        unit=unit,
        per=ratio_text(factor),
        ship_to=place,
        needed_by=_needed_by(read, where("needed_by"), cells.get("needed_by", "").strip(), today),
        paid=paid or None,
        paid_unit=paid_unit if paid else "",
        paid_per=ratio_text(paid_factor) if paid else "1",
    )


def ratio_text(factor: Fraction) -> str:
    """Write a ratio as `10`, or `5/12`."""
    return str(factor.numerator) if factor.denominator == 1 else f"{factor.numerator}/{factor.denominator}"


def _unit(read: Reading, path: str, text: str, item: Item, catalog: Catalog) -> tuple[str, Fraction]:
    if not text.strip():
        return item.unit, Fraction(1)
    unit = canonical(text, catalog.words)
    factor = per(item, unit)
    if factor is not None:
        return unit, factor
    able = units_of(item)
    near = nearest(text, able, catalog.words)
    meant = f"; did you mean {near}?" if near else ""
    some = ", ".join(able[:6])
    read.fault(path, f"“{_short(text)}” is no unit of {item.id}, which comes in {some}{meant}")
    return item.unit, Fraction(1)


def _quantity(read: Reading, path: str, text: str, unit: str, factor: Fraction, item: Item) -> str:
    plain = number(text)
    scaled = parse_decimal(plain, 6)
    if scaled is None:
        read.fault(
            path, f"“{_short(text)}” is no quantity; write one such as 120 or 2.5, with at most 6 decimals"
        )
    elif scaled < 0:
        read.fault(path, f"is negative ({_short(plain)}); write how much is needed, or 0 for nothing")
    elif scaled * factor > MOST_QUANTITY:
        read.fault(
            path,
            f"comes to more than {MOST_QUANTITY // MICROS:,} {item.unit}; look at the number and its unit",
        )
    elif (scaled * factor).denominator != 1:
        read.fault(
            path,
            f"{plain} {unit} is no exact quantity of {item.unit}, the unit of {item.id}; state it in {item.unit}",
        )
    return exact(scaled) if scaled is not None else "0"


def _needed_by(read: Reading, path: str, text: str, today: date) -> str:
    if not text:
        return ""
    found = day(text)
    if found is None:
        read.fault(path, f"“{_short(text)}” is no date; write one such as 2026-08-15 or 8/15/2026")
    elif found < today:
        read.fault(path, f"{found.isoformat()} lies in the past; give a day to come, or leave it empty")
    elif found.year > today.year + 10:
        read.fault(path, f"{found.isoformat()} lies more than ten years ahead; look at the year")
    return found.isoformat() if found is not None else ""


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else line[:39] + "…"
