"""The section on how bids are judged: by the lowest price alone, or by price and quality with criteria, scales and a panel.

The form's rows become the plan that is published and hashed; every fault of the plan is told at the field that causes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from auction.tender import judging
from auction.tender.solicitation import Solicitation
from auction.terms.plan import WORTHS
from auction.terms.price_rule import FORMULAS, REPLAY_ONLY
from server.pages.solicitation import scale_rows
from server.pages.solicitation.fields import Fields, plain_number

NAMES = ("plan",)
HOW = {"price": "The lowest price decides", "quality": "Price and quality decide"}
OFFERED = {name: said for name, said in FORMULAS.items() if name not in REPLAY_ONLY}
AGGREGATIONS = {
    "mean": "The mean of all scores",
    "median": "The median: the middle score",
    "trimmed": "The mean without one highest and one lowest; five evaluators or more",
    "consensus": "What the panel agrees on in a meeting, with reasons",
}
ANONYMOUS = {"yes": "As A, B, C until the scores are locked", "no": "By name"}
TIES = {
    "quality lot_draw": "The higher quality goes first; then lots are drawn",
    "lot_draw": "Lots are drawn",
    "": "The consortium chooses, with a reason in public",
}
NUMBERS = ("points", "upper", "lower", "n", "a", "wq", "wp")
GROUPS, CRITERIA, SPARE = 5, 30, 3
"""How many groups and criteria a form may hold, and how many empty rows it offers beside the filled ones."""
Raw = dict[str, Any]


def rows(shown: Mapping[str, str]) -> dict[str, range]:
    """Which rows of groups and criteria the form shows for what stands in its fields."""
    return {
        "groups": range(1, min(GROUPS, max(2, _last(shown, "group", GROUPS) + 1)) + 1),
        "criteria": range(1, min(CRITERIA, _last(shown, "criterion", CRITERIA) + SPARE) + 1),
    }


def _last(shown: Mapping[str, str], kind: str, most: int) -> int:
    """The last row of a kind in which anything stands."""
    filled = ("name", "weight", "threshold", "scale_rows")
    used = [row for row in range(1, most + 1) if any(shown.get(f"{kind}_{row}_{each}") for each in filled)]
    return max(used, default=0)


def fits(document: Solicitation) -> bool:
    """Tell whether the form shows all that the plan says; one from a file may say more."""
    if not document.plan:
        return True
    return _raw(Fields(values(document), document.zone))[0] == document.plan


# --- from the plan to the form ---------------------------------------------------------------------------------------------


def values(document: Solicitation) -> dict[str, str]:
    """What stands in the fields."""
    plan: Raw = document.plan
    if not plan:
        return {"how": "price", "formula": "relative_lowest", "evaluators": "3", "anonymous": "yes"} | {
            "aggregation": "mean", "ties": "quality lot_draw"
        }  # fmt: skip
    price, panel = _part(plan, "price"), _part(plan, "panel")
    shown = {name: str(price.get(name) or "") for name in ("formula", *NUMBERS)}
    places = _part(price, "round").get("places")
    shown |= {
        "how": "quality",
        "round": "" if places is None else str(places),
        "threshold": str(plan.get("threshold") or ""),
        "aggregation": str(panel.get("aggregation", "mean")),
        "evaluators": str(panel.get("evaluators", 1)),
        "anonymous": "yes" if panel.get("anonymous") is True else "no",
        "ties": " ".join(str(each) for each in _list(plan, "ties")),
    }
    return shown | _tree(plan)


def _part(raw: Raw, name: str) -> Raw:
    found = raw.get(name)
    return found if isinstance(found, dict) else {}


def _list(raw: Raw, name: str) -> list[Any]:
    found = raw.get(name)
    return found if isinstance(found, list) else []


def _tree(plan: Raw) -> dict[str, str]:
    """The fields of groups and criteria; what lies deeper than a group is not shown."""
    shown: dict[str, str] = {}
    group = row = 0
    for each in (each for each in _list(plan, "criteria") if isinstance(each, dict)):
        inside = _list(each, "criteria")
        group += bool(inside)
        if inside:
            shown |= _shown(f"group_{group}_", each)
        for leaf in (leaf for leaf in inside or [each] if isinstance(leaf, dict)):
            row += 1
            shown |= _shown(f"criterion_{row}_", leaf)
            shown |= {f"criterion_{row}_group": str(group) if inside else ""}
            shown |= scale_rows.shown(f"criterion_{row}_", leaf.get("scale"))
    return shown


def _shown(at: str, raw: Raw) -> dict[str, str]:
    worth = next((raw[name] for name in ("weight", "value", "fmax", "max") if name in raw), "")
    said = {"name": raw.get("id", ""), "weight": worth, "threshold": raw.get("threshold") or ""}
    return {f"{at}{name}": str(value) for name, value in said.items()}


# --- from the form to the plan ---------------------------------------------------------------------------------------------


def read(document: Solicitation, fields: Fields) -> Solicitation:
    """The document with what the form said; rows without a name are left out."""
    if fields.choice("how", HOW) == "price":
        return msgspec.structs.replace(document, plan={})
    raw, places = _raw(fields)
    made = msgspec.structs.replace(document, plan=raw)
    for fault in judging.faults(made) if document.kind == "sealed_bid" else []:
        fields.fault(_field(fault.path.removeprefix("plan."), places), fault.message)
    return made


def _raw(fields: Fields) -> tuple[Raw, dict[str, str]]:
    """The plan as the form says it, and which fields each of its criteria came from, by path."""
    formula = fields.choice("formula", OFFERED)
    price: Raw = {"formula": formula} | {name: said for name in NUMBERS if (said := _number(fields, name))}
    if fields.raw("round"):
        price["round"] = {"places": fields.number("round", 0, 12)}
    criteria, places = _criteria(fields, WORTHS.get(formula, ("weight",))[0])
    raw: Raw = {"price": price, "criteria": criteria}
    if fields.raw("threshold"):
        raw["threshold"] = _number(fields, "threshold")
    if ties := fields.choice("ties", TIES):
        raw["ties"] = ties.split()
    raw["panel"] = {
        "aggregation": fields.choice("aggregation", AGGREGATIONS),
        "evaluators": fields.number("evaluators", 1, 100),
        "anonymous": fields.choice("anonymous", ANONYMOUS) == "yes",
    }
    return raw, places


def _number(fields: Fields, name: str) -> str:
    return plain_number(fields.raw(name)).removesuffix("%").strip()


def _criteria(fields: Fields, worth: str) -> tuple[list[Raw], dict[str, str]]:
    """The criteria in the order of their rows, a group where its first criterion stands."""
    made: list[Raw] = []
    places: dict[str, str] = {}
    groups: dict[str, int] = {}
    for row in range(1, CRITERIA + 1):
        at = f"criterion_{row}_"
        if not fields.raw(f"{at}name"):
            if any(fields.raw(f"{at}{name}") for name in ("weight", "threshold", "scale_rows")):
                fields.fault(f"{at}name", "give the criterion a name, or empty the whole row")
            continue
        group = fields.choice(f"{at}group", ("", *map(str, range(1, GROUPS + 1))))
        leaf = _one(fields, at, "weight" if group else worth) | _scale(fields, at)
        if not group:
            places[f"criteria[{len(made)}]"] = at
            made.append(leaf)
            continue
        if group not in groups:
            groups[group] = len(made)
            places[f"criteria[{len(made)}]"] = f"group_{group}_"
            made.append(_one(fields, f"group_{group}_", "weight") | {"criteria": []})
        inside = made[groups[group]]["criteria"]
        places[f"criteria[{groups[group]}].criteria[{len(inside)}]"] = at
        inside.append(leaf)
    _lonely(fields, set(groups))
    return made, places


def _lonely(fields: Fields, used: set[str]) -> None:
    for group in map(str, range(1, GROUPS + 1)):
        if fields.raw(f"group_{group}_name") and group not in used:
            fields.fault(f"group_{group}_name", "has no criteria; put one into it, or empty the row")


def _one(fields: Fields, at: str, worth: str) -> Raw:
    said = {worth: _number(fields, f"{at}weight"), "threshold": _number(fields, f"{at}threshold")}
    return {"id": fields.text(f"{at}name", 200)} | {name: value for name, value in said.items() if value}


def _scale(fields: Fields, at: str) -> Raw:
    kind = fields.choice(f"{at}scale", scale_rows.KINDS)
    found = scale_rows.read(fields, f"{at}scale_rows", kind) if kind else None
    return {"scale": found} if found is not None else {}


def _field(path: str, places: dict[str, str]) -> str:
    """The form's field that a path of the plan came from."""
    found = max((each for each in places if path.startswith(each)), key=len, default=None)
    if found is not None:
        rest = path[len(found) :].lstrip(".").partition(".")[0].partition("[")[0]
        return places[found] + {"id": "name", "scale": "scale_rows", "threshold": "threshold"}.get(
            rest, "weight"
        )
    parts = path.replace("[", ".").split(".")
    return {"price": parts[1] if len(parts) > 1 else "formula", "panel": parts[-1]}.get(
        parts[0], "criterion_1_weight" if parts[0] == "criteria" else parts[0]
    )
