"""The close: a complete list of what was received, so that nothing can be left out or slipped in later."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from auction.kernel import Event, Refused
from auction.record.logged import rounded_up
from auction.refusals import no
from bidders.box.facts import SERVER, BidRefused, BoxClosed, Listed, Turned
from bidders.box.state import Box, Kept
from bidders.box.submitting import due_at
from bidders.box.words import CloseBox, RefuseStale


def ends(box: Box, now: datetime) -> bool:
    """Tell whether the box has still to be closed; refuses before bids are due."""
    if box.closed is not None or box.cancelled is not None or box.published_at is None:
        return False
    if now <= due_at(box):
        raise Refused(no("NOT_OPEN", "Bids are not due yet."))
    return True


def refuse_stale(box: Box, command: RefuseStale, now: datetime) -> Iterator[Event]:
    """Refuse what had to be confirmed after an addendum and was not; only where the rules ask for it."""
    for kept in stale(box) if ends(box, now) else []:
        yield BidRefused(
            at=rounded_up(now),
            by=SERVER,
            tender=box.tender,
            vis="sealed",
            eid=kept.eid,
            request_sha256=command.requests[kept.eid],
            reason="stale",
            received_at=kept.received_at,
        )


def close(box: Box, command: CloseBox, now: datetime) -> Iterator[Event]:
    """List everything, once, after the deadline."""
    if not ends(box, now):
        return
    if stale(box):
        raise Refused(no("NOT_ALLOWED", "Envelopes that were not confirmed are refused first."))
    told = [each.seq for each in box.envelopes.values()] + [each.seq for each in box.refused]
    if not command.leaves.keys() >= set(told):
        raise Refused(no("STALE_RULES", "Something was written since; read the stream again, then close."))
    yield BoxClosed(
        at=rounded_up(now),
        by=SERVER,
        tender=box.tender,
        vis="sealed",
        manifest=next(reversed(box.manifests)),
        current=_list(box, "current", command.leaves),
        superseded=_list(box, "superseded", command.leaves),
        withdrawn=_list(box, "withdrawn", command.leaves),
        refused=_turned(box, command.leaves),
    )


def stale(box: Box) -> list[Kept]:
    """The envelopes that the last addendum outdates, where the rules ask for confirmation."""
    manifest = box.manifest
    assert manifest is not None
    if manifest["rules"]["material"] != "acknowledge":
        return []
    last = next(reversed(box.manifests))
    current = (each for each in box.envelopes.values() if each.status == "current")
    return [each for each in current if last not in (each.manifest, each.acknowledged)]


def _list(box: Box, status: str, leaves: dict[int, str]) -> tuple[Listed, ...]:
    chosen = sorted(
        (each for each in box.envelopes.values() if each.status == status), key=lambda each: each.eid
    )
    return tuple(
        Listed(each.eid, each.lot, each.env, each.vendor, each.rev, leaves[each.seq]) for each in chosen
    )


def _turned(box: Box, leaves: dict[int, str]) -> tuple[Turned, ...]:
    rows = [Turned(each.eid, leaves[each.seq], each.reason) for each in box.refused]
    return tuple(sorted(rows, key=lambda row: (row.eid is not None, row.eid or "", row.leaf)))
