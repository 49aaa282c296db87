"""The schedule's page: a form with a row for each line, fifty lines at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from litestar import Response, get
from litestar.params import FromPath, FromQuery

from auction.live.board import Viewer
from auction.terms.entries import Entry
from auction.terms.faults import Fault
from server.pages.answering import Req, page
from server.pages.schedule.finding import At, at, filed, names_of, receipt
from server.pages.schedule.rows import SHOWN, Window, cut, rows
from server.pages.showing import event_of
from server.schedule_drafts import Kept

BLANK = {
    "place": "__PLACE__", "number": "__NUMBER__", "unit": "__UNIT__", "entry": Entry(), "files": {}, "faults": {},
    "packs": None, "more": True, "or_equal": True, "alternates": True,
}  # fmt: skip
"""A line's further fields before it is known which line; scripts put them where they are asked for."""
TOP = 20
"""How many faults of a file are named on the page."""


@get("/events/{event_id:str}/schedule/{lot_id:str}", opt={"may": "prepare bids"})
async def schedule_page(
    request: Req,
    event_id: FromPath[str],
    lot_id: FromPath[str],
    show: FromQuery[str] = "all",
    q: FromQuery[str] = "",
    page: FromQuery[str] = "1",
    more: FromQuery[str] = "",
    note: FromQuery[str] = "",
) -> Response[str]:
    """Show the schedule."""
    here = await at(request, event_id, lot_id)
    window = Window(show if show in SHOWN else "all", q.strip()[:80], _number(page), more[:64])
    return await answer(request, here, window, note=here.parts.notes.read(here.session, note))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 1


async def answer(
    request: Req,
    here: At,
    window: Window,
    *,
    note: dict[str, Any] | None = None,
    faults: Sequence[Fault] = (),
    file: str = "",
    typed: Mapping[str, Entry] | None = None,
    conflicts: Sequence[Kept] = (),
) -> Response[str]:
    """Show a part of the schedule; with `typed` as it was sent, where it could not be saved, beside what a colleague saved."""
    sums = await here.drafts.sum(here.key, here.plans)
    states = await here.drafts.states(here.key) if window.show != "all" else {}
    part = cut(here, window, states)
    kept = await here.drafts.lines(here.key, [line.id for _, line in part.lines])
    there = await filed(here)
    people = {sums.saved_by, *(each.saved_by for each in conflicts)}
    names = await names_of(here.parts, people | ({there.signer} if there is not None else set()))
    made = rows(here, part.lines, kept, window.more)
    rest = sums.worth - sum(int(each["worth"]) for each in made)
    for each in conflicts:
        kept[each.line] = msgspec.structs.replace(each, entry=(typed or {}).get(each.line, each.entry))
    return page(
        request,
        "schedule/sheet.html",
        code=422 if faults or conflicts else 200,
        nav="schedule",
        event=event_of(here.shown, Viewer("vendor", here.vendor)),
        lot={"id": here.lot.id, "title": here.lot.title, "lines": len(here.plans)},
        number=[each.id for each in here.shown.document.lots].index(here.lot.id) + 1,
        rows=rows(here, part.lines, kept, window.more) if conflicts else made,
        clashes={each.line: clash(each, names) for each in conflicts},
        window=window,
        blank=BLANK,
        shown=SHOWN,
        pages=part.pages,
        at=min(max(window.page, 1), part.pages),
        found=part.found,
        address=here.address,
        links={n: window.address(here.address, n) for n in range(1, part.pages + 1)},
        sum=told(here, sums),
        rest=str(rest),
        saved_by=names.get(sums.saved_by, ""),
        receipt=receipt(here, there, names),
        opens=here.held.opens,
        open=here.open,
        suspended=here.vendor in here.room.suspended,
        opening=here.room.opening,
        tick=str(here.tick),
        signs=here.signs,
        behind=here.behind,
        note=note,
        faults=faults[:TOP],
        more_faults=max(0, len(faults) - TOP),
        file=file,
        now=here.parts.now(),
    )


def clash(kept: Kept, names: Mapping[str, str]) -> dict[str, Any]:
    """What a colleague saved on a line meanwhile."""
    entry = kept.entry
    said = "a no-bid" if entry.no_bid else entry.unit_price or entry.pack_price or "nothing"
    return {"by": names.get(kept.saved_by, "A colleague"), "at": kept.saved_at, "said": said}


def told(here: At, sums: Any) -> dict[str, Any]:
    """How far the draft is, as pages and scripts tell it."""
    return {
        "revision": sums.revision,
        "saved_at": sums.saved_at,
        "priced": sums.priced,
        "no_bids": sums.no_bids,
        "faulty": sums.faulty,
        "open": sums.open,
        "total": here.total(sums.worth),
        "ceiling": here.ceiling,
        "above": here.above(sums.worth),
        "ready": not sums.faulty and not sums.open and sums.priced > 0 and not here.above(sums.worth),
    }


ROUTES = [schedule_page]
