"""Checking: everything that keeps a draft from being published, told section by section."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from auction.tender import addenda, sealed_bids
from auction.tender.solicitation import Solicitation
from auction.tender.tender import publish_faults
from auction.terms.faults import Fault
from server.jurisdictions import clock_faults, ground
from server.pages.solicitation.editing import Working
from server.parts import Parts

NAMES = {
    "basics": "Basics",
    "law": "Law",
    "lots": "Lots and lines",
    "rules": "Rules",
    "sealing": "Sealed bids",
    "evaluation": "How bids are judged",
    "dates": "Dates",
    "conditions": "Contract, fees and delivery",
    "documents": "Documents",
}
"""The editor's sections in their order."""
ONLY: dict[str, Callable[[Solicitation], bool]] = {
    "rules": lambda document: document.kind == "reverse_auction",
    "sealing": sealed_bids.has_box,
    "evaluation": lambda document: document.kind == "sealed_bid",
}
"""Sections that not every document has, each with whether this one does."""
WHERE = {
    "jurisdiction": "law",
    "authority": "law",
    "non_collusion": "law",
    "lots": "lots",
    "rules": "rules",
    "opening": "rules",
    "sealing": "sealing",
    "plan": "evaluation",
    "sealing.opens": "dates",
    "sealing.due": "dates",
    "opens": "dates",
    "closes": "dates",
    "questions_until": "dates",
    "contract": "conditions",
    "fees": "conditions",
    "decision": "conditions",
    "protest": "conditions",
    "documents": "documents",
}


def section_of(path: str) -> str:
    """Where a fault of this path is put right."""
    return WHERE.get(path) or WHERE.get(path.partition(".")[0].partition("[")[0], "basics")


def names(document: Solicitation) -> dict[str, str]:
    """The sections of a document of this method, in their order."""
    return {name: title for name, title in NAMES.items() if name not in ONLY or ONLY[name](document)}


async def all_faults(parts: Parts, working: Working) -> list[Fault]:
    """Every fault of what is being edited, as a draft or as an addendum: its own, its law's, its clock's."""
    now, document = parts.now(), working.document
    known = await parts.checks.of(working.hash, document)
    law = ground(parts.jurisdictions, document, now)
    if working.makes == "draft":
        return publish_faults(document, now, law, known) + clock_faults(document)
    return addenda.addendum_faults(working.shown.tender, document, now, law, known) + clock_faults(document)


async def by_section(parts: Parts, working: Working) -> dict[str, list[Fault]]:
    """The faults under the section in which each is put right."""
    kind = working.document.kind
    found: dict[str, list[Fault]] = {name: [] for name in names(working.document)}
    for fault in await all_faults(parts, working):
        if fault.path != "document":
            found.get(section_of(fault.path), found["basics"]).append(
                msgspec.structs.replace(fault, path=said(fault.path, kind))
            )
    return found


LABELS = {
    "protest": "The time to protest",
    "protest.days": "The time to protest",
    "protest.source": "The time to protest",
    "number": "The number",
    "title": "The title",
    "jurisdiction": "The state",
    "category": "The category",
    "kind": "The method",
    "opens": "The opening",
    "closes": "The first close",
    "questions_until": "The end of questions",
    "lots": "The lots",
    "zone": "The time zone",
    "currency": "The currency",
    "opening": "How bidding begins",
    "sealing.due": "The time by which opening bids are due",
    "sealing.opens": "The opening of the envelopes",
    "sealing.officers": "The officers",
    "sealing.envelopes": "The envelopes",
}


SEALED_LABELS = {
    "closes": "The time by which bids are due",
    "sealing.opens": "The time of the opening",
    "sealing.officers": "The officers",
    "sealing.envelopes": "The envelopes",
}
"""What some paths are called where bids are sealed."""


def said(path: str, kind: str = "reverse_auction") -> str:
    """A path as people say it, where there is a plain word for it."""
    own = SEALED_LABELS if kind == "sealed_bid" else {}
    return own.get(path) or LABELS.get(path, path)
