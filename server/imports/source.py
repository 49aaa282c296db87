"""A file while it is mapped: what was taken from it, what could not be used and why, and what is wrong with it.

A `Place` is an object in the file. Its readers answer with an empty value for what is absent, and note what has the wrong
type; nothing that is optional stops the reading.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from auction.money import exact, parse_decimal
from auction.terms.faults import Fault, parse_time
from server.imports.reading import Number, member, seen

LONGEST_TEXT = 20_000


class Note(msgspec.Struct, frozen=True):
    """Something that was not mapped: where it stands, what it is, and the value itself where that is short."""

    path: str
    words: str
    value: str = ""


class Source:
    """What is known of one file; objects and lists are known by their identity, for as long as the file is held."""

    def __init__(self) -> None:
        self.roots: list[Place] = []
        self.taken: set[tuple[int, str]] = set()
        self.opened: set[int] = set()
        self.dropped: set[int] = set()
        self.notes: dict[Note, None] = {}
        self.faults: list[Fault] = []
        self.nothing: dict[str, Any] = {}

    def root(self, path: str, value: dict[str, Any]) -> Place:
        """Begin to read an object, from which everything that is not taken will be listed."""
        self.opened.add(id(value))
        self.roots.append(Place(self, path, value))
        return self.roots[-1]


class Place:
    """One object in the file, by its path."""

    def __init__(self, source: Source, path: str, value: dict[str, Any]) -> None:
        self.source, self.path, self.value = source, path, value

    def __bool__(self) -> bool:
        return bool(self.value)

    def at(self, name: str) -> str:
        """The path of a member, or of the place itself."""
        return member(self.path, name) if name else self.path

    def take(self, name: str) -> object:
        """Take a member's value as it is; it will not be listed."""
        self.source.taken.add((id(self.value), name))
        return self.value.get(name)

    def note(self, words: str, name: str = "") -> None:
        """List something about a member once, in place of the member itself."""
        self.source.taken.add((id(self.value), name))
        self.source.notes[Note(self.at(name), words, shown(self.value.get(name)))] = None

    def fault(self, words: str, name: str = "") -> None:
        """Note what makes a draft impossible."""
        self.source.faults.append(Fault(self.at(name) or "(top)", words))

    def drop(self, words: str) -> None:
        """Leave the whole place out, and say why."""
        self.source.dropped.add(id(self.value))
        self.note(words)

    def below(self, name: str) -> Place:
        """Open a member that is an object; an empty place when there is none."""
        value = self.take(name)
        if isinstance(value, dict):
            self.source.opened.add(id(value))
            return Place(self.source, self.at(name), value)
        if value is not None:
            self.note("is not an object, and was not read", name)
        return Place(self.source, self.at(name), self.source.nothing)

    def rows(self, name: str) -> list[Place]:
        """Open a member that is a list of objects."""
        value = self.take(name)
        if not isinstance(value, list):
            if value is not None:
                self.note("is not a list, and was not read", name)
            return []
        self.source.opened.add(id(value))
        return [
            Place(self.source, f"{self.at(name)}[{row}]", below)
            for row, below in enumerate(value)
            if self._is_object(below, f"{self.at(name)}[{row}]")
        ]

    def _is_object(self, value: object, path: str) -> bool:
        if isinstance(value, dict):
            self.source.opened.add(id(value))
            return True
        self.source.notes[Note(path, "is not an object, and was not read", shown(value))] = None
        return False

    def text(self, name: str) -> str:
        """Read a text, without control characters; empty when there is none."""
        value = self.take(name)
        if isinstance(value, str) and len(value) <= LONGEST_TEXT:
            return seen(value).strip()
        if value is not None:
            wrong = (
                "is not a text"
                if not isinstance(value, str)
                else f"is longer than {LONGEST_TEXT:,} characters"
            )
            self.note(f"{wrong}, and was left out", name)
        return ""

    def line(self, name: str) -> str:
        """Read a text as one line."""
        return " ".join(self.text(name).split())

    def words(self, name: str) -> tuple[str, ...]:
        """Read a list of words, or one word."""
        value = self.take(name)
        given = value if isinstance(value, list) else [] if value is None else [value]
        if not all(isinstance(word, str) for word in given):
            self.note("is not a list of words, and was not read", name)
        return tuple(word for word in given if isinstance(word, str))

    def id(self, name: str = "id") -> str:
        """Read an id, which may be a text or a whole number; empty when there is none."""
        value = self.value.get(name)
        if isinstance(value, Number) and value.text.isdigit():
            self.take(name)
            return value.text
        return self.line(name)

    def decimal(self, name: str, otherwise: str = "was left out") -> str | None:
        """Read an exact number above zero with at most 6 decimals; None, and a note why, when it is anything else."""
        value = self.take(name)
        if value is None:
            return None
        text = value.text if isinstance(value, Number) else value if isinstance(value, str) else ""
        plain = text.rstrip("0").rstrip(".") if "." in text else text
        micros = parse_decimal(plain, 6)
        if micros is not None and micros > 0:
            return exact(micros)
        self.note(f"{_unfit(text)}; it {otherwise}", name)
        return None

    def time(self, name: str) -> datetime | None:
        """Read a time as UTC; None, and a note, when it is not one."""
        value = self.take(name)
        read = parse_time(value)
        if value is not None and read is None:
            self.note("is not a time with its offset from UTC, and was left out", name)
        return read


def _unfit(text: str) -> str:
    """Say why a number cannot be held exactly."""
    mantissa, mark, _ = text.lower().partition("e")
    digits = mantissa.removeprefix("-").replace(".", "", 1)
    if not (digits.isascii() and digits.isdigit()):
        return "is not a plain number"
    if mark:
        return "is written with an exponent"
    if not digits.strip("0"):
        return "is zero"
    if text.startswith("-"):
        return "is below zero"
    whole, _, part = text.partition(".")
    if len(whole) > 12:
        return "is too large: more than 12 digits stand before the point"
    return "has more than 6 decimals, and nothing is rounded" if len(part) > 6 else "is not a plain number"


def shown(value: object) -> str:
    """A short value as a person would write it; nothing for a long one, a list or an object."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = value.text if isinstance(value, Number) else value if isinstance(value, str) else ""
    line = " ".join(seen(text[:200]).split())
    return line if len(line) <= 60 and len(text) <= 200 else line[:59] + "…"
