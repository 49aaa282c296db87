"""What happened on the way to a final award, and what is remembered of it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from auction.kernel import Event
from auction.tender.solicitation import Contract, Document
from auction.terms.protest_window import Window
from auction.terms.schedule import LinePrice


class PriceFoundReasonable(Event, frozen=True, tag="decision.price_found_reasonable"):
    """The price of a lone bidder was found reasonable, on a basis in words."""

    lot: str
    vendor: str
    amount: str
    basis: str


class AwardRecommended(Event, frozen=True, tag="decision.award_recommended"):
    """A vendor was recommended to the board for a lot; `winner` is whom the ranking named, `alone` says that nobody else bid."""

    lot: str
    vendor: str
    amount: str
    rank: int
    reason: str
    winner: str | None = None
    lines: tuple[LinePrice, ...] = ()
    alone: bool = False


class RecommendationTakenBack(Event, frozen=True, tag="decision.recommendation_taken_back"):
    """A recommendation was taken back before the board decided on it."""

    lot: str
    reason: str


class BoardDecided(Event, frozen=True, tag="decision.board_decided"):
    """A board decided on recommended lots; `day` is its meeting's, `paper` the resolution, `by` who recorded it here."""

    lots: tuple[str, ...]
    approved: bool
    body: str
    day: str
    resolution: str
    paper: Document | None = None
    reason: str = ""


class Fared(msgspec.Struct, frozen=True):
    """How a bidder fared on a lot."""

    vendor: str
    rank: int
    amount: str
    suspended: bool = False


class Intended(msgspec.Struct, frozen=True):
    """To whom a lot is to go, why, and how every bidder fared."""

    lot: str
    vendor: str
    amount: str
    reason: str
    bidders: tuple[Fared, ...]


class IntentNotified(Event, frozen=True, tag="decision.intent_notified"):
    """All bidders were told at one instant what is intended.

    `last_day` is the last day to protest, `until` the first instant after it, `steps` how it was counted.
    """

    lots: tuple[Intended, ...]
    window: Window | None = None
    last_day: str = ""
    until: datetime | None = None
    steps: tuple[str, ...] = ()


class ProtestFiled(Event, frozen=True, tag="decision.protest_filed"):
    """A bidder protested the intended award of a lot; `stays` says that the award waits for the decision."""

    number: int
    vendor: str
    lot: str
    grounds: str
    wanted: str
    stays: bool


class ProtestWithdrawn(Event, frozen=True, tag="decision.protest_withdrawn"):
    """A bidder took its protest back."""

    number: int
    reason: str


class ProtestDecided(Event, frozen=True, tag="decision.protest_decided"):
    """A protest was upheld or dismissed, with reasons."""

    number: int
    lot: str
    upheld: bool
    decided_by: str
    reasons: str


class DecisionSetAside(Event, frozen=True, tag="decision.set_aside"):
    """What was decided on a lot was set aside, so that the lot is open again; `protest` is the number of the one upheld."""

    lot: str
    reason: str
    protest: int = 0


class ExclusionChecked(Event, frozen=True, tag="decision.exclusion_checked"):
    """A vendor was looked up among excluded parties; `clear` says that it was not found there."""

    vendor: str
    day: str
    source: str
    clear: bool
    note: str = ""


class HoldPlaced(Event, frozen=True, tag="decision.hold_placed"):
    """The file is kept beyond its time, for a reason."""

    reason: str


class HoldLifted(Event, frozen=True, tag="decision.hold_lifted"):
    """The hold on the file was lifted."""

    reason: str


class AwardMadeFinal(Event, frozen=True, tag="decision.award_made_final"):
    """The award of a lot became final, so that its contract begins; `keep_until` is the day before which the file is kept."""

    lot: str
    vendor: str
    amount: str
    rank: int
    reason: str
    recommended_by: str
    winner: str | None = None
    lines: tuple[LinePrice, ...] = ()
    contract: Contract = Contract()
    keep_until: str = ""
    keep_source: str = ""


DecisionEvent = (
    PriceFoundReasonable
    | AwardRecommended
    | RecommendationTakenBack
    | BoardDecided
    | IntentNotified
    | ProtestFiled
    | ProtestWithdrawn
    | ProtestDecided
    | DecisionSetAside
    | ExclusionChecked
    | HoldPlaced
    | HoldLifted
    | AwardMadeFinal
)
Stage = Literal["open", "recommended", "approved", "notified", "final"]


class LotDecision(msgspec.Struct):
    """How far one lot has come since it was last opened to a recommendation, and how it was set aside before."""

    recommended: AwardRecommended | None = None
    board: BoardDecided | None = None
    notice: IntentNotified | None = None
    final: AwardMadeFinal | None = None
    reasonable: PriceFoundReasonable | None = None
    set_aside: DecisionSetAside | RecommendationTakenBack | BoardDecided | None = None

    @property
    def stage(self) -> Stage:
        """How far it has come."""
        if self.final is not None:
            return "final"
        if self.notice is not None:
            return "notified"
        if self.board is not None:
            return "approved"
        return "recommended" if self.recommended is not None else "open"

    def intended(self, lot: str) -> Intended | None:
        """What its bidders were told."""
        told = self.notice.lots if self.notice is not None else ()
        return next((each for each in told if each.lot == lot), None)


class Protest(msgspec.Struct):
    """One protest, and what became of it; `overtaken` says that its lot was set aside for another reason."""

    filed: ProtestFiled
    decided: ProtestDecided | None = None
    withdrawn: ProtestWithdrawn | None = None
    overtaken: DecisionSetAside | None = None

    @property
    def open(self) -> bool:
        """Whether it waits for its decision."""
        return self.decided is None and self.withdrawn is None and self.overtaken is None


class Decisions(msgspec.Struct):
    """Everything decided on one event: its lots, protests by number, look-ups of excluded parties by vendor, and a hold."""

    lots: dict[str, LotDecision] = msgspec.field(default_factory=dict)
    protests: dict[int, Protest] = msgspec.field(default_factory=dict)
    checks: dict[str, list[ExclusionChecked]] = msgspec.field(default_factory=dict)
    notices: list[IntentNotified] = msgspec.field(default_factory=list)
    hold: HoldPlaced | None = None

    def of(self, lot: str) -> LotDecision:
        """How far a lot has come."""
        return self.lots.get(lot) or LotDecision()

    def waiting(self, lot: str) -> list[Protest]:
        """The protests against a lot that wait for their decision."""
        return [each for each in self.protests.values() if each.filed.lot == lot and each.open]

    @property
    def held(self) -> bool:
        """Whether the file must be kept whatever its time: somebody said so, or a protest is open."""
        return self.hold is not None or any(each.open for each in self.protests.values())
