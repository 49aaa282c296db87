"""Saving a draft: the whole page by its button, or line by line while it is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import msgspec
from litestar import Response, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from auction.terms.entries import Entry, cut, read_line
from auction.terms.faults import Fault, Faulty
from auction.terms.schedule import LotLine
from server.files import LARGEST
from server.pages.answering import Req, plain, see_other
from server.pages.schedule.finding import At, at, names_of
from server.pages.schedule.rows import ROWS, SHOWN, Window, cents, packs_of
from server.pages.schedule.sheet import answer, clash, told
from server.schedule_drafts import Kept, Saved, Wish

FORM_AROUND = 256 * 1024
MOST_NEWS = 200
"""How many lines that colleagues changed one answer tells."""
FIELDS = tuple(name for name in Entry.__struct_fields__ if not name.endswith("literature"))
"""What a form says of a line; literature is a file and comes by itself."""


def lines_of(form: Mapping[str, Any]) -> list[str]:
    """The lines that a form has rows for."""
    return [line for place in range(ROWS) if (line := str(form.get(f"line-{place}", "")))]


class Typed(msgspec.Struct, frozen=True):
    """A form's rows: what is to be saved, and by line the place in the form."""

    wishes: tuple[Wish, ...]
    places: dict[str, str]


def typed(here: At, form: Mapping[str, Any], kept: Mapping[str, Kept]) -> Typed:
    """Read a form's rows `unit_price-0`, `unit_price-1` and so on; the literature of a line stays as it is kept."""
    wishes: list[Wish] = []
    places: dict[str, str] = {}
    known = {line.id for line in here.plans}
    for place in map(str, range(ROWS)):
        line = str(form.get(f"line-{place}", ""))
        if line not in known or line in places:
            continue
        held = kept[line].entry if line in kept else Entry()
        said = {name: form.get(f"{name}-{place}", "") for name in FIELDS}
        entry = msgspec.structs.replace(
            cut(said), literature=held.literature, alternate_literature=held.alternate_literature
        )
        seen = str(form.get(f"version-{place}", ""))
        wishes.append(Wish(line, entry, int(seen) if seen.isdecimal() and len(seen) < 10 else 0))
        places[line] = place
    return Typed(tuple(wishes), places)


async def save(here: At, wishes: Sequence[Wish]) -> Saved:
    """Save lines for whoever asks, while a schedule can still be filed."""
    if not here.open:
        raise plain(409, "This lot has opened; its line schedules are frozen.")
    return await here.drafts.save(here.key, here.plans, wishes, here.identity.person_id, here.parts.now())


def window_of(form: Mapping[str, Any]) -> Window:
    """Which part of the schedule a form stood on."""
    show, page = str(form.get("show", "")), str(form.get("page", ""))
    return Window(
        show if show in SHOWN else "all",
        str(form.get("q", ""))[:80],
        int(page) if page.isdecimal() and len(page) < 6 else 1,
    )


@post(
    "/events/{event_id:str}/schedule/{lot_id:str}",
    opt={"may": "prepare bids"},
    status_code=200,
    request_max_body_size=LARGEST + FORM_AROUND,
)
async def save_page(request: Req, event_id: FromPath[str], lot_id: FromPath[str]) -> Response[str]:
    """Save a page of the draft, and come back to it; a line that a colleague changed meanwhile is shown with both."""
    here, form = await at(request, event_id, lot_id), await request.form()
    given = typed(here, form, await here.drafts.lines(here.key, lines_of(form)))
    saved = await save(here, given.wishes)
    window = window_of(form)
    attach = str(form.get("attach", ""))
    if attach and not saved.conflicts:
        try:
            await _attach(here, form, attach)
        except Faulty as bad:
            return await answer(request, here, window, faults=bad.faults, file="The literature")
    if saved.conflicts:
        entries = {wish.line: wish.entry for wish in given.wishes}
        return await answer(request, here, window, typed=entries, conflicts=saved.conflicts)
    if str(form.get("then", "")) == "file":
        return see_other(f"{here.address}/file")
    then, more = str(form.get("then", "")), str(form.get("more", ""))[:64]
    if more:
        window = msgspec.structs.replace(window, more=more)
        return see_other(f"{window.address(here.address)}#line-{quote(more)}")
    if then.isdecimal() and len(then) < 6:
        window = msgspec.structs.replace(window, page=int(then))
    note = here.parts.notes.leave(here.session, {"ok": True, "text": "The draft is saved."})
    return see_other(window.address(here.address, note=note) + "#lines")


