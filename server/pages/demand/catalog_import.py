"""Importing a catalog from a sheet, and taking it out as one."""

from __future__ import annotations

import asyncio

from litestar import Response, get, post
from litestar.params import FromPath

from auction.demand.catalog import KeepItems, Kept
from auction.refusals import Refusal
from auction.terms.faults import Fault, Faulty
from server.demand.jobs import Job, Outcome
from server.documents.sheet_out import xlsx_of
from server.imports.catalog_sheet import COLUMNS, MOST_ROWS, TITLES, items_of, packs_text
from server.imports.sheet import read_table
from server.pages.answering import Req, page, plain, see_other
from server.pages.demand.finding import catalog_state, put, who_of
from server.pages.demand.importing import LARGEST_FORM, NO_FILE, file_of, progress, workbook
from server.parts import Parts, parts_of

EXAMPLE = (
    "P-2011",
    "Copy paper, white, 8½ x 11, 20 lb",
    "Paper",
    "ream",
    "carton = 10 ream; pallet = 400 ream",
)


@get("/catalog/import", opt={"may": "run demand"})
async def show(request: Req) -> Response[str]:
    """Show the form."""
    return _form(request, "", ())


def _form(request: Req, file: str, faults: tuple[Fault, ...]) -> Response[str]:
    code = 422 if faults else 200
    return page(
        request,
        "demand/catalog_import.html",
        code=code,
        nav="needs",
        file=file,
        faults=faults,
        columns=COLUMNS,
    )


@get("/catalog/template.xlsx", opt={"may": "run demand"})
async def template(request: Req) -> Response[bytes]:
    """Send the catalog as a sheet that can be changed and sent back; an empty one holds an example."""
    kept = catalog_state(parts_of(request), who_of(request).identity.organisation_id)
    rows = [
        (each.id, each.description, each.category, each.unit, packs_text(each.packs, each.unit))
        for each in kept.items.values()
        if not each.retired
    ]
    body = await asyncio.to_thread(xlsx_of, "Catalog", list(TITLES.values()), rows or [EXAMPLE])
    return workbook(body, "catalog.xlsx")


@post("/catalog/import", opt={"may": "run demand"}, status_code=200, request_max_body_size=LARGEST_FORM)
async def send(request: Req) -> Response[str]:
    """Import a sheet: all of it, or nothing with every fault."""
    parts, who, given = parts_of(request), who_of(request), await file_of(request)
    if given is None:
        return _form(request, "", NO_FILE)
    name, body = given
    owner, by = who.identity.organisation_id, who.identity.person_id

    async def work(job: Job) -> None:
        await _keep(parts, job, owner, by, body)

    job = await parts.jobs.start(owner, name, "/catalog", work)
    if job.step == "faulty":
        return _form(request, name, job.faults)
    return see_other(f"/catalog/imports/{job.id}")


async def _keep(parts: Parts, job: Job, owner: str, by: str, body: bytes) -> None:
    table = await asyncio.to_thread(read_table, job.file, body, COLUMNS, MOST_ROWS)
    job.step, job.rows, job.notes = "checking", len(table.rows), table.notes
    items = await asyncio.to_thread(items_of, job.file, table.rows, catalog_state(parts, owner))
    job.step = "keeping"
    answer = await put(parts, f"catalog/{owner}", KeepItems(by=by, items=items))
    if isinstance(answer, Refusal):
        raise Faulty([Fault(job.file, answer.message)])
    assert isinstance(answer, Kept)
    job.outcome = Outcome(answer.added, answer.changed, 0, answer.same)


@get("/catalog/imports/{job_id:str}", opt={"may": "run demand"})
async def follow(request: Req, job_id: FromPath[str]) -> Response[str]:
    """Show how far a file is."""
    job = parts_of(request).jobs.find(who_of(request).identity.organisation_id, job_id)
    if job is None or job.address != "/catalog":
        raise plain(
            404,
            "Nothing is known of this import any more. Look at the catalog, and import the file again if it is not there.",
        )
    return progress(request, job, "needs", what="items", back="/catalog/import", title="Import a catalog")


ROUTES = [show, template, send, follow]
