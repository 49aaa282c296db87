"""Telling: how far each lot has come, what happened on the way, and what it waits for, as the pages of all readers show it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from auction.award.decision.facts import (
    Decisions,
    Protest,
)
from auction.tender.solicitation import Solicitation
from server.deciding import decisions
from server.pages.answering import plain
from server.pages.decision.road import road
from server.pages.showing import Shown, vendor_name
from server.parts import Parts


def for_boards(shown: Shown) -> None:
    """Say where awards are made in an event of which no board decides."""
    if shown.document.decision != "board":
        raise plain(404, "No board decides on this event: two people of the consortium award its lots.")


def lots(parts: Parts, shown: Shown, now: datetime, inside: bool = False) -> list[dict[str, Any]]:
    """Every lot with its steps and what it waits for; `inside` tells the consortium's own steps too."""
    held = decisions(parts, shown.id)
    return [
        lot(shown.document, held, each.id, now) | {"steps": road(shown, held, each.id, now, inside)}
        for each in shown.document.lots
    ]


def lot(document: Solicitation, held: Decisions, lot_id: str, now: datetime) -> dict[str, Any]:
    """What one lot comes to; whom the board chose is told once the bidders know."""
    found = held.of(lot_id)
    intended = found.intended(lot_id)
    open_protests = [each.filed.number for each in held.waiting(lot_id)]
    until = found.notice.until if found.notice is not None else None
    over = found.notice is not None and (until is None or now >= until)
    return {
        "id": lot_id,
        "title": next((each.title for each in document.lots if each.id == lot_id), lot_id),
        "stage": found.stage,
        "vendor": vendor_name(document, intended.vendor) if intended is not None else None,
        "amount": intended.amount if intended is not None else None,
        "reason": intended.reason if intended is not None else None,
        "last_day": found.notice.last_day if found.notice is not None else "",
        "until": until,
        "over": over,
        "counted": found.notice.steps if found.notice is not None else (),
        "window": found.notice.window if found.notice is not None else None,
        "protests": open_protests,
        "stayed": any(each.filed.stays for each in held.waiting(lot_id)),
        "set_aside": found.set_aside is not None,
        "final_at": found.final.at if found.final is not None else None,
    }


def protests(
    document: Solicitation, held: Decisions, told: Callable[[Protest], bool] = lambda _: True
) -> list[dict[str, Any]]:
    """Every protest that a reader may read, the newest first."""
    return [_protest(document, each) for each in reversed(held.protests.values()) if told(each)]


def _protest(document: Solicitation, protest: Protest) -> dict[str, Any]:
    filed, decided = protest.filed, protest.decided
    state = "open"
    if decided is not None:
        state = "upheld" if decided.upheld else "dismissed"
    elif protest.withdrawn is not None:
        state = "withdrawn"
    elif protest.overtaken is not None:
        state = "overtaken"
    return {
        "number": filed.number,
        "vendor": vendor_name(document, filed.vendor),
        "lot": next((each.title for each in document.lots if each.id == filed.lot), filed.lot),
        "at": filed.at,
        "grounds": filed.grounds,
        "wanted": filed.wanted,
        "stays": filed.stays,
        "state": state,
        "decided": decided,
    }
