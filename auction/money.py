"""Exact money: whole micros (millionths of the currency unit), parsed strictly and shown on the tick."""

from __future__ import annotations

import re

MICROS = 1_000_000
_AMOUNT = re.compile(r"(0|[1-9][0-9]{0,11})(?:\.([0-9]{1,6}))?")
_DECIMAL = re.compile(r"(-?)(0|[1-9][0-9]{0,11})(?:\.([0-9]{1,12}))?")


def parse_amount(value: object) -> int | None:
    """Read an amount above zero, in micros; None for anything that is not a plain decimal string."""
    if not isinstance(value, str):
        return None
    match = _AMOUNT.fullmatch(value)
    if match is None:
        return None
    whole, part = match.groups()
    return (int(whole) * MICROS + int((part or "").ljust(6, "0"))) or None


def parse_decimal(value: object, places: int) -> int | None:
    """Read a decimal string, maybe negative or zero, as a whole number of 10^-places; None if malformed."""
    match = _DECIMAL.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    sign, whole, part = match.group(1), match.group(2), match.group(3) or ""
    if len(part.rstrip("0")) > places:
        return None
    scaled: int = int(whole) * 10**places + int(part[:places].ljust(places, "0") or "0")
    if sign and not scaled:
        return None
    return -scaled if sign else scaled


def exact(micros: int, places: int = 6) -> str:
    """Write a whole number of 10^-places as the shortest decimal string."""
    sign, size = ("-" if micros < 0 else ""), abs(micros)
    whole, part = divmod(size, 10**places)
    decimals = f"{part:0{places}d}".rstrip("0") if part else ""
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"


def decimals_of(tick: int) -> int:
    """Count the decimals that amounts on this tick need, at most six."""
    places = 6
    while places and tick % 10 == 0:
        tick //= 10
        places -= 1
    return places


def show(micros: int, tick: int) -> str:
    """Write an amount that lies on the tick with the tick's decimals: 95 on 0.01 is 95.00."""
    places = decimals_of(tick)
    units = micros // 10 ** (6 - places)
    if not places:
        return str(units)
    sign, size = ("-" if units < 0 else ""), abs(units)
    whole, part = divmod(size, 10**places)
    return f"{sign}{whole}.{part:0{places}d}"


def floor_tick(micros: int, tick: int) -> int:
    """The greatest multiple of the tick that is not above the amount."""
    return micros // tick * tick


def ceil_tick(micros: int, tick: int) -> int:
    """The smallest multiple of the tick that is not below the amount."""
    return -(-micros // tick) * tick


def ceil_div(over: int, under: int) -> int:
    """Divide whole numbers, rounding towards plus infinity."""
    return -(-over // under)
