"""A shelf of what was made for pages of the price book, each good for one edition of it: a bounded memory, never the truth."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar, cast

from sqlalchemy import text
from sqlalchemy.orm import Session

T = TypeVar("T")
MOST = 2_000
"""How many things are kept; those that nobody asked for the longest go first."""
EDITION = text(
    "SELECT (SELECT coalesce(max(id), 0) FROM awarded_line), count(*), coalesce(sum(renewed), 0), count(ended_reason) "
    "FROM awarded_lot"
)
STAND = text("SELECT coalesce(sum(n), 0) FROM projection WHERE name IN ('prices', 'belonging')")


def edition(session: Session) -> tuple[int, ...]:
    """What changes whenever an award or a contract changes: the last line, the awards, options used, early ends."""
    return tuple(int(each) for each in session.execute(EDITION).one())


def stand(session: Session) -> tuple[int, ...]:
    """How far the rows have come: changes with lists, orders, and what districts say of themselves, too."""
    return (int(session.execute(STAND).scalar_one()),)


class Shelf:
    """Keeps what was made under a key that says everything it was made of; asked from several threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most, self._lock = most, Lock()
        self._kept: OrderedDict[Hashable, object] = OrderedDict()

    def take(self, key: Hashable, make: Callable[[], T]) -> T:
        """Take what stands under the key, or make it and put it there."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return cast("T", self._kept[key])
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made
