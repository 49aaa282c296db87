"""Handing a seat over: an officer names a successor, who makes a key; the officer seals the seat; the successor takes it."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from auction.refusals import Refusal
from auction.terms.faults import Fault, Faulty
from bidders.box.words import HandOver
from bidders.sealing.manifest_form import successor_faults
from server.pages.answering import ask
from server.parts import Parts
from server.sealed import locks, officers, seats
from server.sealed.locks import Record
from server.tables import OfficerAsk

KIND = "handover"
GONE = "This hand-over was changed or ended meanwhile; load the page again."


class Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is to take the seat; empty ends a hand-over that was begun."""

    person: str


class Given(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The seat's secret, sealed to the successor and signed by the leaver."""

    rewrap: dict[str, Any]
    sig: str


class Taken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The successor's signature, and the record that locks the seat's secret by the successor's own code."""

    to_sig: str
    record: Record


def _open(session: Session, event_id: str) -> list[OfficerAsk]:
    wanted = select(OfficerAsk).where(OfficerAsk.event == event_id, OfficerAsk.kind == KIND)
    return list(session.execute(wanted.where(OfficerAsk.done_at.is_(None))).scalars())


async def found(parts: Parts, event_id: str, person: str) -> OfficerAsk | None:
    """The hand-over that a person gives or takes now."""
    rows = await parts.database.read(lambda session: _open(session, event_id))
    return next((row for row in rows if person in (row.body["leaver"], row.body["successor"])), None)


async def awaited(parts: Parts, person: str) -> set[str]:
    """The solicitations of which a person is to take a seat."""
    wanted = select(OfficerAsk).where(OfficerAsk.kind == KIND, OfficerAsk.done_at.is_(None))
    rows = await parts.database.read(lambda session: session.execute(wanted).scalars().all())
    return {row.event for row in rows if row.body["successor"] == person}


async def told(parts: Parts, event_id: str, person: str, owner: str) -> dict[str, Any] | None:
    """A hand-over as a console reads it; for an officer without one, who could take the seat."""
    row, box = await found(parts, event_id, person), officers.box_of(parts, event_id)
    if row is not None:
        role = "leaver" if row.body["leaver"] == person else "successor"
        return {"role": role, **row.body}
    if officers.seat_of(box, person) is None or box.published_at is None or box.over is not None:
        return None
    known = await seats.known(parts, owner)
    free = {each.person: f"{each.name}, {each.org}" for each in known.values() if each.person not in box.keys}
    return {"role": "officer", "people": free}


async def name(parts: Parts, event_id: str, person: str, owner: str, wish: Named) -> None:
    """Begin a hand-over, or end it; raises `Faulty`."""
    box = officers.box_of(parts, event_id)
    seat, before = officers.seat_of(box, person), await found(parts, event_id, person)
    if seat is None or box.published_at is None:
        raise Faulty([Fault("", "You hold no seat that could be handed over now.")])
    known = await seats.known(parts, owner)
    if wish.person and (wish.person not in known or wish.person in box.keys):
        raise Faulty([Fault("", "Choose one of the list.")])
    async with parts.database.session.begin() as session:
        if before is not None:
            await session.delete(await session.get_one(OfficerAsk, before.number))
        if wish.person:
            session.add(_begun(parts, event_id, person, seat, known[wish.person]))


def _begun(parts: Parts, event_id: str, person: str, seat: dict[str, Any], to: Any) -> OfficerAsk:
    body = {
        "x": seat["x"], "kid": seat["kid"], "leaver": person, "leaver_name": seat["name"], "successor": to.person,
        "name": to.name, "org": to.org, "to": None, "rewrap": None, "sig": None,
    }  # fmt: skip
    return OfficerAsk(
        event=event_id, kind=KIND, body=body, sigs={}, by=person, asked_at=parts.now(), done_at=None
    )


async def key(parts: Parts, event_id: str, person: str, made: officers.Made) -> None:
    """Keep a successor's own key, to which the seat's secret will be sealed; raises `Faulty`."""
    row = await _mine(parts, event_id, person, "successor")
    to = {"name": row.body["name"], "org": row.body["org"], "kid": made.kid, "pk": made.pk, "vk": made.vk}
    wrong = successor_faults(to)
    if wrong:
        raise Faulty(wrong)
    await locks.keep(parts, person, event_id, made.kid, made.records)
    await locks.keep_only(parts, person, event_id, made.kid)
    await _change(parts, row.number, to=to, rewrap=None, sig=None)


async def give(parts: Parts, event_id: str, person: str, given: Given) -> None:
    """Keep what the leaver sealed, until the successor takes it; raises `Faulty`."""
    row = await _mine(parts, event_id, person, "leaver")
    if row.body["to"] is None or given.rewrap.get("to") != row.body["to"]:
        raise Faulty([Fault("", "The successor has made another key since; load the page again.")])
    await _change(parts, row.number, rewrap=given.rewrap, sig=given.sig)


async def take(parts: Parts, event_id: str, person: str, taken: Taken) -> Refusal | None:
    """Let the successor act for the seat, and delete the leaver's record; raises `Faulty`."""
    row = await _mine(parts, event_id, person, "successor")
    body = row.body
    if body["rewrap"] is None or taken.record.kind != "os":
        raise Faulty([Fault("", GONE)])
    await locks.keep(parts, person, event_id, body["kid"], [taken.record])
    command = HandOver(
        by=person, leaver=body["leaver"], rewrap=body["rewrap"], sig=body["sig"], to_sig=taken.to_sig
    )
    answer = await ask(parts, f"box/{event_id}", command)
    if isinstance(answer, Refusal):
        return answer
    await locks.keep_only(parts, person, event_id, body["kid"])
    await locks.forget(parts, event_id, body["leaver"])
    async with parts.database.session.begin() as session:
        (await session.get_one(OfficerAsk, row.number)).done_at = parts.now()
    return None


async def _mine(parts: Parts, event_id: str, person: str, role: str) -> OfficerAsk:
    row = await found(parts, event_id, person)
    if row is None or row.body[role] != person:
        raise Faulty([Fault("", GONE)])
    return row


async def _change(parts: Parts, number: int, **to: Any) -> None:
    async with parts.database.session.begin() as session:
        row = await session.get_one(OfficerAsk, number)
        row.body = row.body | to
