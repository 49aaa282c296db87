"""Happening: what happened on the way to a final award, oldest first, in the words that each reader may read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from auction.award.decision.facts import (
    AwardMadeFinal,
    AwardRecommended,
    BoardDecided,
    DecisionEvent,
    DecisionSetAside,
    ExclusionChecked,
    HoldLifted,
    HoldPlaced,
    IntentNotified,
    PriceFoundReasonable,
    ProtestDecided,
    ProtestFiled,
    ProtestWithdrawn,
    RecommendationTakenBack,
)
from auction.kernel import Event
from auction.tender.solicitation import Document, Solicitation
from server.pages.showing import Shown, vendor_name
from server.parts import Parts
from server.presenting import day, money

PUBLIC = (
    BoardDecided,
    IntentNotified,
    ProtestFiled,
    ProtestWithdrawn,
    ProtestDecided,
    DecisionSetAside,
    AwardMadeFinal,
)
"""What everybody may know of the way; the rest is the consortium's own."""
_READ: msgspec.json.Decoder[DecisionEvent] = msgspec.json.Decoder(DecisionEvent)


class Line(msgspec.Struct, frozen=True):
    """One thing that happened: when, what, and more of it in words."""

    at: datetime
    title: str
    words: str = ""
    paper: Document | None = None


def happened(parts: Parts, shown: Shown, names: Mapping[str, str], inside: bool) -> list[Line]:
    """What happened, oldest first; `inside` tells the consortium's own steps and names too."""
    entries = parts.journal.read(f"decision/{shown.id}")
    facts = [_READ.decode(each.body) for each in entries]
    return [line for fact in facts for line in _line(shown.document, fact, names, inside)]


def _line(document: Solicitation, fact: Event, names: Mapping[str, str], inside: bool) -> Iterator[Line]:
    tell = TELLS.get(type(fact))
    if tell is None or not (inside or isinstance(fact, PUBLIC)):
        return
    line = tell(document, fact, inside)
    by = names.get(fact.by)
    yield (
        msgspec.structs.replace(line, words=f"{line.words} Recorded by {by}.".strip())
        if inside and by
        else line
    )


def _titles(document: Solicitation, ids: tuple[str, ...]) -> str:
    found = {each.id: each.title for each in document.lots}
    return ", ".join(found.get(each, each) for each in ids)


def _recommended(document: Solicitation, fact: AwardRecommended, _: bool) -> Line:
    who, much = vendor_name(document, fact.vendor), money(fact.amount, document.currency)
    return Line(
        fact.at,
        f"{_titles(document, (fact.lot,))}: recommended to the board",
        f"{who} at {much}. {fact.reason}",
    )


def _reasonable(document: Solicitation, fact: PriceFoundReasonable, _: bool) -> Line:
    title = f"{_titles(document, (fact.lot,))}: the lone bidder's price was found reasonable"
    return Line(fact.at, title, fact.basis)


def _board(document: Solicitation, fact: BoardDecided, _: bool) -> Line:
    what = "approved" if fact.approved else "did not approve"
    said = f"{_titles(document, fact.lots)}. Meeting of {day(fact.day)}, resolution {fact.resolution}. {fact.reason}"
    return Line(fact.at, f"{fact.body} {what} the recommendation", said.strip(), fact.paper)


def _told(document: Solicitation, fact: IntentNotified, _: bool) -> Line:
    who = "; ".join(
        f"{_titles(document, (each.lot,))} to {vendor_name(document, each.vendor)} at {money(each.amount, document.currency)}"
        for each in fact.lots
    )
    counted = " ".join(fact.steps) or "No time to protest is on record."
    return Line(fact.at, "All bidders were told what is intended", f"{who}. {counted}")


def _filed(document: Solicitation, fact: ProtestFiled, inside: bool) -> Line:
    who = f"By {vendor_name(document, fact.vendor)}." if inside else ""
    stays = " The award waits for the decision." if fact.stays else ""
    return Line(
        fact.at, f"Protest {fact.number} on {_titles(document, (fact.lot,))}", f"{who}{stays}".strip()
    )


def _decided(document: Solicitation, fact: ProtestDecided, _: bool) -> Line:
    verdict = "upheld" if fact.upheld else "dismissed"
    return Line(fact.at, f"Protest {fact.number} was {verdict} by {fact.decided_by}", fact.reasons)


def _withdrawn(_: Solicitation, fact: ProtestWithdrawn, inside: bool) -> Line:
    return Line(fact.at, f"Protest {fact.number} was taken back", fact.reason if inside else "")


def _aside(document: Solicitation, fact: DecisionSetAside, _: bool) -> Line:
    return Line(fact.at, f"{_titles(document, (fact.lot,))}: the decision was set aside", fact.reason)


def _back(document: Solicitation, fact: RecommendationTakenBack, _: bool) -> Line:
    return Line(fact.at, f"{_titles(document, (fact.lot,))}: the recommendation was taken back", fact.reason)


def _checked(document: Solicitation, fact: ExclusionChecked, _: bool) -> Line:
    found = "was not found" if fact.clear else "was found"
    said = f"Looked up on {day(fact.day)} in {fact.source}. {fact.note}"
    return Line(fact.at, f"{vendor_name(document, fact.vendor)} {found} among excluded parties", said.strip())


def _final(document: Solicitation, fact: AwardMadeFinal, inside: bool) -> Line:
    who, much = vendor_name(document, fact.vendor), money(fact.amount, document.currency)
    kept = f" The file is kept until {day(fact.keep_until)} ({fact.keep_source})." if fact.keep_until else ""
    return Line(fact.at, f"{_titles(document, (fact.lot,))}: the award is final", f"{who} at {much}.{kept}")


TELLS: dict[type[Event], Callable[[Solicitation, Any, bool], Line]] = {
    PriceFoundReasonable: _reasonable,
    AwardRecommended: _recommended,
    RecommendationTakenBack: _back,
    BoardDecided: _board,
    IntentNotified: _told,
    ProtestFiled: _filed,
    ProtestWithdrawn: _withdrawn,
    ProtestDecided: _decided,
    DecisionSetAside: _aside,
    ExclusionChecked: _checked,
    HoldPlaced: lambda _, fact, inside: Line(fact.at, "The file is held", fact.reason),
    HoldLifted: lambda _, fact, inside: Line(fact.at, "The hold was lifted", fact.reason),
    AwardMadeFinal: _final,
}
"""How each step is told."""
