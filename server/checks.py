"""Checks: what is wrong with a document on any day, looked for once for each version of it, because large ones take a while."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from auction.consequences import prepare
from auction.live import preparing
from auction.tender import conditions
from auction.tender.solicitation import Solicitation
from auction.terms.faults import Fault
from auction.terms.rules import BadRules

KEPT = 64
"""Of how many versions what was found is kept."""


class Checks:
    """What was found in the latest versions, by their fingerprints."""

    def __init__(self) -> None:
        self._found: dict[str, Sequence[Fault]] = {}

    async def of(self, fingerprint: str, document: Solicitation) -> Sequence[Fault]:
        """Everything that is wrong with a version whatever the day."""
        if fingerprint not in self._found:
            self._found[fingerprint] = await asyncio.to_thread(lasting, document)
            while len(self._found) > KEPT:
                del self._found[next(iter(self._found))]
        return self._found[fingerprint]


def lasting(document: Solicitation) -> Sequence[Fault]:
    """What is wrong with a document, and then with the room that would be made of it."""
    found = conditions.lasting(document)
    if found or document.opens is None or document.closes is None:
        return found
    try:
        return list(preparing.faults(prepare(document, "host", "", None)))
    except BadRules as bad:
        return list(bad.faults)
