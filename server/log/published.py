"""What the log has published: the tree of all ticks, in memory, and how it grows by one more.

Everything of a tick is kept in the database first, then outside it, and only then shown. What a crash left between two of
these steps is finished at the next start: no root of it was ever told.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from auction.journal import Entry
from auction.record import checkpoint, ticks
from auction.record.checkpoint import Checkpoint
from auction.record.note import BadNote, Signer
from auction.record.ticks import STREAM
from auction.record.tree import Tree
from server.journal_sql import SqlJournal
from server.log.key import verify
from server.log.outside import Outside
from server.log.rows import NO_TENDER, Fact, Grown, Rows
from server.log.unsound import Unsound


class Head(NamedTuple):
    """A published tree: its number of leaves, its root, and its checkpoint as a signed note."""

    size: int
    root: bytes
    note: str


class Mark(msgspec.Struct, frozen=True):
    """What an entry's body says of itself; one of our own has an era, and is never disclosed."""

    type: str
    vis: str = ""
    tender: str | None = None
    era: int | None = None


_mark = msgspec.json.Decoder(Mark)


class Published:
    """The published tree. It is loaded once; then `grow` alone changes it, one call at a time, and others may read meanwhile."""

    def __init__(
        self, rows: Rows, outside: Outside, journal: SqlJournal, key: Signer, random: Callable[[int], bytes]
    ) -> None:
        self._rows, self._outside, self._journal = rows, outside, journal
        self._key, self._random = key, random
        self._tree = Tree()
        self._ends, self._sizes, self._places = array("Q"), array("Q"), array("Q")
        self._shown = 0

    # --- at the start ------------------------------------------------------------------------------------------------

    def load(self) -> None:
        """Build the tree anew, and compare it with what was published; raises `Unsound` where it is something else."""
        self._build()
        told = self._outside.read()
        size = self._agree(told, f"the checkpoint in {self._outside.path}")
        if self._ends and told is None:
            raise Unsound(
                f"The last checkpoint is not in {self._outside.path}, so nobody can tell whether this database is the "
                "newest. Put the file back; or, if you are sure, run `tenderbell log --trust`."
            )
        # What is not kept outside yet was never shown: the first `grow` does both.
        self._shown = bisect_right(self._sizes, size)

    def trust(self) -> None:
        """Take the database's last tick for the last that was published, where what was kept outside is lost."""
        if self._outside.read() is not None:
            return self.load()
        self._build()
        if self._ends:
            self._outside.keep(self._head(len(self._ends) - 1).note)
        self._shown = len(self._ends)

    def _build(self) -> None:
        """Make the tree from the journal and the padding."""
        commitments = self._journal.commitments(self._journal.length())
        for row in self._rows.every():
            had = self._ends[-1] if self._ends else 0
            if row.n > len(commitments):
                raise Unsound(self._older(f"the journal ends before entry {row.n}, which was published"))
            self._tree.add(_leaves(row, commitments[had : row.n], row.size - self._tree.size))
            self._remember(row)
        self._agree(
            self._rows.note(self.size).encode() if self._ends else None, "the database's own checkpoint"
        )

    def _agree(self, told: bytes | None, what: str) -> int:
        """Compare with what was told before, and return its size; 0 where nothing was."""
        if told is None:
            return 0
        try:
            was = checkpoint.opened(told, self._key.key, verify).checkpoint
        except BadNote as error:
            raise Unsound(
                f"Of the public log, {what} is not signed by its key: {error}. Put the right file back."
            ) from error
        if was.size > self.size:
            raise Unsound(self._older(f"{what} has {was.size} leaves, and the database only {self.size}"))
        if was.size not in self._sizes or self._tree.root(was.size) != was.root:
            raise Unsound(self._older(f"{what} has another root at {was.size} leaves than the database"))
        return was.size

    def _older(self, why: str) -> str:
        return (
            f"The public log cannot go on: {why}. An older or changed database was put back. Put the newest one in its "
            f"place. If it is lost, tell vendors and witnesses so, move the log's key and {self._outside.path} away, and set "
            "TENDERBELL_LOG_ORIGIN to a new name: then a new log begins."
        )

    # --- growing -----------------------------------------------------------------------------------------------------

    def grow(self) -> bool:
        """Publish every tick that is written in the journal and not shown yet; tell whether there was one.

        Raises `OSError` or `sqlite3.Error` with nothing more shown; called again, it goes on.
        """
        for part in _ticked(self._journal.since(self._ends[-1] if self._ends else 0), bool(self._ends)):
            self._add(part)
        if self._shown == len(self._ends):
            return False
        self._outside.keep(self._head(len(self._ends) - 1).note)
        self._shown = len(self._ends)
        return True

    def _add(self, entries: Sequence[Entry]) -> None:
        """Grow by one tick's entries, the last of them the tick's own."""
        had, step = self._tree.size, ticks.growth(len(entries))
        places = tuple(ticks.places(len(entries), step, self._random))
        pads = self._random(ticks.PAD_LENGTH * (step - len(entries)))
        self._tree.add(ticks.leaves([each.commitment for each in entries], places, pads, step))
        size = self._tree.size
        try:
            made = Checkpoint(self._key.key.name, size, self._tree.root(size))
            row = Grown(size, entries[-1].n, places, pads, checkpoint.signed(made, self._key))
            self._rows.add(row, list(_facts(entries)))
        except BaseException:
            self._tree.cut(had)
            raise
        self._remember(row)

    def _remember(self, row: Grown) -> None:
        had = self._sizes[-1] if self._sizes else 0
        self._places.extend(had + place for place in row.places)
        self._ends.append(row.n)
        self._sizes.append(row.size)

    # --- asking ------------------------------------------------------------------------------------------------------

    @property
    def size(self) -> int:
        """How many leaves the tree has, shown or not."""
        return self._sizes[-1] if self._sizes else 0

    def latest(self) -> Head | None:
        """The newest tree that everybody may see; None before the first tick."""
        return self._head(self._shown - 1) if self._shown else None

    def at(self, size: int) -> Head | None:
        """The published tree of a size; None where none of that size was published."""
        place = bisect_left(self._sizes, size, 0, self._shown)
        return self._head(place) if place < self._shown and self._sizes[place] == size else None

    def holding(self, n: int) -> Head | None:
        """The first published tree that holds an entry of the journal; None before its tick."""
        place = bisect_left(self._ends, n, 0, self._shown)
        return self._head(place) if n > 0 and place < self._shown else None

    def index_of(self, n: int) -> int | None:
        """An entry's leaf; None before its tick."""
        known = self._ends[self._shown - 1] if self._shown else 0
        return self._places[n - 1] if 0 < n <= known else None

    def path(self, index: int, size: int) -> list[bytes]:
        """The inclusion proof of a leaf in a published tree; raises `IndexError` for any other."""
        return self._tree.path(index, self._known(size))

    def growth(self, old: int, new: int) -> list[bytes]:
        """The consistency proof between two published trees; raises `IndexError` for any other."""
        return self._tree.growth(self._known(old) if old else 0, self._known(new))

    def leaves(self, start: int, end: int) -> bytes:
        """The data of published leaves from `start` to `end`, in bytes of the whole."""
        return bytes(self._tree.data[start:end])

    def _known(self, size: int) -> int:
        if self.at(size) is None:
            raise IndexError(f"no tree of {size} leaves was published")
        return size

    def _head(self, place: int) -> Head:
        size = self._sizes[place]
        return Head(size, self._tree.root(size), self._rows.note(size))


def _leaves(row: Grown, commitments: Sequence[bytes], step: int) -> bytes:
    if len(commitments) != len(row.places) or len(row.pads) != (step - len(row.places)) * ticks.PAD_LENGTH:
        raise Unsound(
            f"The public log's row of {row.size} leaves was changed. Put the newest database in its place."
        )
    return ticks.leaves(commitments, row.places, row.pads, step)


def _ticked(entries: Sequence[Entry], begun: bool) -> Iterator[list[Entry]]:
    """Entries by the tick that takes them in; what no tick follows waits. A log that begins takes all at once."""
    ends = [place for place, each in enumerate(entries, start=1) if each.stream == STREAM]
    start = 0
    for end in ends if begun else ends[-1:]:
        yield list(entries[start:end])
        start = end


def _facts(entries: Sequence[Entry]) -> Iterator[Fact]:
    for each in entries:
        mark = _mark.decode(each.body)
        if mark.era is None:
            yield Fact(each.n, NO_TENDER if mark.tender is None else mark.tender, mark.type)
