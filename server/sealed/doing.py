"""What an officer has to do about a solicitation now: one thing at a time, for the console's home and for Today."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from auction.tender import sealed_bids
from auction.tender.tender import Tender
from bidders.box import ceremony
from bidders.box.state import Box
from server.sealed import officers

Step = Literal["key", "seat", "accept", "addendum", "check", "open", "wait", "over"]
DAY = timedelta(days=1)
WEEKEND = 5


class Doing(msgspec.Struct, frozen=True):
    """What is to be done, in words; `step` is what the console opens with, `due` by when."""

    step: Step
    words: str
    due: datetime | None = None

    @property
    def now(self) -> bool:
        """Tell whether the officer has something to do."""
        return self.step not in ("wait", "over")


def doing(tender: Tender, box: Box, person: str, now: datetime) -> Doing:
    """What one officer has to do now."""
    if tender.status == "cancelled" or box.cancelled is not None or box.over is not None:
        return Doing("over", "Nothing is left to be done.")
    if person not in box.keys:
        return _unkeyed(tender, box)
    if box.published_at is None:
        return _before(tender, box, person)
    return _running(tender, box, person, now)


def _unkeyed(tender: Tender, box: Box) -> Doing:
    if box.published_at is not None:
        return Doing(
            "wait",
            "You hold no key of it: it was published without one of yours, or you handed your seat over.",
        )
    due = sealed_bids.due(tender.document) if tender.document is not None else None
    return Doing("key", "Make your key. It cannot be published before every officer has one.", due)


def _before(tender: Tender, box: Box, person: str) -> Doing:
    mine = next((each for each in officers.seated(tender, box) if each.officer.person == person), None)
    if mine is not None and officers.sent(tender, box) and not mine.accepted:
        return Doing("accept", "Read it and accept it. It is published when every officer has.", None)
    return Doing("wait", "Your key is made. The lead sends you the solicitation once it is approved.")


def _running(tender: Tender, box: Box, person: str, now: datetime) -> Doing:
    seat, opens = officers.seat_of(box, person), ceremony.opens_at(box)
    if box.closed is None and officers.next_waits(tender, box):
        return Doing(
            "addendum", "An addendum is proposed. It is issued only with an officer’s signature.", opens
        )
    if seat is not None and now < opens and check_due(box, seat["x"], now):
        return Doing("check", "Check that your key still opens, before the day of the opening.", opens)
    stage = ceremony.stage(box)
    if seat is None or now < opens or stage is None:
        return Doing("wait", "Bids are sealed until they are opened.", opens)
    if box.meeting is None:
        return Doing("wait", "The time of the opening has come. The lead starts it.", opens)
    if (stage, seat["x"]) in box.releases:
        return Doing("wait", "You have released your shares. The opening goes on.", None)
    return Doing("open", "Release your shares, so that the bids can be opened.", opens)


def check_due(box: Box, x: int, now: datetime) -> bool:
    """Tell whether an officer should unlock the keys again: from two working days before the opening, once."""
    first = working_days_before(ceremony.opens_at(box), 2)
    last = box.health.get(x)
    return first <= now and (last is None or last < first)


def working_days_before(moment: datetime, days: int) -> datetime:
    """The moment so many working days before, Saturdays and Sundays left out."""
    while days:
        moment -= DAY
        days -= moment.weekday() < WEEKEND
    return moment
