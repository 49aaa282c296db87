"""Scales as people write them: one row each, a word or a figure, an equals sign, and what it means."""

from __future__ import annotations

import re
from typing import Any

from auction.terms.exact_numbers import parse
from server.pages.solicitation.fields import Fields, plain_number

KINDS = {
    "": "A number from 0 to the most",
    "integer": "Whole steps, such as 0 to 5",
    "adjectival": "Words, each with its per cent",
    "yes_no": "Yes or no",
    "numeric": "A figure on a line, with per cents",
    "lookup": "A table, each entry with its per cent",
}
"""Each kind of scale that the form offers, in words."""
_SPAN = re.compile(r"\s*(\d+)\s*(?:to|-|–)\s*(\d+)\s*")
Raw = dict[str, Any]


def shown(at: str, scale: object) -> dict[str, str]:
    """What stands in the fields of a scale."""
    raw = scale if isinstance(scale, dict) else {}
    kind = str(raw.get("kind", ""))
    return {f"{at}scale": kind, f"{at}scale_rows": "\n".join(_rows(kind, raw))}


def _rows(kind: str, raw: Raw) -> list[str]:
    if kind == "integer":
        anchors = raw.get("anchors")
        span = f"{raw.get('from')} to {raw.get('to')}"
        return [span, *(f"{step} = {words}" for step, words in anchors.items())] if anchors else [span]
    if kind == "numeric":
        return [f"{row[0]} = {row[1]}" for row in raw.get("points", []) if isinstance(row, list)]
    table = raw.get("table")
    return [f"{word} = {share}" for word, share in table.items()] if isinstance(table, dict) else []


def read(fields: Fields, name: str, kind: str) -> Raw | None:
    """Read a scale of a kind from its rows; None after a fault."""
    said = [row for row in fields.raw(name).splitlines() if row.strip()]
    if kind == "yes_no":
        return {"kind": kind}
    span = _SPAN.fullmatch(said[0]) if said and kind == "integer" else None
    if kind == "integer" and span is None:
        fields.fault(name, "begin with the span, such as 0 to 5; say below it what steps mean")
        return None
    pairs = _pairs(fields, name, said[1:] if span else said)
    if pairs is None:
        return None
    if span:
        anchors = {"anchors": dict(pairs)} if pairs else {}
        return {"kind": kind, "from": span.group(1), "to": span.group(2)} | anchors
    if kind == "numeric":
        return {"kind": kind, "points": [[plain_number(x), _share(y)] for x, y in pairs]}
    if len(dict(pairs)) < len(pairs) or not all(parse(_share(share)) is not None for _, share in pairs):
        fields.fault(name, "write each word once with its per cent, such as good = 80")
        return None
    return {"kind": kind, "table": {word: _share(share) for word, share in pairs}}


def _pairs(fields: Fields, name: str, said: list[str]) -> list[tuple[str, str]] | None:
    rows = [tuple(part.strip() for part in row.split("=", 1)) for row in said]
    wrong = next(
        (row for row, found in zip(said, rows, strict=True) if len(found) < 2 or not all(found)), None
    )
    if wrong is not None:
        fields.fault(name, f"write a row as good = 80; this one is {wrong[:40]!r}")
        return None
    return [(found[0], found[1]) for found in rows]


def _share(said: str) -> str:
    return said.removesuffix("%").strip()
