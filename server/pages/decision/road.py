"""The road to a final award: every step of a lot, from the publication on, with when it was and what it waits for, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from auction.award.decision.facts import Decisions, LotDecision
from bidders.box import tabulation
from server.pages.ending import lot_status
from server.pages.showing import Shown
from server.presenting import day, when

LAST_MINUTE = timedelta(minutes=1)


class Step(msgspec.Struct, frozen=True):
    """One step: whether it is done, when that was, and more of it in words; `state` is Done, Now, Next or Later."""

    title: str
    done: bool
    at: datetime | None = None
    words: str = ""
    state: str = "Later"


def road(shown: Shown, held: Decisions, lot: str, now: datetime, inside: bool = False) -> list[Step]:
    """The steps of a lot in their order; when a recommendation was made is told `inside` the consortium only."""
    steps = [*_before(shown, lot), *_after(shown, held, lot, now, inside)]
    waits = [place for place, each in enumerate(steps) if not each.done]
    states = dict(zip(waits, ("Now", "Next"), strict=False))
    return [
        msgspec.structs.replace(each, state="Done" if each.done else states.get(place, "Later"))
        for place, each in enumerate(steps)
    ]


def _before(shown: Shown, lot: str) -> Iterator[Step]:
    """Publication, bids, scores."""
    yield Step("Published", shown.published, shown.tender.published_at)
    if shown.box is None:
        over = lot_status(shown, lot) != "open"
        yield Step("Bidding over", over, words="" if over else "The lot takes bids, or is still to open.")
    else:
        opened = shown.box.finished.get(tabulation.PRICE)
        yield Step("Bids opened", opened is not None, opened.at if opened is not None else None)
    if shown.panel is not None:
        locked = shown.panel.locked
        yield Step("Scored", locked is not None, locked.at if locked is not None else None, "By the panel.")


def _after(shown: Shown, held: Decisions, lot: str, now: datetime, inside: bool) -> Iterator[Step]:
    """From the recommendation on."""
    found = held.of(lot)
    recommended, board, notice, final = found.recommended, found.board, found.notice, found.final
    yield Step(
        "Recommended", recommended is not None, recommended.at if recommended is not None and inside else None
    )
    said = f"Meeting of {day(board.day)}, resolution {board.resolution}." if board is not None else ""
    yield Step("Board decided", board is not None, words=said)
    yield Step("Bidders told", notice is not None, notice.at if notice is not None else None)
    yield _window(found, shown.document.zone, now)
    stayed = any(each.filed.stays for each in held.waiting(lot))
    waits = "It waits for the decision on a protest." if stayed else ""
    yield Step("Award final", final is not None, final.at if final is not None else None, waits)


def _window(found: LotDecision, zone: str, now: datetime) -> Step:
    """The time to protest: its last minute, and how it is counted."""
    notice, title = found.notice, "Time to protest over"
    if notice is None:
        return Step(title, False)
    if notice.until is None:
        return Step(title, True, words="No time to protest is on record.")
    last = when(notice.until - LAST_MINUTE, zone)
    return Step(title, now >= notice.until, words=f"Last minute: {last}. {' '.join(notice.steps)}")
