"""Scenario files, read: every fault of the file with its path, or the commands that it stands for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from auction.kernel import Command
from auction.live import preparing
from auction.live.room import (
    HOST,
    VENDORS_OWN,
    Cancel,
    Entrant,
    Extend,
    Fault,
    LotCeiling,
    LotFactor,
    LotPlan,
    NotBuilt,
    OpeningBid,
    Pause,
    PlaceBid,
    Prepare,
    Resume,
    Suspend,
)
from auction.money import parse_amount
from auction.terms import rules as rule_set
from auction.terms.faults import Faulty, Reading, join

MEMBERS = ("rules", "opens", "closes", "lots", "vendors", "opening_bids", "steps", "until")
COMMON = ("at", "by", "do", "id", "reason")
STEPS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "bid": (("lot", "amount"), ("confirm",)),
    "accept": (("lot",), ("price",)),
    "withdraw": (("lot",), ()),
    "proxy": (("lot", "limit"), ("confirm",)),
    "cancel_proxy": (("lot",), ()),
    "pause": ((), ("lot",)),
    "resume": ((), ("lot",)),
    "extend": (("lot", "closes"), ()),
    "void": (("vendor", "lot"), ()),
    "cancel": ((), ("lot",)),
    "suspend": (("vendor",), ()),
    "fault": (("last_heartbeat",), ()),
    "look": (("as",), ()),
}
"""Each step with the members that it must have and those that it may have."""
EVERY_MEMBER = tuple(name for needed, allowed in STEPS.values() for name in (*needed, *allowed))
SOME_TIME = datetime(2026, 1, 1, tzinfo=UTC)
"""Stands in for a time that cannot be read."""


class Look(Command, frozen=True):
    """Ask what a viewer is shown: a vendor's id, `buyer` or `public`."""

    viewer: str


class Step(msgspec.Struct, frozen=True):
    """One command at its time."""

    at: datetime
    command: Command


class Scenario(msgspec.Struct, frozen=True):
    """A whole scenario, ready to run."""

    prepare: Prepare
    prepared_at: datetime
    steps: tuple[Step, ...]
    until: datetime | None


def parse(raw: object, seed: str) -> Scenario:
    """Read a scenario; raises `Faulty` with every fault. `seed` is 32 bytes in hex."""
    read = Reading()
    top = read.members("", raw, MEMBERS, required=("rules", "opens", "closes", "lots", "vendors", "steps"))
    steps = tuple(_step(read, row, each) for row, each in enumerate(read.rows("steps", top.get("steps", []))))
    until = read.maybe(read.time, "until", top.get("until"))
    _in_order(read, steps, until)
    prepare = _prepare(read, top, seed)
    read.finish(Faulty)
    # A room is set up before anything in the file happens, or was said to have happened.
    heard = [step.command.last_heartbeat for step in steps if isinstance(step.command, Fault)]
    first = [
        prepare.opens,
        *(lot.opens for lot in prepare.lots if lot.opens),
        *heard,
        *(step.at for step in steps[:1]),
    ]
    return Scenario(prepare, min(first), steps, until)


def _in_order(read: Reading, steps: tuple[Step, ...], until: datetime | None) -> None:
    """Steps stand in order of time; a time that could not be read is a fault already."""
    unread = {fault.path for fault in read.faults}
    last: datetime | None = None
    for row, step in enumerate(steps):
        path = f"steps[{row}].at"
        if {path, f"steps[{row}]"} & unread:
            continue
        if last is not None and step.at < last:
            read.fault(path, "goes back in time; steps stand in order of time")
        last = step.at if last is None else max(last, step.at)
    if until is not None and last is not None and until < last and "until" not in unread:
        read.fault("until", "is before the last step")


def _prepare(read: Reading, top: dict[str, Any], seed: str) -> Prepare:
    """Read the set-up; what can be checked without a part that is at fault is checked too."""
    rules = _rules(read, top)
    opens, closes = (read.time(name, top[name]) if name in top else None for name in ("opens", "closes"))
    sound = rules is not None and not {"opens", "closes"} & {fault.path for fault in read.faults}
    lots, vendors, opening = (top.get(name) for name in ("lots", "vendors", "opening_bids"))
    prepare = Prepare(
        by=HOST,
        tender=None,
        rules=rules or rule_set.parse({"format": "english"}),
        opens=opens or SOME_TIME,
        closes=closes or SOME_TIME,
        lots=tuple(_lot(read, f"lots[{row}]", each) for row, each in _rows(read, "lots", lots)),
        vendors=tuple(
            _vendor(read, f"vendors[{row}]", each) for row, each in _rows(read, "vendors", vendors)
        ),
        opening_bids=tuple(
            _opening(read, f"opening_bids[{row}]", each) for row, each in _rows(read, "opening_bids", opening)
        ),
        seed=seed,
    )
    unread = {fault.path for fault in read.faults}
    for fault in preparing.faults(prepare):
        needs_all = fault.path.endswith(("closes", ".amount"))
        if fault.path not in unread and (sound or not needs_all):
            read.fault(fault.path, fault.message)
    return prepare


def _rules(read: Reading, top: dict[str, Any]) -> rule_set.Rules | None:
    try:
        return rule_set.parse(top["rules"], "rules") if "rules" in top else None
    except rule_set.BadRules as bad:
        read.faults += bad.faults
        return None


def _rows(read: Reading, path: str, value: object) -> Iterator[tuple[int, object]]:
    return enumerate(read.rows(path, [] if value is None else value))


