"""Forms and what they came to: faults by their field, and a note to the page that a form leads to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from litestar import Response

from auction.terms.faults import Fault
from server.login import SignedIn
from server.pages.answering import Req, see_other
from server.parts import parts_of, signed_in
from server.people.mail import ZONE
from server.tables import Organisation


def who_of(request: Req) -> SignedIn:
    """Who is signed in, on a page that nobody else reaches."""
    who = signed_in(request)
    assert who is not None
    return who


def by_field(faults: Iterable[Fault]) -> dict[str, list[str]]:
    """What is wrong with each field of a form; under "" what is wrong with all of it."""
    found: dict[str, list[str]] = {}
    for fault in faults:
        found.setdefault(fault.path, []).append(fault.message)
    return found


def done(request: Req, address: str, text: str, ok: bool = True, **more: Any) -> Response[str]:
    """Go on to a page, and leave there what was done."""
    note = parts_of(request).notes.leave(who_of(request).session, {"ok": ok, "text": text, **more})
    return see_other(f"{address}?note={note}")


def not_done(request: Req, address: str, faults: Iterable[Fault]) -> Response[str]:
    """Go on to a page, and leave there why nothing was done."""
    return done(request, address, " ".join(_sentence(each) for each in faults), ok=False)


def _sentence(fault: Fault) -> str:
    said = f"{fault.path.replace('_', ' ')} {fault.message}".strip()
    return said[:1].upper() + said[1:] + ("" if said.endswith((".", "!", "?")) else ".")


async def zone_for(request: Req) -> str:
    """The zone of the consortium that somebody belongs to, in which times are shown beside their label."""
    identity = who_of(request).identity
    near = identity.consortia[0] if identity.consortia else identity.organisation_id
    found = await parts_of(request).database.read(lambda session: session.get(Organisation, near))
    return str(found.detail.get("zone") or ZONE) if found is not None else ZONE


def note_of(request: Req, note: str) -> dict[str, Any] | None:
    """What was left for this page."""
    who = signed_in(request)
    return parts_of(request).notes.read(who.session, note) if who is not None else None
