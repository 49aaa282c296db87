"""An event in the house's own form, as `tenderbell card` reads it: nothing has to be mapped, and every fault is told."""

from __future__ import annotations

import msgspec

from auction.tender.solicitation import Solicitation, faults
from auction.terms import rules
from auction.terms.faults import Fault, Faulty
from server.imports.draft import Imported

MEMBERS = frozenset({"number", "title", "rules", "lots"})
"""What an event's own file has, and no published form has together."""


def event(name: str, content: bytes) -> Imported:
    """Read an event's file; raises `Faulty` with everything that is wrong."""
    try:
        given = msgspec.json.decode(content, type=Solicitation)
    except msgspec.MsgspecError as error:
        raise Faulty([Fault(name, str(error))]) from error
    found = [*_unknown(content), *faults(given), *_rule_faults(given)]
    if found:
        raise Faulty(found)
    return Imported(msgspec.structs.replace(given, source=f"{name} (an event's own file)", unmapped=()), ())


def _unknown(content: bytes) -> list[Fault]:
    known = Solicitation.__struct_fields__
    given = msgspec.json.decode(content, type=dict[str, msgspec.Raw])
    return [
        Fault(member, f"is not known here; known are {', '.join(known)}")
        for member in given
        if member not in known
    ]


def _rule_faults(given: Solicitation) -> list[Fault]:
    try:
        rules.parse(given.rules, "rules")
    except rules.BadRules as bad:
        return list(bad.faults)
    return []
