"""A consortium's catalog: looking through it, and adding and changing single items."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from markupsafe import Markup
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from auction.demand import catalog as items
from auction.demand.catalog import Item, KeepItems, Kept, NameUnit
from auction.demand.units import SYNONYMS
from auction.refusals import Refusal
from auction.terms.faults import Reading
from server.guards import may
from server.imports.catalog_sheet import item_of, packs_text
from server.pages.answering import Req, looked, page, plain, see_other
from server.pages.demand.finding import (
    Paged,
    PageNo,
    catalog_state,
    note_of,
    noted,
    paged,
    put,
    sought,
    stand,
    table_of,
    who_of,
)
from server.parts import parts_of
from server.tables import ItemRow

FIELDS = ("id", "description", "category", "unit", "packs")


def wanted(consortium: str, q: str, category: str, retired: bool = False) -> list[ColumnElement[bool]]:
    """What rows of a catalog are looked for."""
    found: list[ColumnElement[bool]] = [ItemRow.consortium_id == consortium, ItemRow.retired.is_(retired)]
    if category:
        found.append(ItemRow.category == category)
    return found + sought(q)


def categories_in(session: Session, consortium: str) -> list[tuple[str, int]]:
    """Every category of a catalog with the number of its items."""
    rows = session.execute(
        select(ItemRow.category, func.count())
        .where(ItemRow.consortium_id == consortium, ItemRow.retired.is_(False))
        .group_by(ItemRow.category)
        .order_by(ItemRow.category)
    )
    return [(row[0], row[1]) for row in rows]


async def categories_of(session: AsyncSession, consortium: str) -> list[tuple[str, int]]:
    """The same, beside other things that are awaited."""
    return await session.run_sync(categories_in, consortium)


@get("/catalog", opt={"may": "see demand"})
async def listed(
    request: Req,
    q: FromQuery[str] = "",
    category: FromQuery[str] = "",
    retired: FromQuery[bool] = False,
    number: PageNo = 1,
    note: FromQuery[str] = "",
) -> Response[str]:
    """List the items, with a search."""
    parts, consortium = parts_of(request), who_of(request).identity.organisation_id
    runs = may(who_of(request).identity, "run demand")
    q, asked = q[:100], wanted(consortium, q[:100], category, retired)

    def look(session: Session) -> tuple[list[tuple[str, int]], Paged, Markup]:
        key = ("catalog", stand(session), consortium, q, category, retired, number, runs)
        return parts.shelf.take(key, lambda: made(session))

    def made(session: Session) -> tuple[list[tuple[str, int]], Paged, Markup]:
        groups = categories_in(session, consortium)
        order = (ItemRow.category, ItemRow.item_id)
        keys = session.execute(select(ItemRow.item_id).where(*asked).order_by(*order)).scalars().all()
        shown = _shown(number, len(keys), q, category, retired)
        some = keys[shown.offset : shown.offset + shown.per]
        found = select(ItemRow.__table__).where(
            ItemRow.consortium_id == consortium, ItemRow.item_id.in_(some)
        )
        rows = [
            (row.item_id, row.description, row.category, row.unit, packs_text_of(row))
            for row in session.execute(found.order_by(*order))
        ]
        return groups, shown, table_of(parts, "catalog", rows=rows, paged=shown, runs=runs)

    groups, shown, table = await looked(request, look)
    return page(
        request,
        "demand/catalog.html",
        nav="needs",
        table=table,
        paged=shown,
        q=q,
        category=category,
        retired=retired,
        categories=groups,
        every=sum(count for _, count in groups),
        note=note_of(request, parts, note),
    )


def _shown(number: int, total: int, q: str, category: str, retired: bool) -> Paged:
    return paged(number, total, "/catalog", q=q, category=category, retired="true" if retired else "")


def packs_text_of(row: Any) -> str:
    """What an item comes in beside its unit: `carton = 10 ream`."""
    return "; ".join(f"{unit} = {holds} {row.unit}" for unit, holds in row.packs)


@get("/catalog/new", opt={"may": "run demand"})
async def new(request: Req) -> Response[str]:
    """Show the form for an item to be added."""
    return await form(request, None, dict.fromkeys(FIELDS, ""), {})


async def form(
    request: Req, item_id: str | None, given: dict[str, str], faults: dict[str, list[str]], was: int = 0
) -> Response[str]:
    """Show an item's form, with what is wrong beside each field."""
    parts, consortium = parts_of(request), who_of(request).identity.organisation_id
    async with parts.database.session() as session:
        groups = await categories_of(session, consortium)
    kept = catalog_state(parts, consortium).items.get(item_id or "")
    return page(
        request,
        "demand/item.html",
        code=422 if faults else 200,
        nav="needs",
        item=kept,
        given=given,
        faults=faults,
        was=was,
        categories=[name for name, _ in groups],
        units=sorted(SYNONYMS),
    )


