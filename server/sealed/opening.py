"""The opening of a stage: shares are combined, envelopes opened and sealed again, and all results written down at once.

Nothing is combined before the box says that nothing is waited for. The work is done in threads; pages are served meanwhile. An
opening that was interrupted is done again: what an envelope says follows from its bytes and the officers' shares alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
from sqlalchemy import select

from auction.consequences import prepared_lines
from auction.kernel import Refused
from auction.refusals import Refusal, no
from auction.tender.solicitation import Solicitation
from auction.terms.schedule import LotLine
from bidders.box import ceremony, content
from bidders.box.state import Box, Kept
from bidders.box.tabulation import PRICE
from bidders.box.words import RecordLater, RecordOpening, Tried
from bidders.sealing.encoding import BadEncoding, unb64u
from bidders.sealing.manifest import officer_keys
from bidders.sealing.opening import Opened, open_envelope, open_with_seed
from bidders.sealing.packing import eid_of
from server.desk import NotRecorded
from server.parts import Parts
from server.sealed.store import Store
from server.tables import Organisation

WORKERS = 2


class Work(msgspec.Struct, frozen=True):
    """One envelope to be opened: its shares by seat, the officers' public keys, how many open it, and its lot's lines."""

    kept: Kept
    shares: Mapping[int, bytes]
    officers: Sequence[bytes]
    quorum: int
    lines: tuple[LotLine, ...] | None


async def open_stage(parts: Parts, event_id: str, by: str) -> object:
    """Open the stage whose turn it is and write its results down; the desk's answer, or why not."""
    box, now = _box(parts, event_id), parts.now()
    env = ceremony.stage(box)
    try:
        if env is None:
            raise Refused(no("CLOSED", "There is nothing to open now."))
        ceremony.may_open(box, env, now)
    except Refused as refused:
        return refused.reason
    works = list(works_of(parts.store, box, env, parts.desk.state(f"tender/{event_id}").document))
    names = await names_of(parts, [each.kept.vendor for each in works])
    tried = await _all(parts.store, works)
    return await _told(parts, event_id, RecordOpening(by=by, env=env, tried=tuple(tried), names=names))


async def open_later(parts: Parts, event_id: str, eid: str, by: str) -> object:
    """Try an envelope again that could not be read at the opening, and write down what came of it."""
    box = _box(parts, event_id)
    kept, result = box.envelopes.get(eid), box.results.get(eid)
    if kept is None or result is None or result.result not in ceremony.AGAIN:
        return no("CLOSED", "The result of this envelope is final.")
    document = parts.desk.state(f"tender/{event_id}").document
    work = next(each for each in works_of(parts.store, box, kept.env, document) if each.kept.eid == eid)
    tried = await _all(parts.store, [work])
    if tried[0].result == result.result:
        return no("NOTHING_TO_VOID", "It still cannot be read: nothing has changed since.")
    return await _told(parts, event_id, RecordLater(by=by, env=kept.env, tried=tried[0]))


def _box(parts: Parts, event_id: str) -> Box:
    box = parts.desk.state(f"box/{event_id}")
    assert isinstance(box, Box)
    return box


async def _told(parts: Parts, event_id: str, command: RecordOpening | RecordLater) -> object:
    try:
        return (await parts.desk.submit(f"box/{event_id}", command, parts.now())).answer
    except NotRecorded:
        return Refusal("NOT_RECORDED", "The results could not be recorded. Nothing counts yet; try again.")


async def names_of(parts: Parts, vendors: Sequence[str]) -> dict[str, str]:
    """The vendors' names, by their ids."""
    wanted = select(Organisation.id, Organisation.name).where(Organisation.id.in_(vendors))
    rows = await parts.database.read(lambda session: session.execute(wanted).all())
    return {row.id: row.name for row in rows}


# --- what is to be opened --------------------------------------------------------------------------------------------------


def works_of(store: Store, box: Box, env: str, document: Solicitation) -> Iterator[Work]:
    """The due envelopes of a stage, by eid, each with the officers' shares that hold."""
    manifest = box.manifest
    assert manifest is not None
    released = {x: _released(store, counted.hash) for (of, x), counted in box.releases.items() if of == env}
    keys, lines = officer_keys(manifest), {lot.id: prepared_lines(lot) for lot in document.lots}
    for kept in ceremony.due(box, env):
        good = ceremony.good_seats(box, env, kept.eid)
        shares = {x: unb64u(released[x][kept.eid], 32) for x in good}
        yield Work(kept, shares, keys, manifest["quorum"], lines[kept.lot] if env == PRICE else None)


def _released(store: Store, name: str) -> dict[str, str]:
    """The shares in an officer's release, by envelope."""
    items: list[dict[str, Any]] = store.signed("release", name)["release"]["items"]
    return {each["eid"]: each["share"] for each in items if "share" in each}


# --- opening ---------------------------------------------------------------------------------------------------------------


async def _all(store: Store, works: Sequence[Work]) -> list[Tried]:
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(WORKERS, "opening") as threads:
        tasks = [loop.run_in_executor(threads, tried_of, store, work) for work in works]
        return list(await asyncio.gather(*tasks))


def tried_of(store: Store, work: Work) -> Tried:
    """Open one envelope from what is stored; what it says is kept beside it."""
    eid = work.kept.eid
    opened = _opened(store, work)
    if opened is None:
        return Tried(eid, "unavailable_host", None, None, "")
    read = None
    if opened.bid is not None and opened.seed is not None:
        store.keep_opened(eid, unb64u(opened.seed, 32), opened.bid)
        read = content.read(opened.bid, work.lines)
    return Tried(eid, opened.result, opened.fault, opened.plain_sha256, opened.disc_root, read)


def _opened(store: Store, work: Work) -> Opened | None:
    """What came of an envelope; None where not even its public part is whole in the store."""
    try:
        envelope = store.envelope(work.kept.eid)
        if eid_of(envelope) != work.kept.eid:
            return None
        body, blobs = store.body(work.kept.eid), store.blobs(work.kept.eid)
    except (FileNotFoundError, KeyError, BadEncoding, msgspec.DecodeError):
        return None
    seed = store.revealed(work.kept.eid)
    if seed is not None and len(work.shares) < work.quorum:
        return open_with_seed(envelope, body, blobs, seed, work.officers, work.quorum)
    return open_envelope(envelope, body, blobs, work.shares, work.officers, work.quorum)
