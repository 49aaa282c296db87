"""The price book: everything that was awarded, searched as one types, with what it saves and who may order it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from litestar import Response, get
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from auction.prices.savings import shown, total
from server.login import Identity
from server.pages.answering import Req, looked, page
from server.pages.prices.asking import Asked, asked, today
from server.parts import Parts, parts_of, signed_in
from server.prices import awards, search
from server.prices.awards import buyer, inside
from server.prices.search import A_PAGE, Finds
from server.prices.shelf import edition
from server.tables import AwardRow, ListRow, SavingRow

HTML = "text/html; charset=utf-8"
WHOLE = "~"
"""Stands for a lot that was awarded as a whole where an address names a line."""


@get("/prices", opt={"may": "read prices"})
async def prices(request: Req) -> Response[str]:
    """Search the price book; a district sees its own needs, and what it may order."""
    parts, who = parts_of(request), signed_in(request)
    identity = who.identity if who is not None else None
    question, day = asked(request, identity), today(request)
    looking = Looking(parts, question, identity, day)
    if "hx-request" in request.headers:
        return Response(await looked(request, looking.rows), media_type=HTML)
    found = await looked(request, looking.whole)
    note = str(request.query_params.get("note", ""))
    done = parts.notes.read(who.session, note) if who is not None else None
    return page(request, "prices/book.html", nav="prices", done=done, **found)


class Looking(msgspec.Struct, frozen=True):
    """One look into the price book, by one reader on one day; what it makes is kept for the book's edition."""

    parts: Parts
    question: Asked
    identity: Identity | None
    day: date

    def _key(self, session: Session) -> tuple[object, ...]:
        """Everything that the rows and their head are made of."""
        who = self.identity
        reader = (buyer(who), who.consortia, who.organisation_name) if who is not None else ()
        return (edition(session), self.day, self.question.wanted, reader)

    def rows(self, session: Session) -> str:
        """The rows as HTML."""
        return self._rows(session, self._key(session))

    def _rows(self, session: Session, key: tuple[object, ...]) -> Markup:
        return self.parts.shelf.take(
            ("rows", *key), lambda: self._made("prices/_rows.html", self._found(session))
        )

    def _made(self, template: str, context: dict[str, Any]) -> Markup:
        return Markup(self.parts.templates.get_template(template).render(**context))

    def whole(self, session: Session) -> dict[str, Any]:
        """What the whole page is made of."""
        key = self._key(session)
        return {
            "rows": self._rows(session, key),
            "head": self.parts.shelf.take(
                ("head", *key), lambda: self._made("prices/_head.html", self._head(session, key))
            ),
            "lists": open_lists(session, self.identity),
            "buyer": buyer(self.identity) is not None,
        }

    def _found(self, session: Session) -> dict[str, Any]:
        question = self.question
        finds = search.find(session, question.wanted, self.day)
        if not finds.rows and question.wanted.page > 1:
            question = _first(question)
            finds = search.find(session, question.wanted, self.day)
        return {
            "q": question.wanted.q,
            "fields": question.fields,
            "address": question.address,
            "rows": rows(session, finds, self.identity, self.day),
            "found": finds.count,
            "more": finds.more,
            "instead": finds.instead,
            "page_no": question.wanted.page,
            "pages": max(1, -(-min(finds.count, search.MOST) // A_PAGE)),
            "onward": len(finds.rows) == A_PAGE and finds.more,
            "buyer": buyer(self.identity) is not None,
        }

    def _head(self, session: Session, key: tuple[object, ...]) -> dict[str, Any]:
        """The figures and filters; the figures are the same whatever is looked for."""
        scope = (key[0], self.day, self.question.wanted.owners, *key[3:])
        told = self.parts.shelf.take(
            ("scope", *scope), lambda: _whole(session, self.question, self.identity, self.day)
        )
        return told | {
            "q": self.question.wanted.q,
            "fields": self.question.fields,
            "buyer": buyer(self.identity) is not None,
        }


def _first(question: Asked) -> Asked:
    return Asked(msgspec.structs.replace(question.wanted, page=1), question.fields)


def rows(session: Session, finds: Finds, identity: Identity | None, day: date) -> list[dict[str, Any]]:
    """The rows as they are shown to this reader."""
    district = buyer(identity)
    ids = [row.id for row in finds.rows]
    needs = awards.needs_of(session, ids, district) if district is not None and ids else {}
    stated = awards.stated_lots(session, district) if district is not None and ids else set()
    told = []
    for row in finds.rows:
        may = identity is not None and district is not None
        told.append(
            {
                "description": row.description,
                "brand": row.brand,
                "unit": row.unit,
                "lot_title": row.lot_title,
                "unit_price": row.unit_price,
                "baseline": row.baseline,
                "saved": percent(row.saved),
                "need": needs.get(row.id) if district is not None else row.quantity,
                "vendor_name": row.vendor_name,
                "contract": row.contract,
                "currency": row.currency,
                "ends": awards.last_day(row.ends),
                "starts": row.starts,
                "term": awards.term(row, day),
                "href": href(row.event_id, row.lot_id, row.line_id),
                "key": f"{row.event_id}/{row.lot_id}/{row.line_id}",
                "why_not": awards.refusal(identity, row, stated, day) if may and identity else None,
                "theirs": identity is not None
                and bool(identity.consortia)
                and not inside(identity, row.owner),
            }
        )
    return told


def percent(tenths: int | None) -> str | None:
    """Tenths of a per cent as they are written: -45 is -4.5."""
    if tenths is None:
        return None
    whole, part = divmod(abs(tenths), 10)
    return f"{'-' if tenths < 0 else ''}{whole}.{part}"


def href(event_id: str, lot_id: str, line_id: str) -> str:
    """The address of a line."""
    return f"/prices/{event_id}/{lot_id}/{line_id or WHOLE}"


def open_lists(session: Session, identity: Identity | None) -> list[dict[str, str]]:
    """The district's lists that are open, the one changed last first."""
    district = buyer(identity)
    if district is None:
        return []
    columns = ListRow.__table__.c
    wanted = (
        select(columns.number, columns.title)
        .where(columns.district_id == district, columns.status == "open")
        .order_by(columns.changed_at.desc())
    )
    return [{"number": row.number, "title": row.title} for row in session.execute(wanted)]


# --- the whole page ------------------------------------------------------------------------------------------------------------


def _whole(session: Session, question: Asked, identity: Identity | None, day: date) -> dict[str, Any]:
    """The figures at the head, and what can be chosen in the filters."""
    columns = AwardRow.__table__.c
    wanted = select(
        columns.owner, columns.category, columns.vendor_id, columns.vendor_name, columns.contract, columns.lot_title,
        columns.currency, columns.starts, columns.ends, columns.lines, columns.units,
    )  # fmt: skip
    owners = question.wanted.owners
    held = session.execute(wanted if owners is None else wanted.where(columns.owner.in_(owners))).all()
    return {
        "choices": choices(held),
        "figures": figures(session, held, owners, identity, day),
        "ours": identity is not None and bool(identity.consortia),
        "whose": identity.organisation_name if identity is not None and buyer(identity) is not None else None,
    }


def choices(held: Sequence[Any]) -> dict[str, list[tuple[str, str]]]:
    """What each filter can be set to, in order."""
    return {
        "category": _sorted({(row.category, row.category) for row in held if row.category}),
        "vendor": _sorted({(row.vendor_id, row.vendor_name) for row in held}),
        "contract": _sorted({(row.contract, f"{row.contract} · {row.lot_title}") for row in held}),
        "unit": _sorted({(unit, unit) for row in held for unit in row.units}),
    }


def _sorted(pairs: set[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(pairs, key=lambda pair: (pair[1].casefold(), pair))


def figures(
    session: Session, held: Sequence[Any], owners: Sequence[str] | None, identity: Identity | None, day: date
) -> dict[str, Any]:
    """The figures at the head: what the stated needs save and come to, and how many contracts there are now."""
    currency = Counter(row.currency for row in held).most_common(1)[0][0] if held else "USD"
    where = [SavingRow.basis == "stated", SavingRow.currency == currency]
    if owners is not None:
        where.append(SavingRow.owner.in_(owners))
    if (district := buyer(identity)) is not None:
        where.append(SavingRow.district_id == district)
    whole = total(each.sum for each in awards.saved(session, *where))
    terms = Counter(awards.term(row, day) for row in held)
    return {
        "currency": currency,
        "lines": sum(row.lines for row in held),
        "current": terms["current"] + terms["ending"],
        "ending": terms["ending"],
        "saved": shown(whole.saved) if whole.before else None,
        "percent": whole.percent,
        "value": shown(whole.spent) if whole.lines else None,
    }


ROUTES = [prices]
