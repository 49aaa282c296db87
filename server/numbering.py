"""Numbering: the facts of a room counted for each viewer over what that viewer may see, so that gaps tell nothing.

Everything here can be computed anew from the journal: a viewer's number of a fact is how many facts it may see up to it.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from auction.kernel import Event
from auction.live import board
from auction.live.board import Viewer
from auction.live.room import BidPlaced, CloseMoved, Room


class Numbering:
    """For each kind of viewer the `seq` of every fact that it may see; a vendor sees the common ones and its own."""

    def __init__(self) -> None:
        self.seq = 0
        self._common, self._buyer, self._public = array("q"), array("q"), array("q")
        self._own: dict[str, array[int]] = {}

    def add(self, room: Room, seq: int, event: Event) -> None:
        """Count one more event of the room."""
        self.seq, reach = seq, board.reach(room, event)
        if reach == "nobody":
            return
        self._buyer.append(seq)
        if _public(room, event):
            self._public.append(seq)
        owner = board.owner(event)
        if reach == "everyone":
            self._common.append(seq)
        elif owner is not None:
            self._own.setdefault(owner, array("q")).append(seq)

    def _lists(self, viewer: Viewer) -> tuple[array[int], ...]:
        if viewer.kind == "vendor":
            own = self._own.get(viewer.vendor)
            return (self._common,) if own is None else (self._common, own)
        return (self._buyer if viewer.kind == "buyer" else self._public,)

    def number(self, viewer: Viewer, seq: int) -> int:
        """How many facts a viewer may see up to a place in the stream."""
        return sum(bisect_right(each, seq) for each in self._lists(viewer))

    def count(self, viewer: Viewer) -> int:
        """How many facts a viewer may see so far."""
        return sum(len(each) for each in self._lists(viewer))

    def after(self, viewer: Viewer, last: int, most: int) -> list[int]:
        """The places of the facts behind a viewer's number `last`, in order, at most so many."""
        lists = self._lists(viewer)
        if len(lists) == 1:
            return list(lists[0][last : last + most])
        begin = self._seq_behind(lists, last)
        tails: Iterable[int] = (seq for each in lists for seq in each[bisect_left(each, begin) :][:most])
        return sorted(tails)[:most]

    def _seq_behind(self, lists: tuple[array[int], ...], last: int) -> int:
        """The first place behind so many facts, found by halving."""
        low, high = 0, self.seq + 1
        while low < high:
            middle = (low + high) // 2
            if sum(bisect_right(each, middle) for each in lists) > last:
                high = middle
            else:
                low = middle + 1
        return low


def _public(room: Room, event: Event) -> bool:
    """Where the public sees no prices, a moved close would tell of bids."""
    return (
        board.is_common(event)
        and (board.shows_prices(room) or not isinstance(event, CloseMoved))
        or (isinstance(event, BidPlaced) and board.shows_prices(room))
    )
