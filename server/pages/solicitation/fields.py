"""Fields: what a form said, read one by one; each fault is kept under its field's name with what would be right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from litestar.datastructures import FormMultiDict

from auction.money import parse_amount, parse_decimal
from auction.terms.faults import Fault
from server.presenting import local_time, zone_of

LONGEST = 20_000


class Fields:
    """One form, read in a zone."""

    def __init__(self, form: FormMultiDict | Mapping[str, Any], zone: str) -> None:
        self._form, self.zone = form, zone
        self.faults: list[Fault] = []

    def fault(self, name: str, message: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(name, message))

    def has(self, name: str) -> bool:
        """Tell whether a box is ticked, or a field is there."""
        return name in self._form

    def raw(self, name: str) -> str:
        """What a field said, without the blanks around it."""
        value = self._form.get(name, "")
        return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""

    def text(self, name: str, most: int = 200, required: str = "") -> str:
        """Read a text; `required` says what is missing when it is empty."""
        said = self.raw(name)
        if required and not said:
            self.fault(name, required)
        if len(said) > most:
            self.fault(name, f"is longer than {most} characters; shorten it by {len(said) - most}")
        return said

    def choice(self, name: str, among: Iterable[str]) -> str:
        """Read one of some words."""
        said, known = self.raw(name), list(among)
        if said not in known:
            self.fault(name, "choose one of the list")
            return known[0]
        return said

    def number(self, name: str, least: int, most: int) -> int:
        """Read a whole number."""
        said = self.raw(name)
        if said.isascii() and said.isdigit() and least <= int(said[:9]) <= most:
            return int(said)
        self.fault(name, f"must be a whole number from {least:,} to {most:,}")
        return least

    def amount(self, name: str) -> str | None:
        """Read an amount above zero, or nothing."""
        said = plain_number(self.raw(name))
        if said and parse_amount(said) is None:
            self.fault(name, "must be an amount above zero, such as 95.00; or leave it empty")
        return said or None

    def decimal(self, name: str, zero: bool = False) -> str:
        """Read a decimal number above zero (or from zero on)."""
        said = plain_number(self.raw(name))
        read = parse_decimal(said, 6)
        if read is None or read < (0 if zero else 1):
            self.fault(name, f"must be a number {'of zero or more' if zero else 'above zero'}, such as 12.5")
        return said

    def day(self, name: str) -> str:
        """Read a day, or nothing."""
        said = self.raw(name)
        try:
            return date.fromisoformat(said).isoformat() if said else ""
        except ValueError:
            self.fault(name, "must be a day, such as 2026-07-01")
            return said

    def time(self, name: str) -> datetime | None:
        """Read a time to the second in the event's zone, or nothing."""
        said = self.raw(name)
        if not said:
            return None
        read = local_time(said, self.zone)
        if isinstance(read, str):
            self.fault(name, read)
            return None
        return read


def plain_number(said: str) -> str:
    """A number without the dollar sign and the commas that people write."""
    return said.replace("$", "").replace(",", "").strip()


def local(time: datetime | None, zone: str) -> str:
    """A time as a form's field shows it, to the second, in a zone."""
    return "" if time is None else time.astimezone(zone_of(zone)).strftime("%Y-%m-%dT%H:%M:%S")
