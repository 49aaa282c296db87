"""Between two stages: the lead says who passes and why, and a quorum of officers signs whose prices are opened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from auction.kernel import Event, Refused
from auction.record.logged import rounded_up
from auction.refusals import no
from bidders.box.ceremony import due
from bidders.box.committee import holds
from bidders.box.facts import SERVER, Sig, StagePassed, StageProposed, Verdict
from bidders.box.state import Box
from bidders.box.words import PassStage, ProposeStage
from bidders.sealing.release import stage as stage_of
from bidders.sealing.release import stage_message


def pass_stage(box: Box, command: PassStage, now: datetime) -> Iterator[Event]:
    """Say whose price envelopes are opened: vendors whose technical envelope was opened, signed by a quorum of officers."""
    manifest = box.manifest
    if manifest is None or "technical" not in box.finished or box.passed is not None:
        raise Refused(no("NOT_OPEN", "Nobody is passed to the next stage now."))
    opened = _technical(box)
    if box.proposed is None or command.vendors != passing(box.proposed.verdicts):
        raise Refused(
            no("STALE_RULES", "The lead first says who passes and why; officers sign exactly that.")
        )
    if set(command.vendors) - opened or list(command.vendors) != sorted(set(command.vendors)):
        raise Refused(
            no("NOT_ALLOWED", "Only vendors whose technical envelope was opened can pass, each once.")
        )
    message = stage_message(stage_of(box.tender, _close(command), command.vendors))
    if len(_signers(manifest, command.sigs, message)) < manifest["quorum"]:
        raise Refused(no("NOT_ALLOWED", f"{manifest['quorum']} officers sign who passes."))
    yield StagePassed(
        at=rounded_up(now),
        by=SERVER,
        tender=box.tender,
        env="technical",
        close=command.close,
        vendors=command.vendors,
        sigs=command.sigs,
    )


def propose_stage(box: Box, command: ProposeStage, now: datetime) -> Iterator[Event]:
    """Say of every vendor whose technical envelope was opened whether it passes and why; officers then sign who does."""
    if "technical" not in box.finished or box.passed is not None:
        raise Refused(no("NOT_OPEN", "Nobody is passed to the next stage now."))
    judged = [each.vendor for each in command.verdicts]
    if sorted(judged) != sorted(_technical(box)):
        raise Refused(
            no("BAD_COMMAND", "Say of each vendor whose technical envelope was opened whether it passes.")
        )
    if not all(each.reason.strip() for each in command.verdicts):
        raise Refused(no("BAD_COMMAND", "Give a reason in words for each vendor; it becomes public."))
    verdicts = tuple(sorted(command.verdicts, key=lambda each: each.vendor))
    if box.proposed is None or box.proposed.verdicts != verdicts:
        yield StageProposed(at=now, by=command.by, tender=box.tender, verdicts=verdicts)


def _technical(box: Box) -> set[str]:
    """The vendors whose technical envelopes were all opened."""
    rows = [(kept.vendor, kept.eid in box.read) for kept in due(box, "technical")]
    return {vendor for vendor, _ in rows} - {vendor for vendor, read in rows if not read}


def passing(verdicts: Sequence[Verdict]) -> tuple[str, ...]:
    """Who passes, as officers sign it: each once, in order."""
    return tuple(sorted({each.vendor for each in verdicts if each.passes}))


def _close(command: PassStage) -> dict[str, object]:
    """The close as it stands in what officers sign."""
    return {"size": command.close.size, "root": command.close.root}


def _signers(manifest: dict[str, Any], sigs: Sequence[Sig], message: bytes) -> set[int]:
    return {sig.x for sig in sigs if holds(manifest, sig, message)}
