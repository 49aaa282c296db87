"""Rows of a schedule's page: which lines are on it, each as typed, as read, and with its faults beside its fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlencode

import msgspec

from auction.money import exact, parse_decimal
from auction.tender.solicitation import Line
from auction.terms.entries import Entry, read_line
from auction.terms.packs import packs_for
from auction.terms.schedule import LotLine
from server.pages.schedule.finding import At
from server.schedule_drafts import Kept

ROWS = 50
"""How many lines stand on one page."""
SHOWN = {"all": "All lines", "open": "Without a price", "faulty": "To put right"}
"""Which lines can be asked for, as people say it."""
CENT = 10**10


class Window(msgspec.Struct, frozen=True):
    """The part of a schedule that is shown: which lines are asked for, a search, and the page."""

    show: str = "all"
    search: str = ""
    page: int = 1
    more: str = ""

    def address(self, base: str, page: int | None = None, note: str = "") -> str:
        """The address of this part, or of another page of it."""
        given = {
            "show": self.show if self.show != "all" else "",
            "q": self.search,
            "page": str(page or self.page) if (page or self.page) > 1 else "",
            "more": self.more,
            "note": note,
        }
        query = urlencode({name: value for name, value in given.items() if value})
        return f"{base}?{query}" if query else base


class Cut(msgspec.Struct, frozen=True):
    """The lines on one page, each with its number in the lot; how many were found, and on how many pages."""

    lines: tuple[tuple[int, LotLine], ...]
    found: int
    pages: int


def cut(here: At, window: Window, states: Mapping[str, str]) -> Cut:
    """Choose the lines of a page."""
    wanted = window.search.casefold().split()
    if window.show == "all" and not wanted:
        return _all(here, window)
    described = here.lines
    found = [
        (number, line)
        for number, line in enumerate(here.plans, start=1)
        if _asked(window.show, states.get(line.id, "open"))
        and all(word in _text(line.id, described) for word in wanted)
    ]
    pages = max(1, -(-len(found) // ROWS))
    page = min(max(window.page, 1), pages)
    return Cut(tuple(found[(page - 1) * ROWS : page * ROWS]), len(found), pages)


def _all(here: At, window: Window) -> Cut:
    """A page of all lines."""
    pages = max(1, -(-len(here.plans) // ROWS))
    first = (min(max(window.page, 1), pages) - 1) * ROWS
    return Cut(tuple(enumerate(here.plans[first : first + ROWS], start=first + 1)), len(here.plans), pages)


def _text(line: str, described: Mapping[str, Line]) -> str:
    return f"{line} {described[line].description}".casefold()


def _asked(show: str, state: str) -> bool:
    return show not in ("open", "faulty") or state == show


def rows(
    here: At, lines: Sequence[tuple[int, LotLine]], kept: Mapping[str, Kept], more: str = ""
) -> list[dict[str, Any]]:
    """Make the rows of a page; further fields are shown of those that hold any, and of the line `more`."""
    return [
        row(here, place, number, line, kept.get(line.id), line.id == more)
        for place, (number, line) in enumerate(lines)
    ]


def row(here: At, place: int, number: int, plan: LotLine, kept: Kept | None, more: bool) -> dict[str, Any]:
    """One line as its fields, its extension and its faults."""
    line, entry = here.lines[plan.id], kept.entry if kept is not None else Entry()
    told = read_line(plan, entry)
    price = told.price.unit_price if told.price is not None else None
    return {
        "place": place,
        "number": number,
        "id": plan.id,
        "description": line.description,
        "unit": line.unit,
        "quantity": plan.quantity,
        "much": _grouped(plan.quantity),
        "decimals": plan.decimals,
        "no_bid": plan.no_bid,
        "or_equal": plan.or_equal,
        "alternates": plan.alternates,
        "baseline": line.baseline,
        "entry": entry,
        "files": {name: _file(getattr(entry, name)) for name in ("literature", "alternate_literature")},
        "version": kept.revision if kept is not None else 0,
        "extension": cents(told.extension) if price is not None else None,
        "each": price if price is not None and not entry.unit_price.strip() else None,
        "worth": str(told.extension),
        "packs": packs_of(plan, entry) if entry.pack_size else None,
        "faults": {fault.path: fault.message for fault in told.faults},
        "more": more or (kept is not None and _more(entry, {fault.path for fault in told.faults})),
    }


def _grouped(quantity: str) -> str:
    whole, dot, part = quantity.partition(".")
    return f"{int(whole):,}{dot}{part}"


def cents(worth: int) -> str:
    """An extension to the nearest cent; the total counts the exact one."""
    return exact((worth + CENT // 2) // CENT, 2)


def _file(place: str) -> str:
    return unquote(place.partition("/")[2])


def packs_of(plan: LotLine, entry: Entry) -> str | None:
    """How many whole packs cover what is asked for."""
    told = read_line(plan, entry)
    pack = told.price.offer.pack if told.price is not None and told.price.offer is not None else None
    if pack is None:
        return None
    count = packs_for(plan.quantity, pack)
    whole = count * (parse_decimal(pack.size, 6) or 0) == (parse_decimal(plan.quantity, 6) or 0)
    holds = exact(count * (parse_decimal(pack.size, 6) or 0))
    cover = "are exactly" if whole else f"hold {holds} and cover"
    name = f"× {pack.name}" if pack.name else "packs" if count != 1 else "pack"
    return f"{count:,} {name} of {pack.size} {cover} the {plan.quantity} asked for"


def _more(entry: Entry, faults: set[str]) -> bool:
    """Whether the row's further fields hold anything, or have a fault."""
    first = {"unit_price", "no_bid", "extension"}
    plain = Entry(unit_price=entry.unit_price, no_bid=entry.no_bid, extension=entry.extension)
    return entry != plain or bool(faults - first)
