"""The section of rules: every rule of the auction as a field with its help text, and presets that fill them all."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import msgspec

from auction.tender.solicitation import Solicitation
from auction.terms import rules
from auction.terms.defaults import MEANINGS, complete
from auction.terms.faults import parse_time
from server.pages.solicitation.fields import Fields, local, plain_number

NAMES = ("rules", "opening")


CODED = re.compile("`([^`]+)`")


class Rule(msgspec.Struct, frozen=True):
    """One rule's field: its path in the rule set, its label, how it is read, and the words of its choices."""

    path: str
    label: str
    kind: str
    choices: dict[str, str] = {}
    unit: str = ""

    @property
    def help(self) -> str:
        """What the rule means, in the words of its field."""
        words = self.choices | {"yes": "yes", "null": "empty"}
        said = CODED.sub(lambda found: f"“{words.get(found[1], found[1])}”", MEANINGS[self.path])
        return said.replace("null is", "empty is").replace("`above`", "price")

    @property
    def name(self) -> str:
        """The field's name."""
        return self.path.replace(".", "_")


YES = {"yes": "Yes", "no": "No"}
GROUPS: tuple[tuple[str, tuple[Rule, ...]], ...] = (
    (
        "Prices",
        (
            Rule("tick", "Smallest step", "amount"),
            Rule("ceiling", "Ceiling for every lot", "amount"),
            Rule(
                "rank_by",
                "What is ranked",
                "choice",
                {"price": "The price", "adjusted": "The adjusted price"},
            ),
            Rule(
                "ties",
                "Equal bids",
                "choice",
                {
                    "first": "The earlier ranks better",
                    "equal_best": "Both share the better rank",
                    "equal_worst": "Both share the worse rank",
                    "refuse": "A bid equal to the lead is refused",
                },
            ),
        ),
    ),
    (
        "How far down each bid goes",
        (
            Rule(
                "decrement.base",
                "Counted from",
                "choice",
                {"own": "The vendor’s own bid", "lead": "The lead"},
            ),
            Rule("decrement.amount", "Step, as an amount", "amount"),
            Rule("decrement.percent", "Step, in per cent", "percent", unit="%"),
            Rule("decrement.tiers", "Steps by price", "tiers"),
            Rule("max_change_percent", "Largest step allowed", "percent", unit="%"),
            Rule("confirm_change_percent", "Confirm from", "percent", unit="%"),
            Rule("lead_buffer", "Taking the lead needs", "amount"),
            Rule("self_undercut", "The leader may bid again", "flag", YES),
        ),
    ),
    (
        "When a lot closes",
        (
            Rule(
                "closing.mode",
                "Lots close",
                "choice",
                {
                    "parallel": "Together",
                    "staggered": "One after another",
                    "serial": "Each opens after the last",
                },
            ),
            Rule("closing.gap_s", "Time between two closes", "seconds", unit="s"),
            Rule("closing.min_gap_s", "Least time between two closes", "seconds", unit="s"),
            Rule("overtime.window_s", "A bid is late in the last", "seconds", unit="s"),
            Rule("overtime.extension_s", "A late bid leaves", "seconds", unit="s"),
            Rule(
                "overtime.from",
                "Counted from",
                "choice",
                {"receipt": "The bid’s receipt", "close": "The planned close"},
            ),
            Rule("overtime.trigger_rank", "It must rank", "count"),
            Rule("overtime.max_extensions", "Most extensions of a lot", "count"),
            Rule("overtime.scope", "What is extended", "choice", {"lot": "The lot", "all": "All open lots"}),
            Rule("overtime.hard_stop", "No bid moves a close beyond", "time"),
        ),
    ),
    (
        "What is seen",
        (
            Rule("visibility.rank", "Vendors see their rank", "flag", YES),
            Rule(
                "visibility.lead",
                "Vendors see the lead price",
                "choice",
                {"never": "Never", "after_first_bid": "After their first bid", "always": "Always"},
            ),
            Rule("visibility.lead_min_vendors", "Lead shown once so many bid", "count"),
            Rule("visibility.count", "Vendors see how many bid", "flag", YES),
            Rule("visibility.history", "Vendors see the graph of prices", "flag", YES),
            Rule("visibility.buyer_sees_names", "Leads see names while it runs", "flag", YES),
            Rule(
                "visibility.public",
                "The public follows",
                "choice",
                {"nothing": "Nothing but that it runs", "prices": "The prices, live"},
            ),
            Rule(
                "visibility.names_at",
                "Other bidders’ names",
                "choice",
                {"close": "Public at the close", "award": "Public at the award", "never": "Never public"},
            ),
        ),
    ),
    (
        "People and trouble",
        (
            Rule("min_vendors", "Least vendors at the opening", "count"),
            Rule("notice_s", "Time left after a resume", "seconds", unit="s"),
            Rule("fault_s", "Server away before a pause", "seconds", unit="s"),
        ),
    ),
)
OPENING = {
    "none": "Vendors begin with a first bid",
    "schedules": "Filed line prices stand as first bids",
    "sealed": "Sealed opening bids, opened by officers before the room opens, stand as first bids",
}
PRESETS: dict[str, tuple[str, dict[str, Any]]] = {
    "supplies": (
        "Supplies, 20 minutes: all lots together, step 0.5 %, two minutes of overtime",
        {
            "decrement": {"base": "own", "percent": "0.5"},
            "closing": {"mode": "parallel"},
            "overtime": {"window_s": 120, "extension_s": 120},
        },
    ),
    "technology": (
        "Technology, staggered lots: five minutes apart, step 0.25 %, three minutes of overtime",
        {
            "decrement": {"base": "own", "percent": "0.25"},
            "closing": {"mode": "staggered", "gap_s": 300, "min_gap_s": 180},
            "overtime": {"window_s": 180, "extension_s": 180},
            "visibility": {"count": True},
        },
    ),
    "open": (
        "Open prices: everybody sees the lead, which each bid must beat by 1 %",
        {
            "decrement": {"base": "lead", "percent": "1"},
            "closing": {"mode": "parallel"},
            "visibility": {
                "lead": "always",
                "lead_min_vendors": 0,
                "history": True,
                "public": "prices",
                "names_at": "close",
            },
        },
    ),
}
"""Rule sets to begin with, each with its words."""


