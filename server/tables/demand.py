"""Read models of the catalog, of calls for needs, of what districts stated, and of the lots made of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from server.tables.base import Base


class ItemRow(Base):
    """An item of a consortium's catalog; `words` is what a search looks in, `packs` pairs of a unit and what it holds."""

    __tablename__ = "item"
    consortium_id: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[str] = mapped_column(primary_key=True)
    description: Mapped[str]
    category: Mapped[str]
    unit: Mapped[str]
    packs: Mapped[list[Any]]
    retired: Mapped[bool]
    words: Mapped[str]
    __table_args__ = (Index("item_by_category", "consortium_id", "retired", "category", "item_id"),)


class CallRow(Base):
    """A call for needs; `revision` counts what districts stated, `lots` the lots that were made of it."""

    __tablename__ = "call"
    id: Mapped[str] = mapped_column(primary_key=True)
    consortium_id: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    words: Mapped[str]
    categories: Mapped[list[Any]]
    reminders: Mapped[list[Any]]
    zone: Mapped[str]
    deadline: Mapped[datetime]
    opened_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    revision: Mapped[int]
    items: Mapped[int]
    lots: Mapped[int]


class CallDistrictRow(Base):
    """A district that was asked: how many lines it stated, what they cost at the prices last paid (exact, `n/d`)."""

    __tablename__ = "call_district"
    call_id: Mapped[str] = mapped_column(primary_key=True)
    district_id: Mapped[str] = mapped_column(primary_key=True, index=True)
    lines: Mapped[int]
    spend: Mapped[str]
    changed_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]


class NeedRow(Base):
    """One line of a district's needs; `base` counts millionths of the item's base unit."""

    __tablename__ = "need"
    call_id: Mapped[str] = mapped_column(primary_key=True)
    district_id: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[str]
    quantity: Mapped[str]
    unit: Mapped[str]
    per: Mapped[str]
    base: Mapped[int] = mapped_column(BigInteger)
    ship_to: Mapped[str]
    needed_by: Mapped[str]
    paid: Mapped[str | None]
    paid_unit: Mapped[str]
    paid_per: Mapped[str]
    __table_args__ = (
        Index("need_by_item", "call_id", "item_id"),
        Index("need_by_district", "call_id", "district_id", "item_id", "ship_to", "n"),
    )


class RollupRow(Base):
    """What all districts need of one item; `spend` is exact (`n/d`), `worth` the value at the baseline, capped for ordering."""

    __tablename__ = "rollup"
    call_id: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[str] = mapped_column(primary_key=True)
    quantity: Mapped[int] = mapped_column(BigInteger)
    priced: Mapped[int] = mapped_column(BigInteger)
    spend: Mapped[str]
    lines: Mapped[int]
    baseline: Mapped[str | None]
    value: Mapped[str | None]
    worth: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (Index("rollup_by_worth", "call_id", "worth", "item_id"),)


class LotRow(Base):
    """A lot to be; `districts` counts those with needs in it, `event_id` names the event in whose draft it stands."""

    __tablename__ = "lot"
    call_id: Mapped[str] = mapped_column(primary_key=True)
    lot_id: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int]
    title: Mapped[str]
    items: Mapped[int]
    districts: Mapped[int]
    value: Mapped[str]
    unpriced: Mapped[int]
    event_id: Mapped[str | None]


class LotItemRow(Base):
    """An item in a lot, with what the lot's districts need of it."""

    __tablename__ = "lot_item"
    call_id: Mapped[str] = mapped_column(primary_key=True)
    lot_id: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[str] = mapped_column(primary_key=True)
    quantity: Mapped[int] = mapped_column(BigInteger)
    baseline: Mapped[str | None]
    value: Mapped[str | None]
    worth: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (Index("lot_item_by_worth", "call_id", "lot_id", "worth", "item_id"),)
