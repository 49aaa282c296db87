"""Files that are kept by their content, and who may read each of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from server.tables.base import Base


class FileRow(Base):
    """A file's content: `hash` is its SHA-256 in hex, `size` counts bytes, `media` is what it is seen to be."""

    __tablename__ = "file"
    hash: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    media: Mapped[str]
    kept_at: Mapped[datetime]


class FileLink(Base):
    """A use of a file: under which name, by which stream or organisation, and for which audience to read."""

    __tablename__ = "file_link"
    hash: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str] = mapped_column(primary_key=True)
    audience: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
