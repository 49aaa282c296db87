"""What makes an account safe to share and to get back: invitations, one-time links, second factors, places of districts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from server.tables.base import Base


class InvitationRow(Base):
    """An invitation with whom it was sent to; `role` is None where a district is invited, which `district` then names."""

    __tablename__ = "invitation"
    id: Mapped[str] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    email: Mapped[str]
    role: Mapped[str | None]
    district: Mapped[str]
    invited_by: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    state: Mapped[str]


class LinkRow(Base):
    """A link that works once and for a while: only the hash of its token is kept."""

    __tablename__ = "link"
    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    detail: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class FactorRow(Base):
    """A second factor of a person: `totp` with its secret and the last step that was taken; other kinds may follow."""

    __tablename__ = "factor"
    id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    secret: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    step: Mapped[int] = mapped_column(default=-1)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]


class RecoveryRow(Base):
    """A recovery code, as a hash; it works once."""

    __tablename__ = "recovery_code"
    code_hash: Mapped[bytes] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    used_at: Mapped[datetime | None]


class PlaceRow(Base):
    """Read model of a district's place in a consortium: asked, joined, declined or ended, with the reason it was told."""

    __tablename__ = "district_place"
    consortium_id: Mapped[str] = mapped_column(primary_key=True)
    district_id: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    since: Mapped[datetime]
    asked_by: Mapped[str | None]
    resolution: Mapped[str]
    reason: Mapped[str]
