"""A district's shopping lists: what it is about to order, and what it ordered; nobody else's eyes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from litestar import Response, get
from litestar.params import FromPath, FromQuery
from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from auction.prices.contract import Status, status
from auction.prices.shopping import ShoppingList
from server.documents.sheet_out import Cell, csv_of, xlsx_of
from server.login import Identity
from server.pages.answering import Req, page, plain
from server.pages.prices.asking import today
from server.pages.prices.book import href
from server.parts import Parts, parts_of, signed_in
from server.prices import awards
from server.prices.shopping import HEADINGS, exported, groups, held, whole
from server.tables import AwardRow, ListRow

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NUMBERS = ("line", "quantity", "unit_price", "extended")
GONE = ("discarded",)


def reader(request: Req) -> tuple[Identity, bytes]:
    """Who is signed in, and their session."""
    who = signed_in(request)
    assert who is not None
    return who.identity, who.session


def own(parts: Parts, identity: Identity, number: str) -> ShoppingList:
    """A list of the reader's own district; another's is as if it were not there."""
    found = held(parts, identity.organisation_id, number)
    if found is None or found.status in GONE:
        raise plain(404, "There is no such list in your district.")
    return found


def overview(session: Session, district: str) -> list[dict[str, Any]]:
    """A district's lists, the one changed last first; those that were thrown away are left out."""
    columns = ListRow.__table__.c
    wanted = (
        select(ListRow.__table__)
        .where(columns.district_id == district, columns.status.not_in(GONE))
        .order_by(columns.status.desc(), columns.changed_at.desc())
    )
    return [dict(row) for row in session.execute(wanted).mappings()]


@get("/lists", opt={"may": "order"})
async def lists(request: Req, note: FromQuery[str] = "") -> Response[str]:
    """Show the district's lists."""
    identity, session = reader(request)
    return await show_lists(request, parts_of(request).notes.read(session, note), identity)


async def show_lists(
    request: Req,
    done: dict[str, Any] | None,
    identity: Identity,
    code: int = 200,
    form: dict[str, str] | None = None,
) -> Response[str]:
    """The overview, with what a form held that could not be used."""
    parts = parts_of(request)
    rows = await parts.database.read(lambda session: overview(session, identity.organisation_id))
    return page(
        request,
        "prices/lists.html",
        code=code,
        nav="lists",
        lists=rows,
        done=done,
        form=form or {"title": "", "ship_to": ""},
        addresses=addresses(parts, identity),
    )


def addresses(parts: Parts, identity: Identity) -> list[str]:
    """Where the district has goods shipped to, as it says in its profile."""
    profile = getattr(parts.desk.state(f"organisation/{identity.organisation_id}"), "profile", None)
    return [
        f"{each.name}, {each.street}, {each.city}, {each.state} {each.zip}"
        for each in getattr(profile, "ship_to", ())
        if not each.closed
    ]


@get("/lists/{number:str}", opt={"may": "order"})
async def one_list(request: Req, number: FromPath[str], note: FromQuery[str] = "") -> Response[str]:
    """Show one list."""
    identity, session = reader(request)
    await parts_of(request).desk.at_rest()
    found = own(parts_of(request), identity, number)
    return await show(request, identity, found, parts_of(request).notes.read(session, note))


async def show(
    request: Req,
    identity: Identity,
    listed: ShoppingList,
    done: dict[str, Any] | None,
    code: int = 200,
    wrong: dict[str, str] | None = None,
    said: dict[str, str] | None = None,
) -> Response[str]:
    """One list, with faults beside its lines and what the form held."""
    parts, day = parts_of(request), today(request)
    places = {(line.item.event, line.item.lot) for line in listed.lines.values()}
    rows = await parts.database.read(lambda session: under(session, places))
    terms = {(row.event_id, row.lot_id): term_of(row, request) for row in rows}
    return page(
        request,
        "prices/list.html",
        code=code,
        nav="lists",
        list=listed,
        groups=groups(listed, rows),
        totals=whole(listed),
        over=[
            line.item.description
            for line in listed.lines.values()
            if terms.get((line.item.event, line.item.lot)) in ("over", None)
        ],
        href=href,
        today=day.isoformat(),
        addresses=addresses(parts, identity),
        done=done,
        wrong=wrong or {},
        said=said or {},
    )


def under(session: Session, places: set[tuple[str, str]]) -> list[AwardRow]:
    """The awards that a list's lines come from."""
    return (
        list(awards.awards(session, tuple_(AwardRow.event_id, AwardRow.lot_id).in_(places))) if places else []
    )


def term_of(row: AwardRow, request: Req) -> Status:
    """Where an award's contract stands today, at its consortium."""
    return status(row.starts, awards.last_day(row.ends), today(request, row.zone))


# --- exports -------------------------------------------------------------------------------------------------------------------


def _cells(listed: ShoppingList) -> list[list[Cell]]:
    """The export's rows, its numbers as numbers."""
    return [
        [Decimal(cell) if name in NUMBERS else cell for name, cell in zip(HEADINGS, row, strict=True)]
        for row in exported(listed)
    ]


@get("/lists/{number:str}/list.csv", opt={"may": "order"}, media_type="text/csv")
async def as_csv(request: Req, number: FromPath[str]) -> Response[bytes]:
    """The list as CSV, for the district's own system."""
    found = own(parts_of(request), reader(request)[0], number)
    return _file(csv_of(HEADINGS, _cells(found)), f"{found.number}.csv", "text/csv; charset=utf-8")


@get("/lists/{number:str}/list.xlsx", opt={"may": "order"}, media_type=XLSX)
async def as_xlsx(request: Req, number: FromPath[str]) -> Response[bytes]:
    """The list as a workbook."""
    found = own(parts_of(request), reader(request)[0], number)
    return _file(xlsx_of(found.number, HEADINGS, _cells(found)), f"{found.number}.xlsx", XLSX)


def _file(body: bytes, name: str, media: str) -> Response[bytes]:
    return Response(body, media_type=media, headers={"content-disposition": f'attachment; filename="{name}"'})


ROUTES = [lists, one_list, as_csv, as_xlsx]
