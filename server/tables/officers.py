"""Officers of sealed bids: their locked records, which only they can open, and what they are asked to sign together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from server.tables.base import Base


class OfficerLock(Base):
    """A locked record of an officer: `kind` is code, prf (of the passkey `cred`) or os (of one tender's keys, named by `kid`).

    `iv` and `ct` are base64url. `drilled_at` is when the officer's console last unlocked it.
    """

    __tablename__ = "officer_lock"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    person: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    cred: Mapped[str] = mapped_column(default="")
    tender: Mapped[str] = mapped_column(default="")
    kid: Mapped[str] = mapped_column(default="")
    iv: Mapped[str]
    ct: Mapped[str]
    made_at: Mapped[datetime]
    drilled_at: Mapped[datetime | None]


class OfficerAsk(Base):
    """What officers are asked to sign together: `kind` is stage, rescue or unopenable, `body` what is signed, `sigs` by seat.

    A hand-over (`kind` handover) is asked of two, and its signatures stand in its body.
    """

    __tablename__ = "officer_ask"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    event: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    body: Mapped[dict[str, Any]]
    sigs: Mapped[dict[str, Any]]
    by: Mapped[str]
    asked_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
