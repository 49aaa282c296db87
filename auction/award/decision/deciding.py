"""Deciding: what a board decided is recorded, all bidders are told at one instant, and it may be set aside until it is final."""

from __future__ import annotations

from datetime import datetime

from auction.award.decision.asking import LONGEST_NAME, another, at, past_day, words
from auction.award.decision.facts import (
    BoardDecided,
    Decisions,
    DecisionSetAside,
    Fared,
    Intended,
    IntentNotified,
)
from auction.award.decision.words import GiveNotice, RecordBoard, SetAside
from auction.award.result import Result
from auction.kernel import Refused
from auction.refusals import no

NOT_YET = "This lot was not decided on by the board, or is final already; there is nothing to set aside."


def board(decisions: Decisions, command: RecordBoard, now: datetime) -> BoardDecided:
    """Record a board's decision on lots that are recommended."""
    if not command.lots:
        raise Refused(no("BAD_COMMAND", "Choose the lots that the board decided on."))
    for lot in command.lots:
        another(command.by, at(decisions, lot, "recommended").recommended)
    first = decisions.of(command.lots[0]).recommended
    assert first is not None
    why = "Say in words why the board did not approve."
    return BoardDecided(
        at=now,
        by=command.by,
        tender=first.tender,
        vis="public",
        lots=tuple(dict.fromkeys(command.lots)),
        approved=command.approved,
        body=words(command.body, "Say which board decided.", LONGEST_NAME),
        day=past_day(command.day, command.today, "The day of the meeting").isoformat(),
        resolution=words(command.resolution, "Give the number of the resolution.", LONGEST_NAME),
        paper=command.paper,
        reason=command.reason.strip() if command.approved else words(command.reason, why),
    )


def notice(decisions: Decisions, command: GiveNotice, now: datetime) -> IntentNotified:
    """Tell every bidder of lots that the board approved, all at once."""
    if not command.results:
        raise Refused(no("BAD_COMMAND", "No lot waits for its notice: the board approves first."))
    if command.until is not None and command.until <= now:
        raise Refused(no("BAD_COMMAND", "The time to protest must lie after the notice."))
    told = tuple(_intended(decisions, each) for each in command.results)
    first = decisions.of(told[0].lot).recommended
    return IntentNotified(
        at=now,
        by=command.by,
        tender=first.tender if first is not None else None,
        lots=told,
        window=command.window,
        last_day=command.last_day,
        until=command.until,
        steps=command.steps,
    )


def _intended(decisions: Decisions, ended: Result) -> Intended:
    recommended = at(decisions, ended.lot, "approved").recommended
    assert recommended is not None
    fared = tuple(Fared(each.vendor, each.rank, each.amount, each.suspended) for each in ended.candidates)
    return Intended(ended.lot, recommended.vendor, recommended.amount, recommended.reason, fared)


def set_aside(decisions: Decisions, command: SetAside, now: datetime) -> DecisionSetAside:
    """Set a decision aside that is not final."""
    lot = decisions.of(command.lot)
    if lot.stage not in ("approved", "notified"):
        raise Refused(no("NOT_ALLOWED", NOT_YET))
    another(command.by, lot.recommended)
    assert lot.board is not None
    reason = words(command.reason, "Say in words why the decision is set aside.")
    return DecisionSetAside(
        at=now, by=command.by, tender=lot.board.tender, vis="public", lot=command.lot, reason=reason
    )
