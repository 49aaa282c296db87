"""One line of the price book, and the contract that it is ordered under."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from sqlalchemy import select
from sqlalchemy.orm import Session

from auction.kernel import Command
from auction.money import parse_decimal
from auction.prices.contract import EndContract, RenewContract, parse_day
from auction.prices.savings import Quantity, of, shown
from auction.refusals import Refusal
from server.guards import may
from server.login import Identity
from server.pages.answering import Req, ask, looked, page, plain, see_other
from server.pages.prices.asking import today
from server.pages.prices.book import WHOLE, open_lists, percent
from server.parts import parts_of, signed_in
from server.prices import awards, contracts
from server.prices.awards import buyer, inside
from server.prices.shelf import stand
from server.tables import AwardRow, Organisation, PriceLineRow

NONE = "There is no such price. It may have been mistyped."


@get("/prices/{event_id:str}/{lot_id:str}/{line_id:str}", opt={"may": "read prices"})
async def one_line(
    request: Req,
    event_id: FromPath[str],
    lot_id: FromPath[str],
    line_id: FromPath[str],
    note: FromQuery[str] = "",
) -> Response[str]:
    """Show a line: its price, what it saves, who stated how much of it, and the contract's terms."""
    parts, who = parts_of(request), signed_in(request)
    identity = who.identity if who is not None else None
    name = "" if line_id == WHOLE else line_id
    reader = (buyer(identity), identity.consortia) if identity is not None else ()

    def look(session: Session) -> dict[str, Any] | None:
        key = ("line", stand(session), reader, request.url.path, today(request))
        made = parts.shelf.take(key, lambda: _line(session, request, identity, event_id, lot_id, name))
        return made | {"lists": open_lists(session, identity)} if made is not None else None

    found = await looked(request, look)
    if found is None:
        raise plain(404, NONE)
    done = parts.notes.read(who.session, note) if who is not None else None
    return page(request, "prices/line.html", nav="prices", done=done, **found)


def _line(
    session: Session, request: Req, identity: Identity | None, event_id: str, lot_id: str, line_id: str
) -> dict[str, Any] | None:
    row = awards.line_of(session, event_id, lot_id, line_id)
    award = session.get(AwardRow, (event_id, lot_id))
    if row is None or award is None:
        return None
    district, day = buyer(identity), today(request, award.zone)
    held = parts_of(request).desk.state(f"contract/{event_id}.{lot_id}")
    quantities = contracts.stated(session, row)
    why = None
    if identity is not None and district is not None:
        why = awards.refusal(identity, row, awards.stated_lots(session, district), day)
    return {
        "line": row,
        "award": award,
        "saved": percent(row.saved),
        "terms": contracts.terms(award, held, day),
        "need": quantities.get(district) if district is not None else None,
        "our_saving": _saving(row, quantities.get(district)) if district is not None else None,
        "districts": _districts(session, row, award, quantities, district)
        if inside(identity, row.owner)
        else None,
        "stated_by": len(quantities),
        "why_not": why,
        "buyer": district is not None,
        "key": f"{event_id}/{lot_id}/{line_id}",
        "here": request.url.path,
    }


def _saving(row: PriceLineRow, quantity: str | None) -> str | None:
    """What a district saves on a line with the need that it stated."""
    if quantity is None:
        return None
    total = of(Quantity("", "", "", quantity, row.unit_price, row.baseline))
    return shown(total.saved) if total.before else None


def _districts(
    session: Session, row: PriceLineRow, award: AwardRow, stated: dict[str, str], own: str | None
) -> list[dict[str, Any]]:
    """Every district that stated or bought some of a line: the reader's own first, then by how much."""
    bought = contracts.bought(session, row.event_id, row.lot_id, row.line_id)
    names = _names(session, award, {*stated, *bought})
    told = [
        {
            "name": names.get(district, district),
            "stated": stated.get(district),
            "bought": bought.get(district),
            "saving": _saving(row, stated.get(district)),
            "own": district == own,
        }
        for district in {*stated, *bought}
    ]
    return sorted(
        told,
        key=lambda each: (not each["own"], -(parse_decimal(each["stated"] or "0", 6) or 0), each["name"]),
    )


def _names(session: Session, award: AwardRow, ids: set[str]) -> dict[str, str]:
    known = session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids)))
    return contracts.district_names(award, [(each.id, each.name) for each in known])


# --- the contract --------------------------------------------------------------------------------------------------------------


@get("/contracts/{event_id:str}/{lot_id:str}", opt={"may": "read prices"})
async def contract(
    request: Req, event_id: FromPath[str], lot_id: FromPath[str], note: FromQuery[str] = ""
) -> Response[str]:
    """Show a contract's terms and what became of it; a lead of its consortium extends or ends it here."""
    who = signed_in(request)
    done = parts_of(request).notes.read(who.session, note) if who is not None else None
    return await _contract(request, event_id, lot_id, done)


async def _contract(
    request: Req, event_id: str, lot_id: str, done: dict[str, Any] | None, code: int = 200
) -> Response[str]:
    parts, who = parts_of(request), signed_in(request)
    identity = who.identity if who is not None else None
    award = await parts.database.read(lambda session: session.get(AwardRow, (event_id, lot_id)))
    if award is None:
        raise plain(404, "There is no such contract.")
    await parts.desk.at_rest()
    held, day = parts.desk.state(f"contract/{event_id}.{lot_id}"), today(request, award.zone)
    terms = contracts.terms(award, held, day)
    mine = identity is not None and identity.organisation_id == award.owner and may(identity, "run events")
    return page(
        request,
        "prices/contract.html",
        code=code,
        nav="prices",
        award=award,
        terms=terms,
        steps=contracts.history(parts, event_id, lot_id),
        lead=mine and terms["term"] != "over" and held.ended is None,
        today=day.isoformat(),
        done=done,
    )


@post("/contracts/{event_id:str}/{lot_id:str}/{action:str}", opt={"may": "run events"}, status_code=200)
async def change(
    request: Req, event_id: FromPath[str], lot_id: FromPath[str], action: FromPath[str]
) -> Response[str]:
    """Use an option to renew, or end the contract early; each with its reason."""
    parts, who, form = parts_of(request), signed_in(request), await request.form()
    assert who is not None
    award = await parts.database.read(lambda session: session.get(AwardRow, (event_id, lot_id)))
    if award is None or award.owner != who.identity.organisation_id or action not in ("renew", "end"):
        raise plain(404, "There is no such contract of your consortium.")
    by, reason, day = who.identity.person_id, str(form.get("reason", "")), today(request, award.zone)
    command: Command = RenewContract(by=by, today=day, reason=reason)
    if action == "end":
        last = parse_day(str(form.get("last", "")))
        if last is None:
            return await _contract(
                request, event_id, lot_id, {"ok": False, "text": "Give its new last day."}, 422
            )
        command = EndContract(by=by, today=day, last=last, reason=reason)
    answer = await ask(parts, f"contract/{event_id}.{lot_id}", command)
    if isinstance(answer, Refusal):
        return await _contract(request, event_id, lot_id, {"ok": False, "text": answer.message}, 422)
    await parts.projections.settled()
    text = (
        "Extended: the option is used."
        if action == "renew"
        else "It ends early; districts see its new last day."
    )
    note = parts.notes.leave(who.session, {"ok": True, "text": text})
    return see_other(f"/contracts/{event_id}/{lot_id}?note={note}")


ROUTES = [one_line, contract, change]
