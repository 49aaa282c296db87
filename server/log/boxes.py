"""Which bid boxes are out: between their publication and the end of their opening, the log ticks by the minute."""

from __future__ import annotations

from collections.abc import Sequence

from auction.journal import Entry
from auction.kernel import Event, Refused
from bidders.box import committee
from bidders.box.state import Box
from server.desk import Desk
from server.journal_sql import SqlJournal

KIND = "box/"


def is_out(box: Box) -> bool:
    """Tell whether a box is published, and neither cancelled nor opened to its end."""
    return box.published_at is not None and box.cancelled is None and box.over is None


class Boxes:
    """Keeps in mind which boxes are out; read from the journal when first asked."""

    def __init__(self, desk: Desk, journal: SqlJournal) -> None:
        self._desk, self._journal = desk, journal
        self._out: set[str] | None = None

    def heard(self, stream: str, entries: Sequence[Entry], events: Sequence[Event]) -> None:
        """Look at a box again after something happened in it."""
        if self._out is not None and stream.startswith(KIND):
            if is_out(self._desk.state(stream)):
                self._out.add(stream)
            else:
                self._out.discard(stream)

    def out(self) -> bool:
        """Tell whether any box is out."""
        if self._out is None:
            every = self._journal.streams(KIND)
            self._out = {stream for stream in every if is_out(self._desk.state(stream))}
        return bool(self._out)

    def seeds(self, tender: str) -> bool:
        """Tell whether a tender's box holds the opening bids of a live auction."""
        box: Box = self._desk.state(KIND + tender)
        return box.seeds

    def officer(self, tender: str, person: str) -> str | None:
        """Which officer of a tender a person is, as its events say it: `o` and the seat; None for everybody else."""
        try:
            return f"o{committee.officer(self._desk.state(KIND + tender), person)['x']}"
        except Refused:
            return None
