"""The database's tables beside the journal: people and their sessions, and read models that can be rebuilt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, BigInteger, Dialect, ForeignKey, LargeBinary, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware time, kept exactly as microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Write."""
        return None if value is None else (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Read."""
        return None if value is None else EPOCH + int(value) * MICROSECOND


class Base(DeclarativeBase):
    """All tables of the house."""

    metadata = MetaData()
    type_annotation_map = {
        datetime: Instant,
        str: String,
        bytes: LargeBinary,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


class Meta(Base):
    """Facts about this database: `demo` is "1" in a demonstration, `secret` signs the forms' tokens."""

    __tablename__ = "meta"
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class Organisation(Base):
    """A vendor, a consortium or a district; a vendor's id is its id in the engine."""

    __tablename__ = "organisation"
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Person(Base):
    """Somebody who can sign in; without a password hash only a demonstration's door is open."""

    __tablename__ = "person"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str | None]


class Membership(Base):
    """What a person may be in an organisation."""

    __tablename__ = "membership"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    role: Mapped[str]


class SessionRow(Base):
    """A signed-in browser: only the hash of its token is kept."""

    __tablename__ = "session"
    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[str]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class EventRow(Base):
    """Read model of `tender/<id>`; `document` is the solicitation as JSON."""

    __tablename__ = "event"
    id: Mapped[str] = mapped_column(primary_key=True)
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
