"""The search in the price book: as one types, by the beginnings of words, then by parts of them, then by the nearest spelling."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Literal, get_args

import msgspec
from sqlalchemy import text
from sqlalchemy.orm import Session

from auction.prices.contract import SOON
from server.prices.spelling import respelled

MOST = 500
"""How many finds of a search are counted and ranked; behind them it says that there are more."""
A_PAGE = 25
LONGEST = 100
PART = 3
"""The shortest part of a word that is looked for."""
Term = Literal["current", "ending", "upcoming", "over", "all"]
Sort = Literal["best", "name", "price", "dear", "saved"]
TERMS: tuple[Term, ...] = get_args(Term)
SORTS: tuple[Sort, ...] = get_args(Sort)
ORDERS = {
    "name": "l.description, l.id",
    "price": "l.price, l.id",
    "dear": "l.price DESC, l.id DESC",
    "saved": "l.saved DESC, l.id DESC",
}


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for: words, filters, and which page; `owners` are the consortia looked into, None is all of them."""

    q: str = ""
    category: str = ""
    contract: str = ""
    vendor: str = ""
    unit: str = ""
    term: Term = "current"
    stated_by: str = ""
    owners: tuple[str, ...] | None = None
    sort: Sort = "best"
    page: int = 1


class Finds(msgspec.Struct, frozen=True):
    """A page of what was found; `count` is at most `MOST` + 1; `instead` is what was looked for in fact."""

    rows: Sequence[Any]
    count: int
    instead: str = ""

    @property
    def more(self) -> bool:
        """Tell whether there is more than was counted."""
        return self.count > MOST


def find(session: Session, wanted: Wanted, today: date) -> Finds:
    """Look the words up, each by its beginning; where nothing is found, by parts of words and by the nearest spelling."""
    words = words_of(wanted.q)
    if not words:
        return _listed(session, wanted, today)
    found = _ranked(session, wanted, today, "price_words", beginnings(words))
    if not found.count and all(len(word) >= PART for word in words):
        found = _ranked(session, wanted, today, "price_parts", (" ".join(map(quoted, words)),))
    if not found.count and (better := respelled(session, words)) is not None:
        again = _ranked(session, wanted, today, "price_words", beginnings(better))
        found = Finds(again.rows, again.count, " ".join(better) if again.count else "")
    return found


def words_of(q: str) -> list[str]:
    """The words of a search: whatever holds a letter or a digit."""
    return [word for word in q[:LONGEST].split() if any(letter.isalnum() for letter in word)]


def quoted(word: str) -> str:
    """A word as it stands, whatever it would mean to the search."""
    return '"' + word.replace('"', '""').replace("\0", "") + '"'


def beginnings(words: Sequence[str]) -> tuple[str, ...]:
    """Three matches, the best first: items that begin with the first word, items with all words, all words anywhere."""
    each = [f"{quoted(word)} *" for word in words]
    first = " AND ".join([f"description : ^ {each[0]}", *each[1:]])
    items = " AND ".join(f"description : {one}" for one in each)
    return (first, items, " AND ".join(each))


def conditions(wanted: Wanted, today: date) -> tuple[str, dict[str, Any]]:
    """The filters as SQL, with what is given to it."""
    said, given = ["1"], dict[str, Any]()
    for name, column in (
        ("category", "category"),
        ("contract", "contract"),
        ("vendor", "vendor_id"),
        ("unit", "unit"),
    ):
        if getattr(wanted, name):
            said.append(f"l.{column} = :{name}")
            given[name] = getattr(wanted, name)
    if wanted.owners is not None:
        given |= {f"owner{place}": owner for place, owner in enumerate(wanted.owners)}
        said.append(f"l.owner IN ({', '.join(f':owner{place}' for place in range(len(wanted.owners)))})")
    if wanted.stated_by:
        said.append("EXISTS (SELECT 1 FROM awarded_need n WHERE n.line = l.id AND n.district_id = :district)")
        given["district"] = wanted.stated_by
    if wanted.term != "all":
        said.append(_TERM[wanted.term])
        given["today"] = today.isoformat()
    if wanted.term == "ending":
        given["soon"] = (today + timedelta(days=SOON)).isoformat()
    return " AND ".join(said), given


_TERM = {
    "current": "l.starts <= :today AND l.ends >= :today",
    "ending": "l.starts <= :today AND l.ends >= :today AND l.ends <= :soon",
    "upcoming": "l.starts > :today",
    "over": "l.ends < :today",
}


def _listed(session: Session, wanted: Wanted, today: date) -> Finds:
    """Everything that passes the filters, in the order asked for."""
    where, given = conditions(wanted, today)
    order = ORDERS.get(wanted.sort, ORDERS["name"])
    rows = session.execute(
        text(f"SELECT l.* FROM awarded_line l WHERE {where} ORDER BY {order} LIMIT :most OFFSET :start"),
        given | _cut(wanted),
    ).all()
    counted = f"SELECT count(*) FROM (SELECT 1 FROM awarded_line l WHERE {where} LIMIT {MOST + 1})"
    return Finds(rows, int(session.execute(text(counted), given).scalar_one()))


def _cut(wanted: Wanted) -> dict[str, int]:
    return {"most": A_PAGE, "start": (wanted.page - 1) * A_PAGE}


def _ranked(session: Session, wanted: Wanted, today: date, table: str, matches: Sequence[str]) -> Finds:
    """The finds of several matches, each line once, at its best one; a sort of one's own looks at every find."""
    where, given = conditions(wanted, today)
    own = ORDERS.get(wanted.sort)
    if own is not None:
        matches = matches[-1:]
    limit = "" if own is not None else f" LIMIT {MOST + 1}"
    hits = " UNION ALL ".join(
        f"SELECT * FROM (SELECT l.id AS id, {tier} AS tier FROM {table} w CROSS JOIN awarded_line l ON l.id = w.rowid "
        f"WHERE w.{table} MATCH :match{tier} AND {where}{limit})"
        for tier in range(len(matches))
    )
    rows = session.execute(
        text(
            f"WITH hit AS (SELECT id, min(tier) AS tier FROM ({hits}) GROUP BY id) "
            "SELECT l.*, (SELECT count(*) FROM hit) AS found FROM hit JOIN awarded_line l ON l.id = hit.id "
            f"ORDER BY {own or 'hit.tier, l.description, l.id'} LIMIT :most OFFSET :start"
        ),
        given | _cut(wanted) | {f"match{tier}": match for tier, match in enumerate(matches)},
    ).all()
    return Finds(rows, min(int(rows[0].found), MOST + 1) if rows else 0)
