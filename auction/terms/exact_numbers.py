"""Exact numbers: decimals in strings, or fractions where a decimal would not end, read and written without loss."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from auction.terms.faults import Reading

_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,29})(?:\.[0-9]{1,30})?", re.ASCII)
_FRACTION = re.compile(r"-?(?:0|[1-9][0-9]{0,39})/[1-9][0-9]{0,39}", re.ASCII)
ZERO, ONE, HUNDRED = Fraction(0), Fraction(1), Fraction(100)


@lru_cache(65_536)
def parse(text: str) -> Fraction | None:
    """Read `12.5` or `200/3`; None for anything else."""
    if _DECIMAL.fullmatch(text) or _FRACTION.fullmatch(text):
        return Fraction(text)
    return None


@lru_cache(65_536)
def write(value: Fraction) -> str:
    """Write a number as its shortest decimal, or as `200/3` where no decimal would end."""
    over, under = value.numerator, value.denominator
    places = _places(under)
    if places is None:
        return f"{over}/{under}"
    digits = f"{abs(over) * 10**places // under:0{places + 1}d}"
    cut = len(digits) - places
    return ("-" if over < 0 else "") + digits[:cut] + (f".{digits[cut:]}" if places else "")


def _places(under: int) -> int | None:
    """How many decimals a fraction with this denominator needs; None when it would never end."""
    twos = (under & -under).bit_length() - 1
    rest, fives = under >> twos, 0
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None


def number(
    read: Reading,
    path: str,
    value: object,
    least: Fraction | None = ZERO,
    most: Fraction | None = None,
    above: Fraction | None = None,
    under: Fraction | None = None,
) -> Fraction:
    """Read a number within bounds (`above` and `under` leave the bound itself out); a stand-in after a fault."""
    found = parse(value) if isinstance(value, str) else None
    good = found is not None and (above is None or found > above) and (under is None or found < under)
    if (
        found is None
        or not good
        or (least is not None and found < least)
        or (most is not None and found > most)
    ):
        read.fault(path, f'must be a number{_bounds(least, most, above, under)} in a string, such as "12.5"')
        return ONE
    return found


def _bounds(
    least: Fraction | None, most: Fraction | None, above: Fraction | None, under: Fraction | None
) -> str:
    low = (
        f"above {write(above)}"
        if above is not None
        else f"from {write(least)} on"
        if least is not None
        else ""
    )
    high = (
        f"below {write(under)}" if under is not None else f"at most {write(most)}" if most is not None else ""
    )
    return "".join((f" {low}" if low else "", " and" if low and high else "", f" {high}" if high else ""))


def money(read: Reading, path: str, value: object) -> Fraction:
    """Read an amount above zero: a plain decimal, never a fraction."""
    if isinstance(value, str) and "/" in value:
        read.fault(path, 'must be an amount in a plain decimal string, such as "95.00"')
        return ONE
    return number(read, path, value, least=None, above=ZERO)
