"""A lot's lines in a form: a page of them at a time, blank rows to add some, and many pasted from a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from auction.money import parse_amount, parse_decimal
from auction.tender.solicitation import Line, Lot
from server.pages.solicitation.fields import Fields, plain_number

SIZE, BLANK, MOST, LAST = 50, 3, 5_000, 10**6
TEXTS = ("description", "quantity", "unit", "baseline")
FLAGS = ("no_bid", "alternates", "or_equal")


class Paged(msgspec.Struct, frozen=True):
    """One page of a lot's lines; `first` is the row of its first line, counted from 0."""

    rows: Sequence[Line]
    first: int
    number: int
    pages: int
    total: int


def paged(lot: Lot, number: int) -> Paged:
    """A page of lines; a number beyond the last is the last."""
    pages = max(1, -(-len(lot.lines) // SIZE))
    number = min(max(number, 1), pages)
    first = (number - 1) * SIZE
    return Paged(lot.lines[first : first + SIZE], first, number, pages, len(lot.lines))


def values(rows: Sequence[Line], first: int) -> dict[str, str]:
    """What stands in the fields of these lines."""
    shown: dict[str, str] = {}
    for row, line in enumerate(rows):
        at = f"line_{row}_"
        shown |= {f"{at}{name}": getattr(line, name) or "" for name in TEXTS} | {f"{at}id": line.id}
        shown |= {f"{at}{name}": "on" for name in FLAGS if getattr(line, name)}
    return shown


def read(lot: Lot, fields: Fields) -> tuple[Line, ...]:
    """The lot's lines with what the form said of those that it showed, and the new ones."""
    known = {line.id: line for line in lot.lines}
    said: dict[str, Line | None] = {}
    for row in range(SIZE):
        name = fields.raw(f"line_{row}_id")
        if name in known:
            gone = fields.has(f"line_{row}_remove")
            said[name] = None if gone else _line(known[name], fields, f"line_{row}_")
    kept = [line for each in lot.lines if (line := said.get(each.id, each)) is not None]
    for row in range(BLANK):
        if any(fields.raw(f"new_{row}_{name}") for name in TEXTS):
            kept.append(_line(Line(_free(kept, known), "", "", "1"), fields, f"new_{row}_"))
    for line in _pasted(fields):
        kept.append(msgspec.structs.replace(line, id=_free(kept, known)))
    if len(kept) > MOST:
        fields.fault("paste", f"a lot has at most {MOST:,} lines")
    return tuple(kept)


def _free(kept: Sequence[Line], known: dict[str, Line]) -> str:
    taken = known.keys() | {line.id for line in kept}
    number = len(taken) + 1
    while str(number) in taken:
        number += 1
    return str(number)


def _line(line: Line, fields: Fields, at: str) -> Line:
    """A line as the form says; a quantity that districts' needs add up to stays theirs."""
    quantity = line.quantity if line.needs else fields.decimal(f"{at}quantity")
    return msgspec.structs.replace(
        line,
        description=fields.text(f"{at}description", 1000, "say what it is"),
        unit=fields.text(f"{at}unit", 40, "name the unit, such as case"),
        quantity=quantity,
        baseline=fields.amount(f"{at}baseline"),
        **{name: fields.has(f"{at}{name}") for name in FLAGS},
    )


def _pasted(fields: Fields) -> Iterator[Line]:
    """Lines pasted from a spreadsheet: description, quantity, unit, and what was last paid, with tabs between."""
    for number, text in enumerate(fields.raw("paste").splitlines(), start=1):
        cells = [cell.strip() for cell in text.split("\t")]
        if not any(cells) or (number == 1 and _is_heading(cells)):
            continue
        if len(cells) < 3:
            fields.fault("paste", f"row {number} needs description, quantity and unit, with tabs between")
            continue
        yield from _row(fields, number, cells)


def _row(fields: Fields, number: int, cells: list[str]) -> Iterator[Line]:
    description, quantity, unit = cells[0], plain_number(cells[1]), cells[2]
    paid: Any = plain_number(cells[3]) if len(cells) > 3 else ""
    wrong = []
    if not description:
        wrong.append("column 1 needs a description")
    if (parse_decimal(quantity, 6) or 0) <= 0:
        wrong.append(f"column 2 needs a quantity above zero, not {cells[1][:20]!r}")
    if not unit:
        wrong.append("column 3 needs a unit")
    if paid and parse_amount(paid) is None:
        wrong.append(f"column 4 needs an amount or nothing, not {cells[3][:20]!r}")
    if wrong:
        fields.fault("paste", f"row {number}: {'; '.join(wrong)}")
    else:
        yield Line("", description[:1000], unit[:40], quantity, paid or None)


def _is_heading(cells: list[str]) -> bool:
    return len(cells) > 1 and cells[1].lower() in ("quantity", "qty", "amount")
