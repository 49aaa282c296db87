"""The draft made of a tender: what both forms have in common, and the last look at it."""

from __future__ import annotations

from typing import Any

import msgspec

from auction.money import parse_amount
from auction.tender.solicitation import District, Lot, Solicitation, Vendor, faults
from auction.terms import rules
from auction.terms.faults import Faulty
from server.imports.baselines import baselines_of
from server.imports.leftovers import unmapped
from server.imports.lots import Frame, lots_of
from server.imports.reading import told
from server.imports.source import Place
from server.imports.values import currency_of

USUAL = {
    "procurementMethod": ("open", "selective"),
    "submissionMethod": ("electronicAuction",),
    "awardCriteria": ("priceOnly", "lowestCost"),
    "procurementMethodType": ("belowThreshold", "aboveThreshold", "aboveThresholdUA", "aboveThresholdEU"),
}
"""What an event here is like; anything else is pointed out."""
UNLIKE = {
    "procurementMethod": "was not an open procedure there; the draft is an English reverse auction",
    "submissionMethod": "was not an electronic auction there; the draft is an English reverse auction",
    "awardCriteria": "was not awarded by price alone there; the draft ranks by price",
    "procurementMethodType": "is another kind of procedure there; the draft is an English reverse auction",
}


class Imported(msgspec.Struct, frozen=True):
    """A draft, and in plain words everything in its source that could not be mapped."""

    solicitation: Solicitation
    unmapped: tuple[str, ...]


class Origin(msgspec.Struct, frozen=True):
    """Where a tender comes from: the file, its form, the places of the process and of the tender, and its number."""

    file: str
    form: str
    process: Place
    tender: Place
    number: str


class People(msgspec.Struct, frozen=True):
    """Who takes part; `buyers` are the districts' ids in the draft, by those in the file."""

    consortium: str
    vendors: tuple[Vendor, ...]
    districts: tuple[District, ...] = ()
    buyers: dict[str, str] = {}


def draft(origin: Origin, people: People, step: str | None = None) -> Imported:
    """Make the draft; raises `Faulty` with everything that makes it impossible."""
    tender = origin.tender
    made = _made(origin, people, step)
    if not made.lots:
        tender.fault("are all cancelled or withdrawn; give the draft at least one", "lots")
    _point_out(tender)
    told(origin.file, tender.source.faults)
    return _checked(made, unmapped(tender.source))


def _made(origin: Origin, people: People, step: str | None) -> Solicitation:
    tender, currency = origin.tender, currency_of(origin.tender)
    title, baselines = _title(tender, origin.number), baselines_of(origin.process, currency)
    lots = lots_of(tender, Frame(title, currency, baselines, people.buyers))
    return Solicitation(
        number=origin.number,
        title=title,
        summary=tender.text("description"),
        consortium=people.consortium,
        currency=currency,
        **_times(tender),
        rules=_rules(tender, step, lots),
        lots=lots,
        vendors=people.vendors,
        districts=people.districts,
        source=f"{origin.file} ({origin.form})",
    )


def _checked(made: Solicitation, listed: tuple[str, ...]) -> Imported:
    """Look at the draft as the house would."""
    found = faults(made)
    if found:
        raise Faulty(found)
    rules.parse(made.rules, "rules")
    return Imported(msgspec.structs.replace(made, unmapped=listed), listed)


def _title(tender: Place, number: str) -> str:
    title = tender.line("title")
    if not title:
        tender.note("is missing; the draft uses the number", "title")
    return title or f"Tender {number}"


def _times(tender: Place) -> dict[str, Any]:
    """The auction's times, where they make sense; a lot's own would outlive the lead's choice, so they are listed."""
    period = tender.below("auctionPeriod")
    opens, closes = period.time("startDate"), period.time("endDate")
    if opens and closes and closes <= opens:
        period.note("is not after the start, and was left out", "endDate")
        closes = None
    return {"opens": opens, "closes": closes}


def _rules(tender: Place, step: str | None, lots: tuple[Lot, ...]) -> dict[str, Any]:
    """The default English rules, with the tender's smallest step where a second bid could still be good under it."""
    micros = parse_amount(step)
    ceilings = [ceiling for lot in lots if (ceiling := parse_amount(lot.ceiling)) is not None]
    if micros is None:
        return {"format": "english"}
    if any(micros * 2 >= ceiling for ceiling in ceilings):
        tender.note("is half of a lot's ceiling or more, so the default step stands", "minimalStep")
        return {"format": "english"}
    return {"format": "english", "decrement": {"base": "own", "amount": step}}


def _point_out(tender: Place) -> None:
    """Say where the procedure there was of another kind than an event here."""
    for name, usual in USUAL.items():
        given = tender.value.get(name)
        words = given if isinstance(given, list) else [given]
        if given and not any(word in usual for word in words if isinstance(word, str)):
            tender.note(UNLIKE[name], name)
