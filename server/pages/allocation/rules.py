"""Rules by plain form: each form adds one rule to a scenario's rules; what is wrong with it is said in words, all of it."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from fractions import Fraction
from typing import Any

import msgspec
from litestar.datastructures import FormMultiDict

from auction.award import market_of
from auction.award.rule_words import sentences
from auction.award.workbench.facts import Aim, ScenarioSaved
from auction.terms.exact_numbers import parse, write
from auction.terms.faults import Fault, Faulty
from server.pages.allocation.finding import Bench

Rules = dict[str, Any]


class Changed(msgspec.Struct, frozen=True):
    """A scenario to be solved: its name, its rules, and what it seeks."""

    name: str
    rules: Rules
    aim: Aim = "cost"
    within: Fraction = Fraction(0)


class Form:
    """What a form said, read field by field; everything that is wrong is noted, and raised at the end."""

    def __init__(self, bench: Bench, form: FormMultiDict) -> None:
        self.bench, self._form = bench, form
        self.faults: list[Fault] = []

    def said(self, field: str) -> str:
        """A field's text."""
        value = self._form.get(field, "")
        return value.strip() if isinstance(value, str) else ""

    def all(self, field: str, among: list[str], what: str) -> list[str]:
        """What was ticked, at least one, all of it known."""
        ticked = [str(each) for each in self._form.getall(field, [])]
        if not ticked or not {*ticked} <= {*among}:
            self.faults.append(Fault(what, "tick at least one of those that are listed"))
        return ticked

    def one(self, field: str, among: list[str], what: str) -> str:
        """One of those that are listed."""
        if self.said(field) not in among:
            self.faults.append(Fault(what, "choose one of those that are listed"))
        return self.said(field)

    def count(self, field: str, what: str) -> int:
        """A whole number from 1 on."""
        said = self.said(field)
        if said.isascii() and said.isdecimal() and int(said[:7]) > 0:
            return int(said[:7])
        self.faults.append(Fault(what, "must be a whole number from 1 on, such as 3"))
        return 1

    def amount(self, field: str, what: str) -> str:
        """An amount in dollars and whole cents, zero or more."""
        found = parse(self.said(field).lstrip("$").replace(",", ""))
        if found is None or found < 0 or (found * 100).denominator != 1:
            self.faults.append(Fault(what, "must be an amount in dollars, such as 25,000 or 12.50"))
            return "0"
        return write(found)

    def percent(self, field: str, what: str) -> Fraction:
        """A percentage from 0 to 100."""
        found = parse(self.said(field).rstrip("%").strip())
        if found is None or not 0 <= found <= 100:
            self.faults.append(Fault(what, "must be a percentage from 0 to 100, such as 20"))
            return Fraction(0)
        return found


def _count(rules: Rules, form: Form) -> None:
    most = form.said("bound") != "min"
    rules["max_winners" if most else "min_winners"] = form.count("count", "Number of vendors")


def _vendor(rules: Rules, form: Form) -> None:
    vendor = form.one("vendor", form.bench.vendors, "Vendor")
    rule = rules.setdefault("vendors", {}).setdefault(vendor, {})
    what = form.one("what", ["must_win", "must_not_win"], "What holds")
    for each in ("must_win", "must_not_win"):
        rule.pop(each, None)
    rule[what] = True


def _spend(rules: Rules, form: Form) -> None:
    vendor = form.one("vendor", form.bench.vendors, "Vendor")
    what = form.one("what", ["max_spend", "min_spend", "charge"], "What holds")
    amount = form.amount("amount", "Amount")
    rules.setdefault("vendors", {}).setdefault(vendor, {})[what] = amount


def _tier(rules: Rules, form: Form) -> None:
    vendor = form.one("vendor", form.bench.vendors, "Vendor")
    start, percent = form.amount("amount", "From this spend on"), form.percent("percent", "Percent back")
    rule = rules.setdefault("vendors", {}).setdefault(vendor, {})
    tiers = [each for each in rule.get("tiers", []) if each["from"] != start]
    tiers.append({"from": start, "percent": write(percent)})
    rule["tiers"] = sorted(tiers, key=lambda each: parse(each["from"]) or 0)


