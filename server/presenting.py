"""Presenting: the templates' environment, with money and times as people read them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, get_currency_precision
from jinja2 import Environment, FileSystemLoader

from server.assets import Assets

LOCALE = "en_US"
NOTHING = "—"
DAY = "EEE, MMM d, y, h:mm a"
_PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")
TO_THE_SECOND = "EEE, MMM d, y, h:mm:ss a"


@lru_cache(maxsize=16_384)
def money(amount: str | None, currency: str = "USD") -> str:
    """Write a decimal string as money, with all of its own decimals and at least the currency's: `41.5` is `$41.50`."""
    if amount is None:
        return NOTHING
    if currency == "USD" and _PLAIN.fullmatch(amount):
        return _dollars(amount)
    decimals = max(get_currency_precision(currency), len(amount.partition(".")[2]))
    pattern = f"¤#,##0.{'0' * decimals}".rstrip(".")
    written = format_currency(Decimal(amount), currency, pattern, locale=LOCALE, currency_digits=False)
    return written.replace("-", "−")


def _dollars(amount: str) -> str:
    """The same for dollars, which long lists are full of, at a tenth of the cost."""
    sign, size = ("−", amount[1:]) if amount.startswith("-") else ("", amount)
    whole, _, part = size.partition(".")
    return f"{sign}${int(whole):,}.{part.ljust(2, '0')}"


@lru_cache(4096)
def when(time: datetime | None, zone: str) -> str:
    """Write a time with its day and zone: `Tue, Mar 3, 2026, 10:00 AM EST`."""
    if time is None:
        return NOTHING
    local = time.astimezone(zone_of(zone))
    return f"{format_datetime(local, DAY, locale=LOCALE)} {local:%Z}"


@lru_cache(4096)
def when_exactly(time: datetime | None, zone: str) -> str:
    """Write a time to the second with its day and zone: `Tue, Mar 3, 2026, 10:00:00 AM EST`."""
    if time is None:
        return NOTHING
    local = time.astimezone(zone_of(zone))
    return f"{format_datetime(local, TO_THE_SECOND, locale=LOCALE)} {local:%Z}"


@lru_cache(4096)
def day(text: str) -> str:
    """Write an ISO date as people do: `Jul 1, 2026`; anything else as it is."""
    try:
        return format_date(date.fromisoformat(text), "MMM d, y", locale=LOCALE)
    except ValueError:
        return text or NOTHING


def clock(time: datetime | None, zone: str) -> str:
    """Write a time of day to the second with its zone: `10:32:00 EST`."""
    return NOTHING if time is None else f"{time.astimezone(zone_of(zone)):%H:%M:%S %Z}"


def zone_of(name: str) -> ZoneInfo:
    """Find a zone; an unknown one is shown as UTC, which the label then says."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, ZoneInfoNotFoundError):
        return ZoneInfo("UTC")


def known_zone(name: str) -> bool:
    """Tell whether there is such a zone."""
    return zone_of(name).key == name


def local_time(text: str, zone: str) -> datetime | str:
    """Read what a form's date field says in a zone, as UTC; or say, to follow the field's name, what is wrong."""
    try:
        naive = datetime.fromisoformat(text)
    except ValueError:
        return "needs a date and a time"
    if naive.tzinfo is not None:
        return "must be given without an offset, in the event's zone"
    first, second = (naive.replace(tzinfo=zone_of(zone), fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        return "falls into the hour in which the clocks change; choose another"
    return first.astimezone(UTC)


def environment(templates: Path, assets: Assets) -> Environment:
    """Make the templates' environment; everything is escaped unless a template says otherwise."""
    made = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update(money=money, when=when, when_exactly=when_exactly, day=day, clock=clock)
    made.globals["asset"] = assets.address
    return made
