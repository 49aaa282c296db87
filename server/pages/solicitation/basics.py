"""The first section: what is bought, for whom, with which money, and who may order."""

from __future__ import annotations

import msgspec

from auction.tender.solicitation import Solicitation
from auction.terms.jurisdiction import CATEGORIES
from server.pages.solicitation.fields import Fields
from server.people.states import ZONES

NAMES = ("number", "title", "summary", "category", "funding", "zone", "currency", "ordering")
FUNDING = {
    "local": "Local and state money only",
    "federal": "Federal money only",
    "mixed": "Partly federal money",
}
ORDERING = {
    "members": "All member districts may order at the awarded prices",
    "roster": "Only districts that stated needs may order",
}


def values(document: Solicitation) -> dict[str, str]:
    """What stands in the fields."""
    return {name: getattr(document, name) for name in NAMES}


def read(document: Solicitation, fields: Fields) -> Solicitation:
    """The document with what the form said."""
    return msgspec.structs.replace(
        document,
        number=fields.text("number", 60, "give it the number under which it is filed"),
        title=fields.text("title", 160, "say in a few words what is bought"),
        summary=fields.text("summary", 2000),
        category=fields.choice("category", ("", *CATEGORIES)),
        funding=fields.choice("funding", FUNDING),
        zone=fields.choice("zone", (document.zone, *ZONES)),
        currency=fields.text("currency", 3, "name the currency, such as USD").upper(),
        ordering=fields.choice("ordering", ORDERING),
    )
