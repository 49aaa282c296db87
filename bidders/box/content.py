"""What a sealed bid says: a price for each line of a lot, or answers in words, as fields that can be disclosed one by one.

A price envelope has a field `items/<line>` for each line (its unit price, what it is for, a second offer) and one `total`. A
technical envelope has fields `answers/<name>`. Attachments are the fields `files/<place>` in both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from auction.money import parse_decimal, show
from auction.tender.solicitation import CENT
from auction.terms.schedule import LinePrice, LotLine, extended_total, faults
from bidders.box.facts import Read

ITEMS, ANSWERS, FILES, TOTAL = "items/", "answers/", "files/", "total"
Field = list[Any]


def price_fields(lines: Sequence[LotLine], prices: Sequence[LinePrice]) -> list[Field]:
    """The fields of a price envelope: every line, then the total."""
    told = [[f"{ITEMS}{price.line}", _line(price)] for price in prices]
    return [*told, [TOTAL, {"amount": show(extended_total(lines, prices, CENT), CENT)}]]


def _line(price: LinePrice) -> dict[str, Any]:
    said: dict[str, Any] = msgspec.to_builtins(price)
    return {name: value for name, value in said.items() if name != "line"}


def answer_fields(answers: Mapping[str, str]) -> list[Field]:
    """The fields of a technical envelope."""
    return [[f"{ANSWERS}{name}", {"words": words}] for name, words in answers.items()]


def read(bid: Mapping[str, Any], lines: Sequence[LotLine] | None) -> Read:
    """Read an opened bid; `lines` are its lot's, None for a technical envelope.

    What does not fit is named in `faults` for people to judge; unit prices prevail over a total that says otherwise.
    """
    found: list[str] = []
    fields = dict(bid["fields"])
    prices = _prices(fields, found)
    wrong = faults(lines, prices) if lines is not None else []
    found += [f"{fault.path}: {fault.message}" for fault in wrong]
    total = _total(lines, prices, fields, found) if lines is not None and not wrong else None
    return Read(
        lines=prices if lines is not None else (),
        total=total,
        answers=tuple(
            (path[len(ANSWERS) :], _words(value))
            for path, value in fields.items()
            if path.startswith(ANSWERS)
        ),
        files=tuple(str(value["name"]) for path, value in fields.items() if path.startswith(FILES)),
        faults=tuple(found),
        note=str(bid["note"]),
    )


def _prices(fields: Mapping[str, Any], found: list[str]) -> tuple[LinePrice, ...]:
    prices = []
    for path, value in fields.items():
        if path.startswith(ITEMS):
            line = path[len(ITEMS) :]
            try:
                prices.append(msgspec.convert(value | {"line": line}, LinePrice))
            except (msgspec.ValidationError, TypeError):
                found.append(f"line {line}: could not be read as a price")
    return tuple(prices)


def _total(
    lines: Sequence[LotLine], prices: Sequence[LinePrice], fields: Mapping[str, Any], found: list[str]
) -> str:
    total = extended_total(lines, prices, CENT)
    said = fields.get(TOTAL)
    stated = parse_decimal(str(said.get("amount", "")), 6) if isinstance(said, dict) else None
    if stated != total:
        found.append(
            f"total: the lines come to {show(total, CENT)}; unit prices prevail over the stated total"
        )
    return show(total, CENT)


def _words(value: Any) -> str:
    return str(value.get("words", "")) if isinstance(value, dict) else str(value)
