"""Single lines of a district's needs: choosing an item, stating it, changing it, and taking it out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from sqlalchemy import func, select

from auction.demand.catalog import Item, units_of
from auction.demand.needs import EditNeed, NeedLine, Stated, StateNeeds
from auction.demand.places import Places
from auction.demand.stating import read_line
from auction.refusals import Refusal
from auction.terms.faults import Reading
from server.demand.places import stating
from server.imports.needs_sheet import cells_of
from server.pages.answering import Req, page, plain, see_other
from server.pages.demand.catalog import wanted
from server.pages.demand.finding import PageNo, catalog_state, noted, over, paged, put, who_of
from server.pages.demand.needs import asked_of, is_asked, needs_state, stream_of, terms_of
from server.parts import Parts, parts_of
from server.tables import CallRow, ItemRow, NeedRow

FIELDS = ("quantity", "unit", "ship_to", "needed_by", "paid", "paid_unit")
PER = 25


@get("/needs/{call_id:str}/items", opt={"may": "state needs"})
async def items(
    request: Req,
    call_id: FromPath[str],
    q: FromQuery[str] = "",
    category: FromQuery[str] = "",
    number: PageNo = 1,
) -> Response[str]:
    """Look an item up, to state a need of it."""
    parts, district, q = parts_of(request), who_of(request).identity.organisation_id, q[:100]
    async with parts.database.session() as session:
        call, mine = await asked_of(session, request, call_id)
        asked = wanted(call.consortium_id, q, category)
        if call.categories:
            asked.append(ItemRow.category.in_(call.categories))
        total = (await session.execute(select(func.count()).where(*asked))).scalar_one()
        shown = paged(number, total, f"/needs/{call_id}/items", PER, q=q, category=category)
        order = select(ItemRow).where(*asked).order_by(ItemRow.category, ItemRow.item_id)
        rows = (await session.execute(order.offset(shown.offset).limit(PER))).scalars().all()
        lines = select(NeedRow.item_id, NeedRow.n).where(
            NeedRow.call_id == call_id,
            NeedRow.district_id == district,
            NeedRow.item_id.in_([row.item_id for row in rows]),
        )
        stated: dict[str, list[int]] = {}
        for item, n in await session.execute(lines):
            stated.setdefault(item, []).append(n)
    return page(
        request,
        "demand/needs_items.html",
        nav="needs",
        call=call,
        mine=mine,
        over=over(call, parts),
        rows=rows,
        stated=stated,
        paged=shown,
        q=q,
    )


@get("/needs/{call_id:str}/items/{item_id:str}", opt={"may": "state needs"})
async def new(request: Req, call_id: FromPath[str], item_id: FromPath[str]) -> Response[str]:
    """Show the form for a need of an item."""
    call, item, places = await _item(request, call_id, item_id)
    given = dict.fromkeys(FIELDS, "") | {"unit": item.unit, "paid_unit": item.unit, "ship_to": places.usual}
    return _form(request, call, item, None, given, {}, places)


async def _item(request: Req, call_id: str, item_id: str) -> tuple[CallRow, Item, Places]:
    parts, district = parts_of(request), who_of(request).identity.organisation_id
    async with parts.database.session() as session:
        call, _ = await asked_of(session, request, call_id)
        places = await session.run_sync(stating, district, _stated(parts, call_id, district))
    kept = catalog_state(parts, call.consortium_id)
    if not is_asked(kept, call, item_id):
        raise plain(404, "There is no such item in this call.")
    return call, kept.items[item_id], places


def _stated(parts: Parts, call_id: str, district: str) -> list[NeedLine]:
    return list(needs_state(parts, call_id, district).lines.values())


def _form(
    request: Req,
    call: CallRow,
    item: Item,
    n: int | None,
    given: Mapping[str, str],
    faults: Mapping[str, list[str]],
    places: Places,
    was: str = "",
) -> Response[str]:
    parts = parts_of(request)
    return page(
        request,
        "demand/need.html",
        code=422 if faults else 200,
        nav="needs",
        call=call,
        item=item,
        n=n,
        units=units_of(item),
        places=places.offered(given["ship_to"]) if places.known else [],
        given=given,
        faults=faults,
        was=was,
        over=over(call, parts),
        now=parts.now(),
    )


@post("/needs/{call_id:str}/items/{item_id:str}", opt={"may": "state needs"})
async def state(request: Req, call_id: FromPath[str], item_id: FromPath[str]) -> Response[str]:
    """State a need of an item."""
    parts, who = parts_of(request), who_of(request).identity
    call, item, places = await _item(request, call_id, item_id)
    given, line, faults = await _read(request, parts, call, item, places)
    if line is not None:
        held = needs_state(parts, call_id, who.organisation_id)
        if line.key in held.numbers:
            faults["ship_to"] = ["has a line of this item already; change that one, or name another ship-to"]
        else:
            command = StateNeeds(by=who.person_id, terms=terms_of(call), lines=(line,))
            answer = await put(parts, stream_of(call_id, who.organisation_id), command)
            if isinstance(answer, Stated):
                words = f"{line.quantity} {line.unit} of {item.description} are stated."
                return see_other(noted(request, parts, f"/needs/{call_id}", words))
            faults[""] = [answer.message if isinstance(answer, Refusal) else "It could not be kept."]
    return _form(request, call, item, None, given, faults, places)


async def _read(
    request: Req, parts: Parts, call: CallRow, item: Item, places: Places
) -> tuple[dict[str, str], NeedLine | None, dict[str, list[str]]]:
    sent = await request.form()
    given = {name: str(sent.get(name, "")).strip() for name in FIELDS}
    read, faults = Reading(), dict[str, list[str]]()
    kept, today = catalog_state(parts, call.consortium_id), parts.now().date()
    line = read_line(read, lambda field: field, given, item, kept, today, places)
    if line.base == 0 and not any(fault.path == "quantity" for fault in read.faults):
        read.fault("quantity", "must be above zero; to take a line out, press “Take this line out”")
    for fault in read.faults:
        faults.setdefault(fault.path, []).append(fault.message)
    return given, None if faults else line, faults


@get("/needs/{call_id:str}/lines/{n:int}", opt={"may": "state needs"})
async def edit(request: Req, call_id: FromPath[str], n: FromPath[int]) -> Response[str]:
    """Show a line's form."""
    call, item, line, places = await _line(request, call_id, n)
    return _form(request, call, item, n, _given(line, item, places), {}, places, _seen(line))


