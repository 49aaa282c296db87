"""What sealed bids ask of people now: a key to make, a paper to accept, an opening to begin, a bid to make or to confirm.

A vendor reads here of its own bid alone; the consortium reads nothing of bids before they are opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from auction.tender.sealed_bids import due
from bidders.box import ceremony
from bidders.box.closing import stale
from bidders.box.progress import phase
from bidders.box.state import Box
from server.guards import may
from server.login import Identity
from server.pages.showing import Shown, is_admitted, is_ours
from server.parts import Parts
from server.sealed.doing import doing
from server.sealed.officers import box_of, is_officer, seat_of
from server.tasks import Task

STEPS = {
    "key": "Make your key",
    "accept": "Accept",
    "addendum": "Sign the addendum to",
    "check": "Check your key for",
    "open": "Release your part of the key for",
}
"""What an officer has to do, as the title of a task says it before the solicitation's name."""


def sealed_tasks(parts: Parts, shown: Shown, who: Identity) -> Iterator[Task]:
    """Name what a solicitation of sealed bids asks of somebody: as an officer, as a lead, as a vendor."""
    now = parts.now()
    box = box_of(parts, shown.id)
    if is_officer(shown.tender, who.person_id) or seat_of(box, who.person_id) is not None:
        yield from _officer(parts, shown, who, now)
    if is_ours(who, shown.document.owner) and may(who, "run events"):
        yield from _lead(shown, now)
    if shown.envelopes is not None and may(who, "prepare bids"):
        yield from _vendor(shown, shown.envelopes, who)


def _officer(parts: Parts, shown: Shown, who: Identity, now: datetime) -> Iterator[Task]:
    """One thing at a time, at the console on its own host."""
    todo = doing(shown.tender, box_of(parts, shown.id), who.person_id, now)
    if todo.now:
        yield Task(
            title=f"{STEPS[todo.step]}{': ' if todo.step == 'key' else ' '}{shown.document.title}",
            words=todo.words,
            href=f"{parts.settings.officers}/officers/{shown.id}",
            action="Open the officers’ console",
            due=todo.due,
            zone=shown.document.zone,
            icon="person",
        )


def _lead(shown: Shown, now: datetime) -> Iterator[Task]:
    box, document = shown.envelopes, shown.document
    if box is None or box.manifest is None:
        return
    at, console = phase(box), shown.lead_page
    opens = ceremony.opens_at(box)
    if at in ("taking", "waiting"):
        yield Task(
            title=f"{'Begin the opening of' if at == 'waiting' and now >= opens else 'Opening of'} {document.title}",
            words="You need a witness, and enough officers with their keys."
            if at == "waiting"
            else "Bids are sealed until then; nobody can see whether there are any.",
            href=console,
            action="Go to the opening",
            due=opens,
            zone=document.zone,
            icon="clock",
        )
    elif at == "meeting":
        yield Task(
            title=f"The opening of {document.title} runs",
            words="Follow who has released, and open the envelopes when enough have.",
            href=console,
            action="Go to the opening",
            due=opens,
            zone=document.zone,
            icon="bell",
        )


def _vendor(shown: Shown, box: Box, who: Identity) -> Iterator[Task]:
    if phase(box) != "taking" or box.manifest is None:
        return
    mine = [each for each in box.envelopes.values() if each.vendor == who.organisation_id]
    current = [each for each in mine if each.status == "current"]
    waits = [each for each in stale(box) if each.vendor == who.organisation_id]
    if box.seeds and not mine and not is_admitted(who, shown.room):
        return
    title = shown.document.title
    words = "Sealed in your browser; nobody can read it before the opening."
    if waits:
        said, words = (
            f"Confirm your bid: {title}",
            "An addendum came since. What is not confirmed is refused.",
        )
    elif current:
        said, words = f"Your bid is in: {title}", "You can replace or withdraw it until bids are due."
    else:
        said = f"Make {'your sealed opening bid' if box.seeds else 'a sealed bid'}: {title}"
    yield Task(
        title=said,
        words=words,
        href=f"/events/{shown.id}/bid",
        action="Confirm it" if waits else "Look at it" if current else "Make a bid",
        due=due(shown.document),
        zone=shown.document.zone,
        icon="warn" if waits else "check" if current else "sheet",
    )
