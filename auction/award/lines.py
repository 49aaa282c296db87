"""The lines of a bid, summed exactly: quantity × unit price, line by line, with every fault named by its row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Context, Decimal, Inexact, InvalidOperation, localcontext
from fractions import Fraction
from operator import mul

from auction.terms.exact_numbers import ZERO, money, number
from auction.terms.faults import Reading

_PLAIN = re.compile(r"(?>(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,12})?\n)*+", re.ASCII)
_EXACT = Context(prec=100, traps=[Inexact, InvalidOperation])


def total(read: Reading, path: str, value: object) -> Fraction | None:
    """Sum a bid's lines; None after a fault."""
    rows = read.rows(path, value, 1)
    found = len(read.faults)
    quickly = _quick(rows)
    if quickly is not None:
        return quickly
    summed = sum((_one(read, f"{path}[{place}]", row) for place, row in enumerate(rows)), ZERO)
    return summed if len(read.faults) == found else None


def _quick(rows: Sequence[object]) -> Fraction | None:
    """Sum faultless lines without looking at them one by one; None sends the reader back to do so."""
    try:
        given = [(row["quantity"], row["unit_price"]) for row in rows if len(row) == 2]  # type: ignore[index,arg-type]
        quantities, prices = zip(*given, strict=True)
        plain = _PLAIN.fullmatch("\n".join((*quantities, *prices, "")))
        with localcontext(_EXACT):
            amounts = list(map(mul, map(Decimal, quantities), map(Decimal, prices)))
            return Fraction(sum(amounts)) if plain and all(amounts) and len(amounts) == len(rows) else None
    except (TypeError, KeyError, ValueError, InvalidOperation, Inexact):
        return None


def _one(read: Reading, path: str, value: object) -> Fraction:
    names = ("quantity", "unit_price")
    given = read.members(path, value, ("id", *names), names)
    if not all(name in given for name in names):
        return ZERO
    quantity = number(read, f"{path}.quantity", given["quantity"], least=None, above=ZERO)
    return quantity * money(read, f"{path}.unit_price", given["unit_price"])
