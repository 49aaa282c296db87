"""Read models of tenders and their awards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from server.tables.base import Base


class EventRow(Base):
    """Read model of `tender/<id>`; `document` is the solicitation as JSON, `owner` the consortium's id."""

    __tablename__ = "event"
    id: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(index=True)
    number: Mapped[str]
    title: Mapped[str]
    status: Mapped[str]
    reason: Mapped[str | None]
    document: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class AwardRow(Base):
    """Read model of `award/<id>`: one row for each awarded lot; `amount` is a decimal string."""

    __tablename__ = "award"
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), primary_key=True)
    lot_id: Mapped[str] = mapped_column(primary_key=True)
    vendor_id: Mapped[str]
    vendor_name: Mapped[str]
    amount: Mapped[str]
    reason: Mapped[str]
    awarded_by: Mapped[str]
    awarded_at: Mapped[datetime]


class PriceLineRow(Base):
    """Read model of the price book: one row for each awarded line; prices and quantities are decimal strings."""

    __tablename__ = "price_line"
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), primary_key=True)
    lot_id: Mapped[str] = mapped_column(primary_key=True)
    line_id: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int]
    lot_title: Mapped[str]
    description: Mapped[str]
    unit: Mapped[str]
    quantity: Mapped[str]
    unit_price: Mapped[str]
    baseline: Mapped[str | None]
    vendor_id: Mapped[str]
    vendor_name: Mapped[str]
    needs: Mapped[list[Any]]
    contract: Mapped[str]
    currency: Mapped[str]
