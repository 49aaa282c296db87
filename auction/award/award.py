"""Awards, lot by lot: the decider of the stream `award/<id>`.

Nothing is awarded by itself, and nobody awards alone. One person proposes a ranked vendor in good standing for a closed lot, with
a reason in words; a second person confirms exactly that proposal or sends it back. An award is made once. Its line prices are the
vendor's own schedule scaled to its final total. Where a board decides, nothing is proposed here: the stream
`decision/<id>` carries the whole way, and the lot is awarded once its award is final.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import datetime
from typing import Literal

import msgspec

from auction.award.result import Candidate, Result
from auction.kernel import Command, Event, Refused
from auction.refusals import Refusal, no
from auction.tender.solicitation import Contract
from auction.terms.schedule import LinePrice

LONGEST_REASON = 2_000


class ProposeAward(Command, frozen=True):
    """Propose a vendor for a lot, given how the lot ended; `contract` holds the terms that the award would come under.

    `decision` is the solicitation's: where a board decides, nobody proposes here.
    """

    lot: str
    vendor: str
    reason: str
    result: Result
    tender: str | None = None
    contract: Contract = Contract()
    decision: Literal["direct", "board"] = "direct"


class AwardDecided(Command, frozen=True):
    """Award a lot as it was decided, now that this is final; `by` made it final. Sent again, it changes nothing."""

    lot: str
    vendor: str
    amount: str
    rank: int
    reason: str
    recommended_by: str
    tender: str | None = None
    winner: str | None = None
    lines: tuple[LinePrice, ...] = ()
    contract: Contract = Contract()


class ConfirmAward(Command, frozen=True):
    """Confirm the proposal of this place for a lot, given how the lot ended."""

    lot: str
    proposal: int
    result: Result


class SendBackAward(Command, frozen=True):
    """Send the proposal of this place back with a reason; whoever proposed it takes it back so."""

    lot: str
    proposal: int
    reason: str


class AwardProposed(Event, frozen=True, tag="award.proposed"):
    """A vendor was proposed for a lot; `winner` is whom the ranking named, `proposal` counts the lot's proposals from 1."""

    lot: str
    proposal: int
    vendor: str
    amount: str
    rank: int
    reason: str
    winner: str | None = None
    lines: tuple[LinePrice, ...] = ()
    contract: Contract = Contract()


class AwardSentBack(Event, frozen=True, tag="award.sent_back"):
    """A proposal was sent back by a second person, or taken back by whoever proposed it."""

    lot: str
    proposal: int
    reason: str


class LotAwarded(Event, frozen=True, tag="award.lot_awarded"):
    """A lot was awarded: `proposed_by` proposed it and `by` confirmed it; `winner` is whom the ranking named."""

    lot: str
    vendor: str
    amount: str
    rank: int
    reason: str
    winner: str | None = None
    lines: tuple[LinePrice, ...] = ()
    proposed_by: str | None = None
    contract: Contract = Contract()


AwardEvent = LotAwarded | AwardProposed | AwardSentBack


class Awards(msgspec.Struct):
    """The awards of one event by lot, the proposals that wait for a second person, and how each lot's last one was sent back."""

    lots: dict[str, LotAwarded] = msgspec.field(default_factory=dict)
    proposed: dict[str, AwardProposed] = msgspec.field(default_factory=dict)
    sent_back: dict[str, AwardSentBack] = msgspec.field(default_factory=dict)
    proposals: dict[str, int] = msgspec.field(default_factory=dict)


def initial() -> Awards:
    """Return no awards."""
    return Awards()


def decide(awards: Awards, command: Command, now: datetime) -> Generator[Event, None, AwardEvent]:
    """Judge one command and return what it led to."""
    made: AwardEvent
    if isinstance(command, AwardDecided) and command.lot in awards.lots:
        return awards.lots[command.lot]
    if isinstance(command, AwardDecided):
        made = _decided(command, now)
    elif isinstance(command, ProposeAward):
        made = _propose(awards, command, now)
    elif isinstance(command, ConfirmAward):
        made = _confirm(awards, command, now)
    elif isinstance(command, SendBackAward):
        made = _send_back(awards, command, now)
    else:
        raise Refused(no("BAD_COMMAND"))
    yield made
    return made


def _decided(command: AwardDecided, now: datetime) -> LotAwarded:
    return LotAwarded(
        at=now,
        by=command.by,
        tender=command.tender,
        vis="public",
        lot=command.lot,
        vendor=command.vendor,
        amount=command.amount,
        rank=command.rank,
        reason=command.reason,
        winner=command.winner,
        lines=command.lines,
        proposed_by=command.recommended_by,
        contract=command.contract,
    )


