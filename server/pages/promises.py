"""Promises: what a solicitation says beside its lots, in the words that drafts, notices and addenda share."""

from __future__ import annotations

from typing import Any

from auction.award import plan_card
from auction.live.rule_card import Section, beginning, card
from auction.tender import judging
from auction.tender.authority import statement
from auction.tender.solicitation import Solicitation
from auction.terms import rules
from auction.terms.jurisdiction import CATEGORIES
from server.pages.solicitation import basics
from server.parts import Parts


def promises(parts: Parts, document: Solicitation) -> dict[str, Any]:
    """What a document promises beside its lots, as drafts, notices and addenda show it."""
    try:
        parsed = rules.parse(document.rules, "rules")
    except rules.BadRules:
        parsed = None
    profile = parts.jurisdictions.get(document.jurisdiction)
    return {
        "document": document,
        "rule_card": _rule_card(parsed, document) if parsed else (),
        "rules_hash": parsed.hash if parsed else "",
        "plan_card": plan_card.card(judging.plan_of(document)) if document.kind == "sealed_bid" else (),
        "profile": profile,
        "category": CATEGORIES.get(document.category, ""),
        "funding": basics.FUNDING[document.funding],
        "ordering": basics.ORDERING[document.ordering],
        "statement": statement(document, profile),
    }


def _rule_card(parsed: rules.Rules, document: Solicitation) -> tuple[Section, ...]:
    """The rule card, and before it how bidding begins where opening bids come sealed."""
    example = document.lots[0].ceiling if document.lots else None
    return (*beginning(document.opening), *card(parsed, example))
