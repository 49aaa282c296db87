"""`tenderbell draw`: draw lots from public numbers, by the procedure of RFC 3797."""

from __future__ import annotations

import argparse
from typing import Any

from auction.award import draw
from auction.terms.faults import Reading
from server.evaluation import case


def configure(parser: argparse.ArgumentParser) -> None:
    """Name the command's arguments."""
    case.configure(parser)


def run(args: argparse.Namespace) -> int:
    """Print the key and the order; 2 with every fault when the case cannot be used."""
    return case.answer(args.case, drawn)


def drawn(value: object) -> dict[str, Any]:
    """Read a case and draw; raises `Faulty` with every fault."""
    read = Reading()
    given = read.members("", value, ("algorithm", "seeds", "pool", "select"), ("seeds", "pool"))
    lots = draw.parse(read, "", given)
    pool = _pool(read, given["pool"]) if "pool" in given else ()
    select = read.count("select", given.get("select", len(pool)), 1, max(1, len(pool))) if pool else 0
    read.finish()
    return {"key": lots.key, "order": draw.order(lots, pool, select)}


def _pool(read: Reading, value: object) -> tuple[str, ...]:
    """The ids to draw from, in their published order; a number stands for 1 up to it."""
    if not isinstance(value, list):
        return tuple(str(place) for place in range(1, read.count("pool", value, 1, draw.MOST) + 1))
    rows = read.rows("pool", value, 1)
    for place, row in enumerate(rows):
        if not isinstance(row, str) or not row:
            read.fault(f"pool[{place}]", "must be an id in a string")
        elif row in rows[:place]:
            read.fault(f"pool[{place}]", f"{row} is in the pool twice; each has one chance")
    if len(rows) > draw.MOST:
        read.fault("pool", f"holds more than {draw.MOST} ids")
    return tuple(str(row) for row in rows)
