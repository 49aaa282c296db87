"""A Merkle tree that grows: roots and proofs of any of its sizes, each in a few hundred hashes.

The leaves' data, 32 bytes each, lie one behind the other. Of the hashes above them only those of whole subtrees of
`CHUNK` leaves and more are kept; those below are made anew when a proof needs them.
"""

from __future__ import annotations

from collections.abc import Iterator

from auction.record.merkle import EMPTY, SIZE, leaf, node, root_of

HEIGHT = 8
CHUNK = 1 << HEIGHT
"""From how many leaves on a subtree's hash is kept."""


class Tree:
    """Leaf data in their order. What was asked about a size stays true when more is added."""

    def __init__(self) -> None:
        self.data = bytearray()
        self._levels: list[bytearray] = [bytearray()]

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return len(self.data) // SIZE

    def add(self, data: bytes) -> None:
        """Add leaf data, a multiple of 32 bytes."""
        if len(data) % SIZE:
            raise ValueError(f"leaf data have {SIZE} bytes each, and these are {len(data)}")
        self.data += data
        done = len(self._levels[0]) // SIZE
        for chunk in range(done, self.size >> HEIGHT):
            self._keep(0, root_of(self._hashes(chunk << HEIGHT, chunk + 1 << HEIGHT)))

    def cut(self, size: int) -> None:
        """Take the leaves behind a size away again."""
        del self.data[size * SIZE :]
        for above, level in enumerate(self._levels):
            del level[(size >> HEIGHT + above) * SIZE :]

    def leaf(self, index: int) -> bytes:
        """One leaf's data."""
        return bytes(self.data[index * SIZE : (index + 1) * SIZE])

    def root(self, size: int) -> bytes:
        """The root of the first `size` leaves."""
        return self._span(0, size) if size else EMPTY

    def path(self, index: int, size: int) -> list[bytes]:
        """The inclusion proof of a leaf in the tree of `size` leaves, from below to the root."""
        if not 0 <= index < size <= self.size:
            raise IndexError(f"leaf {index} is not in a tree of {size} leaves")
        found: list[bytes] = []
        start, end = 0, size
        while end - start > 1:
            split = start + _half(end - start)
            if index < split:
                found.append(self._span(split, end))
                end = split
            else:
                found.append(self._span(start, split))
                start = split
        return found[::-1]

    def growth(self, old: int, new: int) -> list[bytes]:
        """The consistency proof from the tree of `old` leaves to that of `new`; empty when nothing has to be shown."""
        if not 0 <= old <= new <= self.size:
            raise IndexError(f"there is no tree of {new} leaves that grew from one of {old}")
        return list(self._growth(old, 0, new, True))[::-1] if 0 < old < new else []

    def _growth(self, old: int, start: int, end: int, whole: bool) -> Iterator[bytes]:
        """The proof from the root down; `old` counts from the beginning of the whole tree."""
        if old == end:
            if not whole:
                yield self._span(start, end)
            return
        split = start + _half(end - start)
        if old <= split:
            yield self._span(split, end)
            yield from self._growth(old, start, split, whole)
        else:
            yield self._span(start, split)
            yield from self._growth(old, split, end, False)

    def _keep(self, above: int, value: bytes) -> None:
        """Keep a whole subtree's hash, and that of its parent where it is the second child."""
        if above == len(self._levels):
            self._levels.append(bytearray())
        level = self._levels[above]
        level += value
        if len(level) // SIZE % 2 == 0:
            self._keep(above + 1, node(bytes(level[-2 * SIZE : -SIZE]), value))

    def _hashes(self, start: int, end: int) -> list[bytes]:
        data = self.data
        return [leaf(bytes(data[at : at + SIZE])) for at in range(start * SIZE, end * SIZE, SIZE)]

    def _span(self, start: int, end: int) -> bytes:
        """The hash over leaves `start` to `end`; `start` is a multiple of the least power of two that holds them."""
        count = end - start
        if count >= CHUNK and not count & (count - 1):
            above = count.bit_length() - 1 - HEIGHT
            place = (start >> HEIGHT + above) * SIZE
            return bytes(self._levels[above][place : place + SIZE])
        if count <= CHUNK:
            return root_of(self._hashes(start, end))
        split = start + _half(count)
        return node(self._span(start, split), self._span(split, end))


def _half(count: int) -> int:
    """The largest power of two below a count of at least two."""
    return 1 << (count - 1).bit_length() - 1
