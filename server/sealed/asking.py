"""What officers are asked to sign together at an opening: who passed a stage, what cannot be opened, and a rescue.

The lead asks once; each officer's console adds a signature; with enough of them the command goes to the box.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, get_args

import msgspec
from sqlalchemy import select

from auction.kernel import Command
from auction.record.logged import moment
from auction.refusals import Refusal
from auction.terms.faults import Fault, Faulty
from bidders.box.facts import Close, Sig
from bidders.box.passing import passing
from bidders.box.state import Box
from bidders.box.words import AskRescue, DeclareUnopenable, PassStage
from bidders.sealing import release
from bidders.sealing.manifest import signed_by
from server.pages.answering import ask as put
from server.parts import Parts
from server.sealed import closed
from server.tables import OfficerAsk

Kind = Literal["stage", "rescue", "unopenable"]


async def ask(parts: Parts, event_id: str, kind: Kind, body: dict[str, Any], by: str) -> int:
    """Ask officers to sign, in place of what was asked of this kind before; returns its number.

    `body` is {close, vendors} of a stage, {env, eids, due_at} of a rescue, {env, eid, close, called} of what cannot be opened;
    close is {size, root}, a time is written as the log does, called lists {name, asked_at, answer} of who did not come.
    """
    async with parts.database.session.begin() as session:
        for row in (await session.execute(_open(event_id))).scalars():
            if row.kind == kind and (kind != "unopenable" or row.body["eid"] == body["eid"]):
                await session.delete(row)
        row = OfficerAsk(
            event=event_id, kind=kind, body=body, sigs={}, by=by, asked_at=parts.now(), done_at=None
        )
        session.add(row)
        await session.flush()
        return row.number


def _open(event_id: str) -> Any:
    wanted = select(OfficerAsk).where(
        OfficerAsk.event == event_id, OfficerAsk.done_at.is_(None), OfficerAsk.kind.in_(get_args(Kind))
    )
    return wanted.order_by(OfficerAsk.number)


async def waiting(parts: Parts, event_id: str) -> list[OfficerAsk]:
    """What officers are asked to sign and have not signed in sufficient number."""
    async with parts.database.session() as session:
        return list((await session.execute(_open(event_id))).scalars())


async def told(parts: Parts, event_id: str, box: Box, x: int) -> list[dict[str, Any]]:
    """What an officer is asked to sign, as its console reads it; `signed` says whose signatures are there."""
    await _stage(parts, event_id, box)
    rows = await waiting(parts, event_id)
    return [
        {
            "number": row.number,
            "kind": row.kind,
            "body": row.body,
            "signed": sorted(map(int, row.sigs)),
            "mine": str(x) in row.sigs,
        }
        for row in rows
    ]


async def _stage(parts: Parts, event_id: str, box: Box) -> None:
    """Ask for what the lead said of the technical stage, as it was said last."""
    found = closed.head(parts, event_id, box)
    if box.proposed is None or box.passed is not None or found is None:
        return
    body = {
        "close": closed.close_of(found),
        "vendors": list(passing(box.proposed.verdicts)),
        "names": box.names,
    }
    rows = [row.body for row in await waiting(parts, event_id) if row.kind == "stage"]
    if not any(row["close"] == body["close"] and sorted(row["vendors"]) == body["vendors"] for row in rows):
        await ask(parts, event_id, "stage", body, box.proposed.by)


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An officer's signature under what was asked."""

    number: int
    sig: str


async def sign(parts: Parts, event_id: str, box: Box, x: int, person: str, given: Answer) -> Refusal | None:
    """Add an officer's signature; with enough of them the box is told. Raises `Faulty`."""
    row = next((each for each in await waiting(parts, event_id) if each.number == given.number), None)
    if row is None or box.manifest is None:
        raise Faulty([Fault("", "This was answered or asked anew meanwhile; load the page again.")])
    if not signed_by(box.manifest, x, given.sig, message(box, row.kind, row.body)):
        raise Faulty([Fault("", "The signature does not fit your key; unlock your keys and sign again.")])
    sigs = {**row.sigs, str(x): given.sig}
    await _keep(parts, row.number, sigs)
    if not _enough(box, row, sigs):
        return None
    answer = await put(parts, f"box/{event_id}", _command(row, sigs, person))
    if isinstance(answer, Refusal):
        return answer
    await _keep(parts, row.number, sigs, parts.now())
    await parts.errands.settled()
    return None


async def _keep(parts: Parts, number: int, sigs: dict[str, str], done: datetime | None = None) -> None:
    async with parts.database.session.begin() as session:
        row = await session.get_one(OfficerAsk, number)
        row.sigs, row.done_at = row.sigs | sigs, done


def message(box: Box, kind: str, body: dict[str, Any]) -> bytes:
    """What an officer signs."""
    if kind == "stage":
        return release.stage_message(release.stage(box.tender, body["close"], body["vendors"]))
    if kind == "rescue":
        return release.rescue_message(box.tender, body["env"], sorted(body["eids"]), body["due_at"])
    return release.unopenable_message(body["eid"], body["close"]["root"])


def _enough(box: Box, row: OfficerAsk, sigs: dict[str, str]) -> bool:
    if row.kind == "stage":
        return box.manifest is not None and len(sigs) >= box.manifest["quorum"]
    remaining = {str(x) for env, x in box.releases if env == row.body["env"]}
    return row.kind == "unopenable" or remaining <= sigs.keys()


def _command(row: OfficerAsk, sigs: dict[str, str], person: str) -> Command:
    body, signed = (
        row.body,
        tuple(Sig(int(x), sig) for x, sig in sorted(sigs.items(), key=lambda each: int(each[0]))),
    )
    if row.kind == "stage":
        close = Close(body["close"]["size"], body["close"]["root"])
        return PassStage(by=row.by, vendors=tuple(sorted(body["vendors"])), close=close, sigs=signed)
    if row.kind == "rescue":
        return AskRescue(
            by=row.by,
            env=body["env"],
            eids=tuple(sorted(body["eids"])),
            due_at=moment(body["due_at"]),
            sigs=signed,
        )
    return DeclareUnopenable(
        by=person, eid=body["eid"], env=body["env"], sig=signed[-1].sig, close_root=body["close"]["root"]
    )
