"""The opening: officers release their shares, and nothing is read before every due envelope has enough of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from auction.kernel import Event, Refused
from auction.record.logged import moment, rounded_up
from auction.refusals import no
from bidders.box.committee import officer
from bidders.box.facts import (
    SERVER,
    BidOpened,
    BidRead,
    BoxOver,
    MeetingStarted,
    OpeningBidRead,
    OpeningFinished,
    Outcome,
    ReleaseReceived,
    SharesCounted,
    VendorsNamed,
    WitnessNamed,
)
from bidders.box.state import Box, Kept
from bidders.box.words import NameWitness, RecordLater, RecordOpening, Release, StartMeeting, Tried

AGAIN = ("unopenable_officers", "unavailable_host")
"""Results that a later try may replace."""


def opens_at(box: Box) -> datetime:
    """When envelopes may be opened, by the manifest in force."""
    manifest = box.manifest
    assert manifest is not None
    return moment(manifest["opens_at"])


def stage(box: Box) -> str | None:
    """Which kind of envelope is opened now; None before the close and after the last."""
    manifest = box.manifest
    if box.closed is None or manifest is None or box.cancelled is not None or box.over is not None:
        return None
    waiting = [env for env in manifest["envs"] if env not in box.finished]
    first: str | None = waiting[0] if waiting else None
    return first


def due(box: Box, env: str) -> list[Kept]:
    """The envelopes of a stage that are to be opened, by eid: of the price, only those of vendors who passed."""
    current = [each for each in box.envelopes.values() if each.env == env and each.status == "current"]
    manifest = box.manifest
    if manifest is not None and env == "price" and "technical" in manifest["envs"]:
        passed = box.passed.vendors if box.passed is not None else ()
        current = [each for each in current if each.vendor in passed]
    return sorted(current, key=lambda each: each.eid)


def good_seats(box: Box, env: str, eid: str) -> list[int]:
    """Whose shares of an envelope hold, by seat."""
    return sorted(x for (of, x), counted in box.releases.items() if of == env and eid in counted.good)


def short(box: Box, env: str) -> list[str]:
    """The due envelopes that still lack shares and may not be given up: what the opening waits for."""
    lacking = [each.eid for each in due(box, env) if len(good_seats(box, env, each.eid)) < _quorum(box)]
    return [eid for eid in lacking if eid not in box.unopenable and eid not in box.revealed]


def silent(box: Box, env: str) -> list[int]:
    """The officers, by seat, who have neither released their shares of a stage nor been asked to."""
    manifest = box.manifest
    assert manifest is not None
    heard = {x for of, x in (*box.releases, *box.called) if of == env}
    return [seat["x"] for seat in manifest["officers"] if seat["x"] not in heard]


def given_up(box: Box, env: str) -> list[str]:
    """The envelopes that officers cannot open, as one of them signed, and whose vendors have not opened them either."""
    lacking = [each.eid for each in due(box, env) if len(good_seats(box, env, each.eid)) < _quorum(box)]
    return [eid for eid in lacking if eid in box.unopenable and eid not in box.revealed]


def _quorum(box: Box) -> int:
    manifest = box.manifest
    assert manifest is not None
    found: int = manifest["quorum"]
    return found


# --- the meeting ------------------------------------------------------------------------------------------------------------


def start(box: Box, command: StartMeeting, now: datetime) -> Iterator[Event]:
    """Start the opening once its time has come, with at least one witness."""
    if box.closed is None or box.cancelled is not None:
        raise Refused(no("NOT_OPEN", "Bids are not closed yet."))
    if now < opens_at(box):
        raise Refused(no("NOT_OPEN", "The time of the opening has not come."))
    if box.meeting is None:
        if not any(each.name.strip() for each in command.witnesses):
            raise Refused(no("BAD_COMMAND", "Name at least one witness who is present."))
        yield MeetingStarted(at=now, by=command.by, tender=box.tender, vis="public")
        for witness in command.witnesses:
            yield WitnessNamed(at=now, by=command.by, tender=box.tender, vis="public", witness=witness)


def name_witness(box: Box, command: NameWitness, now: datetime) -> Iterator[Event]:
    """Name somebody else who is present."""
    if box.meeting is None or box.over is not None:
        raise Refused(no("NOT_OPEN", "Witnesses are named while the opening runs."))
    if not command.witness.name.strip():
        raise Refused(no("BAD_COMMAND", "Give the witness’s name."))
    if command.witness not in box.witnesses:
        yield WitnessNamed(at=now, by=command.by, tender=box.tender, vis="public", witness=command.witness)


def release(box: Box, command: Release, now: datetime) -> Iterator[Event]:
    """Count an officer's shares of the stage; the same release again changes nothing."""
    seat = officer(box, command.by)
    running(box, command.env, now)
    if seat["x"] != command.x:
        raise Refused(no("NOT_ALLOWED", "This release is another officer’s."))
    if command.checked.due != tuple(each.eid for each in due(box, command.env)):
        raise Refused(no("STALE_RULES", "The release is for another set of envelopes; load the page again."))
    held = box.releases.get((command.env, command.x))
    if held is not None and held.hash == command.checked.hash:
        return
    by, found = f"o{command.x}", command.checked
    yield ReleaseReceived(
        at=rounded_up(now),
        by=by,
        tender=box.tender,
        vis="sealed",
        x=command.x,
        env=command.env,
        hash=found.hash,
    )
    yield SharesCounted(
        at=now,
        by=by,
        tender=box.tender,
        x=command.x,
        env=command.env,
        hash=found.hash,
        good=found.good,
        unread=found.unread,
        forged=found.forged,
    )


