"""Officers' locked records: kept for them, of no use to anybody who has neither their recovery code nor their passkey."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import msgspec
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from auction.terms.faults import Fault, Faulty
from bidders.sealing.encoding import BadEncoding, unb64u
from server.parts import Parts
from server.tables import OfficerLock

MOST_PASSKEYS = 8


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A locked record as consoles read and write it."""

    kind: Literal["code", "prf", "os"]
    iv: str
    ct: str
    cred: str = ""


class Locks(msgspec.Struct, frozen=True):
    """An officer's records: the code's, the passkeys', and those of one tender by the id of its key; `drilled` are tried ones.

    A tried record is named by its kind, a passkey's by `prf:` and its id. `before` is the code's record that the newest one will
    replace once that is tried, so that nobody is locked out by a sheet that was never printed.
    """

    code: Record | None
    before: Record | None
    prf: tuple[Record, ...]
    os: dict[str, Record]
    drilled: frozenset[str]

    def ready(self, kid: str) -> bool:
        """Tell whether the keys of this id were unlocked by the recovery code in a fire drill."""
        return kid in self.os and {"code", f"os:{kid}"} <= self.drilled


def checked(records: Sequence[Record]) -> None:
    """Refuse records that are not written as they must be; raises `Faulty`."""
    for row, each in enumerate(records):
        try:
            unb64u(each.iv, 12)
            unb64u(each.ct, 48)
        except BadEncoding as bad:
            raise Faulty([Fault(f"records[{row}]", bad.message)]) from None
        if (each.kind == "prf") != bool(each.cred) or len(each.cred) > 1400:
            raise Faulty(
                [Fault(f"records[{row}].cred", "must be the passkey’s id, and stand with a passkey alone")]
            )


async def held(parts: Parts, person: str, tender: str) -> Locks:
    """What is kept for an officer of a tender."""
    return await parts.database.read(lambda session: _held(session, person, tender))


def _held(session: Session, person: str, tender: str) -> Locks:
    wanted = select(OfficerLock).where(OfficerLock.person == person, OfficerLock.tender.in_(("", tender)))
    rows = list(session.execute(wanted.order_by(OfficerLock.number)).scalars())
    codes = [row for row in rows if row.kind == "code"]
    return Locks(
        code=_record(codes[-1]) if codes else None,
        before=_record(codes[-2]) if len(codes) > 1 else None,
        prf=tuple(_record(row) for row in rows if row.kind == "prf"),
        os={row.kid: _record(row) for row in rows if row.kind == "os"},
        drilled=frozenset(_name(row) for row in rows if row.drilled_at is not None and row not in codes[:-1]),
    )


def _record(row: OfficerLock) -> Record:
    return Record(kind=row.kind, iv=row.iv, ct=row.ct, cred=row.cred)  # type: ignore[arg-type]


def _name(row: OfficerLock) -> str:
    return ":".join(filter(None, (row.kind, row.cred or row.kid)))


async def keep(parts: Parts, person: str, tender: str, kid: str, records: Sequence[Record]) -> None:
    """Keep records, each in place of the one of its name, a code's in place of one that was never tried; raises `Faulty`."""
    checked(records)
    async with parts.database.session.begin() as session:
        for each in records:
            own = {"tender": tender, "kid": kid} if each.kind == "os" else {"tender": "", "kid": ""}
            key = {"person": person, "kind": each.kind, "cred": each.cred} | own
            old = delete(OfficerLock).filter_by(**key)
            await session.execute(old if each.kind != "code" else old.where(OfficerLock.drilled_at.is_(None)))
            session.add(OfficerLock(**key, iv=each.iv, ct=each.ct, made_at=parts.now(), drilled_at=None))


async def keep_only(parts: Parts, person: str, tender: str, kid: str) -> None:
    """Forget the records of keys of a tender that were replaced."""
    gone = delete(OfficerLock).where(
        OfficerLock.person == person, OfficerLock.tender == tender, OfficerLock.kid != kid
    )
    async with parts.database.session.begin() as session:
        await session.execute(gone)


async def drilled(parts: Parts, person: str, tender: str, names: Sequence[str]) -> None:
    """Note that an officer's console unlocked these records and opened a test share."""
    wanted = select(OfficerLock).where(OfficerLock.person == person, OfficerLock.tender.in_(("", tender)))
    wanted = wanted.order_by(OfficerLock.number)
    async with parts.database.session.begin() as session:
        rows = list((await session.execute(wanted)).scalars())
        codes = [row.number for row in rows if row.kind == "code"]
        numbers = [row.number for row in rows if _name(row) in names and row.number not in codes[:-1]]
        change = update(OfficerLock).where(OfficerLock.number.in_(numbers))
        await session.execute(change.values(drilled_at=parts.now()))
        if "code" in names:
            await session.execute(delete(OfficerLock).where(OfficerLock.number.in_(codes[:-1])))


async def drop_passkey(parts: Parts, person: str, cred: str) -> None:
    """Forget a passkey's record."""
    gone = delete(OfficerLock).filter_by(person=person, kind="prf", cred=cred)
    async with parts.database.session.begin() as session:
        await session.execute(gone)


async def forget(parts: Parts, tender: str, person: str | None = None) -> None:
    """Delete the records of a tender's keys, all officers' or one's: it is awarded or cancelled, or an officer has left."""
    gone = delete(OfficerLock).where(OfficerLock.tender == tender, OfficerLock.kind == "os")
    if person is not None:
        gone = gone.where(OfficerLock.person == person)
    async with parts.database.session.begin() as session:
        await session.execute(gone)


def said(locks: Locks) -> dict[str, Any]:
    """The records as a console reads them."""
    return {
        "code": locks.code and _plain(locks.code),
        "before": locks.before and _plain(locks.before),
        "prf": [_plain(each) for each in locks.prf],
        "os": {kid: _plain(each) for kid, each in locks.os.items()},
        "drilled": sorted(locks.drilled),
    }


def _plain(record: Record) -> dict[str, str]:
    return {
        "kind": record.kind,
        **({"cred": record.cred} if record.cred else {}),
        "iv": record.iv,
        "ct": record.ct,
    }
