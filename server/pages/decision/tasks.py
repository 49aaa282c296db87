"""What a board's decision asks of people now: to recommend, to record, to tell, to hear a protest, to make an award final."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from auction.award.decision.facts import Decisions
from server.deciding import decisions
from server.guards import may
from server.login import Identity
from server.pages.ending import all_over
from server.pages.showing import Shown, is_ours
from server.parts import Parts
from server.tasks import Task


def decision_tasks(parts: Parts, shown: Shown, who: Identity) -> Iterator[Task]:
    """Name what an event on which a board decides asks of somebody: its lead, a second person, a bidder."""
    if not shown.published or not all_over(shown):
        return
    held, now = decisions(parts, shown.id), parts.now()
    if is_ours(who, shown.document.owner):
        yield from _ours(shown, held, who, now)
    elif may(who, "prepare bids"):
        yield from _bidder(shown, held, who, now)


def _ours(shown: Shown, held: Decisions, who: Identity, now: datetime) -> Iterator[Task]:
    won = {each.lot for each in shown.tender.ended.values() if each.won}
    at = {lot.id: held.of(lot.id) for lot in shown.document.lots if lot.id in won}
    mine = {
        id for id, each in at.items() if each.recommended is not None and each.recommended.by == who.person_id
    }
    lead, second = may(who, "run events"), may(who, "approve")
    open_lots = [id for id, each in at.items() if each.stage == "open"]
    if open_lots and lead:
        yield _task(shown, f"Recommend {_many(len(open_lots), 'award')} to the board", "Recommend")
    if second and any(each.stage == "recommended" and id not in mine for id, each in at.items()):
        yield _task(shown, "Record what the board decided", "Record the decision")
    if second and any(each.stage == "approved" for each in at.values()):
        yield _task(shown, "Tell the bidders what is intended", "Tell them")
    waiting = [
        each.filed.number for each in held.protests.values() if each.open and each.filed.lot not in mine
    ]
    if second and waiting:
        yield _task(shown, f"Decide on {_many(len(waiting), 'protest')}", "Read and decide")
    ready = [id for id, each in at.items() if each.stage == "notified" and id not in mine]
    if second and any(_ready(held, id, now) for id in ready):
        yield _task(shown, "Make awards final", "Go to the awards")


def _ready(held: Decisions, lot: str, now: datetime) -> bool:
    notice = held.of(lot).notice
    over = notice is not None and (notice.until is None or now >= notice.until)
    return over and not any(each.filed.stays for each in held.waiting(lot))


def _bidder(shown: Shown, held: Decisions, who: Identity, now: datetime) -> Iterator[Task]:
    """The last day to protest, while it is to come."""
    for notice in held.notices[-1:]:
        told = {each.vendor for lot in notice.lots for each in lot.bidders}
        if who.organisation_id in told and notice.until is not None and now < notice.until:
            yield Task(
                title=f"Read your results in {shown.document.title}",
                words="The consortium tells what it intends to award. You may protest until this time.",
                href=f"/events/{shown.id}/outcome",
                action="Read your results",
                due=notice.until,
                zone=shown.document.zone,
                icon="award",
            )


def _task(shown: Shown, title: str, action: str) -> Task:
    return Task(
        title=title,
        words=f"{shown.document.title}: a board decides, then bidders are told and may protest.",
        href=f"/events/{shown.id}/decision",
        action=action,
        icon="gavel",
    )


def _many(count: int, one: str) -> str:
    return f"{count} {one}{'' if count == 1 else 's'}"
