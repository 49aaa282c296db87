"""Importing a district's needs from a sheet, and taking them out as one."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import datetime

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from auction.demand.catalog import Catalog
from auction.demand.needs import NeedLine, Stated, StateNeeds
from auction.demand.places import Places
from auction.refusals import Refusal
from auction.terms.faults import Fault, Faulty
from server.demand.jobs import Job, Outcome
from server.demand.places import stating
from server.documents.sheet_out import xlsx_of
from server.imports.needs_sheet import COLUMNS, MOST_ROWS, TITLES, cells_of, lines_of
from server.imports.sheet import read_table
from server.pages.answering import Req, page, plain, see_other
from server.pages.demand.finding import catalog_state, over, put, who_of
from server.pages.demand.importing import LARGEST_FORM, NO_FILE, file_of, progress, workbook
from server.pages.demand.needs import asked_of, is_asked, needs_state, stream_of, terms_of
from server.parts import Parts, parts_of
from server.tables import CallDistrictRow, CallRow


@get("/needs/{call_id:str}/import", opt={"may": "state needs"})
async def show(request: Req, call_id: FromPath[str]) -> Response[str]:
    """Show the form."""
    async with parts_of(request).database.session() as session:
        call, mine = await asked_of(session, request, call_id)
    return _form(request, call, mine, "", ())


def _form(
    request: Req, call: CallRow, mine: CallDistrictRow, file: str, faults: tuple[Fault, ...]
) -> Response[str]:
    return page(
        request,
        "demand/needs_import.html",
        code=422 if faults else 200,
        nav="needs",
        call=call,
        mine=mine,
        over=over(call, parts_of(request)),
        file=file,
        faults=faults,
        columns=COLUMNS,
    )


@get("/needs/{call_id:str}/template.xlsx", opt={"may": "state needs"})
async def template(request: Req, call_id: FromPath[str], lines: FromQuery[str] = "") -> Response[bytes]:
    """Send a sheet to be filled in: every item of the call, or only the lines that the district stated."""
    parts, who = parts_of(request), who_of(request).identity
    async with parts.database.session() as session:
        call, _ = await asked_of(session, request, call_id)
        stated = list(needs_state(parts, call_id, who.organisation_id).lines.values())
        places = await session.run_sync(stating, who.organisation_id, stated)
    kept = catalog_state(parts, call.consortium_id)
    rows = await asyncio.to_thread(_rows, kept, call, stated, lines == "own", places)
    body = await asyncio.to_thread(xlsx_of, "Needs", list(TITLES.values()), rows)
    return workbook(body, f"needs-{call_id}.xlsx")


def _rows(
    kept: Catalog, call: CallRow, stated: list[NeedLine], own: bool, places: Places
) -> list[tuple[str, ...]]:
    """What was stated already, and behind it every other item, in the catalog's order."""
    rows = [
        cells_of(line, kept.items.get(line.item), places)
        for line in sorted(stated, key=lambda each: each.key)
    ]
    named = {line.item for line in stated}
    others = sorted(kept.items.values(), key=lambda item: (item.category, item.id))
    if not own:
        rows += [
            cells_of(NeedLine(item.id, "", item.unit), item, places)
            for item in others
            if item.id not in named and is_asked(kept, call, item.id)
        ]
    return [tuple(row[name] for name in TITLES) for row in rows]


@post(
    "/needs/{call_id:str}/import",
    opt={"may": "state needs"},
    status_code=200,
    request_max_body_size=LARGEST_FORM,
)
async def send(request: Req, call_id: FromPath[str]) -> Response[str]:
    """Import a sheet: all of it, or nothing with every fault."""
    parts, who = parts_of(request), who_of(request).identity
    async with parts.database.session() as session:
        call, mine = await asked_of(session, request, call_id)
    given, sent = await file_of(request), await request.form()
    if given is None:
        return _form(request, call, mine, "", NO_FILE)
    name, body = given
    whole, district, by = str(sent.get("whole", "")) == "yes", who.organisation_id, who.person_id
    received = parts.now()  # A sheet that came in time is in time, however long it is read.

    async def work(job: Job) -> None:
        await _keep(parts, job, call, district, by, body, whole, received)

    job = await parts.jobs.start(district, name, f"/needs/{call_id}", work)
    if job.step == "faulty":
        return _form(request, call, mine, name, job.faults)
    return see_other(f"/needs/{call_id}/imports/{job.id}")


async def _keep(
    parts: Parts,
    job: Job,
    call: CallRow,
    district: str,
    by: str,
    body: bytes,
    whole: bool,
    received: datetime,
) -> None:
    """Read, check and keep; nothing is kept unless everything is good."""
    table = await asyncio.to_thread(read_table, job.file, body, COLUMNS, MOST_ROWS)
    job.step, job.rows = "checking", len(table.rows)
    kept, today = catalog_state(parts, call.consortium_id), parts.now().date()
    stated = list(needs_state(parts, call.id, district).lines.values())
    async with parts.database.session() as session:
        places = await session.run_sync(stating, district, stated)
    read = await asyncio.to_thread(lines_of, job.file, table.rows, kept, call.categories, today, places)
    job.step, job.notes = "keeping", (*table.notes, *read.notes)
    command = StateNeeds(
        by=by,
        terms=terms_of(call),
        lines=read.lines,
        drop=read.drop,
        whole=whole,
        source="file",
        file=hashlib.sha256(body).hexdigest(),
    )
    answer = await put(parts, stream_of(call.id, district), command, received)
    if isinstance(answer, Refusal):
        raise Faulty([Fault(job.file, answer.message)])
    assert isinstance(answer, Stated)
    job.outcome = Outcome(answer.added, answer.changed, answer.removed, answer.same)


@get("/needs/{call_id:str}/imports/{job_id:str}", opt={"may": "state needs"})
async def follow(request: Req, call_id: FromPath[str], job_id: FromPath[str]) -> Response[str]:
    """Show how far a file is."""
    address = f"/needs/{call_id}"
    job = parts_of(request).jobs.find(who_of(request).identity.organisation_id, job_id)
    if job is None or job.address != address:
        raise plain(
            404,
            "Nothing is known of this import any more. Look at your needs, and import the file again if it is not there.",
        )
    return progress(request, job, "needs", what="lines", back=f"{address}/import", title="Import needs")


ROUTES = [show, template, send, follow]
