"""Baselines: the unit prices of contracts that were signed.

A baseline is the unit price last paid. A tender's own `unit.value` is the buyer's estimate, and an award may never be
signed, so neither counts. A contract's item is the tender's item when id and unit agree; where signed contracts
differ on its price there is no telling which was paid last, and there is no baseline.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from server.imports.source import Place, Source
from server.imports.values import amount

SIGNED = ("active", "terminated")


class Baselines:
    """Unit prices by item and unit."""

    def __init__(self, prices: dict[tuple[str, str], set[str]]) -> None:
        self._prices = prices

    def of(self, item: str, unit: str) -> str | None:
        """The one price that was agreed for an item; None without one, or with several."""
        prices = self._prices.get((item, unit), set())
        return next(iter(prices)) if item and len(prices) == 1 else None


def baselines_of(process: Place, currency: str) -> Baselines:
    """Read the signed contracts' unit prices, leaving the contracts to be listed as a whole."""
    aside = Source()
    prices: dict[tuple[str, str], set[str]] = defaultdict(set)
    for item in _signed(aside.root(process.path, process.value)):
        unit = item.below("unit")
        price = amount(unit, "value", currency)
        if price is not None:
            prices[item.id(), unit.line("name") or unit.id("code") or unit.id()].add(price)
    told = (note for note in aside.notes if note.path.endswith(".unit.value.amount"))
    process.source.notes.update(dict.fromkeys(told))
    return Baselines(prices)


def _signed(process: Place) -> Iterator[Place]:
    for contract in process.rows("contracts"):
        if contract.value.get("status") in SIGNED:
            yield from contract.rows("items")
