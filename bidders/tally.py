"""What a crowd was told: every bid that it sent, and what each came to."""

from __future__ import annotations

from collections import Counter

import msgspec

from bidders.frames import Answer, No, Taken


class Tally(msgspec.Struct):
    """`taken` holds the amount of each bid that counts, by vendor and id."""

    sent: int = 0
    taken: dict[tuple[str, str], str] = {}
    refusals: Counter[str] = msgspec.field(default_factory=Counter)
    failed: int = 0
    waits: list[int] = []
    """How long each answer took, in microseconds."""

    @property
    def accepted(self) -> int:
        """How many bids were taken."""
        return len(self.taken)

    @property
    def refused(self) -> int:
        """How many bids were refused."""
        return sum(self.refusals.values())

    @property
    def waiting(self) -> int:
        """How many bids have no answer yet."""
        return self.sent - len(self.waits)

    def percentile(self, share: int) -> float:
        """The time in milliseconds within which so many per cent were answered."""
        ordered = sorted(self.waits)
        return ordered[min(len(ordered) - 1, len(ordered) * share // 100)] / 1000 if ordered else 0.0

    def add(self, vendor: str, id: str, answer: Answer, microseconds: int) -> None:
        """Note an answer."""
        self.waits.append(microseconds)
        if isinstance(answer, Taken):
            self.taken[vendor, id] = answer.amount
        elif isinstance(answer, No):
            self.refusals[answer.code] += 1
        else:
            self.failed += 1
