"""The rescue: what too few officers can open, its vendor can still reveal, before anything of the stage is read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from auction.kernel import Event, Refused
from auction.record.logged import rounded_up, written
from auction.refusals import no
from bidders.box.ceremony import running, short, silent
from bidders.box.committee import holds, officer
from bidders.box.facts import SERVER, BidUnopenable, OfficerCalled, OpeningRescue, RescueRevealed, Sig
from bidders.box.state import Box
from bidders.box.words import AskRescue, Called, DeclareUnopenable, NoteCalled, Reveal
from bidders.sealing.release import rescue_message, unopenable_message


def note_called(box: Box, command: NoteCalled, now: datetime) -> Iterator[Event]:
    """Note when officers who have not released were asked to, and what they answered; whoever is asked again answers anew."""
    running(box, command.env, now)
    wrong = [fault for each in command.calls if (fault := _wrong(box, command.env, each, now))]
    if wrong or not command.calls:
        raise Refused(
            no("BAD_COMMAND", " ".join(wrong) or "Say of at least one officer what came of asking.")
        )
    for each in command.calls:
        yield OfficerCalled(
            at=now,
            by=command.by,
            tender=box.tender,
            vis="public",
            env=command.env,
            x=each.x,
            asked_at=each.asked_at,
            answer=each.answer.strip(),
        )


def _wrong(box: Box, env: str, call: Called, now: datetime) -> str:
    """What is wrong with one row, in words that begin with the officer's name; empty where nothing is."""
    manifest, closed = box.manifest, box.closed
    assert manifest is not None and closed is not None
    name = next((each["name"] for each in manifest["officers"] if each["x"] == call.x), None)
    if name is None:
        return f"There is no seat {call.x} on this committee."
    if (env, call.x) in box.releases:
        return f"{name} has released already and need not be asked; load the page again."
    if not closed.at <= call.asked_at <= now:
        return f"{name}: the time must be after bids were closed and not ahead; say when you asked."
    return "" if call.answer.strip() else f"{name}: say what the answer was, or that there was none."


def declare(box: Box, command: DeclareUnopenable, now: datetime) -> Iterator[Event]:
    """Note that all officers were asked and too few shares hold; an officer signs it."""
    seat, manifest = officer(box, command.by), box.manifest
    assert manifest is not None
    running(box, command.env, now)
    if command.eid not in short(box, command.env):
        raise Refused(no("NOTHING_TO_VOID", "This envelope is not short of shares."))
    if unasked := silent(box, command.env):
        names = ", ".join(each["name"] for each in manifest["officers"] if each["x"] in unasked)
        raise Refused(no("NOT_OPEN", f"Ask every officer first. Nothing is noted of {names}."))
    message = unopenable_message(command.eid, command.close_root)
    if not holds(manifest, Sig(seat["x"], command.sig), message):
        raise Refused(no("BAD_COMMAND", "The signature does not fit your key."))
    yield BidUnopenable(
        at=rounded_up(now),
        by=f"o{seat['x']}",
        tender=box.tender,
        vis="sealed",
        eid=command.eid,
        env=command.env,
        asked=tuple(each["x"] for each in manifest["officers"]),
        x=seat["x"],
        sig=command.sig,
    )


def ask_rescue(box: Box, command: AskRescue, now: datetime) -> Iterator[Event]:
    """Ask vendors for the seeds of what the officers cannot open; all officers who remain sign it."""
    manifest = box.manifest
    assert manifest is not None
    running(box, command.env, now)
    if not command.eids or any(eid not in box.unopenable for eid in command.eids):
        raise Refused(no("NOT_ALLOWED", "Only envelopes that were found not openable can be rescued."))
    if command.due_at <= now:
        raise Refused(no("BAD_COMMAND", "Give vendors time: the day by which they answer must be ahead."))
    message = rescue_message(box.tender, command.env, sorted(command.eids), written(command.due_at))
    remaining = {x for env, x in box.releases if env == command.env}
    signed = {sig.x for sig in command.sigs if holds(manifest, sig, message)}
    if not remaining or remaining - signed:
        raise Refused(no("NOT_ALLOWED", "All officers who take part in the opening sign a rescue."))
    yield OpeningRescue(
        at=rounded_up(now),
        by=SERVER,
        tender=box.tender,
        vis="sealed",
        env=command.env,
        eids=tuple(sorted(command.eids)),
        due_at=command.due_at,
        sigs=command.sigs,
    )


def reveal(box: Box, command: Reveal, now: datetime) -> Iterator[Event]:
    """Take a vendor's seed for one of its envelopes, in time; the server has sealed it again and found the same."""
    kept = box.envelopes.get(command.eid)
    rescue = next((each for each in box.rescues.values() if command.eid in each.eids), None)
    if kept is None or rescue is None or kept.vendor != command.by:
        raise Refused(no("NOTHING_TO_VOID", "None of your envelopes waits to be rescued."))
    if rounded_up(command.received_at) > rescue.due_at or kept.env in box.finished:
        raise Refused(no("CLOSED", "The time to answer is over."))
    if command.eid not in box.revealed:
        yield RescueRevealed(
            at=rounded_up(now),
            by=command.by,
            tender=box.tender,
            vis="sealed",
            eid=command.eid,
            received_at=rounded_up(command.received_at),
        )