def _name(read: Reading, path: str, row: dict[str, object], member: str) -> str:
    """Read an id; a missing one is a fault already."""
    value = row.get(member, "?")
    if isinstance(value, str) and 0 < len(value) <= 64 and value.isprintable():
        return value if member in row else ""
    read.fault(join(path, member), "must be a string of 1 to 64 characters")
    return ""


def _lot(read: Reading, path: str, value: object) -> LotPlan:
    lot = read.members(path, value, ("id", "ceiling", "opens", "closes"), required=("id",))
    ceiling = lot.get("ceiling")
    if ceiling is not None:
        read.amount(join(path, "ceiling"), ceiling)
    return LotPlan(
        id=_name(read, path, lot, "id"),
        ceiling=ceiling if isinstance(ceiling, str) else None,
        opens=read.maybe(read.time, join(path, "opens"), lot.get("opens")),
        closes=read.maybe(read.time, join(path, "closes"), lot.get("closes")),
    )


def _vendor(read: Reading, path: str, value: object) -> Entrant:
    row = read.members(path, value, ("id", "m", "a", "ceiling"), required=("id",))
    m, m_of = _by_lot(read, join(path, "m"), row.get("m"), "1")
    a, a_of = _by_lot(read, join(path, "a"), row.get("a"), "0")
    if isinstance(row.get("ceiling"), str):
        read.fault(join(path, "ceiling"), 'must be an object from lot to amount, such as {"L1": "95.00"}')
    _, ceilings = _by_lot(read, join(path, "ceiling"), row.get("ceiling"), "")
    return Entrant(
        id=_name(read, path, row, "id"),
        m=m,
        a=a,
        ceilings=tuple(LotCeiling(lot, amount) for lot, amount in ceilings.items()),
        factors=tuple(LotFactor(lot, m_of.get(lot, m), a_of.get(lot, a)) for lot in {**m_of, **a_of}),
    )


def _by_lot(read: Reading, path: str, value: object, default: str) -> tuple[str, dict[str, str]]:
    """Read one decimal string for all lots, or an object from lot to decimal string."""
    if value is None or isinstance(value, str):
        return (default if value is None else value), {}
    if not isinstance(value, dict):
        read.fault(path, "must be a decimal in a string, or an object from lot to such strings")
        return default, {}
    for lot, each in value.items():
        if not isinstance(each, str):
            read.fault(join(path, lot), "must be a decimal in a string")
    return default, {lot: each for lot, each in value.items() if isinstance(each, str)}


def _opening(read: Reading, path: str, value: object) -> OpeningBid:
    row = read.members(path, value, ("vendor", "lot", "amount"), required=("vendor", "lot", "amount"))
    amount = row.get("amount")
    vendor, lot = (_name(read, path, row, name) for name in ("vendor", "lot"))
    return OpeningBid(vendor, lot, amount if isinstance(amount, str) else "not a string")


# --- steps ----------------------------------------------------------------------------------------------------------------------


def _step(read: Reading, row: int, value: object) -> Step:
    path = f"steps[{row}]"
    kind = value.get("do") if isinstance(value, dict) else None
    known = isinstance(kind, str) and kind in STEPS
    needed, allowed = STEPS[str(kind)] if known else ((), EVERY_MEMBER)
    step = read.members(path, value, (*COMMON, *needed, *allowed), required=("at", "by", "do", *needed))
    at = _time(read, path, step, "at")
    if known:
        return Step(at, _command(read, path, str(kind), step))
    if "do" in step:
        read.fault(join(path, "do"), f"must be one of {', '.join(STEPS)}")
    return Step(at, Pause(by=HOST))


def _time(read: Reading, path: str, step: dict[str, object], name: str) -> datetime:
    """Read a time; a missing one is a fault already."""
    return read.time(join(path, name), step[name]) if name in step else SOME_TIME


def _command(read: Reading, path: str, kind: str, step: dict[str, Any]) -> Command:
    needed, _ = STEPS[kind]

    def text(name: str) -> str:
        value = step.get(name)
        if isinstance(value, str):
            return value
        if name in step and (value is not None or name in ("by", *needed)):
            read.fault(join(path, name), "must be a string")
        return ""

    by, own_id, reason = text("by"), text("id") or None, text("reason")
    lot = text("lot") if step.get("lot") is not None or "lot" in needed else None
    if step.get("confirm") is not None:
        read.flag(join(path, "confirm"), step["confirm"])
    if kind == "bid":
        amount, confirm = step.get("amount"), True if step.get("confirm") is True else None
        micros, given = parse_amount(amount), _text(amount)
        return PlaceBid(by=by, id=own_id, lot=lot or "", amount=micros, given=given, confirm=confirm)
    if kind in (*VENDORS_OWN, "void"):
        vendor = text("vendor") if kind == "void" else None
        return NotBuilt(by=by, id=own_id, what=kind, lot=lot, vendor=vendor)
    if kind == "look":
        return Look(by=by, viewer=text("as"))
    if kind == "extend":
        closes = _time(read, path, step, "closes")
        return Extend(by=by, id=own_id, lot=lot or "", closes=closes, reason=reason)
    if kind == "suspend":
        return Suspend(by=by, id=own_id, vendor=text("vendor"), reason=reason)
    if kind == "fault":
        heartbeat = _time(read, path, step, "last_heartbeat")
        return Fault(by=by, id=own_id, last_heartbeat=heartbeat)
    plain = {"pause": Pause, "resume": Resume, "cancel": Cancel}[kind]
    return plain(by=by, id=own_id, lot=lot, reason=reason)


def _text(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
