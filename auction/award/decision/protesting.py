"""Protests: a bidder that was told may protest until the last second of the window; each is decided with reasons or withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from auction.award.decision.asking import LONGEST_NAME, another, words
from auction.award.decision.facts import (
    Decisions,
    DecisionSetAside,
    IntentNotified,
    Protest,
    ProtestDecided,
    ProtestFiled,
    ProtestWithdrawn,
)
from auction.award.decision.words import DecideProtest, FileProtest, WithdrawProtest
from auction.kernel import Event, Refused
from auction.refusals import no


def filed(decisions: Decisions, command: FileProtest, now: datetime) -> ProtestFiled:
    """Take a protest in, or say why it cannot be."""
    notice = _told(decisions, command)
    if notice.until is not None and now >= notice.until:
        counted = " ".join(notice.steps)
        raise Refused(
            no("CLOSED", f"The time to protest ended with {notice.last_day}, so this is not taken. {counted}")
        )
    return ProtestFiled(
        at=now,
        by=command.by,
        tender=notice.tender,
        number=len(decisions.protests) + 1,
        vendor=command.vendor,
        lot=command.lot,
        grounds=words(command.grounds, "Say what is wrong with the intended award."),
        wanted=words(command.wanted, "Say what should be done instead."),
        stays=notice.window is not None and notice.window.stay,
    )


def _told(decisions: Decisions, command: FileProtest) -> IntentNotified:
    """The notice against which this bidder may protest."""
    lot = decisions.of(command.lot)
    intended = lot.intended(command.lot)
    if lot.notice is None or intended is None:
        raise Refused(no("NOT_OPEN", "There is no notice of intent for this lot to protest against."))
    if lot.final is not None:
        raise Refused(no("CLOSED", "The award of this lot is final, so a protest is no longer taken."))
    if all(each.vendor != command.vendor for each in intended.bidders):
        raise Refused(no("NOT_ADMITTED", "Only a vendor that bid on this lot may protest its award."))
    if any(each.filed.vendor == command.vendor for each in decisions.waiting(command.lot)):
        raise Refused(no("NOT_ALLOWED", "Your protest on this lot waits for its decision already."))
    return lot.notice


def withdrawn(decisions: Decisions, command: WithdrawProtest, now: datetime) -> ProtestWithdrawn:
    """Take one's own protest back."""
    protest = _open(decisions, command.number)
    if protest.filed.vendor != command.vendor:
        raise Refused(no("NOT_ALLOWED", "There is no such protest of your company."))
    reason = words(command.reason, "Say in words why you take the protest back.")
    return ProtestWithdrawn(
        at=now, by=command.by, tender=protest.filed.tender, number=command.number, reason=reason
    )


def decided(decisions: Decisions, command: DecideProtest, now: datetime) -> Iterator[Event]:
    """Record a decision; one that upholds a protest sets aside what is not final yet."""
    protest = _open(decisions, command.number)
    filed, lot = protest.filed, decisions.of(protest.filed.lot)
    another(command.by, lot.recommended)
    reasons = words(command.reasons, "A protest is decided with its reasons in words.")
    yield ProtestDecided(
        at=now,
        by=command.by,
        tender=filed.tender,
        vis="public",
        number=filed.number,
        lot=filed.lot,
        upheld=command.upheld,
        decided_by=words(command.decided_by, "Say who decided on the protest.", LONGEST_NAME),
        reasons=reasons,
    )
    if command.upheld and lot.final is None:
        yield DecisionSetAside(
            at=now,
            by=command.by,
            tender=filed.tender,
            vis="public",
            lot=filed.lot,
            reason=reasons,
            protest=filed.number,
        )


def _open(decisions: Decisions, number: int) -> Protest:
    protest = decisions.protests.get(number)
    if protest is None or not protest.open:
        raise Refused(no("NOT_ALLOWED", "No protest of this number waits for a decision."))
    return protest
