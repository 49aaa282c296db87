"""A district's shopping lists at the desk: their numbers, what may be put on them, and what they come to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from auction.money import ceil_div, parse_decimal
from auction.prices.shopping import Item, ListLine, OpenList, ShoppingList
from server.drafting import tell
from server.login import Identity
from server.parts import Parts
from server.prices.awards import line_of, refusal, stated_lots
from server.tables import AwardRow, PriceLineRow

NUMBER = re.compile(r"SL-(\d{4}-\d{4,6})", re.ASCII)
KEY = re.compile(r"([0-9]{1,9})/([A-Za-z0-9_-]{1,64})/([A-Za-z0-9_-]{0,64})", re.ASCII)
PLACES = 12
CENT = 10**10


class Refusal(msgspec.Struct, frozen=True):
    """Why an item cannot be put on a list."""

    words: str


class Group(msgspec.Struct, frozen=True):
    """The lines of one contract on a list, and what they come to; `short` is what its minimum order lacks."""

    contract: str
    vendor: str
    currency: str
    freight: str
    minimum: str | None
    ends: str
    lines: tuple[tuple[str, ListLine, str], ...]
    total: str
    short: str | None


def stream_of(district: str, number: str) -> str | None:
    """The stream of a district's list with this number, such as SL-2026-0042; None where it is no such number."""
    found = NUMBER.fullmatch(number)
    return f"list/{district}.{found.group(1)}" if found is not None else None


def held(parts: Parts, district: str, number: str) -> ShoppingList | None:
    """A district's list; None where there is none under this number."""
    stream = stream_of(district, number)
    found = parts.desk.state(stream) if stream is not None else None
    return found if isinstance(found, ShoppingList) and found.status != "none" else None


async def begin(parts: Parts, identity: Identity, title: str, ship_to: str) -> str:
    """Begin a list under the district's next number of this year; raises `Faulty`."""
    district, year = identity.organisation_id, f"{parts.now():%Y}"
    async with parts.numbers:
        prefix = f"list/{district}.{year}-"
        taken = [int(stream.removeprefix(prefix)) for stream in parts.journal.streams(prefix)]
        number = f"SL-{year}-{max(taken, default=0) + 1:04d}"
        stream = stream_of(district, number) or ""
        command = OpenList(
            by=identity.person_id, district=district, number=number, title=title, ship_to=ship_to
        )
        await tell(parts, stream, command)
    return number


def item(session: Session, identity: Identity, key: str, today: date) -> Item | Refusal:
    """The awarded line of this key as it is put on a list, or why this district may not order it."""
    named = KEY.fullmatch(key)
    row = line_of(session, *named.groups()) if named is not None else None
    if row is None:
        return Refusal("There is no such item in the price book.")
    why = refusal(identity, row, stated_lots(session, identity.organisation_id), today)
    return Refusal(why) if why is not None else item_of(row)


def item_of(row: PriceLineRow) -> Item:
    """A line of the price book as lists keep it."""
    return Item(
        row.event_id,
        row.lot_id,
        row.line_id,
        row.description,
        row.unit,
        row.unit_price,
        row.currency,
        row.vendor_name,
        row.contract,
        row.baseline,
    )


def extension(line: ListLine) -> int:
    """What a line comes to, in 10^-12 of the currency unit."""
    return (parse_decimal(line.quantity, 6) or 0) * (parse_decimal(line.item.unit_price, 6) or 0)


def written(amount: int) -> str:
    """An amount in 10^-12, rounded up to a cent, with its cents."""
    cents = ceil_div(amount, CENT)
    return f"{cents // 100}.{cents % 100:02d}"


def groups(listed: ShoppingList, awards: Sequence[AwardRow]) -> list[Group]:
    """A list's lines by contract, in the order in which they were put there."""
    known = {(row.event_id, row.lot_id): row for row in awards}
    by_contract: dict[tuple[str, str], list[tuple[str, ListLine]]] = {}
    for key, line in listed.lines.items():
        by_contract.setdefault((line.item.event, line.item.lot), []).append((key, line))
    return [_group(lines, known.get(place)) for place, lines in by_contract.items()]


def _group(lines: list[tuple[str, ListLine]], award: AwardRow | None) -> Group:
    total = sum(extension(line) for _, line in lines)
    minimum = award.minimum_order if award is not None else None
    lacks = (parse_decimal(minimum, PLACES) or 0) - total if minimum is not None else 0
    first = lines[0][1].item
    return Group(
        contract=first.contract,
        vendor=first.vendor,
        currency=first.currency,
        freight=award.freight if award is not None else "",
        minimum=minimum,
        ends=award.ends if award is not None else "",
        lines=tuple((key, line, written(extension(line))) for key, line in lines),
        total=written(total),
        short=written(lacks) if lacks > 0 else None,
    )


def whole(listed: ShoppingList) -> list[tuple[str, str]]:
    """What a list comes to in each currency."""
    sums: dict[str, int] = {}
    for line in listed.lines.values():
        sums[line.item.currency] = sums.get(line.item.currency, 0) + extension(line)
    return [(written(total), currency) for currency, total in sums.items()]


HEADINGS = (
    "list", "line", "contract", "vendor", "item", "description", "unit", "quantity", "unit_price", "extended", "currency",
    "ship_to", "note",
)  # fmt: skip
"""The columns of an export, in an order that stays; docs/prices.md says what each holds."""


def exported(listed: ShoppingList) -> list[list[Any]]:
    """The rows of an export, one for each line."""
    return [
        [
            listed.number,
            str(place),
            line.item.contract,
            line.item.vendor,
            line.item.key,
            line.item.description,
            line.item.unit,
            line.quantity,
            line.item.unit_price,
            written(extension(line)),
            line.item.currency,
            listed.ship_to,
            line.note,
        ]
        for place, line in enumerate(listed.lines.values(), 1)
    ]
