"""Merkle trees as in RFC 6962: a root over leaves, and proofs that a leaf is in it and that a tree only grew.

Leaves are any bytes; every hash is 32 bytes of SHA-256. A proof holding a hash of another length proves nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

SIZE = 32
EMPTY = hashlib.sha256(b"").digest()


def leaf(data: bytes) -> bytes:
    """Hash one leaf's data."""
    return hashlib.sha256(b"\0" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into their parent."""
    return hashlib.sha256(b"\1" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over the leaves' data, in their order."""
    return root_of([leaf(data) for data in leaves])


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, level by level: a lone last one moves up as it is."""
    level = list(hashes)
    if not level:
        return EMPTY
    while len(level) > 1:
        level = _parents(level)
    return level[0]


def _parents(level: Sequence[bytes]) -> list[bytes]:
    # As `node`, without a call for each pair: trees are made for every bid and every tick.
    pairs = [
        hashlib.sha256(b"\1" + left + right).digest()
        for left, right in zip(level[::2], level[1::2], strict=False)
    ]
    return pairs + list(level[len(level) // 2 * 2 :])


def path(hashes: Sequence[bytes], index: int) -> list[bytes]:
    """The inclusion proof of one leaf hash: what it is joined with, from below to the root."""
    found: list[bytes] = []
    level = list(hashes)
    while len(level) > 1:
        if index ^ 1 < len(level):
            found.append(level[index ^ 1])
        level, index = _parents(level), index // 2
    return found


def included(data: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> bool:
    """Tell whether a proof leads from a leaf's data at an index to the expected root."""
    return leads(leaf(data), index, size, proof, expected)


def leads(value: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> bool:
    """Tell whether a proof leads from a leaf's hash at an index to the expected root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or not _whole([value, *proof, expected]):
        return False
    here, last = index, size - 1
    for sibling in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            value = node(sibling, value)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            value = node(value, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and value == expected


def growth(hashes: Sequence[bytes], old: int) -> list[bytes]:
    """The consistency proof from the first `old` leaf hashes to all of them; empty when nothing has to be shown."""
    return _growth(hashes, old, True) if 0 < old < len(hashes) else []


def _growth(hashes: Sequence[bytes], old: int, whole: bool) -> list[bytes]:
    size = len(hashes)
    if old == size:
        return [] if whole else [root_of(hashes)]
    split = 1 << (size - 1).bit_length() - 1
    if old <= split:
        return [*_growth(hashes[:split], old, whole), root_of(hashes[split:])]
    return [*_growth(hashes[split:], old - split, False), root_of(hashes[:split])]


def grew(old: int, new: int, proof: Sequence[bytes], before: bytes, after: bytes) -> bool:
    """Tell whether a proof shows that the tree of `new` leaves begins with that of `old` (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= new or not _whole([*proof, before, after]):
        return False
    if old in (0, new):
        return not proof and (before == after if old else before == EMPTY)
    steps = list(proof) if old & (old - 1) else [before, *proof]
    here, last = old - 1, new - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    if not steps:
        return False
    was = now = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            was, now = node(sibling, was), node(sibling, now)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            now = node(now, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and was == before and now == after


def _whole(hashes: Sequence[bytes]) -> bool:
    return all(len(each) == SIZE for each in hashes)
