"""People, the organisations they belong to, and their sessions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from server.tables.base import Base


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
    email_verified_at: Mapped[datetime | None]


class Membership(Base):
    """What a person is in an organisation: one of its kind's roles."""

    __tablename__ = "membership"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True, index=True)
    role: Mapped[str]


class DistrictMember(Base):
    """A district in a consortium; `resolution` is the content hash of its board's resolution."""

    __tablename__ = "district_member"
    consortium_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    district_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    joined_at: Mapped[datetime]
    resolution: Mapped[str | None]


class SessionRow(Base):
    """A signed-in browser, with what it said of itself: only the hash of its token is kept."""

    __tablename__ = "session"
    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[str]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    agent: Mapped[str] = mapped_column(default="")
