"""The section of dates: when bidding opens and closes, and until when questions are taken, to the second."""

from __future__ import annotations

import msgspec

from auction.tender.solicitation import Solicitation
from server.pages.solicitation.fields import Fields, local

NAMES = ("opens", "closes", "questions_until")


def values(document: Solicitation) -> dict[str, str]:
    """What stands in the fields."""
    return {name: local(getattr(document, name), document.zone) for name in NAMES}


def read(document: Solicitation, fields: Fields) -> Solicitation:
    """The document with what the form said."""
    opens, closes, questions = (fields.time(name) for name in NAMES)
    if opens and closes and closes <= opens:
        fields.fault("closes", "must be after bidding opens")
    if opens and questions and questions > opens:
        fields.fault("questions_until", "must not be after bidding opens")
    return msgspec.structs.replace(document, opens=opens, closes=closes, questions_until=questions)
