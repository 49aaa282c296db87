"""Bringing prices from a spreadsheet: a template to fill in, a file or pasted rows; all rows are taken, or none."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

import msgspec
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from auction.terms.entries import Entry, cut, read_line
from auction.terms.faults import Fault, Faulty
from server.documents.sheet_out import Cell, csv_of, xlsx_of
from server.files import LARGEST
from server.imports.sheet import read_sheet
from server.imports.sheet_words import Column, Row
from server.pages.answering import Req, plain, see_other
from server.pages.schedule.finding import At, at
from server.pages.schedule.rows import Window
from server.pages.schedule.saving import FORM_AROUND, save
from server.pages.schedule.sheet import answer
from server.schedule_drafts import Kept, Wish

COLUMNS = (
    Column("line", ("Line", "Line no", "Line number", "Id", "Item no"), True),
    Column("unit_price", ("Unit price", "Price", "Price each", "Your unit price"), False),
    Column("no_bid", ("No bid", "No-bid", "Nobid"), False),
    Column("extension", ("Extension", "Extended price", "Line total", "Total"), False),
    Column("pack_name", ("Pack", "Pack name", "Sold in"), False),
    Column("pack_size", ("Units per pack", "Pack size"), False),
    Column("pack_price", ("Pack price", "Price per pack"), False),
    Column("kind", ("Or equal", "Equal"), False),
    Column("brand", ("Brand", "Make", "Manufacturer"), False),
    Column("model", ("Model", "Part number", "SKU"), False),
    Column("alternate_price", ("Second offer price", "Alternate price"), False),
    Column("alternate_brand", ("Second offer brand", "Alternate brand"), False),
    Column("alternate_model", ("Second offer model", "Alternate model"), False),
)
"""What a file may hold; `Line` alone must be there."""
TITLES = {column.name: column.titles[0] for column in COLUMNS}
GIVEN = ("Item", "Unit", "Quantity")
"""Columns of the template that are only there to be read."""
MOST_ROWS = 20_000
YES = {"yes", "y", "x", "true", "1", "no bid", "no-bid", "nobid", "equal", "or equal"}
NO = {"", "no", "n", "false", "0", "as asked", "-", "—"}
KINDS = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}


# --- the template ----------------------------------------------------------------------------------------------------------


@get("/events/{event_id:str}/schedule/{lot_id:str}/template/{kind:str}", opt={"may": "prepare bids"})
async def template(
    request: Req, event_id: FromPath[str], lot_id: FromPath[str], kind: FromPath[str]
) -> Response[bytes]:
    """Give the lot's lines as a spreadsheet to fill in, with what the draft holds."""
    here = await at(request, event_id, lot_id)
    if kind not in KINDS:
        raise plain(404, "The template comes as xlsx or csv.")
    kept = await here.drafts.lines(here.key)
    headings = [TITLES["line"], *GIVEN, *(TITLES[column.name] for column in COLUMNS[1:])]
    rows = [_row(here, line.id, kept.get(line.id)) for line in here.plans]
    name = f"schedule-{here.shown.id}-{here.lot.id}.{kind}"
    body = await asyncio.to_thread(_written, kind, here.lot.title, headings, rows)
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=KINDS[kind], headers=headers)