@post("/catalog/new", opt={"may": "run demand"})
async def add(request: Req) -> Response[str]:
    """Add an item."""
    return await _keep(request, None)


@get("/catalog/items/{item_id:str}", opt={"may": "run demand"})
async def edit(request: Req, item_id: FromPath[str]) -> Response[str]:
    """Show an item's form."""
    parts = parts_of(request)
    kept = catalog_state(parts, who_of(request).identity.organisation_id)
    item = kept.items.get(item_id)
    if item is None:
        raise plain(404, "There is no such item in your catalog.")
    given = msgspec.to_builtins(item) | {"packs": packs_text(item.packs, item.unit)}
    return await form(request, item_id, given, {}, kept.revisions.get(item_id, 0))


@post("/catalog/items/{item_id:str}", opt={"may": "run demand"})
async def change(request: Req, item_id: FromPath[str]) -> Response[str]:
    """Change an item, retire it, or take it back."""
    if item_id not in catalog_state(parts_of(request), who_of(request).identity.organisation_id).items:
        raise plain(404, "There is no such item in your catalog.")
    return await _keep(request, item_id)


async def _keep(request: Req, item_id: str | None) -> Response[str]:
    parts, who, sent = parts_of(request), who_of(request), await request.form()
    kept = catalog_state(parts, who.identity.organisation_id)
    given = {name: str(sent.get(name, "")) for name in FIELDS}
    was = int(str(sent.get("was", "0"))) if str(sent.get("was", "0")).isdecimal() else 0
    if item_id is not None:
        given["id"], given["unit"] = item_id, kept.items[item_id].unit
    read = Reading()
    item = item_of(read, given, kept.words)
    retire = str(sent.get("retired", "")) == "yes"
    faults: dict[str, list[str]] = {}
    for fault in [*read.faults, *items.faults(item)]:
        faults.setdefault(fault.path, []).append(fault.message)
    if item_id is None and item.id in kept.items:
        faults.setdefault("id", []).append(
            "is in the catalog already; choose another number, or change that item"
        )
    if not faults:
        command = KeepItems(by=who.identity.person_id, items=(_retired(item, retire),), was=was)
        answer = await put(parts, f"catalog/{who.identity.organisation_id}", command)
        if isinstance(answer, Kept):
            done = "added to the catalog" if answer.added else "changed" if answer.changed else "as it was"
            return see_other(noted(request, parts, f"/catalog?q={item.id}", f"{item.id} is {done}."))
        faults = {"": [answer.message if isinstance(answer, Refusal) else "It could not be kept."]}
    return await form(request, item_id, given, faults, was)


def _retired(item: Item, retire: bool) -> Item:
    return msgspec.structs.replace(item, retired=retire)


@get("/catalog/units", opt={"may": "see demand"})
async def units(request: Req, note: FromQuery[str] = "") -> Response[str]:
    """List the words that mean a unit."""
    parts = parts_of(request)
    own = catalog_state(parts, who_of(request).identity.organisation_id).words
    return _units(request, own, note_of(request, parts, note), None)


def _units(request: Req, own: dict[str, str], note: Any, error: str | None) -> Response[str]:
    return page(
        request,
        "demand/units.html",
        code=422 if error else 200,
        nav="needs",
        own=sorted(own.items()),
        known=sorted(SYNONYMS.items()),
        note=note,
        error=error,
    )


@post("/catalog/units", opt={"may": "run demand"})
async def name_unit(request: Req) -> Response[str]:
    """Let a word mean a unit."""
    parts, who, sent = parts_of(request), who_of(request), await request.form()
    command = NameUnit(
        by=who.identity.person_id, word=str(sent.get("word", "")), unit=str(sent.get("unit", ""))
    )
    answer = await put(parts, f"catalog/{who.identity.organisation_id}", command)
    if isinstance(answer, Refusal):
        own = catalog_state(parts, who.identity.organisation_id).words
        return _units(request, own, None, answer.message)
    words = f"“{command.word}” now means {command.unit} in every sheet and form."
    return see_other(noted(request, parts, "/catalog/units", words))


ROUTES = [listed, new, add, edit, change, units, name_unit]
