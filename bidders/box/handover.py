"""A hand-over: an officer who leaves gives a seat to a successor, who from then on acts for it; no envelope changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from auction.kernel import Event, Refused
from auction.record.logged import rounded_up
from auction.refusals import no
from bidders.box.committee import officer
from bidders.box.facts import OfficerRewrapped, SeatTaken
from bidders.box.state import Box
from bidders.box.words import HandOver
from bidders.sealing.rewrap import rewrap_faults


def hand_over(box: Box, command: HandOver, now: datetime) -> Iterator[Event]:
    """Let a successor act for a seat, signed by both; one person never holds two."""
    manifest = box.manifest
    if manifest is None or box.published_at is None or box.cancelled is not None or box.over is not None:
        raise Refused(no("CLOSED", "Seats are handed over from the publication to the opening."))
    if command.by in box.keys:
        raise Refused(no("NOT_ALLOWED", "One person holds one seat."))
    seat = officer(box, command.leaver)
    wrong = rewrap_faults(command.rewrap, command.sig, command.to_sig, manifest)
    if wrong or command.rewrap["x"] != seat["x"]:
        told = "; ".join(f"{fault.path} {fault.message}".strip() for fault in wrong)
        raise Refused(no("BAD_COMMAND", f"This hand-over does not hold: {told or 'it is of another seat'}."))
    yield OfficerRewrapped(
        at=rounded_up(now),
        by=f"o{seat['x']}",
        tender=box.tender,
        rewrap=command.rewrap,
        sig=command.sig,
        to_sig=command.to_sig,
    )
    yield SeatTaken(at=now, by=command.by, tender=box.tender, x=seat["x"], leaver=command.leaver)
