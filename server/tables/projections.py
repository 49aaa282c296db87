"""How far each projection has read the journal."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from server.tables.base import Base


class Cursor(Base):
    """A projection at its version: `n` is the last entry of the journal that its rows hold."""

    __tablename__ = "projection"
    name: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    n: Mapped[int]
