"""Prozorro's own form of a tender, as its interface and its auction workers write it: bare, or within `data`.

Titles and descriptions are taken in the language that carries no suffix; translations are listed. The smallest step is
that of the only lot; where there are several, the tender's, else the smallest of theirs, for a draft has one
step. Bidders become vendors where the tender names them; the lead decides on whom to admit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auction.money import parse_amount
from auction.tender.solicitation import District, Vendor
from server.imports.draft import Imported, Origin, People, draft
from server.imports.naming import named
from server.imports.organisations import key_of, name_of, vendors_of
from server.imports.reading import told
from server.imports.source import Place, Source
from server.imports.values import amount, currency_of


def tender(file: str, value: dict[str, object]) -> Imported:
    """Make a draft of a Prozorro tender; raises `Faulty`."""
    source = Source()
    place = source.root("", value)
    if "data" in value:
        place = place.below("data")
        if not place:
            place.fault("must be the tender, an object with items, lots and more")
            told(file, source.faults)
    number = place.line("tenderID") or place.id()
    if not number:
        place.fault("is missing; give the tender its number", "tenderID")
    people = _people(place, name_of(place.below("procuringEntity")))
    return draft(Origin(file, "Prozorro tender", place, place, number), people, _step(place))


def _people(place: Place, consortium: str) -> People:
    """A central purchaser's `buyers` are its districts."""
    buyers = [buyer for buyer in place.rows("buyers") if _is_named(buyer)]
    ids = named(buyers, "district")
    districts = tuple(District(new, name_of(buyer)) for new, buyer in zip(ids, buyers, strict=True))
    known = {buyer.id(): new for new, buyer in zip(ids, buyers, strict=True) if buyer.id()}
    return People(consortium, _vendors(place), districts, known)


def _is_named(organisation: Place) -> bool:
    if not name_of(organisation):
        organisation.note("has no name, and was left out")
    return bool(name_of(organisation))


def _vendors(place: Place) -> tuple[Vendor, ...]:
    """Everyone who is named as a bidder or a supplier, once."""
    named_ones = filter(_is_named, _bidders(place))
    return vendors_of((key_of(each), name_of(each)) for each in named_ones)


def _bidders(place: Place) -> Iterator[Place]:
    for bid in place.rows("bids"):
        if not bid.value.get("tenderers"):
            bid.note("a bid that names no bidder, so no vendor was made of it", "tenderers")
        yield from bid.rows("tenderers")
    for award in place.rows("awards"):
        yield from award.rows("suppliers")


def _step(place: Place) -> str | None:
    """The one step of the draft."""
    lots, currency = place.rows("lots"), currency_of(place)
    own = amount(lots[0], "minimalStep", currency) if len(lots) == 1 else None
    return own or amount(place, "minimalStep", currency) or _smallest(lots, currency)


def _smallest(lots: Iterable[Place], currency: str) -> str | None:
    found = [step for lot in lots if (step := amount(lot, "minimalStep", currency))]
    if len(set(found)) > 1:
        for lot in lots:
            lot.note("differs between the lots; the draft has the smallest of them", "minimalStep")
    return min(found, key=lambda step: parse_amount(step) or 0, default=None)
