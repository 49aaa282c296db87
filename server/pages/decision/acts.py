"""Acts: each form of the way to a final award, read into the command that it asks for and the words that follow."""

from __future__ import annotations

from datetime import datetime

import msgspec
from litestar.datastructures import FormMultiDict, UploadFile

from auction.award.decision.words import (
    DecideProtest,
    FindReasonable,
    LiftHold,
    PlaceHold,
    Recommend,
    RecordBoard,
    RecordCheck,
    SetAside,
    TakeBack,
)
from auction.kernel import Command
from auction.tender.solicitation import Document
from server import deciding
from server.awarding import day_at
from server.pages.answering import plain
from server.pages.ending import ended, knows_lot
from server.pages.showing import Shown
from server.parts import Parts


class Asking(msgspec.Struct, frozen=True):
    """One form with what it is about: who sent it, on which event, and when."""

    parts: Parts
    shown: Shown
    by: str
    form: FormMultiDict
    now: datetime

    def said(self, field: str) -> str:
        """What a field said."""
        value = self.form.get(field, "")
        return value.replace("\r\n", "\n") if isinstance(value, str) else ""

    def number(self, field: str) -> int:
        """A whole number, 0 for anything else."""
        said = self.said(field)
        return int(said) if said.isascii() and said.isdecimal() and len(said) < 9 else 0

    def lot(self) -> str:
        """The lot that a form is about."""
        lot = self.said("lot")
        if not knows_lot(self.shown, lot):
            raise plain(404, "There is no such lot in this event.")
        return lot

    def lots(self) -> tuple[str, ...]:
        """The lots that were ticked."""
        ticked = tuple(str(each) for each in self.form.getall("lots", []))
        if not all(knows_lot(self.shown, each) for each in ticked):
            raise plain(404, "There is no such lot in this event.")
        return ticked


class Done(msgspec.Struct, frozen=True):
    """A command, what is said once it is carried out, and a paper that everybody may read then."""

    command: Command
    told: str
    paper: Document | None = None


async def _recommend(asking: Asking) -> Done:
    lot = asking.lot()
    command = Recommend(
        by=asking.by,
        lot=lot,
        vendor=asking.said("vendor"),
        reason=asking.said("reason"),
        result=ended(asking.shown, lot),
        tender=asking.shown.document.number,
    )
    return Done(command, "Recommended. A second person records what the board decides.")


async def _reasonable(asking: Asking) -> Done:
    lot = asking.lot()
    command = FindReasonable(
        by=asking.by, lot=lot, basis=asking.said("basis"), result=ended(asking.shown, lot)
    )
    return Done(command, "Recorded. The lone bidder can be recommended now.")


async def _take_back(asking: Asking) -> Done:
    command = TakeBack(by=asking.by, lot=asking.lot(), reason=asking.said("reason"))
    return Done(command, "Taken back. The lot can be recommended anew.")


async def _look_up(asking: Asking) -> Done:
    document = asking.shown.document
    command = RecordCheck(
        by=asking.by,
        vendor=asking.said("vendor"),
        day=asking.said("day"),
        source=asking.said("source"),
        clear=asking.said("found") == "no",
        today=day_at(document, asking.now),
        since=deciding.first_look_up(document, asking.now),
        note=asking.said("note"),
    )
    return Done(command, "The look-up is recorded.")


async def _hold(asking: Asking) -> Done:
    return Done(PlaceHold(by=asking.by, reason=asking.said("reason")), "The file is held.")


async def _lift(asking: Asking) -> Done:
    return Done(LiftHold(by=asking.by, reason=asking.said("reason")), "The hold is lifted.")


async def _board(asking: Asking) -> Done:
    approved, paper = asking.said("approved") == "yes", await _paper(asking)
    command = RecordBoard(
        by=asking.by,
        lots=asking.lots(),
        approved=approved,
        body=asking.said("body"),
        day=asking.said("day"),
        resolution=asking.said("resolution"),
        today=day_at(asking.shown.document, asking.now),
        paper=paper,
        reason=asking.said("reason"),
    )
    told = "Now tell the bidders." if approved else "The lots can be recommended anew."
    return Done(command, f"The board’s decision is recorded. {told}", paper)


async def _paper(asking: Asking) -> Document | None:
    """Keep the resolution that was attached; raises `Faulty`."""
    given = asking.form.get("paper")
    if not isinstance(given, UploadFile) or not given.filename:
        return None
    return await asking.parts.files.keep(given.filename, await given.read())


async def _notice(asking: Asking) -> Done:
    shown, held = asking.shown, deciding.decisions(asking.parts, asking.shown.id)
    profile = asking.parts.jurisdictions.get(shown.document.jurisdiction)
    waiting = [each.id for each in shown.document.lots if held.of(each.id).stage == "approved"]
    results = tuple(ended(shown, lot) for lot in waiting)
    command = deciding.notice(shown.document, profile, held, results, asking.by, asking.now)
    return Done(command, "All bidders are told.")


async def _protest(asking: Asking) -> Done:
    command = DecideProtest(
        by=asking.by,
        number=asking.number("number"),
        upheld=asking.said("upheld") == "yes",
        decided_by=asking.said("decided_by"),
        reasons=asking.said("reasons"),
    )
    return Done(command, "The decision is recorded, and the bidders are told.")


async def _set_aside(asking: Asking) -> Done:
    command = SetAside(by=asking.by, lot=asking.lot(), reason=asking.said("reason"))
    return Done(command, "Set aside. The lot can be recommended anew.")


async def _final(asking: Asking) -> Done:
    lot, document = asking.lot(), asking.shown.document
    profile = asking.parts.jurisdictions.get(document.jurisdiction)
    command = deciding.final(document, profile, ended(asking.shown, lot), asking.by, asking.now)
    return Done(command, "The award is final. Its contract begins, and its prices are in the price book.")


LEADS = {
    "recommend": _recommend,
    "reasonable": _reasonable,
    "take-back": _take_back,
    "look-up": _look_up,
    "hold": _hold,
    "lift": _lift,
}
"""What a lead may do."""
SECONDS = {
    "board": _board,
    "notice": _notice,
    "protest": _protest,
    "set-aside": _set_aside,
    "final": _final,
}
"""What a second person may do."""
