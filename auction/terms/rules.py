"""The rule set of an auction: one frozen value, read with all faults at once, hashed, never changed after the opening.

Everything the engine enforces is in this value, and the rule card is generated from it. Amounts are micros, percentages are
millionths of a percent, durations are `timedelta`.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from auction.money import parse_decimal
from auction.terms.defaults import CLOSINGS, DEFAULTS, complete
from auction.terms.faults import Fault, Faulty, Reading, join

FORMATS = ("english", "sealed", "rounds", "japanese", "dutch")
LATER = {
    "rounds": "the rounds format is not available yet",
    "japanese": "the japanese format is not available yet",
    "dutch": "the dutch format is not available yet",
}
PERCENT = 1_000_000
"""One percent, in millionths of a percent."""

LONGEST_S = 31 * 86_400


class BadRules(Faulty):
    """The rule set cannot be used; carries every fault with its path."""


class Tier(msgspec.Struct, frozen=True):
    """A step for prices above a bound."""

    above: int
    amount: int


class Decrement(msgspec.Struct, frozen=True):
    """How far down each bid must go, and from where that is counted."""

    base: Literal["own", "lead"]
    amount: int | None = None
    percent: int | None = None
    tiers: tuple[Tier, ...] = ()


class Overtime(msgspec.Struct, frozen=True):
    """When a late bid moves the close, and how far."""

    window: timedelta
    extension: timedelta
    counted_from: Literal["receipt", "close"]
    trigger_rank: int | None
    max_extensions: int | None
    scope: Literal["lot", "all"]
    hard_stop: datetime | None


class Closing(msgspec.Struct, frozen=True):
    """How the lots' closes follow each other."""

    mode: Literal["parallel", "staggered", "serial"]
    gap: timedelta = timedelta()
    min_gap: timedelta = timedelta()


class Visibility(msgspec.Struct, frozen=True):
    """Who may see what."""

    rank: bool
    lead: Literal["never", "after_first_bid", "always"]
    lead_min_vendors: int
    count: bool
    history: bool
    buyer_sees_names: bool
    public: Literal["nothing", "prices"]
    names_at: Literal["close", "award", "never"]


class Rules(msgspec.Struct, frozen=True):
    """The whole rule set. `raw` is the complete value with its defaults, `hash` the SHA-256 of its canonical JSON."""

    format: str
    tick: int
    ceiling: int | None
    reserve_commitment: str | None
    decrement: Decrement
    max_change: int
    confirm_change: int
    lead_buffer: int | None
    ties: Literal["first", "equal_best", "equal_worst", "refuse"]
    self_undercut: bool
    overtime: Overtime
    closing: Closing
    visibility: Visibility
    rank_by: Literal["price", "adjusted"]
    proxy: bool
    min_vendors: int
    notice: timedelta
    fault: timedelta
    raw: dict[str, Any]
    hash: str


def digest(raw: dict[str, Any]) -> str:
    """Hash a complete rule set."""
    return hashlib.sha256(msgspec.json.encode(raw, order="sorted")).hexdigest()


def parse(raw: object, path: str = "") -> Rules:
    """Read a rule set; raises `BadRules` with every fault, each path beginning with `path`."""
    read = Reading()
    given = read.members(
        path, raw, (*DEFAULTS, "format", "rounds", "japanese", "dutch"), required=("format",)
    )
    whole = complete(given)
    rules = _read(read, path, given, whole)
    _impossible(read, path, rules)
    read.finish(BadRules)
    return rules


def _read(read: Reading, path: str, given: dict[str, Any], whole: dict[str, Any]) -> Rules:
    def at(name: str) -> str:
        return join(path, name)

    for name, why in LATER.items():
        if given.get(name) is not None:
            read.fault(at(name), why)
    return Rules(
        format=_format(read, at("format"), given.get("format", "english")),
        tick=read.amount(at("tick"), whole["tick"]),
        ceiling=read.maybe(read.amount, at("ceiling"), whole["ceiling"]),
        reserve_commitment=read.maybe(
            lambda p, v: _hash(read, p, v), at("reserve_commitment"), whole["reserve_commitment"]
        ),
        decrement=_decrement(read, at("decrement"), whole["decrement"]),
        max_change=read.percent(at("max_change_percent"), whole["max_change_percent"], 100),
        confirm_change=read.percent(
            at("confirm_change_percent"), whole["confirm_change_percent"], 100, zero=True
        ),
        lead_buffer=read.maybe(read.amount, at("lead_buffer"), whole["lead_buffer"]),
        ties=read.choice(at("ties"), whole["ties"], ("first", "equal_best", "equal_worst", "refuse")),  # type: ignore[arg-type]
        self_undercut=read.flag(at("self_undercut"), whole["self_undercut"]),
        overtime=_overtime(read, at("overtime"), whole["overtime"]),
        closing=_closing(read, at("closing"), whole["closing"]),
        visibility=_visibility(read, at("visibility"), whole["visibility"]),
        rank_by=read.choice(at("rank_by"), whole["rank_by"], ("price", "adjusted")),  # type: ignore[arg-type]
        proxy=read.flag(at("proxy"), whole["proxy"]),
        min_vendors=read.count(at("min_vendors"), whole["min_vendors"], 0, 10_000),
        notice=_seconds(read, at("notice_s"), whole["notice_s"]),
        fault=_seconds(read, at("fault_s"), whole["fault_s"]),
        raw=whole,
        hash=digest(whole) if not read.faults else "",
    )


def _format(read: Reading, path: str, value: object) -> str:
    word = read.choice(path, value, FORMATS)
    if word != "english":
        read.fault(path, f"the {word} format is not available yet; english is")
    return word


