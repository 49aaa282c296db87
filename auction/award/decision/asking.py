"""What every step to a final award asks first: words that say something, a day that has been, the right lot and person."""

from __future__ import annotations

from datetime import date

from auction.award.decision.facts import AwardRecommended, Decisions, LotDecision, Stage
from auction.award.result import Candidate, Result
from auction.kernel import Refused
from auction.refusals import no

LONGEST = 4_000
"""So many characters a reason, a protest or a decision may have."""
LONGEST_NAME = 200
NEEDED: dict[Stage, str] = {
    "open": "This lot has been recommended already.",
    "recommended": "This lot has no recommendation that waits for the board.",
    "approved": "This lot has no decision of the board that waits for its notice.",
    "notified": "The bidders of this lot have not been told yet, or its award is final already.",
    "final": "The award of this lot is not final.",
}


def words(said: str, missing: str, most: int = LONGEST) -> str:
    """Read words that must be there."""
    kept = said.strip()
    if not kept:
        raise Refused(no("BAD_COMMAND", missing))
    if len(kept) > most:
        raise Refused(
            no("BAD_COMMAND", f"At most {most:,} characters fit; shorten it by {len(kept) - most:,}.")
        )
    return kept


def past_day(said: str, today: date, what: str) -> date:
    """Read a day that is not to come."""
    try:
        day = date.fromisoformat(said)
    except ValueError:
        raise Refused(no("BAD_COMMAND", f"{what} must be a day, such as 2026-11-25.")) from None
    if day > today:
        raise Refused(no("BAD_COMMAND", f"{what} is still to come; record it once it has been."))
    return day


def at(decisions: Decisions, lot: str, stage: Stage) -> LotDecision:
    """A lot that has come just so far."""
    found = decisions.of(lot)
    if found.stage != stage:
        raise Refused(no("NOT_ALLOWED", NEEDED[stage]))
    return found


def another(by: str, recommended: AwardRecommended | None) -> None:
    """Whoever recommended an award neither decides on it nor makes it final."""
    if recommended is not None and recommended.by == by:
        raise Refused(
            no("NOT_ALLOWED", "You recommended this award yourself; a second person has to do this.")
        )


def closed(lot: str, ended: Result) -> None:
    """Only a closed lot is decided on."""
    if ended.lot != lot or not ended.closed:
        raise Refused(no("NOT_ALLOWED", "Only a closed lot can be decided on."))


def in_good_standing(ended: Result) -> list[Candidate]:
    """The bidders that a lot can be awarded to."""
    return [each for each in ended.candidates if not each.suspended]


def candidate(ended: Result, vendor: str) -> Candidate:
    """A bidder in good standing."""
    for each in ended.candidates:
        if each.vendor == vendor and each.suspended:
            raise Refused(no("NOT_ADMITTED", "This vendor is suspended; it cannot be awarded the lot."))
        if each.vendor == vendor:
            return each
    raise Refused(no("UNKNOWN_VENDOR", "This vendor has no standing bid on the lot."))
