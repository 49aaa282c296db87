"""Finding a panel: its event, who may be on it, which opened bids it scores, and by what name a bidder is called."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from auction.award.panel_words import PanelState
from auction.tender import judging
from auction.terms.plan import Plan
from bidders.box import tabulation
from bidders.box.facts import BidRead
from bidders.box.state import Box
from server.login import Identity
from server.pages.answering import plain
from server.pages.showing import Shown, find_public
from server.parts import Parts
from server.tables import Membership, Person

NO_PANEL = "The lowest price decides in this event; nobody scores it."


def panel_in(shown: Shown) -> tuple[PanelState, Box, Plan]:
    """The panel of an event with its bid box and its published plan; a page that says no where there is none."""
    plan = judging.plan_of(shown.document)
    if shown.panel is None or shown.box is None or plan is None:
        raise plain(404, NO_PANEL)
    return shown.panel, shown.box, plan


def find_own(parts: Parts, event_id: str, who: Identity) -> Shown:
    """An event on whose panel somebody is; to everybody else it is as if there were no panel."""
    shown = find_public(parts, event_id)
    ours = shown.document.owner == who.organisation_id
    if not ours or shown.panel is None or who.person_id not in shown.panel.evaluators:
        raise plain(404, "You are not on the panel of this event. The lead of the event assigns evaluators.")
    return shown


async def evaluators(parts: Parts, consortium: str) -> dict[str, str]:
    """The evaluators of a consortium: names by person."""
    return await parts.database.read(lambda session: _evaluators(session, consortium))


def _evaluators(session: Session, consortium: str) -> dict[str, str]:
    wanted = (
        select(Person.id, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == consortium, Membership.role == "evaluator")
        .order_by(Person.name)
    )
    return {row.id: row.name for row in session.execute(wanted)}


def stage(box: Box) -> str:
    """The envelopes that are scored: the technical ones where there are two, else the only ones."""
    return str(box.manifest["envs"][0]) if box.manifest is not None else ""


def vendors(box: Box) -> list[str]:
    """The vendors whose envelopes of that stage are opened, by name; none before all of them are."""
    if stage(box) not in box.finished:
        return []
    found = {each.vendor for each in box.read.values() if each.env == stage(box)}
    return sorted(found, key=lambda vendor: (tabulation.name(box, vendor), vendor))


def reads(box: Box, vendor: str) -> list[BidRead]:
    """What a vendor's envelopes of that stage say, in a fixed order."""
    mine = [each for each in box.read.values() if each.vendor == vendor and each.env == stage(box)]
    return sorted(mine, key=lambda each: each.lot)


def called(shown: Shown, letter: str) -> str:
    """What a bidder is called: by its letter alone while the plan says so, then with its name."""
    panel, box, plan = panel_in(shown)
    if plan.panel.anonymous and panel.locked is None:
        return f"Bidder {letter}"
    return f"{letter}: {tabulation.name(box, panel.bidders[letter])}"
