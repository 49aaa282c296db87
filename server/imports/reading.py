"""From a file's bytes to a JSON value: within limits, with every number as it was written, and every fault with its remedy.

No number passes through a float: each stays the text that stood in the file until somebody reads it as an amount,
a quantity or an id. A file may be 50 MiB large, hold four million values and nest 64 deep.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

import msgspec

from auction.terms.faults import Fault, Faulty, join

LARGEST = 50 * 1024 * 1024
"""Bytes of a file."""
MOST_VALUES = 4_000_000
DEEPEST = 64
MOST_FAULTS = 200
"""Faults told of one file; of others only that there are some."""
SURROGATE = re.compile("[\ud800-\udfff]")
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What a terminal or a page would obey and not show: control characters, and marks that turn the direction of writing."""
BEGUN = {"", *".eE-", "e-", "e+", "E-", "E+", "t", "tr", "tru", "f", "fa", "fal", "fals", "n", "nu", "nul"}
"""What may be left of a text where it was cut off: nothing, or a word or a number that has begun."""
OTHERS = {
    b"PK\x03\x04": "a ZIP or spreadsheet",
    b"%PDF": "a PDF",
    b"<": "XML or HTML",
    b"\x1f\x8b": "compressed",
}


class Number(msgspec.Struct, frozen=True):
    """A JSON number, as the file writes it."""

    text: str


class Doubled(dict[str, Any]):
    """An object in which a member stands more than once."""

    names: tuple[str, ...] = ()


def parse(name: str, content: bytes) -> object:
    """Read the value that a file holds; raises `Faulty` with everything that keeps it from being used."""
    name = seen(name)
    text = _text(name, content)
    try:
        value = json.loads(
            text, parse_int=Number, parse_float=Number, parse_constant=Number, object_pairs_hook=_object
        )
    except RecursionError:
        raise _no(name, TOO_DEEP) from None
    except json.JSONDecodeError as error:
        raise _no(name, _broken(text, error)) from None
    told(name, list(islice(_faults(value), MOST_FAULTS + 1)))
    return value


def told(name: str, found: list[Fault]) -> None:
    """Raise when anything is wrong; beyond a readable number of faults only that there are more is told."""
    more = [Fault(name, f"has more faults; these are the first {MOST_FAULTS}")]
    if found:
        raise Faulty(found[:MOST_FAULTS] + (more if len(found) > MOST_FAULTS else []))


def seen(text: str) -> str:
    """A text without what would not be shown; each such character becomes a space."""
    return SURROGATE.sub("\ufffd", UNSEEN.sub(" ", text))


TOO_DEEP = f"is nested more than {DEEPEST} deep; no tender is, so look at how the file was made"


def _no(name: str, message: str) -> Faulty:
    return Faulty([Fault(name, message)])


def _text(name: str, content: bytes) -> str:
    """Decode the bytes as UTF-8, when they are few enough and are no other kind of file."""
    if len(content) > LARGEST:
        raise _no(name, f"is larger than {LARGEST // 1024 // 1024} MiB; export the one tender alone")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content[:4]:
        raise _no(name, "is not UTF-8 but UTF-16 or UTF-32; save it as UTF-8")
    if not content.strip():
        raise _no(name, "is empty; save or download it again")
    for begins, kind in OTHERS.items():
        if content.lstrip().startswith(begins):
            raise _no(name, f"is {kind}, not JSON; export the tender as OCDS or Prozorro JSON")
    if sum(content.count(mark) for mark in (b",", b"[", b"{")) > MOST_VALUES:
        raise _no(name, f"holds more than {MOST_VALUES:,} values; export the one tender alone")
    return _decoded(name, content)


def _decoded(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        cut = error.end == len(content) and error.reason == "unexpected end of data"
        why = "ends within a character; it is truncated, so save or download it again" if cut else None
        raise _no(name, why or f"is not UTF-8 at byte {error.start + 1:,}; save it as UTF-8") from None


def _broken(text: str, error: json.JSONDecodeError) -> str:
    """Say whether the text ends too early, or where it stops being JSON."""
    rest = text[error.pos :].strip()
    in_escape = error.msg.startswith("Invalid") and '"' not in rest and len(rest) < 6
    if error.msg.startswith("Unterminated string") or rest in BEGUN or in_escape:
        return "ends too early; it is truncated, so save or download it again"
    what = error.msg[:1].lower() + error.msg[1:]
    return f"is not JSON at line {error.lineno:,}, column {error.colno:,} ({what}); export it again, or mend it there"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    doubled, times = Doubled(made), Counter(name for name, _ in pairs)
    doubled.names = tuple(name for name, count in times.items() if count > 1)
    return doubled


def _faults(value: object) -> Iterator[Fault]:
    """Walk through the value and name everything that no tender may hold, wherever it stands."""
    waiting: list[tuple[str, object, int]] = [("", value, 1)]
    while waiting:
        path, here, depth = waiting.pop()
        yield from _fault(path, here)
        if depth > DEEPEST:
            yield Fault(path, TOO_DEEP)
            return
        waiting += [(at, below, depth + 1) for at, below in reversed(list(_below(path, here)))]


def _below(path: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        yield from ((member(path, name), below) for name, below in value.items())
    elif isinstance(value, list):
        yield from ((f"{path}[{row}]", below) for row, below in enumerate(value))


def member(path: str, name: str) -> str:
    """Write the path of a member whose name somebody else chose."""
    short = name if len(name) <= 60 else name[:59] + "…"
    return join(path, " ".join(seen(short).split()))


def _fault(path: str, value: object) -> Iterator[Fault]:
    where = path or "(top)"
    if isinstance(value, Doubled):
        for name in value.names:
            yield Fault(member(path, name), "stands more than once in its object; keep one")
    if isinstance(value, dict) and any(map(SURROGATE.search, value)):
        yield Fault(
            where, "has a member whose name holds half a character (a lone surrogate); mend its escape"
        )
    if isinstance(value, str) and SURROGATE.search(value):
        yield Fault(where, "holds half a character (a lone surrogate); mend its \\u escape")
    if isinstance(value, Number) and value.text[-1].isalpha():
        yield Fault(where, f"is {value.text}, which is not JSON; write a number or null")