async def _attach(here: At, form: Mapping[str, Any], attach: str) -> None:
    """Keep a file as a line's literature; `attach` names the form's row, with `second-` before it for the second offer.

    With `drop-` before that the literature is taken away again.
    """
    drop, attach = attach.startswith("drop-"), attach.removeprefix("drop-")
    second, place = attach.startswith("second-"), attach.removeprefix("second-")
    line, given = str(form.get(f"line-{place}", "")), form.get(f"file-{attach}")
    if drop:
        return await _literature(here, line, second, "")
    if not isinstance(given, UploadFile) or not given.filename:
        raise Faulty([Fault(f"Line {line}", "has no file chosen; choose one, then attach it")])
    document = await here.parts.files.keep(given.filename, await given.read())
    async with here.parts.database.session.begin() as session:
        await here.parts.files.link(session, document, f"room/{here.shown.id}", f"vendor:{here.vendor}")
    await _literature(here, line, second, f"{document.hash}/{quote(document.name)}")


async def _literature(here: At, line: str, second: bool, place: str) -> None:
    kept = (await here.drafts.lines(here.key, [line])).get(line)
    field = "alternate_literature" if second else "literature"
    entry = kept.entry if kept is not None else Entry()
    changed = msgspec.structs.replace(entry, **{field: place})
    await save(here, [Wish(line, changed, kept.revision if kept is not None else 0)])


@post(
    "/events/{event_id:str}/schedule/{lot_id:str}/rows",
    opt={"may": "prepare bids"},
    status_code=200,
    request_max_body_size=FORM_AROUND,
)
async def save_rows(request: Req, event_id: FromPath[str], lot_id: FromPath[str]) -> Response[bytes]:
    """Save the lines that were just typed, and say how the draft now stands and what colleagues changed."""
    here, form = await at(request, event_id, lot_id), await request.form()
    given = typed(here, form, await here.drafts.lines(here.key, lines_of(form)))
    saved = await save(here, given.wishes)
    since = str(form.get("since", ""))
    news = await here.drafts.since(here.key, int(since) if since.isdecimal() and len(since) < 10 else 0)
    news = news[:MOST_NEWS]
    names = await names_of(here.parts, {each.saved_by for each in (*saved.conflicts, *news)})
    sums = await here.drafts.sum(here.key, here.plans)
    kept = await here.drafts.lines(here.key, [wish.line for wish in given.wishes])
    plans = {line.id: line for line in here.plans}
    body = {
        "at": saved.at,
        "sum": told(here, sums),
        "worth": str(sums.worth),
        "lines": [_line(plans, kept[wish.line]) for wish in given.wishes if wish.line in kept],
        "conflicts": [_line(plans, each) | clash(each, names) for each in saved.conflicts],
        "news": [
            _line(plans, each) | clash(each, names)
            for each in news
            if each.revision != saved.revision and each.line not in given.places and each.line in plans
        ],
    }
    return Response(msgspec.json.encode(body), media_type="application/json")


def _line(plans: Mapping[str, LotLine], kept: Kept) -> dict[str, Any]:
    plan = plans[kept.line]
    read = read_line(plan, kept.entry)
    price = read.price.unit_price if read.price is not None else None
    return {
        "line": kept.line,
        "version": kept.revision,
        "entry": msgspec.to_builtins(kept.entry),
        "worth": str(read.extension),
        "extension": cents(read.extension) if price is not None else None,
        "each": price,
        "packs": packs_of(plan, kept.entry),
        "faults": {fault.path: fault.message for fault in read.faults},
    }


ROUTES = [save_page, save_rows]