def _hash(read: Reading, path: str, value: object) -> str:
    if isinstance(value, str) and re.fullmatch(r"[0-9a-f]{64}", value):
        return value
    read.fault(path, "must be a SHA-256 hash: 64 small hexadecimal digits")
    return ""


def _seconds(read: Reading, path: str, value: object) -> timedelta:
    return timedelta(seconds=read.count(path, value, 0, LONGEST_S))


def _decrement(read: Reading, path: str, value: object) -> Decrement:
    whole = read.members(path, value, ("base", "amount", "percent", "tiers"))
    amount, percent, given = (whole.get(name) for name in ("amount", "percent", "tiers"))
    tiers = read.rows(join(path, "tiers"), given, 1) if given is not None else []
    if given is not None and (amount is not None or percent is not None):
        read.fault(join(path, "tiers"), "cannot stand beside amount or percent; give one or the other")
    return Decrement(
        base=read.choice(join(path, "base"), whole.get("base", "own"), ("own", "lead")),  # type: ignore[arg-type]
        amount=read.maybe(read.amount, join(path, "amount"), amount),
        percent=read.maybe(lambda p, v: read.percent(p, v, 100, zero=True), join(path, "percent"), percent),
        tiers=tuple(_tier(read, f"{join(path, 'tiers')}[{row}]", tier) for row, tier in enumerate(tiers)),
    )


def _tier(read: Reading, path: str, value: object) -> Tier:
    row = read.members(path, value, ("above", "amount"), required=("above", "amount"))
    above = row.get("above", "0")
    bound = 0 if parse_decimal(above, 6) == 0 else read.amount(join(path, "above"), above)
    return Tier(bound, read.amount(join(path, "amount"), row["amount"]) if "amount" in row else 1)


def _overtime(read: Reading, path: str, value: object) -> Overtime:
    whole = {**DEFAULTS["overtime"], **read.members(path, value, DEFAULTS["overtime"])}
    return Overtime(
        window=_seconds(read, join(path, "window_s"), whole["window_s"]),
        extension=_seconds(read, join(path, "extension_s"), whole["extension_s"]),
        counted_from=read.choice(join(path, "from"), whole["from"], ("receipt", "close")),  # type: ignore[arg-type]
        trigger_rank=read.maybe(
            lambda p, v: read.count(p, v, 1), join(path, "trigger_rank"), whole["trigger_rank"]
        ),
        max_extensions=read.maybe(read.count, join(path, "max_extensions"), whole["max_extensions"]),
        scope=read.choice(join(path, "scope"), whole["scope"], ("lot", "all")),  # type: ignore[arg-type]
        hard_stop=read.maybe(read.time, join(path, "hard_stop"), whole["hard_stop"]),
    )


def _closing(read: Reading, path: str, value: object) -> Closing:
    if not isinstance(value, dict):
        read.fault(path, "must be an object")
        return Closing("parallel")
    mode = read.choice(join(path, "mode"), value.get("mode", "staggered"), tuple(CLOSINGS))
    whole = read.members(path, value, CLOSINGS[mode])
    return Closing(
        mode=mode,  # type: ignore[arg-type]
        gap=_seconds(read, join(path, "gap_s"), whole.get("gap_s", 0)),
        min_gap=_seconds(read, join(path, "min_gap_s"), whole.get("min_gap_s", 0)),
    )


def _visibility(read: Reading, path: str, value: object) -> Visibility:
    whole = {**DEFAULTS["visibility"], **read.members(path, value, DEFAULTS["visibility"])}

    def flag(name: str) -> bool:
        return read.flag(join(path, name), whole[name])

    return Visibility(
        rank=flag("rank"),
        lead=read.choice(join(path, "lead"), whole["lead"], ("never", "after_first_bid", "always")),  # type: ignore[arg-type]
        lead_min_vendors=read.count(join(path, "lead_min_vendors"), whole["lead_min_vendors"], 0, 10_000),
        count=flag("count"),
        history=flag("history"),
        buyer_sees_names=flag("buyer_sees_names"),
        public=read.choice(join(path, "public"), whole["public"], ("nothing", "prices")),  # type: ignore[arg-type]
        names_at=read.choice(join(path, "names_at"), whole["names_at"], ("close", "award", "never")),  # type: ignore[arg-type]
    )


def _impossible(read: Reading, path: str, rules: Rules) -> None:
    """Refuse rules that each are fine and together cannot be kept."""
    step = rules.decrement
    faulty = {fault.path for fault in read.faults}
    percents = {join(path, "max_change_percent"), join(path, "decrement.percent")}
    if step.percent is not None and rules.max_change <= step.percent and not percents & faulty:
        read.fault(
            join(path, "max_change_percent"),
            "must be above the decrement's percent, or no second bid could be good",
        )
    if rules.rank_by == "adjusted" and rules.format in ("japanese", "dutch"):
        read.fault(join(path, "rank_by"), f"adjusted prices cannot be compared in the {rules.format} format")
    seen = rules.visibility.lead == "always" and rules.visibility.lead_min_vendors <= 1
    tells = {
        "decrement.base": step.base == "lead",
        "lead_buffer": rules.lead_buffer is not None,
        "ties": rules.ties == "refuse",
    }
    for name, told in tells.items():
        if (
            told
            and not seen
            and not {join(path, "visibility.lead"), join(path, "visibility.lead_min_vendors")} & faulty
        ):
            read.fault(
                join(path, name),
                "tells the lead: visibility.lead must be always and lead_min_vendors at most 1",
            )


__all__ = ["BadRules", "Closing", "Decrement", "Fault", "Overtime", "Rules", "Tier", "Visibility", "parse"]
