"""The section of dates: when bids are taken and opened, and until when questions are taken, to the second."""

from __future__ import annotations

import msgspec

from auction.tender import sealed_bids
from auction.tender.solicitation import Solicitation
from server.pages.solicitation.fields import Fields, local

NAMES = ("opens", "closes", "questions_until")
OPENED, DUE = "sealing_opens", "sealing_due"
"""The fields of when envelopes are opened, and until when an auction takes them as opening bids."""


def values(document: Solicitation) -> dict[str, str]:
    """What stands in the fields."""
    said = {name: local(getattr(document, name), document.zone) for name in NAMES}
    sealing = document.sealing
    return said | {OPENED: local(sealing.opens, document.zone), DUE: local(sealing.due, document.zone)}


def read(document: Solicitation, fields: Fields) -> Solicitation:
    """The document with what the form said."""
    if document.kind == "sealed_bid":
        return _sealed(document, fields)
    if sealed_bids.seeds(document):
        document = _envelopes(document, fields)
    opens, closes, questions = (fields.time(name) for name in NAMES)
    if opens and closes and closes <= opens:
        fields.fault("closes", "must be after bidding opens")
    if opens and questions and questions > opens:
        fields.fault("questions_until", "must not be after bidding opens")
    return msgspec.structs.replace(document, opens=opens, closes=closes, questions_until=questions)


def _envelopes(document: Solicitation, fields: Fields) -> Solicitation:
    """When an auction's sealed opening bids are due and opened; how they stand to its opening is checked with the whole."""
    due, opened = fields.time(DUE), fields.time(OPENED)
    if due and opened and opened < due:
        fields.fault(OPENED, "must not be before opening bids are due")
    sealing = msgspec.structs.replace(document.sealing, due=due, opens=opened)
    return msgspec.structs.replace(document, sealing=sealing)


def _sealed(document: Solicitation, fields: Fields) -> Solicitation:
    """Sealed bids have no opening of bidding: they are taken from publication until they are due."""
    due, opened, questions = (fields.time(name) for name in ("closes", OPENED, "questions_until"))
    if due and opened and opened < due:
        fields.fault(OPENED, "must not be before bids are due")
    if due and questions and questions > due:
        fields.fault("questions_until", "must not be after bids are due")
    sealing = msgspec.structs.replace(document.sealing, opens=opened)
    return msgspec.structs.replace(
        document, opens=None, closes=due, questions_until=questions, sealing=sealing
    )
