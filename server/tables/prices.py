"""Read models of awards, of the price book with its full-text search, of shopping lists, and of what is saved."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, ForeignKey, Index, event, text
from sqlalchemy.orm import Mapped, mapped_column

from server.tables.base import Base

NEVER = "9999-12-31"
"""The last day of a contract for which none was agreed."""


class AwardRow(Base):
    """An awarded lot with the contract that it became; amounts are decimal strings, days are ISO days at the consortium.

    `units` and `lines` sum up its price lines; `districts` are the names and enrolments of those that the event named.
    """

    __tablename__ = "awarded_lot"
    event_id: Mapped[str] = mapped_column(primary_key=True)
    lot_id: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(index=True)
    consortium: Mapped[str]
    number: Mapped[str]
    title: Mapped[str]
    lot_title: Mapped[str]
    category: Mapped[str]
    currency: Mapped[str]
    zone: Mapped[str]
    vendor_id: Mapped[str]
    vendor_name: Mapped[str]
    amount: Mapped[str]
    baseline: Mapped[str | None]
    reason: Mapped[str]
    proposed_by: Mapped[str | None]
    awarded_by: Mapped[str]
    awarded_at: Mapped[datetime]
    ordering: Mapped[str]
    contract: Mapped[str]
    starts: Mapped[str]
    ends: Mapped[str]
    freight: Mapped[str]
    minimum_order: Mapped[str | None]
    payment: Mapped[str]
    delivery: Mapped[str]
    renewals: Mapped[int]
    renewal_months: Mapped[int]
    renewed: Mapped[int]
    ended_reason: Mapped[str | None]
    lines: Mapped[int]
    units: Mapped[list[Any]]
    districts: Mapped[list[Any]]


class PriceLineRow(Base):
    """The price book: one row for each awarded line; `line_id` is empty where a lot was awarded as a whole.

    `price` is the unit price in micros and `saved` the saving in tenths of a per cent, both for sorting alone.
    """

    __tablename__ = "awarded_line"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    event_id: Mapped[str]
    lot_id: Mapped[str]
    line_id: Mapped[str]
    place: Mapped[int]
    owner: Mapped[str]
    category: Mapped[str]
    lot_title: Mapped[str]
    description: Mapped[str]
    brand: Mapped[str]
    unit: Mapped[str]
    quantity: Mapped[str]
    unit_price: Mapped[str]
    price: Mapped[int]
    baseline: Mapped[str | None]
    saved: Mapped[int | None]
    currency: Mapped[str]
    vendor_id: Mapped[str]
    vendor_name: Mapped[str]
    contract: Mapped[str]
    starts: Mapped[str]
    ends: Mapped[str]
    ordering: Mapped[str]


LINE = PriceLineRow.__table__
Index("awarded_line_key", LINE.c.event_id, LINE.c.lot_id, LINE.c.line_id, unique=True)
Index("awarded_line_name", LINE.c.description, LINE.c.id)
Index("awarded_line_price", LINE.c.price, LINE.c.id)
Index("awarded_line_saved", LINE.c.saved, LINE.c.id)


class PriceNeedRow(Base):
    """How much of an awarded line a district stated as its need."""

    __tablename__ = "awarded_need"
    line: Mapped[int] = mapped_column(ForeignKey("awarded_line.id"), primary_key=True)
    district_id: Mapped[str] = mapped_column(primary_key=True)
    quantity: Mapped[str]


Index("awarded_need_district", PriceNeedRow.district_id, PriceNeedRow.line)


class SavingRow(Base):
    """What a district saves on a lot: `basis` is stated (its needs) or bought (a list that was ordered, its stream in `source`).

    `day` is the date on which it counts; in which year that falls, the district's profile says when it is read.
    `before`, `now` and `other` are whole numbers of 10^-12 of the currency unit, as text: they do not fit a column of numbers.
    """

    __tablename__ = "saved_by_district"
    basis: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(primary_key=True)
    lot_id: Mapped[str] = mapped_column(primary_key=True)
    district_id: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(index=True)
    day: Mapped[str]
    currency: Mapped[str]
    before: Mapped[str]
    now: Mapped[str]
    other: Mapped[str]
    lines: Mapped[int]


class ListRow(Base):
    """A district's shopping list: its stream's name, and what the overview tells."""

    __tablename__ = "shopping_list"
    stream: Mapped[str] = mapped_column(primary_key=True)
    district_id: Mapped[str] = mapped_column(index=True)
    number: Mapped[str]
    title: Mapped[str]
    status: Mapped[str]
    lines: Mapped[int]
    changed_at: Mapped[datetime]
    ordered_on: Mapped[str | None]
    reference: Mapped[str | None]


class BoughtRow(Base):
    """How much of an awarded line a district bought with a list."""

    __tablename__ = "bought"
    stream: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(primary_key=True)
    lot_id: Mapped[str] = mapped_column(primary_key=True)
    line_id: Mapped[str] = mapped_column(primary_key=True)
    district_id: Mapped[str]
    quantity: Mapped[str]
    on: Mapped[str]


Index("bought_line", BoughtRow.event_id, BoughtRow.lot_id, BoughtRow.line_id)

WORDS = "description, brand, lot_title, vendor_name, contract, category"
NEW = ", ".join(f"new.{each}" for each in WORDS.split(", "))
SEARCH = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS price_words USING fts5("
    f"{WORDS}, tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3')",
    "CREATE VIRTUAL TABLE IF NOT EXISTS price_parts USING fts5(description, tokenize = 'trigram')",
    "CREATE VIRTUAL TABLE IF NOT EXISTS price_vocabulary USING fts5vocab('price_words', 'row')",
    "CREATE TRIGGER IF NOT EXISTS awarded_line_in AFTER INSERT ON awarded_line BEGIN "
    f"INSERT INTO price_words(rowid, {WORDS}) VALUES (new.id, {NEW}); "
    "INSERT INTO price_parts(rowid, description) VALUES (new.id, new.description); END",
    "CREATE TRIGGER IF NOT EXISTS awarded_line_out AFTER DELETE ON awarded_line BEGIN "
    "DELETE FROM price_words WHERE rowid = old.id; DELETE FROM price_parts WHERE rowid = old.id; END",
)
"""The search's own tables, kept in step with the price book by the database itself; a line's words never change."""


@event.listens_for(LINE, "after_create")
def _with_search(_: object, connection: Connection, **_more: object) -> None:
    """Make the search's tables beside the price book's own."""
    for statement in SEARCH:
        connection.execute(text(statement))
