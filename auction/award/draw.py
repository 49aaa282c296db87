"""Drawing lots from public numbers, so that anybody can repeat the draw: the procedure of RFC 3797.

Each source gives numbers that nobody could know when the sources were named. Sorted, each followed by a point, each source by a
stroke, they make the key. The n-th choice hashes the key between n and n, two bytes each.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import msgspec

from auction.terms.faults import Reading

ALGORITHMS = ("sha256", "md5")
MOST = 65_536
"""The most choices that two bytes can count."""


class Draw(msgspec.Struct, frozen=True):
    """A draw's algorithm and what its public sources gave."""

    algorithm: str
    seeds: tuple[tuple[int, ...], ...]

    @property
    def key(self) -> str:
        """The one string that all sources make."""
        return "".join("".join(f"{each}." for each in sorted(source)) + "/" for source in self.seeds)


def parse(read: Reading, path: str, value: dict[str, object]) -> Draw:
    """Read a draw's `algorithm` and `seeds` from an object whose members were checked."""
    before = f"{path}." if path else ""
    algorithm = read.choice(f"{before}algorithm", value.get("algorithm", "sha256"), ALGORITHMS)
    rows = read.rows(f"{before}seeds", value.get("seeds"), 1)
    return Draw(
        algorithm, tuple(_source(read, f"{before}seeds[{place}]", row) for place, row in enumerate(rows))
    )


def _source(read: Reading, path: str, value: object) -> tuple[int, ...]:
    rows = read.rows(path, value, 1)
    return tuple(_drawn(read, f"{path}[{place}]", row) for place, row in enumerate(rows))


def _drawn(read: Reading, path: str, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    read.fault(path, "must be a whole number from 0 on")
    return 0


def order(draw: Draw, pool: Sequence[str], select: int | None = None) -> tuple[str, ...]:
    """Draw so many of the pool, all unless said otherwise, one after another."""
    left, key, drawn = list(pool), draw.key.encode(), []
    digest = _hash(draw.algorithm)
    for turn in range(len(left) if select is None else select):
        place = turn.to_bytes(2, "big")
        drawn.append(left.pop(int.from_bytes(digest(place + key + place), "big") % len(left)))
    return tuple(drawn)


def _hash(algorithm: str) -> Callable[[bytes], bytes]:
    if algorithm == "md5":
        return lambda data: hashlib.md5(data, usedforsecurity=False).digest()
    return lambda data: hashlib.sha256(data).digest()
