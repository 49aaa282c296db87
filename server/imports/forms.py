"""The forms of published tenders: which one a file has is seen from its members, and its reader makes the draft."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from auction.terms.faults import Fault, Faulty
from server.imports import ocds, own, prozorro
from server.imports.draft import Imported
from server.imports.reading import parse, seen

Reader = Callable[[str, dict[str, Any]], Imported]
FORMS: tuple[tuple[frozenset[str], Reader], ...] = (
    (frozenset({"records"}), ocds.record_package),
    (frozenset({"compiledRelease"}), ocds.record),
    (frozenset({"versionedRelease"}), ocds.record),
    (frozenset({"ocid", "releases"}), ocds.record),
    (frozenset({"releases"}), ocds.release_package),
    (frozenset({"ocid"}), ocds.release),
    (frozenset({"tender"}), ocds.release),
    (frozenset({"data"}), prozorro.tender),
    (frozenset({"tenderID"}), prozorro.tender),
    (frozenset({"procurementMethodType"}), prozorro.tender),
    (frozenset({"id", "items"}), prozorro.tender),
    (frozenset({"id", "lots"}), prozorro.tender),
)
"""The first row whose members are all there decides."""
KNOWN = "an OCDS 1.1 release, release package, record or record package, a Prozorro tender, and an event's own file"


def read(name: str, content: bytes) -> Imported:
    """Make a draft of a file's content; raises `Faulty` with everything that keeps it from being one."""
    value = parse(name, content)
    if isinstance(value, list):
        raise Faulty([Fault(seen(name), f"is a list; give one object: {KNOWN} can be read")])
    if isinstance(value, dict) and value.keys() >= own.MEMBERS:
        return own.event(seen(name), content)
    if isinstance(value, dict):
        for members, reader in FORMS:
            if members <= value.keys():
                return reader(seen(name), value)
    raise Faulty([Fault(seen(name), f"is in no form that is known here; {KNOWN} can be read")])


__all__ = ["Imported", "read"]
