"""Recommending: a lead names a vendor for a closed lot with a reason; a lone bidder's price is first found reasonable."""

from __future__ import annotations

from datetime import datetime

from auction.award.award import public
from auction.award.decision.asking import at, candidate, closed, in_good_standing, words
from auction.award.decision.facts import (
    AwardRecommended,
    Decisions,
    PriceFoundReasonable,
    RecommendationTakenBack,
)
from auction.award.decision.words import FindReasonable, Recommend, TakeBack
from auction.award.result import Candidate
from auction.kernel import Refused
from auction.refusals import no


def found_reasonable(decisions: Decisions, command: FindReasonable, now: datetime) -> PriceFoundReasonable:
    """Record that the only price is a reasonable one."""
    at(decisions, command.lot, "open")
    closed(command.lot, command.result)
    bidders = in_good_standing(command.result)
    if len(bidders) != 1:
        raise Refused(no("NOT_ALLOWED", "Only the price of a lone bidder needs this; this lot has none."))
    basis = words(command.basis, "Say what the price was compared with, and what was found.")
    return PriceFoundReasonable(
        at=now,
        by=command.by,
        lot=command.lot,
        vendor=bidders[0].vendor,
        amount=bidders[0].amount,
        basis=basis,
    )


def recommended(decisions: Decisions, command: Recommend, now: datetime) -> AwardRecommended:
    """Recommend a bidder in good standing to the board."""
    at(decisions, command.lot, "open")
    closed(command.lot, command.result)
    chosen = candidate(command.result, command.vendor)
    alone = len(in_good_standing(command.result)) == 1
    if alone:
        _reasonable(decisions, command.lot, chosen)
    return AwardRecommended(
        at=now,
        by=command.by,
        tender=command.tender,
        lot=command.lot,
        vendor=chosen.vendor,
        amount=chosen.amount,
        rank=chosen.rank,
        reason=words(command.reason, "A recommendation needs its reason in words."),
        winner=command.result.winner,
        lines=public(chosen.lines),
        alone=alone,
    )


def _reasonable(decisions: Decisions, lot: str, chosen: Candidate) -> None:
    found = decisions.of(lot).reasonable
    if found is None or (found.vendor, found.amount) != (chosen.vendor, chosen.amount):
        raise Refused(
            no("NOT_ALLOWED", "There is one bidder alone: record first why its price is reasonable.")
        )


def taken_back(decisions: Decisions, command: TakeBack, now: datetime) -> RecommendationTakenBack:
    """Take a recommendation back."""
    at(decisions, command.lot, "recommended")
    reason = words(command.reason, "Say in words why the recommendation is taken back.")
    return RecommendationTakenBack(at=now, by=command.by, lot=command.lot, reason=reason)