def running(box: Box, env: str, now: datetime) -> None:
    """Refuse what belongs to an opening, where none of this kind runs."""
    if now < opens_at(box) or box.closed is None:
        raise Refused(no("NOT_OPEN", "The time of the opening has not come."))
    if box.meeting is None:
        raise Refused(no("NOT_OPEN", "The lead has not started the opening yet."))
    if stage(box) != env:
        raise Refused(no("CLOSED", "Envelopes of this kind are not opened now."))
    if env == "price" and box.finished and box.passed is None:
        raise Refused(no("NOT_OPEN", "It is not said yet whose price envelopes are opened."))


# --- the results -----------------------------------------------------------------------------------------------------------


def record(box: Box, command: RecordOpening, now: datetime) -> Iterator[Event]:
    """Write the results of a stage down, all due envelopes at once, and only when nothing is waited for."""
    may_open(box, command.env, now)
    expected = [each.eid for each in due(box, command.env)]
    if [each.eid for each in command.tried] != expected:
        raise Refused(no("BAD_COMMAND", "The results must be those of all due envelopes, by their names."))
    if command.names and not box.seeds:
        yield VendorsNamed(at=now, by=command.by, tender=box.tender, vis="public", names=command.names)
    for tried in command.tried:
        yield from _opened(box, command.env, tried, now)
    yield OpeningFinished(
        at=rounded_up(now),
        by=SERVER,
        tender=box.tender,
        env=command.env,
        current=tuple(expected),
        releases=tuple(held.hash for (env, _), held in sorted(box.releases.items()) if env == command.env),
        results=tuple(Outcome(each.eid, each.result, each.fault) for each in command.tried),
    )
    yield from _over(box, command, now)


def record_later(box: Box, command: RecordLater, now: datetime) -> Iterator[Event]:
    """Write down a later result of an envelope that could not be read at the opening; other results are final."""
    result = box.results.get(command.tried.eid)
    if result is None or result.result not in AGAIN:
        raise Refused(no("CLOSED", "The result of this envelope is final."))
    yield from _opened(box, command.env, command.tried, now)
    yield from _opening_bids(box, [command.tried.eid], command.by, now)


def may_open(box: Box, env: str, now: datetime) -> None:
    """Refuse to combine anything of a stage while any due envelope waits for officers or for its vendor."""
    running(box, env, now)
    waiting, rescue = short(box, env), box.rescues.get(env)
    if waiting:
        raise Refused(
            no("NOT_OPEN", f"{len(waiting)} envelopes still lack officers’ shares; nothing is read before.")
        )
    if set(given_up(box, env)) - set(rescue.eids if rescue is not None else ()):
        raise Refused(
            no("NOT_OPEN", "Vendors of envelopes that officers cannot open are asked for their copies first.")
        )
    if rescue is not None and now <= rescue.due_at and set(rescue.eids) - box.revealed:
        raise Refused(no("NOT_OPEN", "The time for vendors to answer the rescue is not over."))


def _opened(box: Box, env: str, tried: Tried, now: datetime) -> Iterator[Event]:
    yield BidOpened(
        at=rounded_up(now),
        by=SERVER,
        tender=box.tender,
        eid=tried.eid,
        env=env,
        result=tried.result,
        fault=tried.fault,
        plain_sha256=tried.plain_sha256,
        disc_root=tried.disc_root,
    )
    if tried.read is not None and tried.result == "opened":
        kept = box.envelopes[tried.eid]
        yield BidRead(
            at=now,
            by=SERVER,
            tender=box.tender,
            vis="private" if box.seeds else "public",
            eid=tried.eid,
            env=env,
            lot=kept.lot,
            vendor=kept.vendor,
            read=tried.read,
        )


def _over(box: Box, command: RecordOpening, now: datetime) -> Iterator[Event]:
    manifest = box.manifest
    assert manifest is not None
    if all(env in box.finished for env in manifest["envs"]):
        priced = {
            each.lot for each in box.read.values() if each.env == "price" and each.read.total is not None
        }
        lots = {lot["id"]: lot["id"] in priced for lot in manifest["lots"] if not box.seeds}
        yield BoxOver(at=now, by=command.by, tender=box.tender, vis="public", lots=lots)
        yield from _opening_bids(box, sorted(box.read), command.by, now)


def _opening_bids(box: Box, eids: Sequence[str], by: str, now: datetime) -> Iterator[Event]:
    """What was read becomes opening bids of the auction that follows; unit prices prevail, as in a tabulation."""
    for eid in eids if box.seeds else ():
        found = box.read.get(eid)
        if found is not None and found.read.total is not None:
            yield OpeningBidRead(
                at=now,
                by=by,
                tender=box.tender,
                vendor=found.vendor,
                lot=found.lot,
                eid=eid,
                lines=found.read.lines,
            )
