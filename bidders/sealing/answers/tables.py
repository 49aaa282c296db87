"""Known answers in tables: buckets, written times, steps of the log's growth, sizes of disclosure trees."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from bidders.sealing import disclosure, stream
from bidders.sealing.answers.checking import Check, check
from bidders.sealing.encoding import written

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def of_tables(tables: dict[str, Any]) -> Iterator[Check]:
    """Every row of every table."""
    for length, body, blob in tables["pad"]:
        found = [stream.body_bucket(length), stream.blob_bucket(length)]
        yield check(f"tables.pad {length}", [body, blob], lambda found: found, found)
    for micros, text in tables["written"]:
        yield check(
            f"tables.written {micros}",
            text,
            lambda micros: written(_EPOCH + timedelta(microseconds=micros)),
            micros,
        )
    for pending, growth in tables["step"]:
        yield check(f"tables.step {pending}", growth, lambda pending: step(pending), pending)
    for count, n in tables["disc_n"]:
        yield check(f"tables.disc_n {count}", n, lambda count: disclosure.size(count), count)


def step(pending: int) -> int:
    """By how many leaves the published tree grows: the smallest of 32, 256, 2048, ... that holds so many."""
    return next(size for k in range(20) if (size := 32 << 3 * k) >= pending)