def _aside(rules: Rules, form: Form) -> None:
    vendors = form.all("vendors", form.bench.vendors, "Vendors")
    share = write(form.percent("percent", "Share of all spend") / 100)
    rules.setdefault("set_aside", []).append({"vendors": vendors, "share": share})


def _keep(rules: Rules, form: Form) -> None:
    for vendor in form.all("vendors", form.bench.vendors, "Vendors"):
        rule = rules.setdefault("vendors", {}).setdefault(vendor, {})
        rule.pop("must_not_win", None)
        rule["must_win"] = True


def _budget(rules: Rules, form: Form) -> None:
    known = [str(each["id"]) for each in form.bench.case["districts"]]
    district = form.one("district", known, "District")
    kept = [each for each in rules.get("budgets", []) if each["district"] != district]
    rules["budgets"] = [*kept, {"district": district, "amount": form.amount("amount", "Amount")}]


def _switching(rules: Rules, form: Form) -> None:
    vendor, every = form.one("vendor", form.bench.vendors, "Vendor"), form.said("lot") == "*"
    lots = form.bench.lots if every else [form.one("lot", form.bench.lots, "Lot")]
    cost = form.amount("amount", "What a change costs")
    kept = [each for each in rules.get("switching", []) if each["lot"] not in lots]
    rules["switching"] = [*kept, *({"lot": lot, "incumbent": vendor, "cost": cost} for lot in lots)]


def _pair(rules: Rules, form: Form) -> None:
    offers = [str(each["id"]) for each in form.bench.case["offers"]]
    what = form.one("what", ["exclusive", "conditional"], "What holds")
    one, other = (
        market_of.offer_id(
            form.one(f"{which}_lot", form.bench.lots, f"Lot of the {which} offer"),
            form.one(f"{which}_vendor", form.bench.vendors, f"Vendor of the {which} offer"),
        )
        for which in ("first", "second")
    )
    if one == other:
        form.faults.append(Fault("The second offer", "choose another one than the first"))
    for offer, which in ((one, "first"), (other, "second")):
        if offer not in offers:
            form.faults.append(Fault(f"The {which} offer", "this vendor did not bid on this lot"))
    rules.setdefault(what, []).append([one, other])


def _lots(rules: Rules, form: Form) -> None:
    lots = form.all("lots", form.bench.lots, "Lots")
    bound = form.one("bound", ["max_winners", "min_winners"], "What holds")
    count = form.count("count", "Number of vendors")
    rules.setdefault("categories", []).append({"lots": lots, bound: count})


KINDS: dict[str, Callable[[Rules, Form], None]] = {
    "count": _count,
    "vendor": _vendor,
    "spend": _spend,
    "tier": _tier,
    "aside": _aside,
    "keep": _keep,
    "budget": _budget,
    "switching": _switching,
    "pair": _pair,
    "lots": _lots,
}
"""Each form with how it adds its rule."""


def changed(bench: Bench, start: ScenarioSaved | None, form: FormMultiDict) -> Changed:
    """The scenario that a form asks for, beginning with another's rules; raises `Faulty` with all that is wrong."""
    said, kind = Form(bench, form), str(form.get("kind", ""))
    before: Rules = deepcopy(start.rules) if start is not None else {}
    if kind == "cheapest":
        return Changed("Cheapest", {})
    if kind == "quality":
        within = said.percent("percent", "Percent above the cheapest")
        _raise(said.faults)
        return Changed(f"Best quality within {write(within)} % of the cheapest", before, "quality", within)
    if kind not in KINDS:
        raise Faulty([Fault("The form", "choose a rule to add")])
    rules = deepcopy(before)
    KINDS[kind](rules, said)
    _raise(said.faults)
    return Changed(said.said("name") or _named(bench, before, rules), rules)


def _raise(faults: list[Fault]) -> None:
    if faults:
        raise Faulty(faults)


def _named(bench: Bench, before: Rules, after: Rules) -> str:
    """A name from what was added: the first sentence that was not there before; raises `Faulty`."""
    old = {*sentences(market_of.read(bench.case, before), bench.called).values()}
    new = [
        each
        for each in sentences(market_of.read(bench.case, after), bench.called).values()
        if each not in old
    ]
    told = new[0].rstrip(".") if new else "The same rules again"
    return told if len(told) <= 120 else f"{told[:119]}…"
