"""Submitting: envelopes are received, replaced, withdrawn and confirmed until the deadline, and every refusal is written down."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from datetime import datetime
from functools import partial

from auction.kernel import Event, Refused
from auction.record.logged import moment, rounded_up
from auction.refusals import no
from bidders.box.facts import BidAcknowledged, BidReceived, BidRefused, BidResupplied, BidWithdrawn
from bidders.box.state import Box, Kept
from bidders.box.words import Acknowledge, Asked, BoxDone, Item, Resupply, Submit, Withdraw

Facts = Generator[Event, None, BoxDone]
ALL = "_all"
REASONS = {
    "malformed": "The bid could not be read as a sealed envelope.",
    "context": "The envelope was sealed for another solicitation, lot, vendor or version.",
    "hash": "Some bytes were damaged on the way; send it again.",
    "key": "The signing key is not on record; register it and send the bid again.",
    "signature": "The signature does not fit the signing key on record.",
    "late": "It arrived after bids were due.",
    "stale": "It was sealed before the last addendum and was not confirmed.",
}
"""Why a request was refused, in plain words."""


def due_at(box: Box) -> datetime:
    """When bids are due, by the manifest in force."""
    manifest = box.manifest
    assert manifest is not None
    return moment(manifest["closes_at"])


def submit(box: Box, command: Submit, now: datetime) -> Facts:
    """Take all envelopes of a request, or none; the same again gives the same receipts."""
    _taking(box)
    again = _again(box, command)
    if again is not None:
        return again
    reason = _reason(box, command) or next(
        filter(None, (_misplaced(box, each) for each in command.items)), None
    )
    if reason is not None:
        return (yield from _refuse(box, command, [each.eid for each in command.items], reason, now))
    _in_order(box, command)
    first = box.seq + 1
    for item in command.items:
        yield _received(box, command, item, now)
    return BoxDone(tuple(range(first, box.seq + 1)))


def _taking(box: Box) -> None:
    if box.published_at is None or box.cancelled is not None:
        raise Refused(
            no("NOT_OPEN", "This solicitation takes no bids: it is not published, or it was cancelled.")
        )


def _reason(box: Box, command: Asked) -> str | None:
    """Why a request is refused whatever it asks for; too late comes first. Refuses where no bids are taken."""
    _taking(box)
    if box.closed is not None or rounded_up(command.received_at) > due_at(box):
        return "late"
    return command.fault


def _again(box: Box, command: Submit) -> BoxDone | None:
    """The receipts of the same envelopes of the same vendor, where all of them are in the box already."""
    kept = [box.envelopes.get(each.eid) for each in command.items]
    found = [each.seq for each in kept if each is not None and each.vendor == command.by]
    return BoxDone(tuple(found)) if found and len(found) == len(command.items) else None


def _misplaced(box: Box, item: Item) -> str | None:
    """Whether an envelope's context names what is in force: any logged version, unless addenda must be confirmed."""
    manifest = box.manifests.get(item.manifest)
    if manifest is None or item.env not in manifest["envs"]:
        return "context"
    lots = {lot["id"] for lot in manifest["lots"]}
    whole = item.lot == ALL and item.env == "technical"
    return None if whole or item.lot in lots else "context"


def _in_order(box: Box, command: Submit) -> None:
    """Each envelope must be the next of its lot and kind; one that was made from an older one overwrites nothing."""
    places = [(each.lot, each.env) for each in command.items]
    if not places or len(set(places)) < len(places):
        raise Refused(no("BAD_COMMAND", "Send at least one envelope, and at most one for each lot and kind."))
    for item in command.items:
        last = last_rev(box, command.by, item.lot, item.env)
        if item.rev != last + 1:
            said = f"Version {last} is the last we hold; this one says {item.rev}. Load the page again and seal anew."
            raise Refused(no("STALE_RULES", said, str(last + 1)))


