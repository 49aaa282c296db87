"""What was saved: a district's own, every district's for its consortium with the small ones' share, the sums for the public."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from litestar import Response, get
from litestar.params import FromQuery
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from auction.prices.savings import FIRST_MONTH, SIZES, Sum, by_size, fiscal_year, shown, total
from server.guards import may
from server.login import Identity
from server.pages.answering import Req, looked, page
from server.parts import parts_of, signed_in
from server.people.states import MONTHS
from server.prices import awards
from server.prices.awards import Saved, added, buyer
from server.prices.shelf import stand
from server.tables import AwardRow, Organisation, SavingRow

FEWEST = 3
"""In how many districts of a class none can be told from the others."""
BASES = {"stated": "stated needs", "bought": "recorded orders"}


@get("/savings", opt={"may": "read prices"})
async def savings(request: Req, year: FromQuery[str] = "", basis: FromQuery[str] = "") -> Response[str]:
    """Show what was saved, by year, lot and, for a consortium's officers, by district."""
    parts, who = parts_of(request), signed_in(request)
    identity = who.identity if who is not None else None
    chosen = basis if basis in BASES else "stated"
    reader = (buyer(identity), identity.organisation_id, identity.role) if identity is not None else ()

    def look(session: Session) -> Markup:
        def make() -> Markup:
            found = _look(session, identity, year[:7], chosen)
            fragment = parts.templates.get_template("prices/_savings.html")
            return Markup(fragment.render(basis=chosen, bases=BASES, **found))

        return parts.shelf.take(("savings", stand(session), reader, year[:7], chosen), make)

    return page(request, "prices/savings.html", nav="savings", body=await looked(request, look))


def _scope(identity: Identity | None) -> list[Any]:
    """What this reader's page counts: a district its own, a consortium its own, everybody else the public sums of all."""
    if (district := buyer(identity)) is not None:
        return [SavingRow.district_id == district]
    if identity is not None and may(identity, "see demand"):
        return [SavingRow.owner == identity.organisation_id]
    return []


def _look(session: Session, identity: Identity | None, year: str, basis: str) -> dict[str, Any]:
    rows = awards.saved(session, *_scope(identity), SavingRow.basis == basis)
    currency = Counter(row.currency for row in rows).most_common(1)[0][0] if rows else "USD"
    rows = [row for row in rows if row.currency == currency]
    officer = identity is not None and may(identity, "see demand")
    kind = "district" if buyer(identity) is not None else "officer" if officer else "public"
    districts = {row.district for row in rows}
    # One district's own year in the public sums would tell what that district saved.
    months = dict.fromkeys(districts, FIRST_MONTH) if kind == "public" else _months(session, districts)

    def year_of(row: Saved) -> str:
        return fiscal_year(date.fromisoformat(row.day), months[row.district])

    years = added(rows, year_of)
    chosen = [row for row in rows if not year or year_of(row) == year]
    return {
        "currency": currency,
        "whole": figures(total(row.sum for row in chosen)),
        "years": [{"name": name} | figures(years[name]) for name in sorted(years, reverse=True)],
        "year": year if year in years else "",
        "begins": [(MONTHS[month - 1], count) for month, count in Counter(months.values()).most_common()],
        "lots": _lots(session, chosen),
        "districts": _districts(session, chosen) if officer else None,
        "sizes": _told_to(officer, _sizes(session, chosen)),
        "bounds": [(name, below) for name, below in SIZES],
        "whose": identity.organisation_name
        if identity is not None and (officer or buyer(identity))
        else None,
        "kind": kind,
    }


def _months(session: Session, districts: set[str]) -> dict[str, int]:
    """The month with which each district's fiscal year begins, by its profile; July where it says nothing."""
    wanted = select(Organisation.id, Organisation.detail).where(Organisation.id.in_(districts))
    said = {row.id: row.detail.get("fiscal_month", FIRST_MONTH) for row in session.execute(wanted)}
    return {each: said.get(each, FIRST_MONTH) for each in districts}


def figures(whole: Sum) -> dict[str, Any]:
    """A sum as pages show it."""
    return {
        "before": shown(whole.before),
        "now": shown(whole.now),
        "saved": shown(whole.saved),
        "spent": shown(whole.spent),
        "other": shown(whole.other) if whole.other else None,
        "percent": whole.percent,
        "lines": whole.lines,
    }


def _lots(session: Session, rows: list[Saved]) -> list[dict[str, Any]]:
    """What was saved by lot, the most first."""
    sums = added(rows, lambda row: row.lot)
    columns = AwardRow.__table__.c
    wanted = select(
        columns.event_id, columns.lot_id, columns.lot_title, columns.vendor_name, columns.contract
    )
    titles = {f"{row.event_id}.{row.lot_id}": row for row in session.execute(wanted)}
    told = []
    for lot in sorted(sums, key=lambda lot: -sums[lot].saved):
        row = titles.get(lot)
        told.append(
            {
                "title": row.lot_title if row is not None else lot,
                "vendor": row.vendor_name if row is not None else "",
                "href": f"/contracts/{row.event_id}/{row.lot_id}" if row is not None else None,
            }
            | figures(sums[lot])
        )
    return told


def _enrolment(session: Session, districts: set[str]) -> tuple[dict[str, str], dict[str, int | None]]:
    """Districts' names and enrolments: as their profile says now, else as the events named them."""
    names: dict[str, str] = {}
    students: dict[str, int | None] = {}
    for (listed,) in session.execute(select(AwardRow.districts)):
        for district, name, enrolment in listed:
            names[district] = name
            students[district] = enrolment if enrolment is not None else students.get(district)
    wanted = select(Organisation.id, Organisation.name, Organisation.detail)
    for row in session.execute(wanted.where(Organisation.id.in_(districts))):
        names[row.id] = row.name
        if isinstance(row.detail.get("enrolment"), int):
            students[row.id] = row.detail["enrolment"]
    return names, students


def _districts(session: Session, rows: list[Saved]) -> list[dict[str, Any]]:
    """What each district saved, the most first, with what that is for each of its students."""
    sums = added(rows, lambda row: row.district)
    names, students = _enrolment(session, set(sums))
    return [
        {"name": names.get(each, each), "students": students.get(each)} | figures(sums[each])
        for each in sorted(sums, key=lambda each: -sums[each].saved)
    ]


def _told_to(officer: bool, sizes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Classes for everybody, where each holds so many districts that none can be read from it; else for officers alone."""
    return sizes if officer or all(each["districts"] >= FEWEST for each in sizes) else []


def _sizes(session: Session, rows: list[Saved]) -> list[dict[str, Any]]:
    """What small, medium and large districts have of the whole."""
    sums = added(rows, lambda row: row.district)
    _, students = _enrolment(session, set(sums))
    return [
        {
            "name": each.name,
            "districts": each.districts,
            "students": each.students,
            "of_saved": each.of_saved,
            "of_students": each.of_students,
            "a_student": each.a_student,
        }
        | figures(each.sum)
        for each in by_size(sums, students)
    ]


ROUTES = [savings]
