"""Search: one field over everything that whoever asks may see, with a link to each find."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec
from litestar import Response, get
from litestar.params import FromQuery
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from auction.tender.solicitation import Solicitation
from server.guards import may
from server.login import Identity
from server.pages.answering import Req, page
from server.pages.prices.book import href
from server.pages.showing import is_ours
from server.parts import Parts, parts_of, signed_in
from server.presenting import money
from server.tables import DistrictMember, EventRow, Organisation, PriceLineRow

MOST = 8
"""How many finds of each kind are shown."""
LONGEST = 100


class Found(msgspec.Struct, frozen=True):
    """One find: its title, what it is in a few words, and where it is."""

    title: str
    words: str
    href: str


class Kind(msgspec.Struct, frozen=True):
    """All finds of one kind; `more` leads to where there are more of them."""

    title: str
    finds: tuple[Found, ...]
    more: str = ""


Finder = Callable[[Parts, Identity | None, list[str]], Awaitable[Kind]]
"""Looks for words among the things of one kind that somebody may see."""


def holds(words: list[str], *columns: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Every word occurs in one of the columns, whatever its case; what a pattern would mean is taken as it stands."""
    escaped = [word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for word in words]
    return and_(
        *(
            or_(*(func.lower(column).like(f"%{word.lower()}%", escape="\\") for column in columns))
            for word in escaped
        )
    )


async def events(parts: Parts, who: Identity | None, words: list[str]) -> Kind:
    """Events by what their notice says: number, title, summary, lots and lines; never by who is admitted."""
    async with parts.database.session() as session:
        rows = (await session.execute(select(EventRow).order_by(EventRow.created_at.desc()))).scalars().all()
    seen = [row for row in rows if (row.status != "draft" or is_ours(who, row.owner)) and _says(row, words)]
    return Kind(
        "Events",
        tuple(Found(row.title, f"{row.number} · {row.status}", f"/events/{row.id}") for row in seen[:MOST]),
    )


def _says(row: EventRow, words: list[str]) -> bool:
    document = msgspec.convert(row.document, Solicitation)
    said = [document.number, document.title, document.summary, document.consortium]
    said += [text for lot in document.lots for text in (lot.title, *(line.description for line in lot.lines))]
    whole = " ".join(said).casefold()
    return all(word.casefold() in whole for word in words)


async def prices(parts: Parts, who: Identity | None, words: list[str]) -> Kind:
    """Awarded lines by item, vendor and contract."""
    fits = holds(words, PriceLineRow.description, PriceLineRow.vendor_name, PriceLineRow.contract)
    async with parts.database.session() as session:
        rows = (await session.execute(select(PriceLineRow).where(fits).limit(MOST))).scalars().all()
    return Kind(
        "Awarded prices",
        tuple(
            Found(
                row.description,
                f"{money(row.unit_price, row.currency)} for each {row.unit} · {row.vendor_name}",
                href(row.event_id, row.lot_id, row.line_id),
            )
            for row in rows
        ),
        "/prices",
    )


async def members(parts: Parts, who: Identity | None, words: list[str]) -> Kind:
    """The consortium's districts, for its officers."""
    if who is None or not may(who, "see demand"):
        return Kind("Districts", ())
    wanted = (
        select(Organisation)
        .join(DistrictMember, DistrictMember.district_id == Organisation.id)
        .where(DistrictMember.consortium_id == who.organisation_id, holds(words, Organisation.name))
        .order_by(Organisation.name)
        .limit(MOST)
    )
    async with parts.database.session() as session:
        rows = (await session.execute(wanted)).scalars().all()
    return Kind("Districts", tuple(Found(row.name, "member district", "/consortium") for row in rows))


FINDERS: tuple[Finder, ...] = (events, prices, members)
"""Every kind of thing that is searched, in the order shown."""


@get("/search", opt={"may": "look"})
async def search(request: Req, q: FromQuery[str] = "") -> Response[str]:
    """Show what was found, by kind."""
    parts, who = parts_of(request), signed_in(request)
    words = q[:LONGEST].split()
    identity = who.identity if who is not None else None
    kinds = [await finder(parts, identity, words) for finder in FINDERS] if words else []
    return page(
        request, "search.html", nav="search", q=q[:LONGEST], kinds=[each for each in kinds if each.finds]
    )


ROUTES = [search]
