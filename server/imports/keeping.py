"""Keeping an imported draft in a database, through the server's one door."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from pathlib import Path

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from auction.tender.solicitation import Solicitation
from auction.terms.faults import Fault, Faulty
from server import drafting
from server.app import alive, build
from server.desk import NotRecorded
from server.journal_sql import Locked
from server.log.unsound import Unsound
from server.parts import Parts
from server.settings import BadSettings, Settings, read
from server.tables import Organisation

BY = "import"


def keep(document: Solicitation, database: Path | None, consortium: str | None) -> str:
    """Keep a consortium's draft and say where it is; raises `Faulty`, or `OSError` with a sentence, when it is not kept."""
    try:
        settings = read(os.environ)
        chosen = msgspec.structs.replace(settings, database=database or settings.database)
        return f"Kept as draft {asyncio.run(_keep(chosen, document, consortium))} in {chosen.database}."
    except (BadSettings, Locked, Unsound) as error:
        raise OSError(str(error)) from error
    except (NotRecorded, SQLAlchemyError, sqlite3.Error) as error:
        raise OSError(f"The draft could not be written into {chosen.database}: {error}") from error


async def _keep(settings: Settings, document: Solicitation, consortium: str | None) -> str:
    async with alive(build(settings)) as parts:
        return await drafting.keep(parts, document, BY, await _owner(parts, consortium))


async def _owner(parts: Parts, named: str | None) -> str:
    """Whose draft it becomes: the consortium that was named, or the only one there is; nobody's where there is none yet."""
    async with parts.database.session() as session:
        wanted = select(Organisation.id).where(Organisation.kind == "consortium").order_by(Organisation.id)
        known = list((await session.execute(wanted)).scalars())
    if named in known:
        return str(named)
    if named is None and len(known) <= 1:
        return known[0] if known else ""
    raise Faulty(
        [
            Fault(
                "--consortium",
                f"must name a consortium of this database: {', '.join(known) or 'there is none'}",
            )
        ]
    )
