"""The cast of a rehearsal: simulated vendors with their secrets, and what they were told in the end."""

from __future__ import annotations

from datetime import timedelta

from auction.money import exact
from auction.tender.solicitation import Solicitation
from bidders.characters import CHARACTERS
from bidders.crowd import Crowd, Member
from server.rehearsal.reckoning import Told
from server.rehearsal.staging import Plan, Stage, floors, worth

KINDS = tuple(CHARACTERS)


def cast(plan: Plan, staged: Stage, base: str) -> Crowd:
    """Bring the vendors together; each kind of character in turn."""
    members = [
        Member(
            vendor,
            session,
            KINDS[row % len(KINDS)],
            floors(plan, staged.document, vendor),
            asks(staged.document),
        )
        for row, (vendor, session) in enumerate(staged.vendors.items())
    ]
    last = timedelta(seconds=max(1, plan.seconds // 10))
    return Crowd(base, staged.event, members, plan.seed, plan.seconds / 20, last)


def asks(document: Solicitation) -> dict[str, str]:
    """What is asked first where no ceiling says so."""
    return {lot.id: exact(worth(lot)) for lot in document.lots}


def told(crowd: Crowd) -> Told:
    """What the vendors were told."""
    return Told(crowd.tally.taken, crowd.standing(), crowd.waiting, crowd.gaps)
