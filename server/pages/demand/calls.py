"""A lead's calls for needs: opening one, seeing who has stated and who has not, extending, ending and reminding."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from auction.demand import call as calls
from auction.demand.call import AskDistrict, Called, Done, EndCall, ExtendCall, OpenCall
from auction.demand.rollup import told
from auction.money import ceil_div
from auction.refusals import Refusal
from server.pages.answering import Req, looked, page, see_other
from server.pages.demand.catalog import categories_of
from server.pages.demand.finding import (
    call_of,
    find_call,
    names_of,
    note_of,
    noted,
    over,
    put,
    stand,
    table_of,
    who_of,
)
from server.parts import Parts, parts_of
from server.presenting import known_zone, local_time, money, when
from server.tables import CallDistrictRow, CallRow, DistrictMember, Organisation

ZONES = (
    ("America/New_York", "Eastern"),
    ("America/Chicago", "Central"),
    ("America/Denver", "Mountain"),
    ("America/Phoenix", "Arizona"),
    ("America/Los_Angeles", "Pacific"),
    ("America/Anchorage", "Alaska"),
    ("Pacific/Honolulu", "Hawaii"),
)
FIELDS = ("title", "words", "deadline", "zone", "reminders")


@get("/calls", opt={"may": "see demand"})
async def listed(request: Req, note: FromQuery[str] = "") -> Response[str]:
    """List the consortium's calls, the newest first."""
    parts, consortium = parts_of(request), who_of(request).identity.organisation_id
    async with parts.database.session() as session:
        wanted = select(CallRow).where(CallRow.consortium_id == consortium).order_by(CallRow.opened_at.desc())
        rows = (await session.execute(wanted.limit(100))).scalars().all()
        asked = await _stated(session, [row.id for row in rows])
    return page(
        request,
        "demand/calls.html",
        nav="needs",
        rows=[{"row": row, "over": over(row, parts), **asked.get(row.id, {})} for row in rows],
        note=note_of(request, parts, note),
        now=parts.now(),
    )