def preset(name: str) -> dict[str, Any]:
    """A preset's rule set."""
    return {"format": "english", **PRESETS[name][1]}


def at(raw: dict[str, Any], path: str) -> Any:
    """The value of a rule in a rule set."""
    for step in path.split("."):
        raw = raw.get(step) if isinstance(raw, dict) else None  # type: ignore[assignment]
    return raw


def values(document: Solicitation) -> dict[str, str]:
    """What stands in the fields: the rules as given, and the defaults for the others."""
    whole = complete(document.rules)
    shown = {
        rule.name: _shown(rule, at(whole, rule.path), document.zone) for _, group in GROUPS for rule in group
    }
    return shown | {"opening": document.opening}


def _shown(rule: Rule, value: Any, zone: str) -> str:
    if value is None:
        return ""
    if rule.kind == "flag":
        return "yes" if value is True else "no"
    if rule.kind == "tiers" and isinstance(value, list):
        rows = [each for each in value if isinstance(each, dict)]
        return "\n".join(f"{each.get('above')} = {each.get('amount')}" for each in rows)
    if rule.kind == "time":
        time = parse_time(value)
        return local(time, zone) if time is not None else str(value)
    return str(value)


def read(document: Solicitation, fields: Fields) -> Solicitation:
    """The document with what the form said; rules that each are fine and together cannot be kept are named too."""
    raw: dict[str, Any] = {"format": "english"}
    for name in ("reserve_commitment", "proxy"):
        if name in document.rules:
            raw[name] = document.rules[name]
    mode = fields.raw("closing_mode")
    for _, group in GROUPS:
        for rule in group:
            if _belongs(rule, mode):
                _put(raw, rule.path, _read(rule, fields))
    raw["decrement"] = {name: value for name, value in raw["decrement"].items() if value is not None}
    if not fields.faults:
        try:
            rules.parse(raw)
        except rules.BadRules as bad:
            for each in bad.faults:
                fields.fault(each.path.partition("[")[0].replace(".", "_"), each.message)
    opening = fields.choice("opening", OPENING)
    return msgspec.structs.replace(document, rules=raw, opening=opening)


def _belongs(rule: Rule, mode: str) -> bool:
    """Whether a rule is one of this way of closing."""
    if rule.path == "closing.gap_s":
        return mode in ("staggered", "serial")
    return rule.path != "closing.min_gap_s" or mode == "staggered"


def _put(raw: dict[str, Any], path: str, value: Any) -> None:
    first, dot, rest = path.partition(".")
    if dot:
        raw.setdefault(first, {})[rest] = value
    else:
        raw[first] = value


def _read(rule: Rule, fields: Fields) -> Any:
    said = fields.raw(rule.name)
    if rule.kind == "choice":
        return fields.choice(rule.name, rule.choices)
    if rule.kind == "flag":
        return fields.choice(rule.name, YES) == "yes"
    if rule.kind == "seconds":
        return fields.number(rule.name, 0, rules.LONGEST_S)
    if rule.kind == "count":
        return fields.number(rule.name, 0, 10_000) if said else None
    if rule.kind == "time":
        time = fields.time(rule.name)
        return _written(time) if time is not None else None
    if rule.kind == "tiers":
        return _tiers(rule, fields)
    return plain_number(said).removesuffix("%").strip() or None


def _tiers(rule: Rule, fields: Fields) -> list[dict[str, str]] | None:
    rows = []
    for line in fields.raw(rule.name).splitlines():
        above, equals, amount = line.partition("=")
        if not equals:
            fields.fault(rule.name, f"write a row as 10000 = 50; this one is {line[:40]!r}")
        rows.append({"above": plain_number(above), "amount": plain_number(amount)})
    return rows or None


def _written(time: datetime) -> str:
    return time.isoformat().replace("+00:00", "Z")
