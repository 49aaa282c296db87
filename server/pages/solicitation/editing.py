"""Editing: what leads work on, a draft or the draft of an addendum, saved so that nobody overwrites another unseen."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any, Literal

import msgspec

from auction.refusals import Refusal
from auction.tender import addenda
from auction.tender.solicitation import Solicitation
from auction.tender.tender import STALE, DraftAddendum, DraftTender
from server.login import Identity
from server.pages.answering import Req, ask, plain
from server.pages.showing import Shown, find_ours
from server.parts import Parts, parts_of, signed_in

Change = Callable[[Solicitation], Solicitation]
TRIES = 5


class Working(msgspec.Struct, frozen=True):
    """What is being edited: the event, the document as it now stands, its fingerprint, and what an edit makes."""

    shown: Shown
    document: Solicitation
    hash: str
    makes: Literal["draft", "addendum"]

    @property
    def stream(self) -> str:
        """The tender's stream."""
        return f"tender/{self.shown.id}"


def working(request: Req, event_id: str) -> tuple[Parts, Working, Identity]:
    """Find what a lead may edit; an event that is open or over is edited by nobody."""
    parts, who = parts_of(request), signed_in(request)
    assert who is not None
    return parts, found(parts, event_id, who.identity), who.identity


def found(parts: Parts, event_id: str, identity: Identity) -> Working:
    """The document of one's own consortium that may be edited now."""
    shown = find_ours(parts, event_id, identity)
    document, hash = addenda.working(shown.tender)
    assert document is not None
    if shown.tender.status in ("draft", "proposed", "approved"):
        return Working(shown, document, hash, "draft")
    if shown.tender.status == "published":
        return Working(shown, document, hash, "addendum")
    raise plain(404, "This event is not edited any more: bidding has opened, or it is over.")


def piece(document: Solicitation, names: Iterable[str]) -> str:
    """The fingerprint of some parts of a document: two leads who edit different parts are not in each other's way."""
    parts = {name: getattr(document, name) for name in names}
    return fingerprint(parts)


def fingerprint(value: Any) -> str:
    """The fingerprint of any value."""
    return hashlib.sha256(msgspec.json.encode(value, order="sorted")).hexdigest()[:32]


async def save(parts: Parts, event_id: str, identity: Identity, change: Change) -> Refusal | None:
    """Change the document as it now stands; asked anew where another change came in between."""
    answer: object = None
    for _ in range(TRIES):
        now = found(parts, event_id, identity)
        document, by = change(now.document), identity.person_id
        command = (
            DraftTender(by=by, document=document, base=now.hash)
            if now.makes == "draft"
            else DraftAddendum(by=by, document=document, base=now.hash)
        )
        answer = await ask(parts, now.stream, command)
        if not (isinstance(answer, Refusal) and answer.code == STALE):
            break
    if isinstance(answer, Refusal):
        return answer
    await parts.errands.settled()
    await parts.projections.settled()
    return None
