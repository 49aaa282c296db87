"""An officer's release: checked against the manifest, the close, the due set and every envelope's commitments, then counted."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec

from auction.refusals import Refusal
from auction.terms.faults import Fault, Faulty
from bidders.box import ceremony
from bidders.box.facts import Close
from bidders.box.state import Box
from bidders.box.words import Checked, Release
from bidders.sealing.release import release_faults, release_hash, shares_in
from server.pages.answering import ask
from server.parts import Parts
from server.sealed import alarms, closed, officers

EARLY = "The time of the opening has not come. This attempt is recorded, and the consortium is told."
ANOTHER = "This release is not of your seat. This attempt is recorded, and the consortium is told."
UNSIGNED = "Your key did not sign this release. This attempt is recorded, and the consortium is told."


class Counted(msgspec.Struct, frozen=True):
    """What became of a release: how many shares hold, which wraps could not be opened, which shares were forged."""

    good: int
    unread: tuple[str, ...]
    forged: tuple[str, ...]


async def take(parts: Parts, event_id: str, person: str, posted: Any) -> Counted | Refusal:
    """Take a posted release {release, sig}; raises `Faulty`, or an answer where it is put on record as an attempt."""
    box = officers.box_of(parts, event_id)
    manifest, seat, env = box.manifest, officers.seat_of(box, person), ceremony.stage(box)
    if manifest is None or seat is None:
        raise await alarms.refused(parts, event_id, person, "another_seat", ANOTHER)
    if box.published_at is None or parts.now() < ceremony.opens_at(box):
        raise await alarms.refused(parts, event_id, person, "early_release", EARLY)
    found = closed.head(parts, event_id, box)
    if env is None or found is None:
        raise Faulty(
            [Fault("", closed.NOT_YET if found is None and box.closed else "Nothing is opened now.")]
        )
    due = [each.eid for each in ceremony.due(box, env)]
    wrong = release_faults(posted, manifest, env, closed.close_of(found), due)
    await _alarming(parts, event_id, person, seat, posted, [each.path for each in wrong])
    if wrong:
        raise Faulty(wrong)
    release = Close(**closed.close_of(found))
    return await _count(parts, event_id, person, posted, box, release)


async def _alarming(
    parts: Parts, event_id: str, person: str, seat: dict[str, Any], posted: Any, paths: list[str]
) -> None:
    """Put on record what no console of ours would send: another's seat, or a signature that does not hold."""
    release = posted.get("release") if isinstance(posted, dict) else None
    if isinstance(release, dict) and release.get("x") != seat["x"]:
        raise await alarms.refused(parts, event_id, person, "another_seat", ANOTHER)
    if paths == ["sig"]:
        raise await alarms.refused(parts, event_id, person, "bad_release", UNSIGNED)


async def _count(
    parts: Parts, event_id: str, person: str, posted: dict[str, Any], box: Box, close: Close
) -> Counted | Refusal:
    release = posted["release"]
    checked = await asyncio.to_thread(_checked, parts, posted)
    command = Release(by=person, env=release["env"], x=release["x"], close=close, checked=checked)
    answer = await ask(parts, f"box/{event_id}", command)
    if isinstance(answer, Refusal):
        return answer
    if checked.forged:
        await alarms.note(parts, event_id, person, "forged_share")
    return Counted(len(checked.good), checked.unread, checked.forged)


def _checked(parts: Parts, posted: dict[str, Any]) -> Checked:
    """Check each share against its envelope, and keep the release before any fact names it."""
    due = tuple(each["eid"] for each in posted["release"]["items"])
    shares = shares_in(posted, {eid: parts.store.envelope(eid) for eid in due})
    name = parts.store.keep_signed("release", posted)
    assert name == release_hash(posted)
    return Checked(name, due, tuple(sorted(shares.valid)), shares.unreadable, shares.forged)
