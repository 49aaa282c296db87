"""Saying no to an organisation's wish, in a sentence that its reader may see."""

from __future__ import annotations

from auction.kernel import Refused
from auction.refusals import no


def not_allowed(sentence: str) -> Refused:
    """What may not be done as things stand."""
    return Refused(no("NOT_ALLOWED", sentence))


def not_understood(sentence: str) -> Refused:
    """What was asked for is not one that can be asked."""
    return Refused(no("BAD_COMMAND", sentence))


def in_words(reason: str) -> str:
    """A reason in words; refuses silence."""
    if not reason.strip():
        raise not_understood("Give the reason in words.")
    return reason.strip()
