"""Every "no" that the engine can say: a code, one plain sentence, and the nearest amount that would do.

The order of `CODES` is the order of precedence: when several apply, the first is given.
"""

from __future__ import annotations

import msgspec

CODES: dict[str, str] = {
    "BAD_COMMAND": "The message is not one that this room understands, or its id was used before for something else.",
    "BAD_RULES": "The rule set is not valid.",
    "UNKNOWN_LOT": "There is no such lot in this event.",
    "UNKNOWN_VENDOR": "There is no such vendor in this event.",
    "NOT_ALLOWED": "You may not do this here, or it is not available yet.",
    "SLOW_DOWN": "Too many messages at once; wait a moment and send it again.",
    "STALE_RULES": "The bid was made under other rules than those now in force; reload the page.",
    "NOT_OPEN": "The lot has not opened yet.",
    "PAUSED": "The lot is paused; no bids are taken until it resumes.",
    "CLOSED": "The lot is closed.",
    "NOT_ADMITTED": "You are not admitted to this lot.",
    "PROXY_NOT_ALLOWED": "This event does not allow proxy bids.",
    "BAD_AMOUNT": "The amount is not a plain number above zero, such as 95.00.",
    "OFF_TICK": "The amount is not a multiple of the smallest step.",
    "NOT_YOUR_TURN": "It is not your turn.",
    "OUT": "You left this lot and cannot come back in.",
    "ABOVE_CEILING": "The amount is above the ceiling.",
    "SELF_UNDERCUT": "You lead; under these rules the leader may not improve on itself.",
    "BAD_PROXY": "The limit is too high to be a proxy bid.",
    "DECREMENT": "The step down is too small.",
    "TIE": "Another vendor already leads with this amount.",
    "LEAD_BUFFER": "To take the lead the bid must beat it by more.",
    "TOO_FAR": "The step down is larger than the rules allow.",
    "NEEDS_CONFIRM": "This is a large step down; please confirm the amount.",
    "NOTHING_TO_VOID": "There is no standing bid to take away.",
}
"""Each refusal code with its plain sentence, in order of precedence."""


class Refusal(msgspec.Struct, frozen=True):
    """One "no": `code` from `CODES`, a plain sentence, and `next`, the nearest good amount as a string, or null."""

    code: str
    message: str
    next: str | None = None


def no(code: str, detail: str = "", next: str | None = None) -> Refusal:
    """Make a refusal with the code's own sentence, or a more exact one in its place."""
    return Refusal(code, detail or CODES[code], next)
