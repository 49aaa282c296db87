"""Finality: what an award waits for once all bidders were told, and the look-up of excluded parties before federal money goes."""

from __future__ import annotations

from datetime import datetime

from auction.award.award import public
from auction.award.decision.asking import LONGEST_NAME, another, at, candidate, past_day, words
from auction.award.decision.facts import (
    AwardMadeFinal,
    AwardRecommended,
    Decisions,
    ExclusionChecked,
    LotDecision,
)
from auction.award.decision.words import MakeFinal, RecordCheck
from auction.kernel import Refused
from auction.money import MICROS, parse_decimal
from auction.refusals import no

FEDERAL_FROM = 25_000 * MICROS
"""From this sum on, a vendor paid with federal money is looked up among excluded parties (2 CFR 180.220)."""


def made_final(decisions: Decisions, command: MakeFinal, now: datetime) -> AwardMadeFinal:
    """Make an award final, or say what it still waits for."""
    lot = at(decisions, command.lot, "notified")
    recommended = lot.recommended
    assert recommended is not None
    another(command.by, recommended)
    _waited(decisions, command.lot, lot, now)
    _looked_up(decisions, recommended.vendor, command.federal)
    _as_told(recommended, command)
    return AwardMadeFinal(
        at=now,
        by=command.by,
        tender=recommended.tender,
        vis="public",
        lot=command.lot,
        vendor=recommended.vendor,
        amount=recommended.amount,
        rank=recommended.rank,
        reason=recommended.reason,
        recommended_by=recommended.by,
        winner=recommended.winner,
        lines=recommended.lines,
        contract=command.contract,
        keep_until=command.keep_until,
        keep_source=command.keep_source,
    )


def _waited(decisions: Decisions, name: str, lot: LotDecision, now: datetime) -> None:
    notice = lot.notice
    assert notice is not None
    if notice.until is not None and now < notice.until:
        raise Refused(
            no("NOT_OPEN", f"Bidders may protest through {notice.last_day}; the award is not final before.")
        )
    staying = [each.filed.number for each in decisions.waiting(name) if each.filed.stays]
    if staying:
        raise Refused(no("NOT_ALLOWED", f"Protest {staying[0]} stays this award; decide on it first."))


def _as_told(recommended: AwardRecommended, command: MakeFinal) -> None:
    """What becomes final is what the board and the bidders were told."""
    chosen = candidate(command.result, recommended.vendor)
    if (chosen.amount, public(chosen.lines)) != (recommended.amount, recommended.lines):
        raise Refused(no("NOT_ALLOWED", "The vendor's prices are no longer those that were recommended."))


def _looked_up(decisions: Decisions, vendor: str, federal: bool) -> None:
    last = decisions.checks.get(vendor, [])[-1:]
    if last and not last[0].clear:
        raise Refused(
            no(
                "NOT_ADMITTED",
                "The last look-up found this vendor among excluded parties. Record a newer one, or set the decision aside.",
            )
        )
    if federal and not last and total(decisions, vendor) >= FEDERAL_FROM:
        raise Refused(
            no(
                "NOT_ALLOWED",
                "Federal money of $25,000 or more goes to this vendor here: record a look-up among excluded parties first.",
            )
        )


def total(decisions: Decisions, vendor: str) -> int:
    """What a vendor is recommended for in the whole event, in micros: one award in parts is one award."""
    meant = [each.recommended for each in decisions.lots.values() if each.recommended is not None]
    return sum(parse_decimal(each.amount, 6) or 0 for each in meant if each.vendor == vendor)


def checked(decisions: Decisions, command: RecordCheck, now: datetime) -> ExclusionChecked:
    """Record a look-up of a vendor that is recommended."""
    meant = [each.recommended for each in decisions.lots.values() if each.recommended is not None]
    if all(each.vendor != command.vendor for each in meant):
        raise Refused(no("UNKNOWN_VENDOR", "This vendor is recommended for no lot of this event."))
    day = past_day(command.day, command.today, "The day of the look-up")
    if day < command.since:
        raise Refused(
            no(
                "BAD_COMMAND",
                f"A look-up from before {command.since} says nothing of today; look the vendor up again.",
            )
        )
    return ExclusionChecked(
        at=now,
        by=command.by,
        vendor=command.vendor,
        day=command.day,
        source=words(command.source, "Say where the vendor was looked up.", LONGEST_NAME),
        clear=command.clear,
        note=command.note.strip()[:LONGEST_NAME],
    )
