"""The public results of an event: each lot's award with its reason; an admitted vendor reads there how it fared itself."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from auction.live import board
from auction.live.board import Viewer
from auction.live.room import Room
from auction.money import exact, parse_decimal
from auction.prices.book import against
from auction.tender.solicitation import Lot, lot_baseline
from server.documents.sheet_out import Cell, csv_of, xlsx_of
from server.login import Identity
from server.pages.allocation.finding import open_book, scenarios_of
from server.pages.answering import Req, page, plain
from server.pages.award import name
from server.pages.ending import all_over, ended, lot_status
from server.pages.public import people
from server.pages.showing import Shown, award_of, event_of, find_public, is_admitted, saving, told
from server.parts import parts_of, signed_in

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADINGS = (
    "event", "lot", "title", "state", "vendor", "amount", "currency", "before", "saved", "saved_percent", "bidders",
    "also_bid", "reason",
)  # fmt: skip
STATES = {"awarded": "awarded", "none": "not awarded", "open": "not over", "cancelled": "cancelled"}


@get("/events/{event_id:str}/results", opt={"may": "look"})
async def results(request: Req, event_id: FromPath[str]) -> Response[str]:
    """Show what was awarded, to whom, why, and what it saves."""
    parts, who = parts_of(request), signed_in(request)
    identity, names = who.identity if who is not None else None, await people(parts)
    await parts.desk.at_rest()
    shown = _over(request, event_id)
    lots = [_lot(shown, lot, names) for lot in shown.document.lots]
    return page(
        request,
        "results.html",
        nav="events",
        event=event_of(shown, Viewer("public")),
        lots=lots,
        whole=_whole(shown, lots),
        own=_own(shown, shown.room, identity)
        if shown.room is not None and is_admitted(identity, shown.room) and identity
        else None,
        tabulated=shown.sealed,
        allocated=open_book(shown) and scenarios_of(parts, shown.id).choice is not None,
    )


def _over(request: Req, event_id: str) -> Shown:
    """An event that was published, with every lot over."""
    shown = find_public(parts_of(request), event_id)
    if not all_over(shown):
        raise plain(404, "There are no results yet: they are told once every lot is over.")
    return shown


def _lot(shown: Shown, lot: Lot, names: dict[str, str]) -> dict[str, Any]:
    """One lot's result, as far as the rules let the public know."""
    status, award = lot_status(shown, lot.id), award_of(shown, lot, names)
    before = lot_baseline(lot)
    candidates = ended(shown, lot.id).candidates
    counted, named = _visible(shown.room, award is not None)
    winner = shown.awards.lots[lot.id].vendor if award is not None else None
    return {
        "id": lot.id,
        "title": lot.title,
        "state": "awarded" if award else "cancelled" if status == "cancelled" else "none",
        "award": award,
        "baseline": exact(before) if before is not None else None,
        "bidders": len(candidates) if counted or named else None,
        "others": [name(shown, each.vendor) for each in candidates if each.vendor != winner] if named else [],
        "contract": f"/contracts/{shown.id}/{lot.id}" if award else None,
        "lines": len(lot.lines),
    }


def _visible(room: Room | None, awarded: bool) -> tuple[bool, bool]:
    """Whether the public may know how many bid on a lot, and who; all of it where sealed bids were opened in public."""
    if room is None:
        return True, True
    assert room.rules is not None
    visible = room.rules.visibility
    counted = (awarded or visible.names_at == "close") and (visible.count or board.shows_prices(room))
    return counted, awarded and visible.names_at != "never"


def _whole(shown: Shown, lots: list[dict[str, Any]]) -> dict[str, Any]:
    """The awarded lots together: what they come to, and what they save where prices last paid are known."""
    given = [each for each in lots if each["award"]]
    amounts = [(parse_decimal(each["award"]["amount"], 6) or 0, each["baseline"]) for each in given]
    known = [(amount, parse_decimal(before, 6) or 0) for amount, before in amounts if before is not None]
    saved = against(sum(before for _, before in known), sum(now for now, _ in known)) if known else None
    return {
        "awarded": len(given),
        "amount": exact(sum(amount for amount, _ in amounts)) if given else None,
        **told(saved),
    }


def _own(shown: Shown, room: Room, identity: Identity) -> list[dict[str, Any]]:
    """How a vendor fared itself in each lot that is awarded or over: never what others bid."""
    assert room.rules is not None
    vendor = identity.organisation_id
    fared = []
    for lot in shown.document.lots:
        standing = next((each for each in ended(shown, lot.id).candidates if each.vendor == vendor), None)
        award = shown.awards.lots.get(lot.id)
        if (vendor, lot.id) not in room.factors:
            continue
        fared.append(
            {
                "title": lot.title,
                "amount": standing.amount if standing is not None else None,
                "rank": standing.rank if standing is not None and room.rules.visibility.rank else None,
                "state": room.lots[lot.id].status,
                "won": award is not None and award.vendor == vendor,
                "awarded": award is not None,
                "winner": name(shown, award.vendor) if award is not None else None,
                "winning": award.amount if award is not None else None,
                "reason": award.reason if award is not None else None,
                "suspended": standing is not None and standing.suspended,
            }
        )
    return fared


# --- files ---------------------------------------------------------------------------------------------------------------------


async def _rows(request: Req, event_id: str) -> tuple[Shown, list[list[Cell]]]:
    parts = parts_of(request)
    names = await people(parts)
    await parts.desk.at_rest()
    shown = _over(request, event_id)
    return shown, [_cells(shown, _lot(shown, lot, names), lot) for lot in shown.document.lots]


def _cells(shown: Shown, row: dict[str, Any], lot: Lot) -> list[Cell]:
    award = row["award"]
    saved = saving(lot, award["amount"]) if award else {"saving": None, "saving_percent": None}
    return [
        shown.document.number,
        lot.id,
        lot.title,
        STATES[row["state"]],
        award["vendor_name"] if award else None,
        Decimal(award["amount"]) if award else None,
        shown.document.currency,
        Decimal(row["baseline"]) if row["baseline"] is not None else None,
        Decimal(saved["saving"]) if saved["saving"] is not None else None,
        Decimal(saved["saving_percent"]) if saved["saving_percent"] is not None else None,
        row["bidders"],
        "; ".join(row["others"]) or None,
        award["reason"] if award else None,
    ]


@get("/events/{event_id:str}/results.csv", opt={"may": "look"}, media_type="text/csv")
async def as_csv(request: Req, event_id: FromPath[str]) -> Response[bytes]:
    """The results as CSV."""
    shown, rows = await _rows(request, event_id)
    return _file(csv_of(HEADINGS, rows), f"results-{shown.id}.csv", "text/csv; charset=utf-8")


@get("/events/{event_id:str}/results.xlsx", opt={"may": "look"}, media_type=XLSX)
async def as_xlsx(request: Req, event_id: FromPath[str]) -> Response[bytes]:
    """The results as a workbook."""
    shown, rows = await _rows(request, event_id)
    return _file(xlsx_of("Results", HEADINGS, rows), f"results-{shown.id}.xlsx", XLSX)


def _file(body: bytes, name_: str, media: str) -> Response[bytes]:
    return Response(
        body, media_type=media, headers={"content-disposition": f'attachment; filename="{name_}"'}
    )


ROUTES = [results, as_csv, as_xlsx]
