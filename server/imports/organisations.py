"""Organisations as published tenders name them, and the vendors made of those that bid."""

from __future__ import annotations

from collections.abc import Iterable

from auction.tender.solicitation import Vendor
from server.imports.naming import fitted
from server.imports.source import Place


def name_of(organisation: Place) -> str:
    """What an organisation is called, else its legal name; empty when neither is given."""
    return organisation.line("name") or organisation.below("identifier").line("legalName")


def key_of(organisation: Place) -> str:
    """The official identifier with its scheme; empty when there is none."""
    identifier = organisation.below("identifier")
    return "-".join(filter(None, (identifier.line("scheme"), identifier.id())))


def vendors_of(bidders: Iterable[tuple[str, str]]) -> tuple[Vendor, ...]:
    """Make a vendor of each key and name, once; without a key only where the name is not there yet."""
    given = list(bidders)
    keyed = {key: name for key, name in reversed(given) if key}
    named = set(keyed.values())
    once = dict.fromkeys((key, "" if key else name) for key, name in given if key or name not in named)
    ids = fitted([key or name for key, name in once], "vendor")
    return tuple(Vendor(id, name or keyed[key]) for id, (key, name) in zip(ids, once, strict=True))
