"""Acts of the workbench: a scenario is solved in its thread and kept, solved again, explained, chosen or dropped."""

from __future__ import annotations

from fractions import Fraction

import msgspec
from litestar.datastructures import FormMultiDict

from auction.award import explaining, market_of
from auction.award.allocating import NotExact
from auction.award.rules_written import written
from auction.award.workbench.facts import ScenarioSaved
from auction.award.workbench.workbench import (
    ChooseScenario,
    DropScenario,
    ExplainScenario,
    SaveScenario,
)
from auction.kernel import Command
from auction.terms.exact_numbers import parse, write
from auction.terms.faults import Fault, Faulty
from server import solving
from server.pages.allocation.finding import Bench, found_of
from server.pages.allocation.rules import Changed, changed
from server.pages.answering import plain
from server.parts import Parts
from server.solving import Wanted


async def command(parts: Parts, bench: Bench, action: str, form: FormMultiDict, by: str) -> Command:
    """The command that a form asks for, after its scenario was solved; raises `Faulty` with all that is wrong."""
    number = number_in(form)
    if action == "solve":
        start = bench.scenario(number) if number else None
        return await _solved(parts, bench, changed(bench, start, form), by)
    saved = bench.scenario(number)
    if action == "without":
        return await _solved(parts, bench, _without(bench, saved, str(form.get("rule", ""))), by)
    if action == "again":
        within = parse(saved.within) or Fraction(0)
        return await _solved(parts, bench, Changed(saved.name, saved.rules, saved.aim, within), by)
    if action == "explain":
        return await _explained(parts, bench, saved, by)
    if action == "choose":
        reason = str(form.get("reason", "")).replace("\r\n", "\n")
        return ChooseScenario(
            by=by, number=number, market=bench.mark, reason=reason, awarded=tuple(bench.shown.awards.lots)
        )
    if action == "drop":
        return DropScenario(by=by, number=number)
    raise plain(404, "There is no such step of the workbench.")


def number_in(form: FormMultiDict) -> int:
    """The scenario that a form is about, 0 for none."""
    said = str(form.get("scenario", ""))
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 6 else 0


def _without(bench: Bench, saved: ScenarioSaved, rule: str) -> Changed:
    """A scenario's rules but for one."""
    lifted = dict(explaining.lifted(bench.market(saved).rules))
    # A category's two bounds are one rule, of which each is told in a sentence of its own.
    name = rule if rule in lifted else rule.rpartition(".")[0]
    if name not in lifted:
        raise Faulty([Fault("The rule", "is not one of this scenario’s; load the page again")])
    return Changed(f"{saved.name[:150]}, with a rule less", written(lifted[name]))


async def _solved(parts: Parts, bench: Bench, asked: Changed, by: str) -> SaveScenario:
    wanted = Wanted(bench.case, asked.rules, asked.aim, asked.within)
    market_of.read(wanted.case, wanted.rules)
    try:
        found, certified = await parts.solving.run(lambda: solving.solve(wanted))
    except NotExact as error:
        raise Faulty([Fault("The solver", f"{error}; nothing of it was kept")]) from error
    within = write(asked.within) if asked.aim == "quality" else ""
    return SaveScenario(
        by=by,
        name=asked.name,
        case=bench.case,
        rules=asked.rules,
        found=found,
        certified=certified,
        aim=asked.aim,
        within=within,
    )


async def _explained(parts: Parts, bench: Bench, saved: ScenarioSaved, by: str) -> ExplainScenario:
    best = found_of(saved)
    if best is None or not bench.fresh(saved) or saved.aim != "cost" or saved.status != "optimal":
        told = "can be explained once it is the proven cheapest under its rules, on the bids as they stand"
        raise Faulty([Fault("The scenario", told)])
    wanted = Wanted(bench.case, saved.rules)
    told_of = await parts.solving.run(lambda: solving.explain(wanted, best))
    return ExplainScenario(by=by, number=saved.number, market=bench.mark, **msgspec.structs.asdict(told_of))