def _propose(awards: Awards, command: ProposeAward, now: datetime) -> AwardProposed:
    if command.decision == "board":
        raise Refused(
            no("NOT_ALLOWED", "A board decides on this event: recommend the award on the page “Decision”.")
        )
    chosen = _chosen(awards, command.lot, command.vendor, command.result)
    if command.lot in awards.proposed:
        raise Refused(
            no(
                "NOT_ALLOWED",
                "A proposal for this lot waits for a second person; it is confirmed or sent back first.",
            )
        )
    return AwardProposed(
        at=now,
        by=command.by,
        tender=command.tender,
        lot=command.lot,
        proposal=awards.proposals.get(command.lot, 0) + 1,
        vendor=chosen.vendor,
        amount=chosen.amount,
        rank=chosen.rank,
        reason=_words(command.reason, "An award needs its reason in words."),
        winner=command.result.winner,
        lines=public(chosen.lines),
        contract=command.contract,
    )


def _confirm(awards: Awards, command: ConfirmAward, now: datetime) -> LotAwarded:
    proposed = _waiting(awards, command.lot, command.proposal)
    if command.by == proposed.by:
        raise Refused(
            no("NOT_ALLOWED", "You proposed this award yourself; a second person has to confirm it.")
        )
    chosen = _chosen(awards, command.lot, proposed.vendor, command.result)
    if (chosen.amount, public(chosen.lines)) != (proposed.amount, proposed.lines):
        raise Refused(no("NOT_ALLOWED", "The vendor's prices are no longer those that were proposed."))
    return LotAwarded(
        at=now,
        by=command.by,
        tender=proposed.tender,
        vis="public",
        lot=proposed.lot,
        vendor=proposed.vendor,
        amount=proposed.amount,
        rank=proposed.rank,
        reason=proposed.reason,
        winner=proposed.winner,
        lines=proposed.lines,
        proposed_by=proposed.by,
        contract=proposed.contract,
    )


def _send_back(awards: Awards, command: SendBackAward, now: datetime) -> AwardSentBack:
    proposed = _waiting(awards, command.lot, command.proposal)
    reason = _words(command.reason, "Say in words why the proposal goes back.")
    return AwardSentBack(
        at=now,
        by=command.by,
        tender=proposed.tender,
        lot=command.lot,
        proposal=command.proposal,
        reason=reason,
    )


def public(lines: tuple[LinePrice, ...]) -> tuple[LinePrice, ...]:
    """Line prices as an award makes them public: second offers stay between the vendor and the consortium."""
    return tuple(msgspec.structs.replace(line, alternate=None) for line in lines)


def _waiting(awards: Awards, lot: str, proposal: int) -> AwardProposed:
    """The proposal that was looked at, if it is still the one that waits."""
    if lot in awards.lots:
        raise Refused(no("NOT_ALLOWED", "This lot has been awarded already."))
    waiting = awards.proposed.get(lot)
    if waiting is None or waiting.proposal != proposal:
        raise Refused(
            no("NOT_ALLOWED", "This proposal no longer waits; load the page again to see what does.")
        )
    return waiting


def _words(reason: str, missing: str) -> str:
    if not reason.strip():
        raise Refused(no("BAD_COMMAND", missing))
    if len(reason.strip()) > LONGEST_REASON:
        raise Refused(no("BAD_COMMAND", f"The reason may have at most {LONGEST_REASON:,} characters."))
    return reason.strip()


def _chosen(awards: Awards, lot: str, vendor: str, ended: Result) -> Candidate:
    if lot in awards.lots:
        raise Refused(
            no("NOT_ALLOWED", "This lot has been awarded already; an award cannot be taken back here.")
        )
    if ended.lot != lot or not ended.closed:
        raise Refused(no("NOT_ALLOWED", "Only a closed lot can be awarded."))
    for candidate in ended.candidates:
        if candidate.vendor == vendor:
            if candidate.suspended:
                raise Refused(no("NOT_ADMITTED", "This vendor is suspended; it cannot be awarded the lot."))
            return candidate
    raise Refused(no("UNKNOWN_VENDOR", "This vendor has no standing bid on the lot."))


def evolve(awards: Awards, event: Event) -> Awards:
    """Write one event down."""
    if isinstance(event, AwardProposed):
        awards.proposed[event.lot] = event
        awards.proposals[event.lot] = event.proposal
    elif isinstance(event, AwardSentBack):
        awards.proposed.pop(event.lot, None)
        awards.sent_back[event.lot] = event
    elif isinstance(event, LotAwarded):
        awards.proposed.pop(event.lot, None)
        awards.lots[event.lot] = event
    return awards


def refusal(awards: Awards, command: Command, reason: Refusal, now: datetime) -> Iterator[Event]:
    """Refusals to a lead are answered, not written."""
    return iter(())
