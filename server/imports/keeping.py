"""Keeping an imported draft in a database, through the server's one door."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from pathlib import Path

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from auction.tender.solicitation import Solicitation
from server import drafting
from server.app import alive, build
from server.desk import NotRecorded
from server.journal_sql import Locked
from server.settings import BadSettings, Settings, read

BY = "import"


def keep(document: Solicitation, database: Path | None) -> str:
    """Keep a draft and say where it is; raises `Faulty`, or `OSError` with a sentence, when it is not kept."""
    try:
        settings = read(os.environ)
        chosen = msgspec.structs.replace(settings, database=database or settings.database)
        return f"Kept as draft {asyncio.run(_keep(chosen, document))} in {chosen.database}."
    except (BadSettings, Locked) as error:
        raise OSError(str(error)) from error
    except (NotRecorded, SQLAlchemyError, sqlite3.Error) as error:
        raise OSError(f"The draft could not be written into {chosen.database}: {error}") from error


async def _keep(settings: Settings, document: Solicitation) -> str:
    async with alive(build(settings)) as parts:
        return await drafting.keep(parts, document, BY)
