"""The price book at its full size, 50,000 awarded lines of sixty districts: how fast a search answers twenty at once.

`python -m tests.bench.prices` seeds the rows in a server of its own, asks for the pages, and prints each figure beside two bare
pages of the same framework that are asked in turns in the same run.
"""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import msgspec
from sqlalchemy import insert
from sqlalchemy.orm import Session

from auction.award.award import LotAwarded
from auction.prices.book import lines
from auction.tender.solicitation import Contract, District, Line, Lot, Need, Solicitation
from auction.terms.schedule import LinePrice
from server import filling, serve
from server.app import build
from server.prices.book import Made, PriceBook, award_row, line_rows, merged, saving_rows
from server.settings import Settings
from server.tables import AwardRow, Cursor, Membership, PriceLineRow, PriceNeedRow, SavingRow
from tests.bench import bare
from tests.bench.measuring import median, pin
from tests.bench.pages import Pace, pace

LOTS, A_LOT, DISTRICTS = 50, 1_000, 60
OWNER, LEAD, BUYER = "c-bench", "p-lead", "p-d1"
AT = datetime(2026, 8, 1, 15, tzinfo=UTC)
ROUNDS, SECONDS = 3, 2.0
PAGES: dict[str, tuple[str | None, str]] = {
    "a letter typed": (BUYER, "/prices?q=p"),
    "a word": (BUYER, "/prices?q=paper"),
    "two words and a vendor": (BUYER, "/prices?q=blue+mark+vendor+7"),
    "a part of a word": (BUYER, "/prices?q=arker"),
    "a word with a slip": (BUYER, "/prices?q=makrer"),
    "nothing typed, page 40": (BUYER, "/prices?page=40"),
    "filtered and sorted": (BUYER, "/prices?q=paper&category=Art&sort=saved&mine=1"),
    "a word, by the public": (None, "/prices?q=paper"),
    "one line": (BUYER, "/prices/1/L7/I7"),
    "savings of all districts": (LEAD, "/savings"),
}
"""What is asked for: who asks, and where."""
KINDS = (
    "Copy paper",
    "Marker",
    "Pencil",
    "Folder",
    "Glue stick",
    "Paint",
    "Soap",
    "Towel",
    "Battery",
    "Cable",
    "Chalk",
    "Tape",
)
COLOURS = ("blue", "red", "green", "black", "white", "yellow", "assorted")
CATEGORIES = ("Paper", "Art", "Custodial", "Science", "Office", "IT")


def document(draw: random.Random) -> Solicitation:
    """One event of so many lots; each line is needed by six districts."""
    names = tuple(f"d{n}" for n in range(DISTRICTS))
    return Solicitation(
        number="2026-BENCH",
        title="Everything",
        consortium="Bench Cooperative",
        owner=OWNER,
        rules={},
        ordering="members",
        contract=Contract("", "2026-07-01", "2036-06-30"),
        lots=tuple(_lot(draw, n, names) for n in range(LOTS)),
        districts=tuple(District(name, f"District {name}", 200 * (n + 1)) for n, name in enumerate(names)),
    )


def _lot(draw: random.Random, lot: int, names: tuple[str, ...]) -> Lot:
    return Lot(f"L{lot}", f"Lot {lot}", lines=tuple(_line(draw, n, names) for n in range(A_LOT)))


def _line(draw: random.Random, n: int, names: tuple[str, ...]) -> Line:
    kind, colour, size = draw.choice(KINDS), draw.choice(COLOURS), draw.randint(1, 400)
    needs = tuple(Need(name, str(draw.randint(1, 90))) for name in draw.sample(names, 6))
    much = sum(int(each.quantity) for each in needs)
    price = f"{draw.randint(1, 90)}.{draw.randint(10, 99)}"
    return Line(
        f"I{n}",
        f"{kind}, {colour}, size {size}, no. {n}",
        draw.choice(("each", "box")),
        str(much),
        price,
        needs=needs,
    )