def last_rev(box: Box, vendor: str, lot: str, env: str) -> int:
    """The last version that a vendor has put in for a lot and kind; 0 before the first."""
    kept = box.envelopes.get(box.latest.get((lot, env, vendor), ""))
    return kept.rev if kept is not None else 0


def _received(box: Box, command: Submit, item: Item, now: datetime) -> BidReceived:
    return BidReceived(
        at=rounded_up(now),
        by=command.by,
        tender=box.tender,
        vis="sealed",
        eid=item.eid,
        lot=item.lot,
        env=item.env,
        rev=item.rev,
        replaces=box.latest.get((item.lot, item.env, command.by)),
        manifest=item.manifest,
        closes_at=due_at(box),
        received_at=rounded_up(command.received_at),
        kid=command.kid,
        sig_sha256=command.sig_sha256,
    )


def _refuse(box: Box, command: Asked, eids: Sequence[str], reason: str, now: datetime) -> Facts:
    """Write a refusal down for each envelope, or one where none could be read."""
    first = box.seq + 1
    named: list[str | None] = [*eids]
    for eid in named or [None]:
        yield BidRefused(
            at=rounded_up(now),
            by=command.by,
            tender=box.tender,
            vis="sealed",
            eid=eid,
            request_sha256=command.request_sha256,
            reason=reason,
            received_at=rounded_up(command.received_at),
        )
    return BoxDone(tuple(range(first, box.seq + 1)))


def mine(box: Box, vendor: str, eids: Sequence[str]) -> list[Kept]:
    """A vendor's envelopes in the count; refuses what is another's or no longer counts."""
    kept = [box.envelopes.get(eid) for eid in eids]
    if not eids or any(each is None or each.vendor != vendor or each.status != "current" for each in kept):
        raise Refused(no("NOTHING_TO_VOID", "There is no such envelope of yours in the count."))
    return [each for each in kept if each is not None]


def withdraw(box: Box, command: Withdraw, now: datetime) -> Facts:
    """Take envelopes out of the count until bids are due."""
    return (yield from _say(box, command, _reason(box, command), now, BidWithdrawn))


def acknowledge(box: Box, command: Acknowledge, now: datetime) -> Facts:
    """Confirm envelopes under the manifest in force until bids are due."""
    reason = _reason(box, command)
    if reason is None and command.manifest != next(reversed(box.manifests)):
        reason = "context"
    confirmed = partial(BidAcknowledged, manifest=command.manifest)
    return (yield from _say(box, command, reason, now, confirmed))


def _say(
    box: Box, command: Withdraw | Acknowledge, reason: str | None, now: datetime, fact: Callable[..., Event]
) -> Facts:
    """Write the same fact of each of a vendor's envelopes that it names, or the refusal of all."""
    if reason is not None:
        return (yield from _refuse(box, command, command.eids, reason, now))
    first = box.seq + 1
    for kept in mine(box, command.by, command.eids):
        yield fact(
            at=rounded_up(now),
            by=command.by,
            tender=box.tender,
            vis="sealed",
            eid=kept.eid,
            received_at=rounded_up(command.received_at),
            kid=command.kid,
            sig_sha256=command.sig_sha256,
        )
    return BoxDone(tuple(range(first, box.seq + 1)))


def resupply(box: Box, command: Resupply, now: datetime) -> Iterator[Event]:
    """Note that the same bytes were brought again, of an envelope whose copy was damaged, at the opening or in a rescue."""
    kept, result = box.envelopes.get(command.eid), box.results.get(command.eid)
    rescued = any(command.eid in each.eids for each in box.rescues.values())
    asked = result.result == "unavailable_host" if result is not None else rescued
    if kept is None or kept.vendor != command.by or not asked:
        raise Refused(no("NOTHING_TO_VOID", "None of your envelopes has to be brought again."))
    yield BidResupplied(at=rounded_up(now), by=command.by, tender=box.tender, vis="sealed", eid=command.eid)
