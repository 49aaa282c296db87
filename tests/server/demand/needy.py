"""A small consortium's demand to test with: a catalog, a call, and needs, put to the desk as the pages do."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import openpyxl

from auction.demand.call import Called, OpenCall
from auction.demand.catalog import Item, KeepItems, Pack
from auction.demand.needs import ConfirmNeeds, NeedLine, StateNeeds, Terms
from auction.refusals import Refusal
from tests.server.callers import Guest
from tests.server.house import OWNER, House

PAPER = Item("P-1", "Copy paper, white", "Paper", "ream", (Pack("carton", "10"),))
CARD = Item("P-2", "Card stock, blue", "Paper", "pack")
PENS = Item("W-1", "Pens, black", "Writing", "each", (Pack("box", "50"),))
GLUE = Item("A-1", "Glue, white", "Art", "bottle")
ITEMS = (PAPER, CARD, PENS, GLUE)
HEADINGS = ("Item number", "Quantity", "Unit", "Ship to", "Needed by", "Last price paid", "Price unit")


async def tell(house: House, stream: str, command: Any) -> Any:
    """Have a command carried out, and wait for the lists."""
    outcome = await house.parts.desk.submit(stream, command, house.parts.now())
    await house.parts.projections.settled()
    assert not isinstance(outcome.answer, Refusal), outcome.answer
    return outcome.answer


async def catalog(house: House, items: Sequence[Item] = ITEMS, owner: str = OWNER) -> None:
    """Fill a catalog."""
    await tell(house, f"catalog/{owner}", KeepItems(by="p-lead", items=tuple(items)))


async def call(
    house: House,
    id: str = "1",
    owner: str = OWNER,
    districts: tuple[str, ...] = ("d-oak", "d-elm"),
    days: float = 30,
    **more: Any,
) -> Terms:
    """Open a call."""
    deadline = house.parts.now() + timedelta(days=days)
    called = Called(owner, more.pop("title", f"Supplies {id}"), deadline, "America/New_York", **more)
    await tell(house, f"call/{id}", OpenCall(by="p-lead", called=called, districts=districts))
    return Terms(deadline)


async def state(house: House, terms: Terms, district: str, *lines: NeedLine, id: str = "1") -> None:
    """State needs."""
    await tell(house, f"needs/{id}.{district}", StateNeeds(by="p-x", terms=terms, lines=lines))


async def confirm(house: House, terms: Terms, district: str, id: str = "1") -> None:
    """Confirm that this is all."""
    await tell(house, f"needs/{id}.{district}", ConfirmNeeds(by="p-x", terms=terms))


def line(item: Item, quantity: str, paid: str | None = None, **more: Any) -> NeedLine:
    """A line in the item's own unit."""
    return NeedLine(item.id, quantity, item.unit, paid=paid, paid_unit=item.unit if paid else "", **more)


def sheet(*rows: Sequence[object], headings: Sequence[str] = HEADINGS) -> bytes:
    """A workbook."""
    made = openpyxl.Workbook()
    for row in (headings, *rows):
        made.active.append(list(row))
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


async def send(guest: Guest, path: str, name: str, body: bytes, **form: str) -> Any:
    """Send a file in a form."""
    return await guest.http.post(path, data={"csrf": guest.csrf} | form, files={"sheet": (name, body)})
