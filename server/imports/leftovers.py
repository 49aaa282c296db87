"""The list of what could not be mapped: everything in the file that nobody took, in plain words, like with like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from server.imports.reading import member, seen
from server.imports.source import Note, Place, Source, shown
from server.imports.wording import words_for

MOST_LISTED = 1_000
"""Kinds of members that are listed; of others only that there are some."""


def unmapped(source: Source) -> tuple[str, ...]:
    """List what was noted while the file was mapped, then what was never taken."""
    untaken = chain.from_iterable(_within(source, root.path, root.value) for root in source.roots)
    return tuple(_lines(chain(source.notes, untaken)))


def _within(source: Source, path: str, value: object) -> Iterator[Note]:
    """Everything inside an opened object or list that was not taken."""
    if id(value) in source.dropped:
        return
    if isinstance(value, dict):
        for name, below in value.items():
            yield from _member(source, Place(source, path, value), name, below)
    elif isinstance(value, list):
        for row, below in enumerate(value):
            if id(below) in source.opened:
                yield from _within(source, f"{path}[{row}]", below)


def _member(source: Source, place: Place, name: str, value: object) -> Iterator[Note]:
    path = member(place.path, name)
    if any(value is root.value for root in source.roots):
        return
    if isinstance(value, dict | list) and id(value) in source.opened:
        yield from _within(source, path, value)
    elif value not in (None, "", [], {}) and (id(place.value), name) not in source.taken:
        yield Note(path, words_for(path, value), shown(value))


def _lines(notes: Iterable[Note]) -> Iterator[str]:
    """Write each note, and those that differ only in their place in a list as one."""
    groups: dict[tuple[str, str], tuple[int, Note]] = {}
    more = 0
    for note in notes:
        key = (re.sub(r"\[\d+\]", "[*]", note.path), note.words)
        if key in groups or len(groups) < MOST_LISTED:
            count, first = groups.get(key, (0, note))
            groups[key] = (count + 1, first)
        else:
            more += 1
    yield from (_line(pattern, *group) for (pattern, _), group in groups.items())
    if more:
        yield f"{more:,} more members of other kinds"


def _line(pattern: str, count: int, first: Note) -> str:
    if count > 1:
        return seen(f"{pattern} ({count:,} times): {first.words}")
    value = f" ({first.value})" if first.value else ""
    return seen(f"{first.path or '(top)'}: {first.words}{value}")
