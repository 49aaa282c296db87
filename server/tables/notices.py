"""Notices: what was written to whom and what became of it, who follows which event, and what each person wants to hear."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from server.tables.base import Base


class NoticeRow(Base):
    """One notice to one person: `key` says what it is about and to whom, so that it stands here once, however often it is put.

    `state` is waiting, failed (with its `reason`; it is tried again at `next_at`), sent, or given up (with its reason);
    `about` is the consortium whose matter it is, if it is one's.
    """

    __tablename__ = "notice"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(unique=True)
    notice: Mapped[str]
    address: Mapped[str] = mapped_column(index=True)
    about: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str | None]
    put_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(index=True)
    tries: Mapped[int]
    next_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    reason: Mapped[str | None]


class FollowRow(Base):
    """A person who follows an event."""

    __tablename__ = "follow"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    event_id: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]


class ChoiceRow(Base):
    """Whether a person wants a kind of notice; `event_id` is empty where it is meant for all events."""

    __tablename__ = "notice_choice"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    notice: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(primary_key=True)
    wanted: Mapped[bool]
