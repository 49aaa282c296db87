"""The read model of tenders."""

from __future__ import annotations

from datetime import datetime
from typing import Any

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
