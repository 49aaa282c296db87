"""What vendors keep here: drafts of line schedules, people to turn to, tax numbers; and who takes part in which event."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from server.tables.base import Base


class ScheduleDraft(Base):
    """A draft of a line schedule as a whole; `revision` counts its saves, `plan` stands for the lines it was read against.

    How many of its lines are priced, no-bids or faulty, and what they come to in 10^-12, is reckoned at each save.
    """

    __tablename__ = "schedule_draft"
    event_id: Mapped[str] = mapped_column(primary_key=True)
    vendor_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    lot_id: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int]
    plan: Mapped[str]
    saved_at: Mapped[datetime]
    saved_by: Mapped[str]
    priced: Mapped[int] = mapped_column(default=0)
    no_bids: Mapped[int] = mapped_column(default=0)
    faulty: Mapped[int] = mapped_column(default=0)
    worth: Mapped[str] = mapped_column(default="0")


class ScheduleDraftLine(Base):
    """One line of a draft as it was typed; `revision` is the save that last changed it, `worth` its extension in 10^-12."""

    __tablename__ = "schedule_draft_line"
    event_id: Mapped[str] = mapped_column(primary_key=True)
    vendor_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    lot_id: Mapped[str] = mapped_column(primary_key=True)
    line_id: Mapped[str] = mapped_column(primary_key=True)
    entry: Mapped[dict[str, Any]]
    revision: Mapped[int]
    state: Mapped[str]
    worth: Mapped[str]
    saved_at: Mapped[datetime]
    saved_by: Mapped[str]


class FiledSchedule(Base):
    """Read model of `room/<id>`: a vendor's line schedule as filed last; `lapsed` says why it no longer counts."""

    __tablename__ = "filed_schedule"
    event_id: Mapped[str] = mapped_column(primary_key=True)
    vendor_id: Mapped[str] = mapped_column(primary_key=True)
    lot_id: Mapped[str] = mapped_column(primary_key=True)
    filed_at: Mapped[datetime]
    signer: Mapped[str]
    total: Mapped[str]
    fingerprint: Mapped[str]
    times: Mapped[int]
    lapsed: Mapped[str | None]


class TakingPart(Base):
    """Read model of `admission/<id>`: how a vendor stands in an event; one that is admitted may have asked for more."""

    __tablename__ = "taking_part"
    __table_args__ = (Index("taking_part_vendor", "vendor_id"),)
    event_id: Mapped[str] = mapped_column(primary_key=True)
    vendor_id: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str]
    admitted: Mapped[bool]
    at: Mapped[datetime]
    reason: Mapped[str]


class VendorContact(Base):
    """Somebody to turn to at a vendor; personal data that the journal refers to by id."""

    __tablename__ = "vendor_contact"
    id: Mapped[str] = mapped_column(primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str]
    duty: Mapped[str]
    email: Mapped[str]
    phone: Mapped[str]
    place: Mapped[int]


class VendorTax(Base):
    """A vendor's tax number: its last four digits, and a keyed hash by which the same number is known again."""

    __tablename__ = "vendor_tax"
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    kind: Mapped[str]
    last4: Mapped[str]
    keyed_hash: Mapped[str]
    stated_at: Mapped[datetime]
    stated_by: Mapped[str]
