"""Judging: the evaluation plan of a solicitation, read with all faults, and held to what can be judged of its bids here."""

from __future__ import annotations

from auction.tender.solicitation import Solicitation
from auction.terms import plan
from auction.terms.criteria import leaves
from auction.terms.faults import Fault
from auction.terms.plan import BadPlan, Plan

TIES = ("quality", "lot_draw")
"""The rules for ties that need nothing but scores and lots; others need facts that sealed bids do not state."""


def plan_of(document: Solicitation) -> Plan | None:
    """The plan by which bids are judged on price and quality; None where the lowest price decides, or the plan has faults."""
    if not document.plan or document.kind != "sealed_bid":
        return None
    try:
        found = plan.parse(document.plan)
    except BadPlan:
        return None
    return found if found.criteria else None


def faults(document: Solicitation) -> list[Fault]:
    """Name everything that is wrong with the plan; a solicitation without one goes to the lowest price."""
    if not document.plan:
        return []
    if document.kind != "sealed_bid":
        return [Fault("plan", "is for sealed bids; leave it out, because a live auction ranks by its rules")]
    try:
        found = plan.parse(document.plan)
    except BadPlan as bad:
        return [Fault(f"plan.{each.path}", each.message) for each in bad.faults]
    return [Fault(f"plan.{path}", message) for path, message in _not_here(found)]


def _not_here(found: Plan) -> list[tuple[str, str]]:
    """What a plan may say in general, and cannot be kept on sealed bids that state prices and answers alone."""
    told = []
    if not list(leaves(found.criteria)):
        told.append(
            ("criteria", "needs at least one criterion; for the lowest price alone, leave the plan out")
        )
    if found.split:
        told.append(("split", "must be false: each lot goes to one vendor"))
    if found.preferences or found.life_cycle:
        name = "preferences" if found.preferences else "life_cycle"
        told.append((name, "needs facts that sealed bids do not state; leave it out"))
    told += [
        (
            f"ties[{place}]",
            f"must be one of {', '.join(TIES)}; the others need facts that sealed bids do not state",
        )
        for place, rule in enumerate(found.ties)
        if rule not in TIES
    ]
    return told
