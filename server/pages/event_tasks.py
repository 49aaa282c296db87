"""What events ask of each role now: a draft to publish, a room to watch or to bid in, a lot to award."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from auction.tender.sealed_bids import has_box
from server.guards import may
from server.login import Identity
from server.pages.decision.tasks import decision_tasks
from server.pages.opening.tasks import sealed_tasks
from server.pages.panel.tasks import panel_tasks
from server.pages.showing import Shown, find, is_admitted, is_ours, times, viewer
from server.pages.solicitation.tasks import officer_tasks, vendor_tasks
from server.parts import Parts
from server.tables import EventRow
from server.tasks import Task

RUNNING = ("draft", "proposed", "approved", "published", "live", "closed")
BEFORE = "Admit vendors and answer questions before it does; afterwards nothing changes."


async def event_tasks(parts: Parts, who: Identity) -> list[Task]:
    """Name what the running events ask of somebody."""
    wanted = select(EventRow.id).where(EventRow.status.in_(RUNNING)).order_by(EventRow.id)
    ids = await parts.database.read(lambda session: session.execute(wanted).scalars().all())
    return [task for each in ids for task in _tasks(parts, find(parts, each), who)]


def _tasks(parts: Parts, shown: Shown, who: Identity) -> Iterator[Task]:
    if has_box(shown.document):
        yield from sealed_tasks(parts, shown, who)
    if shown.document.decision == "board":
        yield from decision_tasks(parts, shown, who)
    yield from panel_tasks(shown, who)
    if is_ours(who, shown.document.owner):
        yield from _officers(shown, who)
    elif is_admitted(who, shown.room):
        yield from _vendors(shown, who)


def _officers(shown: Shown, who: Identity) -> Iterator[Task]:
    document, console = shown.document, f"/events/{shown.id}/console"
    zone = document.zone
    yield from officer_tasks(shown, who)
    if shown.status == "published" and not shown.sealed:
        yield Task(
            title=f"{document.title} opens",
            words=BEFORE
            if may(who, "run events")
            else "Who takes part is settled by then; afterwards nothing changes.",
            href=f"/events/{shown.id}/admissions",
            action="See who takes part",
            due=times(shown, viewer(who, shown.room, document.owner))[0],
            zone=zone,
            icon="clock",
        )
    elif shown.status == "live":
        _, closes = times(shown, viewer(who, shown.room, document.owner))
        yield Task(
            title=f"{document.title} is live",
            words="Watch the lots; pause or extend where something goes wrong.",
            href=console,
            action="Open the console",
            due=closes,
            zone=zone,
            icon="bell",
        )
    if shown.status in ("live", "closed") and may(who, "approve") and (lots := _to_confirm(shown, who)):
        yield Task(
            title=f"Check {len(lots)} proposed {'award' if len(lots) == 1 else 'awards'}",
            words=f"{document.title}: {', '.join(lots[:3])}. A second person confirms or sends back.",
            href=f"/events/{shown.id}/award",
            action="Check the proposals",
            icon="award",
        )
    if shown.status == "closed" and shown.document.decision == "direct" and may(who, "run events"):
        waiting = _unawarded(shown)
        if waiting:
            yield Task(
                title=f"Award {len(waiting)} of {len(document.lots)} lots",
                words=f"{document.title} has closed: {', '.join(waiting[:3])}.",
                href=console,
                action="Go to the awards",
                icon="award",
            )


def _unawarded(shown: Shown) -> list[str]:
    won = {each.lot for each in shown.tender.ended.values() if each.won}
    done = {*shown.awards.lots, *shown.awards.proposed}
    return [lot.title for lot in shown.document.lots if lot.id in won and lot.id not in done]


def _to_confirm(shown: Shown, who: Identity) -> list[str]:
    """Lots whose proposed award waits for somebody else than who proposed it."""
    waiting = {each.lot for each in shown.awards.proposed.values() if each.by != who.person_id}
    return [lot.title for lot in shown.document.lots if lot.id in waiting]


def _vendors(shown: Shown, who: Identity) -> Iterator[Task]:
    document = shown.document
    opens, closes = times(shown, viewer(who, shown.room, document.owner))
    yield from vendor_tasks(shown, who)
    if shown.status in ("published", "live"):
        live = shown.status == "live"
        yield Task(
            title=f"{document.title} is live" if live else f"{document.title} opens",
            words="Your company is admitted. Bids count until the close of each lot."
            if live
            else "Your company is admitted. The room is open to look around in.",
            href=f"/events/{shown.id}/room",
            action="Enter the room",
            due=closes if live else opens,
            zone=document.zone,
            icon="bell" if live else "clock",
        )
