"""Organisations as published tenders name them, and the vendors made of those that bid."""

from __future__ import annotations

from collections.abc import Mapping

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


def keep(found: dict[str, str], key: str, name: str) -> None:
    """Note a vendor once: by its key, else by its name."""
    if key or name not in found.values():
        found.setdefault(key or name, name)


def vendors_of(found: Mapping[str, str]) -> tuple[Vendor, ...]:
    """Make the vendors of names by key."""
    ids = fitted(list(found), "vendor")
    return tuple(Vendor(id, name) for id, name in zip(ids, found.values(), strict=True))
