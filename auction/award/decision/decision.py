"""From a recommendation to a final award: the decider of the stream `decision/<id>`.

A lead recommends; a board decides; every bidder is told at one instant; bidders may protest until the last second of the window;
and a person makes the award final. Nothing becomes final by itself, and whoever recommended does none of the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from datetime import datetime
from typing import Any

from auction.award.decision import deciding, finality, protesting, recommending
from auction.award.decision.asking import words
from auction.award.decision.facts import (
    AwardMadeFinal,
    AwardRecommended,
    BoardDecided,
    Decisions,
    DecisionSetAside,
    ExclusionChecked,
    HoldLifted,
    HoldPlaced,
    IntentNotified,
    LotDecision,
    PriceFoundReasonable,
    Protest,
    ProtestDecided,
    ProtestFiled,
    ProtestWithdrawn,
    RecommendationTakenBack,
)
from auction.award.decision.words import (
    DecideProtest,
    FileProtest,
    FindReasonable,
    GiveNotice,
    LiftHold,
    MakeFinal,
    PlaceHold,
    Recommend,
    RecordBoard,
    RecordCheck,
    SetAside,
    TakeBack,
    WithdrawProtest,
)
from auction.kernel import Command, Event, Refused
from auction.refusals import Refusal, no


def initial() -> Decisions:
    """Return nothing decided."""
    return Decisions()


def _place(decisions: Decisions, command: PlaceHold, now: datetime) -> HoldPlaced:
    if decisions.hold is not None:
        raise Refused(no("NOT_ALLOWED", "The file is held already."))
    return HoldPlaced(at=now, by=command.by, reason=words(command.reason, "Say in words why it is held."))


def _lift(decisions: Decisions, command: LiftHold, now: datetime) -> HoldLifted:
    if decisions.hold is None:
        raise Refused(no("NOT_ALLOWED", "Nobody placed a hold on the file."))
    return HoldLifted(at=now, by=command.by, reason=words(command.reason, "Say in words why it is lifted."))


ANSWERS: dict[type[Command], Callable[[Decisions, Any, datetime], Event]] = {
    FindReasonable: recommending.found_reasonable,
    Recommend: recommending.recommended,
    TakeBack: recommending.taken_back,
    RecordBoard: deciding.board,
    GiveNotice: deciding.notice,
    SetAside: deciding.set_aside,
    FileProtest: protesting.filed,
    WithdrawProtest: protesting.withdrawn,
    RecordCheck: finality.checked,
    MakeFinal: finality.made_final,
    PlaceHold: _place,
    LiftHold: _lift,
}
"""Each command with the rule that answers it by one event; a protest's decision may come to two."""


def decide(decisions: Decisions, command: Command, now: datetime) -> Generator[Event, None, Event]:
    """Judge one command and return what it led to first."""
    if isinstance(command, DecideProtest):
        first, *more = protesting.decided(decisions, command, now)
        yield first
        yield from more
        return first
    answer = ANSWERS.get(type(command))
    if answer is None:
        raise Refused(no("BAD_COMMAND"))
    made = answer(decisions, command, now)
    yield made
    return made


def evolve(decisions: Decisions, event: Event) -> Decisions:
    """Write one event down."""
    write = WRITES.get(type(event))
    if write is not None:
        write(decisions, event)
    return decisions


def _lot(decisions: Decisions, lot: str) -> LotDecision:
    return decisions.lots.setdefault(lot, LotDecision())


def _reasonable(decisions: Decisions, event: PriceFoundReasonable) -> None:
    _lot(decisions, event.lot).reasonable = event


def _recommended(decisions: Decisions, event: AwardRecommended) -> None:
    _lot(decisions, event.lot).recommended = event


def _decided(decisions: Decisions, event: BoardDecided) -> None:
    for lot in event.lots:
        if event.approved:
            _lot(decisions, lot).board = event
        else:
            _open_again(decisions, lot, event)


def _told(decisions: Decisions, event: IntentNotified) -> None:
    decisions.notices.append(event)
    for each in event.lots:
        _lot(decisions, each.lot).notice = event


def _open_again(
    decisions: Decisions, lot: str, why: DecisionSetAside | RecommendationTakenBack | BoardDecided
) -> None:
    kept = _lot(decisions, lot).reasonable
    decisions.lots[lot] = LotDecision(reasonable=kept, set_aside=why)


def _set_aside(decisions: Decisions, event: DecisionSetAside) -> None:
    for protest in decisions.waiting(event.lot):
        protest.overtaken = event
    _open_again(decisions, event.lot, event)


def _filed(decisions: Decisions, event: ProtestFiled) -> None:
    decisions.protests[event.number] = Protest(event)


def _heard(decisions: Decisions, event: ProtestDecided) -> None:
    decisions.protests[event.number].decided = event


def _withdrawn(decisions: Decisions, event: ProtestWithdrawn) -> None:
    decisions.protests[event.number].withdrawn = event


def _checked(decisions: Decisions, event: ExclusionChecked) -> None:
    decisions.checks.setdefault(event.vendor, []).append(event)


def _final(decisions: Decisions, event: AwardMadeFinal) -> None:
    _lot(decisions, event.lot).final = event


def _held(decisions: Decisions, event: HoldPlaced) -> None:
    decisions.hold = event


def _lifted(decisions: Decisions, event: HoldLifted) -> None:
    decisions.hold = None


WRITES: dict[type[Event], Callable[[Decisions, Any], None]] = {
    PriceFoundReasonable: _reasonable,
    AwardRecommended: _recommended,
    RecommendationTakenBack: lambda decisions, event: _open_again(decisions, event.lot, event),
    BoardDecided: _decided,
    IntentNotified: _told,
    ProtestFiled: _filed,
    ProtestWithdrawn: _withdrawn,
    ProtestDecided: _heard,
    DecisionSetAside: _set_aside,
    ExclusionChecked: _checked,
    HoldPlaced: _held,
    HoldLifted: _lifted,
    AwardMadeFinal: _final,
}
"""How each event is written down."""


def refusal(decisions: Decisions, command: Command, reason: Refusal, now: datetime) -> Iterator[Event]:
    """Refusals are answered, not written."""
    return iter(())