async def _stated(session: AsyncSession, ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """For each call how many districts were asked, stated something, and confirmed."""
    found: dict[str, dict[str, int]] = {}
    wanted = select(CallDistrictRow).where(CallDistrictRow.call_id.in_(list(ids)))
    for row in (await session.execute(wanted)).scalars():
        counts = found.setdefault(row.call_id, {"asked": 0, "stated": 0, "confirmed": 0})
        counts["asked"] += 1
        counts["stated"] += row.lines > 0
        counts["confirmed"] += row.confirmed_at is not None
    return found


@get("/calls/new", opt={"may": "run demand"})
async def new(request: Req) -> Response[str]:
    """Show the form for a call."""
    given = dict.fromkeys(FIELDS, "") | {"zone": ZONES[0][0], "reminders": "14, 7, 2"}
    return await _form(request, given, [], {})


async def _form(
    request: Req, given: dict[str, str], chosen: Sequence[str], faults: dict[str, str]
) -> Response[str]:
    parts, consortium = parts_of(request), who_of(request).identity.organisation_id
    async with parts.database.session() as session:
        groups = await categories_of(session, consortium)
        members = await members_of(session, consortium)
    return page(
        request,
        "demand/call_new.html",
        code=422 if faults else 200,
        nav="needs",
        given=given,
        chosen=chosen,
        faults=faults,
        categories=groups,
        districts=len(members),
        zones=ZONES,
    )


def _districts(count: int) -> str:
    return "district" if count == 1 else "districts"


def not_asked(session: Session, call: CallRow) -> list[str]:
    """The districts that joined the consortium since a call was opened."""
    asked = select(CallDistrictRow.district_id).where(CallDistrictRow.call_id == call.id)
    wanted = select(DistrictMember.district_id).where(
        DistrictMember.consortium_id == call.consortium_id, DistrictMember.district_id.not_in(asked)
    )
    return sorted(session.execute(wanted).scalars())


async def members_of(session: AsyncSession, consortium: str) -> list[Organisation]:
    """The districts of a consortium, by name."""
    wanted = (
        select(Organisation)
        .join(DistrictMember, DistrictMember.district_id == Organisation.id)
        .where(DistrictMember.consortium_id == consortium)
        .order_by(Organisation.name)
    )
    return list((await session.execute(wanted)).scalars())


@post("/calls/new", opt={"may": "run demand"})
async def open_call(request: Req) -> Response[str]:
    """Open a call to all districts of the consortium."""
    parts, who, sent = parts_of(request), who_of(request), await request.form()
    given = {name: str(sent.get(name, "")) for name in FIELDS}
    chosen = [str(each) for each in sent.getall("categories", [])]
    faults: dict[str, str] = {}
    called = _read(given, chosen, who.identity.organisation_id, faults)
    async with parts.database.session() as session:
        districts = tuple(each.id for each in await members_of(session, who.identity.organisation_id))
    if called is not None:
        for fault in calls.faults(called, districts, parts.now()):
            faults.setdefault(fault.path, fault.message)
    if called is None or faults:
        return await _form(request, given, chosen, faults)
    async with parts.numbers:
        taken = [int(stream.partition("/")[2]) for stream in parts.journal.streams("call/")]
        call_id = str(max(taken, default=0) + 1)
        command = OpenCall(by=who.identity.person_id, called=called, districts=districts)
        answer = await put(parts, f"call/{call_id}", command)
    if isinstance(answer, Refusal):
        return await _form(request, given, chosen, {"": answer.message})
    words = f"The call is open. {len(districts)} districts can state their needs now."
    return see_other(noted(request, parts, f"/calls/{call_id}", words))


def _read(given: dict[str, str], chosen: Sequence[str], owner: str, faults: dict[str, str]) -> Called | None:
    zone = given["zone"]
    if not known_zone(zone):
        faults["zone"] = "choose a zone of the list"
        return None
    deadline = local_time(given["deadline"], zone)
    days = [each for each in re.split(r"[,;\s]+", given["reminders"]) if each]
    if not all(day.isdecimal() and len(day) < 4 for day in days):
        faults["reminders"] = "must be numbers of days, such as 14, 7, 2"
    if isinstance(deadline, str):
        faults["deadline"] = deadline
    if isinstance(deadline, str) or "reminders" in faults:
        stand_in = datetime(8000, 1, 1, tzinfo=UTC)
        deadline = stand_in if isinstance(deadline, str) else deadline
        days = days if "reminders" not in faults else []
    reminders = tuple(sorted({int(day) for day in days}, reverse=True))
    return Called(
        owner, given["title"].strip(), deadline, zone, tuple(chosen), reminders, given["words"].strip()[:2000]
    )


@get("/calls/{call_id:str}", opt={"may": "see demand"})
async def show(request: Req, call_id: FromPath[str], note: FromQuery[str] = "") -> Response[str]:
    """Show who has stated needs and who has not, and what comes next."""
    return await _page(request, call_id, note_of(request, parts_of(request), note), None, "")


async def _page(request: Req, call_id: str, note: Any, error: str | None, deadline: str) -> Response[str]:
    parts = parts_of(request)

    def look(session: Session) -> tuple[CallRow, dict[str, Any], int]:
        call = find_call(session, request, call_id)
        ended = over(call, parts)
        key = ("call", stand(session), call_id, ended)
        return call, parts.shelf.take(key, lambda: made(session, call, ended)), len(not_asked(session, call))

    def made(session: Session, call: CallRow, ended: bool) -> dict[str, Any]:
        wanted = select(CallDistrictRow.__table__).where(CallDistrictRow.call_id == call_id)
        asked = session.execute(wanted).all()
        names = names_of(session, [each.district_id for each in asked])
        districts = [_district(each, names, call.zone) for each in asked]
        districts.sort(key=lambda each: (each["rank"], each["name"]))
        return {
            "table": table_of(parts, "call", districts=districts, over=ended),
            "asked": len(districts),
            "stated": sum(1 for each in districts if each["lines"]),
            "confirmed": sum(1 for each in districts if each["confirmed_at"]),
            "lines": sum(each["lines"] for each in districts),
            "spend": told(sum(each["micros"] for each in districts)),
        }

    row, sums, joined = await looked(request, look)
    return page(
        request,
        "demand/call.html",
        code=422 if error else 200,
        nav="needs",
        call=row,
        over=over(row, parts),
        **sums,
        joined=joined,
        note=note,
        error=error,
        deadline=deadline,
        now=parts.now(),
    )


def _district(row: Any, names: dict[str, str], zone: str) -> dict[str, Any]:
    spend = Fraction(row.spend)
    micros = ceil_div(spend.numerator, spend.denominator * 10_000) * 10_000
    return {
        "id": row.district_id,
        "name": names.get(row.district_id, row.district_id),
        "lines": row.lines,
        "micros": micros,
        "spend": money(told(micros) if micros else None),
        "changed_at": row.changed_at,
        "changed": when(row.changed_at, zone),
        "changed_iso": row.changed_at.isoformat() if row.changed_at is not None else "",
        "confirmed_at": row.confirmed_at,
        "rank": 0 if not row.lines and row.confirmed_at is None else 1 if row.confirmed_at is None else 2,
    }


@post("/calls/{call_id:str}/{action:str}", opt={"may": "run demand"})
async def act(request: Req, call_id: FromPath[str], action: FromPath[str]) -> Response[str]:
    """Extend the deadline, end the call, or remind those who have not confirmed."""
    parts, who, sent = parts_of(request), who_of(request), await request.form()
    async with parts.database.session() as session:
        row = await call_of(session, request, call_id)
    address, by = f"/calls/{call_id}", who.identity.person_id
    if action == "remind":
        reached = await parts.reminders.remind(row, f"by-hand-{parts.now():%Y-%m-%d}")
        words = (
            f"{reached} {'person is' if reached == 1 else 'people are'} written to, in districts that have not confirmed."
            if reached
            else ("Everybody has confirmed, or was reminded today already.")
        )
        return see_other(noted(request, parts, address, words))
    if action == "ask":
        more = await parts.database.read(lambda session: not_asked(session, row))
        for district in more:
            answer = await put(parts, f"call/{call_id}", AskDistrict(by=by, district=district))
        return see_other(
            noted(request, parts, address, f"{len(more)} more {_districts(len(more))} can state needs now.")
        )
    if action == "end":
        answer = await put(parts, f"call/{call_id}", EndCall(by=by))
        return _then(request, parts, address, answer, "The call is over. Lots can be made of the needs now.")
    given = str(sent.get("deadline", ""))
    deadline = local_time(given, row.zone)
    if action != "extend" or isinstance(deadline, str):
        return await _page(request, call_id, None, f"The new deadline {deadline}.", given)
    answer = await put(parts, f"call/{call_id}", ExtendCall(by=by, deadline=deadline, planned=row.lots > 0))
    if isinstance(answer, Refusal):
        return await _page(request, call_id, None, answer.message, given)
    return _then(request, parts, address, answer, "The deadline is moved. Every district sees the new one.")


def _then(request: Req, parts: Parts, address: str, answer: object, words: str) -> Response[str]:
    good = isinstance(answer, Done)
    said = answer.message if isinstance(answer, Refusal) else words
    return see_other(noted(request, parts, address, said, good))


ROUTES = [listed, new, open_call, show, act]