def seed(session: Session) -> None:
    """Write the rows as the price book's own projection makes them, without a journal of fifty auctions behind them."""
    filling.fill(session, people(), str)
    draw, first = random.Random(1), 1
    event = document(draw)
    for place, lot in enumerate(event.lots):
        priced = tuple(
            LinePrice(line.id, f"{int((line.baseline or '1').split('.')[0])}.{draw.randint(10, 99)}")
            for line in lot.lines
        )
        award = LotAwarded(
            at=AT, by=LEAD, lot=lot.id, vendor=f"v{place % 12}", amount="100000.00", rank=1, reason="Lowest.",
            lines=priced, contract=event.contract,
        )  # fmt: skip
        category = CATEGORIES[place % len(CATEGORIES)]
        made = Made(
            "1", msgspec.structs.replace(event, category=category), lot, award, f"Vendor {place % 12}"
        )
        listed = lines(lot, award.lines, award.amount)
        session.execute(insert(AwardRow), [award_row(made)])
        session.execute(insert(PriceLineRow), line_rows(made, listed, first))
        stated = [
            {"line": first + n, "district_id": need.district, "quantity": need.quantity}
            for n, line in enumerate(listed)
            for need in merged(line)
        ]
        session.execute(insert(PriceNeedRow), stated)
        session.execute(insert(SavingRow), saving_rows(made, listed))
        first += len(listed)
    session.merge(Cursor(name=PriceBook.name, version=PriceBook.version, n=0))


def people() -> filling.People:
    """A consortium's lead and a district's buyer."""
    return filling.People(
        (
            filling.OrganisationGiven(OWNER, "consortium", "Bench Cooperative"),
            filling.OrganisationGiven("d1", "district", "District d1", consortia=(OWNER,)),
        ),
        (
            filling.PersonGiven(
                LEAD, "Lead", "lead@bench.example", (filling.MembershipGiven(OWNER, "lead"),)
            ),
            filling.PersonGiven(
                BUYER, "Buyer", "buyer@bench.example", (filling.MembershipGiven("d1", "buyer"),)
            ),
        ),
    )


async def tenderbell(folder: Path) -> None:
    """Serve the price book; says its port, and a session for each person."""
    settings = Settings(database=folder / "prices.db", port=0)
    listening = serve.bound(settings)
    began = perf_counter()
    parts = build(serve.with_port(settings, listening), seed)
    tasks: list[asyncio.Task[None]] = []

    async def ready() -> None:
        held = {
            LEAD: Membership(person_id=LEAD, organisation_id=OWNER, role="lead"),
            BUYER: Membership(person_id=BUYER, organisation_id="d1", role="buyer"),
        }
        tokens = {who: await parts.login.open(each) for who, each in held.items()}
        say({"port": parts.settings.port, "tokens": tokens, "seeded_s": round(perf_counter() - began, 1)})

    web = serve.server(parts, lambda _: tasks.append(asyncio.create_task(ready())))
    await web.serve(sockets=[listening])


def say(told: dict[str, Any]) -> None:
    """Tell the bench where this server is."""
    print(json.dumps(told), flush=True)


@contextmanager
def served() -> Iterator[dict[str, Any]]:
    """Run the server in a process of its own until the context ends."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        command = [sys.executable, "-m", "tests.bench.prices", folder]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        pin(process.pid, 0)
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline()) | {"pid": process.pid}
        finally:
            process.terminate()
            process.wait(30)


def measured() -> Iterator[str]:
    """Each page's pace beside the bare pages', asked in turns; the medians of the rounds."""
    with bare.running() as plain, served() as running:
        print(f"seeded {LOTS * A_LOT:,} lines in {running['seeded_s']} s", file=sys.stderr)
        for name, (who, path) in PAGES.items():
            token = running["tokens"].get(who) if who else None
            rounds = []
            for _ in range(ROUNDS):
                mine = asyncio.run(pace(running["port"], running["pid"], path, token, SECONDS))
                rounds.append((mine, *bare.beside(plain, mine.size, SECONDS / 2)))
            yield bare.told(name, *(_median([each[n] for each in rounds]) for n in range(3)))


def _median(paces: list[Pace]) -> Pace:
    return Pace(median([each.rate for each in paces]), median([each.p95 for each in paces]), paces[0].size)


def main() -> None:
    """Measure every page and print a table."""
    pin(0, 1)
    print(bare.HEADING)
    for row in measured():
        print(row, flush=True)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        main()
    else:
        asyncio.run(tenderbell(Path(sys.argv[1])))
