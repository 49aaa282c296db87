"""What vendors are handed: the tender's file for page, kit and command line, and how a vendor's own bid stands."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec

from auction.tender.authority import statement
from auction.tender.solicitation import Line, Lot, Solicitation
from bidders.box.closing import stale
from bidders.box.facts import AddendumLogged, Outcome, Published
from bidders.box.state import Box, Kept
from bidders.box.submitting import ALL, last_rev
from bidders.box.vendor_keys import Keys
from server.deciders import ruler_of
from server.parts import Parts

KINDS = {"technical": "Technical", "price": "Price"}
STATES = {
    "current": "In the count",
    "superseded": "Replaced",
    "withdrawn": "Withdrawn",
    "stale": "Refused: not confirmed",
}
OUTCOMES = {
    "opened": "Opened",
    "nonresponsive": "Opened, and not acceptable",
    "unopenable_officers": "Not readable yet: too few officers’ shares",
    "unavailable_host": "Our copy is damaged: bring yours",
}
LINE = ("id", "description", "unit", "quantity", "decimals", "no_bid", "alternates", "or_equal")


async def tender_file(parts: Parts, event_id: str, document: Solicitation, box: Box) -> dict[str, Any]:
    """Everything that a bid is sealed with: manifests with what proves them, lots with their lines, the statement."""
    manifests = list(box.manifests.values())
    proofs, addenda = await asyncio.to_thread(_logged, parts, f"box/{event_id}")
    return {
        "manifests": manifests,
        "acceptances": [{"x": x, "sig": one.sig} for x, one in sorted(box.accepted.items())],
        "addenda": addenda,
        "proofs": proofs,
        "envs": manifests[-1]["envs"],
        "lots": [_lot(lot) for lot in document.lots],
        "statement": statement(document, parts.jurisdictions.get(document.jurisdiction)),
    }


def _logged(parts: Parts, stream: str) -> tuple[list[str], list[list[dict[str, Any]]]]:
    """The log's proofs of publication and of every addendum, as far as it has ticked, and the addenda's signatures."""
    proofs, addenda = [], []
    for entry in parts.journal.read(stream):
        event = ruler_of(stream).read(entry.body)
        if not isinstance(event, Published | AddendumLogged):
            continue
        proofs.append(parts.log.proof(entry.n))
        if isinstance(event, AddendumLogged):
            addenda.append([{"x": each.x, "sig": each.sig} for each in event.sigs])
    return [each for each in proofs if each is not None], addenda


def _lot(lot: Lot) -> dict[str, Any]:
    return {"id": lot.id, "title": lot.title, "lines": [_line(line) for line in lot.lines]}


def _line(line: Line) -> dict[str, Any]:
    return {name: getattr(line, name) for name in LINE}


# --- a vendor's own ------------------------------------------------------------------------------------------------


class Own(msgspec.Struct, frozen=True):
    """How a vendor stands in a bid box; its lists name envelopes by their ids."""

    vendor: str
    manifest: str
    state: str
    keys: tuple[str, ...]
    revs: dict[str, int]
    blobs: tuple[str, ...]
    envelopes: tuple[dict[str, Any], ...]
    refused: int
    withdrawable: tuple[str, ...]
    stale: tuple[str, ...]
    rescue: tuple[str, ...]
    damaged: tuple[str, ...]


async def own(parts: Parts, event_id: str, vendor: str, document: Solicitation) -> Own:
    """How a vendor stands, from the box as it is durable."""
    box: Box = parts.desk.state(f"box/{event_id}")
    keys: Keys = parts.desk.state(f"keys/{vendor}")
    mine = [each for each in box.envelopes.values() if each.vendor == vendor]
    titles = {lot.id: lot.title for lot in document.lots} | {ALL: "All lots"}
    places = sorted({(each.lot, each.env) for each in mine})
    return Own(
        vendor=vendor,
        manifest=next(reversed(box.manifests)),
        state=state_of(box),
        keys=tuple(keys.keys),
        revs={f"{lot}/{env}": last_rev(box, vendor, lot, env) for lot, env in places},
        blobs=tuple(await parts.blobs.sizes(event_id, vendor)),
        envelopes=tuple(_shown(each, titles, box.results.get(each.eid)) for each in reversed(mine)),
        refused=sum(each.vendor == vendor and each.reason != "stale" for each in box.refused),
        withdrawable=tuple(each.eid for each in mine if each.status == "current" and box.closed is None),
        stale=tuple(each.eid for each in stale(box) if each.vendor == vendor),
        rescue=to_rescue(box, mine),
        damaged=damaged(box, mine),
    )


def state_of(box: Box) -> str:
    """Whether a published box takes bids: open, closed or cancelled."""
    if box.cancelled is not None:
        return "cancelled"
    return "closed" if box.closed is not None else "open"


def to_rescue(box: Box, mine: list[Kept]) -> tuple[str, ...]:
    """The vendor's envelopes that it is asked to open itself, by its own copy."""
    asked = {eid for each in box.rescues.values() for eid in each.eids}
    return tuple(
        each.eid for each in mine if each.eid in asked - box.revealed and each.eid not in box.results
    )


def damaged(box: Box, mine: list[Kept]) -> tuple[str, ...]:
    """The vendor's envelopes of which our copy is damaged, so that it may bring the same bytes again."""
    results = {eid for eid, each in box.results.items() if each.result == "unavailable_host"}
    return tuple(each.eid for each in mine if each.eid in results)


def _shown(one: Kept, titles: dict[str, str], result: Outcome | None) -> dict[str, Any]:
    return {
        "eid": one.eid,
        "title": titles.get(one.lot, one.lot),
        "kind": KINDS.get(one.env, one.env),
        "rev": one.rev,
        "at": one.received_at,
        "words": STATES[one.status] if result is None else OUTCOMES[result.result],
    }
