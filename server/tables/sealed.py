"""Uploads of sealed attachments: which vendor brought which for which event."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from server.tables.base import Base


class SealedBlob(Base):
    """A sealed attachment that a vendor uploaded for an event: its root and length in bytes."""

    __tablename__ = "sealed_blob"
    event_id: Mapped[str] = mapped_column(primary_key=True)
    vendor_id: Mapped[str] = mapped_column(primary_key=True)
    root: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    at: Mapped[datetime]
