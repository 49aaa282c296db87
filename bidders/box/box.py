"""A bid box from its officers' keys to its last envelope: the decider of the stream `box/<event id>`.

Bids are taken while the manifest in force says so. Everything is listed at the close; nothing is read before enough officers
released their shares of every due envelope; and the price of a vendor who did not pass the technical stage is never read.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from datetime import datetime
from typing import Any

import msgspec

from auction import refusals
from auction.kernel import Command, Event, Refused
from auction.record.logged import Linked
from auction.refusals import no
from bidders.box import ceremony, closing, committee, facts, handover, passing, rescue, submitting, words
from bidders.box.state import Box, Kept, Refusal
from bidders.box.words import BoxDone

Judge = Callable[[Box, Any, datetime], Iterator[Event]]
TAKING: dict[type[Command], Callable[[Box, Any, datetime], submitting.Facts]] = {
    words.Submit: submitting.submit,
    words.Withdraw: submitting.withdraw,
    words.Acknowledge: submitting.acknowledge,
}
JUDGES: dict[type[Command], Judge] = {
    words.EnterKeys: committee.enter_keys,
    words.FixManifest: committee.fix,
    words.AcceptManifest: committee.accept,
    words.NoteHealth: committee.note_health,
    words.HandOver: handover.hand_over,
    words.PublishBox: committee.publish,
    words.SignAddendum: committee.sign_addendum,
    words.IssueAddendum: committee.issue_addendum,
    words.CancelBox: committee.cancel,
    words.Resupply: submitting.resupply,
    words.RefuseStale: closing.refuse_stale,
    words.CloseBox: closing.close,
    words.StartMeeting: ceremony.start,
    words.NameWitness: ceremony.name_witness,
    words.Release: ceremony.release,
    words.NoteCalled: rescue.note_called,
    words.DeclareUnopenable: rescue.declare,
    words.AskRescue: rescue.ask_rescue,
    words.Reveal: rescue.reveal,
    words.RecordOpening: ceremony.record,
    words.RecordLater: ceremony.record_later,
    words.ProposeStage: passing.propose_stage,
    words.PassStage: passing.pass_stage,
}


def initial() -> Box:
    """Return a box of which nothing is known yet."""
    return Box()


def decide(box: Box, command: Command, now: datetime) -> Generator[Event, None, BoxDone]:
    """Judge one command."""
    taking, judge = TAKING.get(type(command)), JUDGES.get(type(command))
    if taking is not None:
        return (yield from taking(box, command, now))
    if judge is None:
        raise Refused(no("BAD_COMMAND"))
    before = box.seq
    yield from judge(box, command, now)
    return BoxDone(tuple(range(before + 1, box.seq + 1)))


def refusal(box: Box, command: Command, reason: refusals.Refusal, now: datetime) -> Iterator[Event]:
    """What is written of a refused bid is written as a fact of its own; other refusals are answered alone."""
    return iter(())


# --- remembering -----------------------------------------------------------------------------------------------------------


def evolve(box: Box, event: Event) -> Box:
    """Write one event into the box."""
    box.seq += 1
    _WRITERS[type(event)](box, event.unlinked() if isinstance(event, Linked) else event)
    return box


def _keyed(box: Box, event: facts.OfficerKeyed) -> None:
    box.tender = event.tender or ""
    before = box.keys.get(event.person)
    box.keys[event.person] = event
    if before is not None and before.kid != event.kid:
        box.draft, box.document, box.accepted = None, "", {}


def _fixed(box: Box, event: facts.ManifestFixed) -> None:
    box.tender, box.draft, box.document = event.manifest["tender"], event.manifest, event.document
    box.accepted, box.seeds = {}, event.seeds


def _published(box: Box, event: facts.Published) -> None:
    assert box.draft is not None
    box.published_at = event.at
    box.manifests[event.manifest] = box.draft


def _signed(box: Box, event: facts.AddendumSigned) -> None:
    box.signed = event


def _amended(box: Box, event: facts.AddendumLogged) -> None:
    assert box.signed is not None
    box.manifests[event.manifest], box.document = box.signed.manifest, box.signed.document
    box.signed = None


def _received(box: Box, event: facts.BidReceived) -> None:
    place = (event.lot, event.env, event.by)
    older = box.envelopes.get(event.replaces or "")
    if older is not None and older.status == "current":
        box.envelopes[older.eid] = msgspec.structs.replace(older, status="superseded")
    box.latest[place] = event.eid
    box.envelopes[event.eid] = Kept(
        event.eid, event.lot, event.env, event.by, event.rev, event.manifest, event.received_at, box.seq
    )


def _withdrawn(box: Box, event: facts.BidWithdrawn) -> None:
    _change(box, event.eid, status="withdrawn")


def _acknowledged(box: Box, event: facts.BidAcknowledged) -> None:
    _change(box, event.eid, acknowledged=event.manifest)


def _refused(box: Box, event: facts.BidRefused) -> None:
    box.refused.append(
        Refusal(event.eid, event.reason, event.by, event.received_at, box.seq, event.request_sha256)
    )
    if event.reason == "stale" and event.eid is not None:
        _change(box, event.eid, status="stale")


def _change(box: Box, eid: str, **to: Any) -> None:
    box.envelopes[eid] = msgspec.structs.replace(box.envelopes[eid], **to)


def _closed(box: Box, event: facts.BoxClosed) -> None:
    box.closed, box.closed_seq = event, box.seq


def _called(box: Box, event: facts.OfficerCalled) -> None:
    box.called[event.env, event.x] = event


def _unopenable(box: Box, event: facts.BidUnopenable) -> None:
    box.unopenable[event.eid] = event


def _asked(box: Box, event: facts.OpeningRescue) -> None:
    box.rescues[event.env] = event


def _opened(box: Box, event: facts.BidOpened) -> None:
    box.results[event.eid] = facts.Outcome(event.eid, event.result, event.fault)


def _accepted(box: Box, event: facts.OfficerAccepted) -> None:
    box.accepted[event.x] = event


def _taken(box: Box, event: facts.SeatTaken) -> None:
    keys = box.keys.pop(event.leaver)
    box.keys[event.by] = msgspec.structs.replace(keys, person=event.by)


def _health(box: Box, event: facts.OfficerHealth) -> None:
    box.health[event.x] = event.at


def _cancelled(box: Box, event: facts.Cancelled) -> None:
    box.cancelled = event.reason


def _meeting(box: Box, event: facts.MeetingStarted) -> None:
    box.meeting = event.at


def _witness(box: Box, event: facts.WitnessNamed) -> None:
    box.witnesses.append(event.witness)


def _counted(box: Box, event: facts.SharesCounted) -> None:
    box.releases[event.env, event.x] = event


def _revealed(box: Box, event: facts.RescueRevealed) -> None:
    box.revealed.add(event.eid)


def _named(box: Box, event: facts.VendorsNamed) -> None:
    box.names |= event.names


def _read(box: Box, event: facts.BidRead) -> None:
    box.read[event.eid] = event


def _finished(box: Box, event: facts.OpeningFinished) -> None:
    box.finished[event.env] = event


def _proposed(box: Box, event: facts.StageProposed) -> None:
    box.proposed = event


def _passed(box: Box, event: facts.StagePassed) -> None:
    box.passed = event


def _is_over(box: Box, event: facts.BoxOver) -> None:
    box.over = event.lots


def _counts_only(box: Box, event: Event) -> None:
    """Nothing to remember but that it happened."""


_WRITERS: dict[type[Event], Callable[[Box, Any], None]] = {
    facts.OfficerKeyed: _keyed,
    facts.ManifestFixed: _fixed,
    facts.OfficerAccepted: _accepted,
    facts.OfficerHealth: _health,
    facts.OfficerRewrapped: _counts_only,
    facts.SeatTaken: _taken,
    facts.Published: _published,
    facts.AddendumLogged: _amended,
    facts.AddendumSigned: _signed,
    facts.Cancelled: _cancelled,
    facts.BoxCancelled: _counts_only,
    facts.BidReceived: _received,
    facts.BidAcknowledged: _acknowledged,
    facts.BidWithdrawn: _withdrawn,
    facts.BidRefused: _refused,
    facts.BidResupplied: _counts_only,
    facts.BoxClosed: _closed,
    facts.MeetingStarted: _meeting,
    facts.WitnessNamed: _witness,
    facts.ReleaseReceived: _counts_only,
    facts.SharesCounted: _counted,
    facts.OfficerCalled: _called,
    facts.BidUnopenable: _unopenable,
    facts.OpeningRescue: _asked,
    facts.RescueRevealed: _revealed,
    facts.BidOpened: _opened,
    facts.OpeningFinished: _finished,
    facts.VendorsNamed: _named,
    facts.BidRead: _read,
    facts.StageProposed: _proposed,
    facts.StagePassed: _passed,
    facts.BoxOver: _is_over,
    facts.OpeningBidRead: _counts_only,
}
