"""The committee on a lead's pages: how each officer stands, sending a draft to them, and the gates before publication."""

from __future__ import annotations

from typing import Any

from auction.tender import sealed_bids
from auction.terms.faults import Faulty
from server.pages.showing import Shown
from server.parts import Parts
from server.sealed import officers

UNSIGNED = "Not issued. An officer signs an addendum of sealed bids first, in the officers’ console."


def context(parts: Parts, shown: Shown) -> dict[str, Any]:
    """What the review page shows of the officers; nothing for an auction."""
    if not sealed_bids.has_box(shown.document):
        return {"officers": None}
    box = officers.box_of(parts, shown.id)
    rows = officers.seated(shown.tender, box)
    return {
        "officers": rows,
        "all_keyed": all(each.keyed for each in rows),
        "sent": officers.sent(shown.tender, box),
        "all_accepted": officers.accepted(shown.tender, box),
        "one_house": sealed_bids.one_house(shown.document.sealing),
        "console_at": parts.settings.officers,
    }


def accepted(parts: Parts, shown: Shown) -> bool:
    """Tell whether every officer has accepted exactly this draft."""
    sealed = sealed_bids.has_box(shown.document)
    return sealed and officers.accepted(shown.tender, officers.box_of(parts, shown.id))


async def send(parts: Parts, shown: Shown, by: str) -> tuple[str, bool]:
    """Put the approved draft before the officers; what to say of it, and whether it went well."""
    try:
        refusal = await officers.send(parts, shown.id, shown.tender, by)
    except Faulty as bad:
        return f"Not sent. {bad.faults[0].message}", False
    if refusal is not None:
        return f"Not sent. {refusal.message}", False
    return "Sent. Each officer reads it and accepts it in the officers’ console.", True


def unsigned(parts: Parts, shown: Shown) -> bool:
    """Tell whether a proposed addendum of sealed bids still waits for an officer's signature."""
    sealed = sealed_bids.has_box(shown.document)
    return sealed and officers.next_waits(shown.tender, officers.box_of(parts, shown.id))
