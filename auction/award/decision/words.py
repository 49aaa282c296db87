"""What may be asked of the stream `decision/<id>`. Every result, day and time is handed in; `by` is who asks."""

from __future__ import annotations

from datetime import date, datetime

from auction.award.result import Result
from auction.kernel import Command
from auction.tender.solicitation import Contract, Document
from auction.terms.protest_window import Window


class FindReasonable(Command, frozen=True):
    """Record why the price of a lone bidder is reasonable, given how its lot ended."""

    lot: str
    basis: str
    result: Result


class Recommend(Command, frozen=True):
    """Recommend a vendor for a lot to the board, given how the lot ended."""

    lot: str
    vendor: str
    reason: str
    result: Result
    tender: str | None = None


class TakeBack(Command, frozen=True):
    """Take a recommendation back before the board has decided on it."""

    lot: str
    reason: str


class RecordBoard(Command, frozen=True):
    """Record what the board decided on recommended lots; `today` is the day at the consortium, `paper` the resolution itself."""

    lots: tuple[str, ...]
    approved: bool
    body: str
    day: str
    resolution: str
    today: date
    paper: Document | None = None
    reason: str = ""


class GiveNotice(Command, frozen=True):
    """Tell all bidders of these lots what is intended.

    `last_day` is the last day to protest and `until` the first instant after it; both are empty where no window is known.
    """

    results: tuple[Result, ...]
    window: Window | None = None
    last_day: str = ""
    until: datetime | None = None
    steps: tuple[str, ...] = ()


class FileProtest(Command, frozen=True):
    """Protest the intended award of a lot, for a vendor that bid on it."""

    vendor: str
    lot: str
    grounds: str
    wanted: str


class WithdrawProtest(Command, frozen=True):
    """Take one's own protest back."""

    vendor: str
    number: int
    reason: str


class DecideProtest(Command, frozen=True):
    """Record the decision on a protest, with its reasons and who made it."""

    number: int
    upheld: bool
    decided_by: str
    reasons: str


class SetAside(Command, frozen=True):
    """Set the board's decision on a lot aside, so that the lot is open to a new recommendation."""

    lot: str
    reason: str


class RecordCheck(Command, frozen=True):
    """Record whether a vendor was found among excluded parties; `since` is the first day on which such a look-up counts."""

    vendor: str
    day: str
    source: str
    clear: bool
    today: date
    since: date
    note: str = ""


class PlaceHold(Command, frozen=True):
    """Keep the whole file beyond its time, for a reason such as an audit or a claim."""

    reason: str


class LiftHold(Command, frozen=True):
    """Lift a hold that somebody placed; an open protest holds the file by itself."""

    reason: str


class MakeFinal(Command, frozen=True):
    """Make the award of a lot final, given how the lot stands now, under these contract terms.

    `federal` says that federal money is in it; the file is kept until `keep_until`, empty where no day is on record.
    """

    lot: str
    result: Result
    contract: Contract = Contract()
    federal: bool = False
    keep_until: str = ""
    keep_source: str = ""
