"""The section of law: whose law holds, the papers that it asks for, and the non-collusion statement."""

from __future__ import annotations

import msgspec

from auction.tender.solicitation import Authority, Solicitation
from server.pages.solicitation.fields import Fields

NAMES = ("jurisdiction", "authority", "non_collusion")


def values(document: Solicitation) -> dict[str, str]:
    """What stands in the fields."""
    shown = {"jurisdiction": document.jurisdiction, "non_collusion": document.non_collusion}
    for paper in document.authority:
        shown |= {f"paper_{paper.id}_words": paper.words, f"paper_{paper.id}_document": paper.document}
    return shown


def read(document: Solicitation, fields: Fields) -> Solicitation:
    """The document with what the form said; which papers it asks for follows from the fields that it showed."""
    papers = []
    for name in fields.raw("papers").split():
        words = fields.text(f"paper_{name}_words", 300)
        attached = fields.choice(f"paper_{name}_document", ("", *(each.hash for each in document.documents)))
        if words or attached:
            papers.append(Authority(name[:64], words, attached))
    state = fields.raw("jurisdiction")
    return msgspec.structs.replace(
        document,
        jurisdiction=state if len(state) <= 10 else "",
        authority=tuple(papers) if fields.raw("papers") else document.authority,
        non_collusion=fields.text("non_collusion", 4000),
    )