def _given(line: NeedLine, item: Item, places: Places) -> dict[str, str]:
    """A line as its form shows it: its place as it is kept, and always a unit for its price."""
    shown = {"ship_to": line.ship_to, "paid_unit": line.paid_unit or line.unit}
    return dict(cells_of(line, item, places)) | shown


def _seen(line: NeedLine) -> str:
    """A line as its form was made of, to see whether somebody changed it meanwhile."""
    fields: list[Any] = [
        line.item,
        line.quantity,
        line.unit,
        line.ship_to,
        line.needed_by,
        line.paid,
        line.paid_unit,
    ]
    return "|".join(str(each or "") for each in fields)


async def _line(request: Req, call_id: str, n: int) -> tuple[CallRow, Item, NeedLine, Places]:
    parts, district = parts_of(request), who_of(request).identity.organisation_id
    await parts.desk.at_rest()
    async with parts.database.session() as session:
        call, _ = await asked_of(session, request, call_id)
        places = await session.run_sync(stating, district, _stated(parts, call_id, district))
    line = needs_state(parts, call_id, district).lines.get(n)
    if line is None:
        raise plain(404, "There is no such line any more. Somebody may have taken it out.")
    return call, catalog_state(parts, call.consortium_id).items[line.item], line, places


@post("/needs/{call_id:str}/lines/{n:int}", opt={"may": "state needs"})
async def change(request: Req, call_id: FromPath[str], n: FromPath[int]) -> Response[str]:
    """Change a line, or take it out."""
    parts, who, sent = parts_of(request), who_of(request).identity, await request.form()
    call, item, before, places = await _line(request, call_id, n)
    given, line, faults = await _read(request, parts, call, item, places)
    out = str(sent.get("out", "")) == "yes"
    if str(sent.get("was", "")) != _seen(before):
        faults = {
            "": ["Somebody else changed this line meanwhile. It is shown as it stands now; change it again."]
        }
        shown = _given(before, item, places)
        return _form(request, call, item, n, shown, faults, places, _seen(before))
    if out or line is not None:
        command = EditNeed(
            by=who.person_id, terms=terms_of(call), n=n, was=before, line=None if out else line
        )
        answer = await put(parts, stream_of(call_id, who.organisation_id), command)
        if isinstance(answer, Stated):
            words = (
                "The line is taken out."
                if out
                else "The line is changed."
                if answer.changed
                else "Nothing changed."
            )
            return see_other(noted(request, parts, f"/needs/{call_id}", words))
        faults = {"": [answer.message if isinstance(answer, Refusal) else "It could not be kept."]}
    return _form(request, call, item, n, given, faults, places, _seen(before))


ROUTES = [items, new, state, edit, change]
