"""Finding what a request is about, within one's own consortium or district; what is another's is as if it were not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from math import ceil
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from litestar.params import QueryParameter
from markupsafe import Markup
from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from auction.demand.call import Call
from auction.demand.catalog import Catalog
from auction.money import MICROS, ceil_tick, exact, parse_decimal
from auction.refusals import Refusal
from server.desk import NotRecorded
from server.login import SignedIn
from server.pages.answering import Req, plain
from server.parts import Parts, signed_in
from server.presenting import NOTHING, money
from server.tables import CallRow, ItemRow, Organisation

PER_PAGE = 50
CENT = MICROS // 100
MOST_PAGES = 100_000
PageNo = Annotated[int, QueryParameter(name="page", ge=1, le=MOST_PAGES)]
"""The page of a long list, as the address names it."""
NO_CALL = "There is no such call for needs."


class Paged(msgspec.Struct, frozen=True):
    """Which part of a long list is shown, under an address that stays the same."""

    page: int
    total: int
    base: str
    query: Mapping[str, str]
    per: int = PER_PAGE

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, ceil(self.total / self.per))

    @property
    def offset(self) -> int:
        """How many rows come before."""
        return (self.page - 1) * self.per

    @property
    def first(self) -> int:
        """The first row's number."""
        return min(self.offset + 1, self.total)

    @property
    def last(self) -> int:
        """The last row's number."""
        return min(self.offset + self.per, self.total)

    def address(self, page: int) -> str:
        """The address of a page of the list."""
        given = {name: value for name, value in self.query.items() if value}
        if page > 1:
            given["page"] = str(page)
        return f"{self.base}?{urlencode(given)}" if given else self.base


def paged(page: int, total: int, base: str, per: int = PER_PAGE, **query: str) -> Paged:
    """Show a page of a list; one that is not there any more shows the last."""
    last = max(1, ceil(total / per))
    return Paged(min(max(1, page), last), total, base, query, per)


def who_of(request: Req) -> SignedIn:
    """Who asks; the guard has let nobody else through."""
    who = signed_in(request)
    assert who is not None
    return who


STAND = text("SELECT coalesce(sum(n), 0) FROM projection WHERE name IN ('demand', 'belonging')")


def stand(session: Session) -> int:
    """How far the lists have come: changes whenever anything of demand, or of who belongs where, does."""
    return int(session.execute(STAND).scalar_one())


def table_of(parts: Parts, name: str, **context: Any) -> Markup:
    """A long table as HTML, to be kept for as long as nothing of it changes."""
    return Markup(parts.templates.get_template(f"demand/_{name}_table.html").render(**context))


def find_call(session: Session, request: Req, call_id: str) -> CallRow:
    """Find a call of one's own consortium, or of one that one's district belongs to."""
    row = session.get(CallRow, call_id)
    if row is None or row.consortium_id not in who_of(request).identity.consortia:
        raise plain(404, NO_CALL)
    return row


async def call_of(session: AsyncSession, request: Req, call_id: str) -> CallRow:
    """The same, beside other things that are awaited."""
    return await session.run_sync(find_call, request, call_id)


def found(session: Session, wanted: Any, key: Any, q: str) -> Sequence[Any] | None:
    """The keys of all rows that a search finds, in order, so that it is gone through once; None without a search."""
    words = sought(q)
    if not words:
        return None
    wanted = wanted.where(*words)
    return list(session.execute(wanted.with_only_columns(key, maintain_column_froms=True)).scalars())


def call_state(parts: Parts, call_id: str) -> Call:
    """A call as it stands in the journal."""
    state = parts.desk.state(f"call/{call_id}")
    assert isinstance(state, Call)
    return state


def catalog_state(parts: Parts, consortium: str) -> Catalog:
    """A consortium's catalog as it stands in the journal."""
    state = parts.desk.state(f"catalog/{consortium}")
    assert isinstance(state, Catalog)
    return state


def over(row: CallRow, parts: Parts) -> bool:
    """Tell whether a call takes no more needs."""
    return row.ended_at is not None or parts.now() > row.deadline


def names_of(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """The names of organisations."""
    wanted = select(Organisation.id, Organisation.name).where(Organisation.id.in_(list(ids)))
    return {row[0]: row[1] for row in session.execute(wanted)}


def grouped(quantity: str | None) -> str:
    """A quantity with its thousands marked: `6,800` or `12.5`."""
    whole, dot, part = (quantity or "0").partition(".")
    return f"{int(whole):,}{dot}{part}"


class Cell(msgspec.Struct, frozen=True):
    """Money in a column: what is shown, and what is kept free so that the points stand under each other."""

    shown: str
    pad: str = ""


def column(amounts: Sequence[str | None]) -> list[Cell]:
    """Write a column of money."""
    written = [money(each) for each in amounts]
    most = max((len(each.partition(".")[2]) for each in written), default=0)
    return [Cell(each, _pad(each, most)) for each in written]


def _pad(shown: str, most: int) -> str:
    part = len(shown.partition(".")[2])
    return "" if shown == NOTHING or part >= most else ("" if part else ".") + "0" * (most - part)


async def put(parts: Parts, stream: str, command: Any, received: datetime | None = None) -> object:
    """Put a command to the desk and wait until the lists show what came of it; a refusal is returned like an answer."""
    try:
        outcome = await parts.desk.submit(stream, command, received or parts.now())
    except NotRecorded:
        return Refusal("NOT_RECORDED", "It could not be recorded and does not count. Try again in a moment.")
    await parts.projections.settled()
    return outcome.answer


def noted(request: Req, parts: Parts, address: str, words: str, good: bool = True) -> str:
    """An address that tells, once it is opened, what an action came to."""
    note = parts.notes.leave(who_of(request).session, {"good": good, "words": words})
    return f"{address}{'&' if '?' in address else '?'}note={note}"


def note_of(request: Req, parts: Parts, name: str) -> dict[str, Any] | None:
    """What the last action came to."""
    return parts.notes.read(who_of(request).session, name) if name else None


def cents(amount: str | None) -> str | None:
    """A sum rounded up to a cent, as sums are shown."""
    micros = parse_decimal(amount, 6) if amount is not None else None
    return None if micros is None else exact(ceil_tick(micros, CENT))


def sought(q: str) -> list[ColumnElement[bool]]:
    """What a search asks of an item: each of its words stands somewhere in the item's."""
    return [func.instr(ItemRow.words, each) > 0 for each in q.casefold().split()[:8]]