def _written(kind: str, title: str, headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    return xlsx_of(title, headings, rows) if kind == "xlsx" else csv_of(headings, rows)


def _row(here: At, line_id: str, kept: Kept | None) -> list[Cell]:
    line, entry = here.lines[line_id], kept.entry if kept is not None else Entry()
    given: list[Cell] = [line_id, line.description, line.unit, _number(line.quantity)]
    for column in COLUMNS[1:]:
        value = getattr(entry, column.name)
        if column.name == "kind":
            given.append("yes" if value == "equal" else "")
        elif column.name == "no_bid":
            given.append("yes" if value else "")
        else:
            given.append(_number(value) if column.name.endswith(("price", "size")) else value)
    return given


def _number(text: str) -> Cell:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return text


# --- rows in -----------------------------------------------------------------------------------------------------------------


@post(
    "/events/{event_id:str}/schedule/{lot_id:str}/upload",
    opt={"may": "prepare bids"},
    status_code=200,
    request_max_body_size=LARGEST + FORM_AROUND,
)
async def upload(request: Req, event_id: FromPath[str], lot_id: FromPath[str]) -> Response[str]:
    """Take a file's rows into the draft, or show every fault with its row and column."""
    here, given = await at(request, event_id, lot_id), (await request.form()).get("file")
    if not isinstance(given, UploadFile) or not given.filename:
        return await answer(
            request, here, Window(), faults=[Fault("file", "is needed; choose one")], file="The file"
        )
    return await _bring(request, here, given.filename, await given.read())


@post(
    "/events/{event_id:str}/schedule/{lot_id:str}/paste",
    opt={"may": "prepare bids"},
    status_code=200,
    request_max_body_size=4 * 1024 * 1024,
)
async def paste(request: Req, event_id: FromPath[str], lot_id: FromPath[str]) -> Response[str]:
    """Take rows that were copied from a spreadsheet; without headings the columns are line and unit price."""
    here, text = await at(request, event_id, lot_id), str((await request.form()).get("rows", ""))
    if not text.strip():
        missing = [Fault("rows", "are needed; copy them in your spreadsheet and paste them here")]
        return await answer(request, here, Window(), faults=missing, file="What was pasted")
    return await _bring(request, here, "pasted rows.csv", _headed(here, text).encode(), "What was pasted")


def _headed(here: At, text: str) -> str:
    """Put headings over rows that begin with a line of the lot right away."""
    first = text.lstrip("\r\n").split("\n", 1)[0].rstrip("\r").split("\t")
    if first[0].strip() not in {line.id for line in here.plans}:
        return text
    return "\t".join([TITLES["line"], TITLES["unit_price"], *GIVEN][: max(2, len(first))]) + "\n" + text


async def _bring(request: Req, here: At, name: str, body: bytes, told: str = "") -> Response[str]:
    try:
        rows = await asyncio.to_thread(read_sheet, name, body, COLUMNS, MOST_ROWS)
        kept = await here.drafts.lines(here.key)
        wishes = await asyncio.to_thread(wished, here, rows, kept)
    except Faulty as bad:
        return await answer(request, here, Window(), faults=bad.faults, file=told or name)
    saved = await save(here, wishes)
    if saved.conflicts:
        lost = [
            Fault(f"line {each.line}", "was changed by a colleague while the file was read; bring it again")
            for each in saved.conflicts
        ]
        return await answer(request, here, Window(), faults=lost, file=told or name)
    text = f"{len(wishes):,} {'line is' if len(wishes) == 1 else 'lines are'} in the draft" + (
        "." if saved.lines else "; all were so already."
    )
    note = here.parts.notes.leave(here.session, {"ok": True, "text": text})
    return see_other(Window().address(here.address, note=note))


def wished(here: At, rows: Sequence[Row], kept: dict[str, Kept]) -> list[Wish]:
    """What a file's rows ask for; raises `Faulty` with every fault, each with its row and column."""
    faults: list[Fault] = []
    wishes: list[Wish] = []
    plans, at_row = {line.id: line for line in here.plans}, dict[str, int]()
    for row in rows:
        line = row.cells["line"].strip()
        if line not in plans:
            said = f"“{line[:40]}” is no line of this lot; keep the column as the template gives it"
            faults.append(Fault(_place(row, "line"), said))
            continue
        if line in at_row:
            said = f"line {line} stands in row {at_row[line]} already; keep one of the two"
            faults.append(Fault(_place(row, "line"), said))
            continue
        at_row[line] = row.number
        entry = _entry(row, kept.get(line), faults)
        told = read_line(plans[line], entry)
        faults += [Fault(_place(row, fault.path), fault.message) for fault in told.faults]
        wishes.append(Wish(line, entry, kept[line].revision if line in kept else 0))
    if faults:
        raise Faulty(faults)
    return wishes


def _place(row: Row, field: str) -> str:
    return f"row {row.number}, {TITLES.get(field, field)}"


def _entry(row: Row, kept: Kept | None, faults: list[Fault]) -> Entry:
    """A row as an entry; the line's literature stays. An extension that agrees need not be kept."""
    said = dict(row.cells)
    for name, yes in (("no_bid", "yes"), ("kind", "equal")):
        word = said[name].strip().casefold()
        if word not in YES | NO:
            faults.append(Fault(_place(row, name), f"“{word[:40]}” is neither yes nor no"))
        said[name] = yes if word in YES else ""
    held = kept.entry if kept is not None else Entry()
    return msgspec.structs.replace(
        cut(said), literature=held.literature, alternate_literature=held.alternate_literature
    )


ROUTES = [template, upload, paste]
