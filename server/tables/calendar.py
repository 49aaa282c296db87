"""The shared calendar: the days of every solicitation, planned and published."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from server.tables.base import Base


class CalendarRow(Base):
    """One date of one event; `planned` until it is published, and then only its owner's members see it."""

    __tablename__ = "calendar"
    event_id: Mapped[str] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    number: Mapped[str]
    title: Mapped[str]
    consortium: Mapped[str]
    owner: Mapped[str] = mapped_column(index=True)
    zone: Mapped[str]
    planned: Mapped[bool]
