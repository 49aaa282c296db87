"""Reading what people wrote: every fault with its path and remedy, all at once, never the first alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TypeVar

import msgspec

from auction.money import parse_amount, parse_decimal

T = TypeVar("T")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)
EARLIEST, LATEST = 1970, 8999
"""Years between which times are read: there is room before and after for every rule to count from them."""
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Fault(msgspec.Struct, frozen=True):
    """One thing that is wrong: where (`lots[2].ceiling`) and what would be right."""

    path: str
    message: str


class Faulty(ValueError):
    """What was given cannot be used; carries every fault."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.path}: {fault.message}" for fault in self.faults))


def join(path: str, name: str) -> str:
    """Write the path of a member."""
    return f"{path}.{name}" if path else name


def parse_time(value: object) -> datetime | None:
    """Read an RFC 3339 time as UTC; None if it is not one."""
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        return None
    try:
        read = datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return read if EARLIEST <= read.year <= LATEST else None


class Reading:
    """One pass over a value; readers return None (or a stand-in) after noting a fault."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, path: str, message: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(path, message))

    def finish(self, error: Callable[[list[Fault]], Exception] = Faulty) -> None:
        """Raise when anything was wrong."""
        if self.faults:
            raise error(self.faults)

    def members(
        self, path: str, value: object, known: Iterable[str], required: Iterable[str] = ()
    ) -> dict[str, object]:
        """Read an object: unknown and missing members are faults."""
        if not isinstance(value, dict):
            self.fault(path or "(top)", "must be an object")
            return {}
        names = tuple(known)
        for name in value:
            if name not in names:
                self.fault(join(path, str(name)), f"is not known here; known are {', '.join(names)}")
        for name in required:
            if name not in value:
                self.fault(join(path, name), "is required")
        return value

    def rows(self, path: str, value: object, least: int = 0) -> list[object]:
        """Read a list with at least so many rows."""
        if not isinstance(value, list):
            self.fault(path, "must be a list")
            return []
        if len(value) < least:
            self.fault(path, f"needs at least {least}")
        return value

    def choice(self, path: str, value: object, among: tuple[str, ...]) -> str:
        """Read one of a closed list of words."""
        if isinstance(value, str) and value in among:
            return value
        self.fault(path, f"must be one of {', '.join(among)}")
        return among[0]

    def flag(self, path: str, value: object) -> bool:
        """Read true or false."""
        if not isinstance(value, bool):
            self.fault(path, "must be true or false")
        return value is True

    def count(self, path: str, value: object, least: int = 0, most: int = 1_000_000) -> int:
        """Read a whole number within bounds."""
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.fault(path, f"must be a whole number from {least} to {most}")
        return least

    def amount(self, path: str, value: object) -> int:
        """Read an amount above zero, in micros."""
        micros = parse_amount(value)
        if micros is None:
            self.fault(path, 'must be an amount above zero in a string, such as "95.00"')
        return micros or 1

    def percent(self, path: str, value: object, most: int, zero: bool = False) -> int:
        """Read a percentage above zero (or from zero on) and at most `most`, in millionths of a percent."""
        read = parse_decimal(value, 6)
        if read is not None and (0 if zero else 1) <= read <= most * 1_000_000:
            return read
        least = "from 0" if zero else "above 0"
        self.fault(path, f'must be a percentage {least} and at most {most} in a string, such as "0.5"')
        return 1

    def time(self, path: str, value: object) -> datetime:
        """Read an RFC 3339 time."""
        read = parse_time(value)
        if read is None:
            self.fault(path, 'must be an RFC 3339 time, such as "2026-03-02T15:00:00Z"')
        return read or datetime(2000, 1, 1, tzinfo=UTC)

    def name(self, path: str, value: object) -> str:
        """Read an id: 1 to 64 letters, digits, `_` or `-`."""
        if isinstance(value, str) and _ID.fullmatch(value):
            return value
        self.fault(path, "must be an id of 1 to 64 letters, digits, _ or -")
        return ""

    def maybe(self, read: Callable[[str, object], T], path: str, value: object) -> T | None:
        """Read null or what the reader reads."""
        return None if value is None else read(path, value)
