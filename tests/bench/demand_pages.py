"""Demand's heavy pages twenty at once beside bare pages, and the import of 20,000 rows, whole way."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import httpx

from server import csrf
from server.documents.sheet_out import csv_of, xlsx_of
from server.imports.needs_sheet import TITLES
from server.login import token_hash
from tests.bench import bare
from tests.bench.demand import BUYER, PAGES, rows
from tests.bench.measuring import pin
from tests.bench.pages import pace

SECONDS = 4.0
COMMITS = 20
BUSY = ("needs of a district", "items of a call", "lots", "today, of a lead")
"""The pages that are asked for once more while the database is written into."""


@contextmanager
def running(*given: str) -> Iterator[dict[str, Any]]:
    """Run a server in a process of its own, and read what it says of itself once it is ready."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.demand", *given], stdout=subprocess.PIPE, text=True
    )
    pin(process.pid, 0)
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline()) | {"pid": process.pid}
    finally:
        process.terminate()
        process.wait(60)


async def warmed(said: dict[str, Any], who: str, path: str) -> None:
    """Ask once, so that what is worked out once for all is not measured."""
    cookies = {"tenderbell_session": said["tokens"][who]}
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{said['port']}", cookies=cookies, timeout=120
    ) as client:
        assert (await client.get(path)).status_code == 200, path


async def imported(said: dict[str, Any], name: str, body: bytes) -> float:
    """Send a sheet and wait until it is kept and shown; how many seconds that takes."""
    token = said["tokens"][BUYER]
    form = {"csrf": csrf.token(bytes.fromhex(said["secret"]), token_hash(token)), "whole": "yes"}
    origin = f"http://127.0.0.1:{said['port']}"
    cookies = {"tenderbell_session": token}
    async with httpx.AsyncClient(
        base_url=origin, headers={"origin": origin}, cookies=cookies, timeout=60
    ) as client:
        began = perf_counter()
        answer = await client.post("/needs/2/import", data=form, files={"sheet": (name, body)})
        assert answer.status_code == 303, answer.text[-2000:]
        page = await client.get(answer.headers["location"])
        while "refresh" in page.headers:
            await asyncio.sleep(0.05)
            page = await client.get(answer.headers["location"])
        assert "Import done" in page.text, page.text[-2000:]
        return perf_counter() - began


@contextmanager
def commits(file: Path, a_second: int) -> Iterator[None]:
    """Let somebody else write into the database so often, as bids would; what pages held of it is then read again."""
    over = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(file, timeout=30)) as other:
            other.execute("CREATE TABLE IF NOT EXISTS bench_noise (n INTEGER)")
            while not over.wait(1 / a_second):
                other.execute("INSERT INTO bench_noise VALUES (1)")
                other.commit()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        over.set()
        writer.join()


def main() -> None:
    """Measure, and print the rows of a table."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        running(folder) as ours,
        bare.running() as plain,
    ):
        pin(0, 1)
        print(bare.HEADING)
        for name, (who, path) in PAGES.items():
            asyncio.run(warmed(ours, who, path))
            mine = asyncio.run(pace(ours["port"], ours["pid"], path, ours["tokens"][who], SECONDS))
            print(bare.told(name, mine, *bare.beside(plain, mine.size, SECONDS / 2)), flush=True)
        for name in BUSY:
            who, path = PAGES[name]
            with commits(Path(folder) / "demand.db", COMMITS):
                mine = asyncio.run(pace(ours["port"], ours["pid"], path, ours["tokens"][who], SECONDS))
            beside = bare.beside(plain, mine.size, SECONDS / 2)
            print(bare.told(f"{name}, {COMMITS} commits/s beside", mine, *beside), flush=True)
        filled = rows()
        titles = list(TITLES.values())
        sheets = {"a.csv": csv_of(titles, filled), "b.xlsx": xlsx_of("Needs", titles, reversed(filled))}
        for name, body in sheets.items():
            took = asyncio.run(imported(ours, name, body))
            print(f"import of {len(filled):,} rows, {name[2:]}: {took:.1f} s", flush=True)


if __name__ == "__main__":
    main()
