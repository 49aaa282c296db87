"""Deciding: what is put to the desk where a board decides, with the days and times of the consortium's own zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from auction.award.decision.facts import Decisions
from auction.award.decision.words import GiveNotice, MakeFinal
from auction.award.result import Result
from auction.prices.contract import filled
from auction.tender import calendar
from auction.tender.authority import protest_window
from auction.tender.calendar import Counted
from auction.tender.solicitation import Solicitation
from auction.terms.jurisdiction import Profile
from server.awarding import day_at
from server.parts import Parts
from server.presenting import zone_of

FEDERAL = ("federal", "mixed")


def decisions(parts: Parts, event_id: str) -> Decisions:
    """What is decided on an event."""
    found = parts.desk.state(f"decision/{event_id}")
    assert isinstance(found, Decisions)
    return found


def over_at(day: date, zone: str) -> datetime:
    """The first instant after a day, in a zone."""
    return datetime.combine(day + timedelta(days=1), time(), zone_of(zone)).astimezone(UTC)


def counted(
    document: Solicitation, profile: Profile | None, held: Decisions, lots: Sequence[str], now: datetime
) -> Counted | None:
    """The last day to protest if these lots' bidders were told now; None where no time to protest is known."""
    window = protest_window(document, profile)
    boards = [held.of(lot).board for lot in lots]
    days = [date.fromisoformat(each.day) for each in boards if each is not None]
    if window is None or not days:
        return None
    holidays = profile.holidays if profile is not None else frozenset()
    return calendar.protest_until(window, holidays, day_at(document, now), max(days))


def notice(
    document: Solicitation,
    profile: Profile | None,
    held: Decisions,
    results: tuple[Result, ...],
    by: str,
    now: datetime,
) -> GiveNotice:
    """Tell the bidders of lots, with the time to protest that the law or the solicitation gives."""
    found = counted(document, profile, held, [each.lot for each in results], now)
    if found is None:
        return GiveNotice(by=by, results=results)
    return GiveNotice(
        by=by,
        results=results,
        window=protest_window(document, profile),
        last_day=found.day.isoformat(),
        until=over_at(found.day, document.zone),
        steps=found.steps,
    )


def final(
    document: Solicitation, profile: Profile | None, result: Result, by: str, now: datetime
) -> MakeFinal:
    """Make a lot's award final under the published contract terms, with the day until which the law has the file kept."""
    today = day_at(document, now)
    law = profile.of("retention") if profile is not None else None
    years = profile.retention_years if profile is not None and law is not None else None
    return MakeFinal(
        by=by,
        lot=result.lot,
        result=result,
        contract=filled(document.contract, document.number, result.lot, today),
        federal=document.funding in FEDERAL,
        keep_until=calendar.kept_until(today, years).isoformat() if years is not None else "",
        keep_source=law.source if law is not None and years is not None else "",
    )


def first_look_up(document: Solicitation, now: datetime) -> date:
    """The first day on which a look-up of excluded parties counts: the one on which bids were over."""
    return day_at(document, min(document.closes or now, now))
