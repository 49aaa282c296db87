"""The tabulation: what every opened envelope asks for each lot, ranked by its total, and why others are not ranked."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from auction.award.result import Candidate, Result
from auction.money import parse_decimal
from bidders.box.facts import BidRead, Outcome
from bidders.box.state import Box, Kept

PRICE, TECHNICAL = "price", "technical"
FAULTS = {
    "commit": "The key in the envelope does not fit the bid that it holds.",
    "aead": "The sealed bid was changed after it was sealed, or sealed wrongly.",
    "padding": "The bid was not filled up to its full length as it must be.",
    "encoding": "The bid is not written in the form that all bids have.",
    "schema": "The bid lacks parts that every bid has.",
    "blob": "An attached file cannot be opened with the key that the bid gives.",
    "reseal": "Sealed again, the bid does not give the same envelope.",
}
"""Why an envelope is not acceptable, in a sentence for each fault."""
RESULTS = {
    "opened": "Opened",
    "nonresponsive": "Not acceptable",
    "unopenable_officers": "Not readable yet: too few officers’ shares",
    "unavailable_host": "Our copy is damaged: the vendor is asked for the same bytes",
}
"""The results of an opening, as people read them."""


class Row(msgspec.Struct, frozen=True):
    """One vendor's envelope in a lot's tabulation; `rank` and `total` are None where it is not ranked, `why` then says why.

    `notes` name what did not fit in a bid that is ranked all the same.
    """

    eid: str
    vendor: str
    rank: int | None
    total: str | None
    read: BidRead | None
    result: str
    why: str = ""
    notes: tuple[str, ...] = ()


def tabulate(box: Box, lot: str) -> list[Row]:
    """A lot's price envelopes once they are opened: the lowest total first, equal totals under one rank, then the others."""
    rows = [_row(box, each) for each in _priced(box, lot)]
    totals = sorted(_micros(row) for row in rows if row.total is not None)
    ranked = [
        msgspec.structs.replace(row, rank=totals.index(_micros(row)) + 1) if row.total is not None else row
        for row in rows
    ]
    return sorted(ranked, key=lambda row: (row.rank is None, row.rank or 0, name(box, row.vendor), row.eid))


def _priced(box: Box, lot: str) -> Iterator[Kept]:
    """The envelopes whose price was due to be opened."""
    for eid in box.finished[PRICE].current if PRICE in box.finished else ():
        if box.envelopes[eid].lot == lot:
            yield box.envelopes[eid]


def _row(box: Box, kept: Kept) -> Row:
    outcome, read = box.results[kept.eid], box.read.get(kept.eid)
    total = read.read.total if read is not None else None
    notes = read.read.faults if read is not None and total is not None else ()
    return Row(kept.eid, kept.vendor, None, total, read, outcome.result, why(outcome, read), notes)


def why(outcome: Outcome, read: BidRead | None) -> str:
    """Why an envelope is not ranked, in words; empty for one that is."""
    if outcome.result == "nonresponsive":
        return FAULTS.get(outcome.fault or "", "The bid cannot be read.")
    if outcome.result != "opened":
        return f"{RESULTS[outcome.result]}."
    return "; ".join(read.read.faults) if read is not None and read.read.total is None else ""


def result(box: Box, lot: str) -> Result:
    """How a lot ended, for its award; nobody is named the winner where the lowest total was asked twice."""
    rows = [row for row in tabulate(box, lot) if row.rank is not None]
    lowest = [row.vendor for row in rows if row.rank == 1]
    return Result(
        lot=lot,
        closed=box.over is not None,
        winner=lowest[0] if len(lowest) == 1 else None,
        candidates=tuple(_candidate(row) for row in rows),
    )


def _candidate(row: Row) -> Candidate:
    assert row.rank is not None
    assert row.total is not None
    assert row.read is not None
    return Candidate(row.vendor, row.rank, row.total, lines=row.read.read.lines)


def _micros(row: Row) -> int:
    return parse_decimal(row.total, 6) or 0


def name(box: Box, vendor: str) -> str:
    """A vendor's name as it was read out."""
    return box.names.get(vendor, vendor)
