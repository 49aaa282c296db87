"""The evaluation plan is part of what is published: its faults keep a solicitation back, and no addendum changes it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from auction.tender import judging
from auction.tender.addenda import FIXED
from auction.tender.conditions import lasting
from auction.tender.solicitation import Solicitation
from auction.tender.words import fingerprint
from tests.auction.award.panels import PLAN


def document(plan: dict[str, Any], kind: str = "sealed_bid") -> Solicitation:
    """A solicitation with a plan and nothing else."""
    return msgspec.structs.replace(
        Solicitation(number="1", title="Paper", rules={}, lots=()), plan=plan, kind=kind
    )


def told(plan: dict[str, Any], kind: str = "sealed_bid") -> list[str]:
    """The plan's faults as they keep a publication back."""
    found = lasting(document(plan, kind))
    return [f"{each.path}: {each.message}" for each in found if each.path.startswith("plan")]


def test_without_a_plan_the_lowest_price_decides_and_nothing_is_missing() -> None:
    assert told({}) == [] and judging.plan_of(document({})) is None


def test_a_plan_is_read_and_hashed_with_the_document() -> None:
    found = judging.plan_of(document(PLAN))
    assert told(PLAN) == [] and found is not None and found.panel.anonymous
    assert fingerprint(document(PLAN)) != fingerprint(document({}))
    assert "plan" in FIXED


def test_all_faults_are_named_at_once_with_their_places() -> None:
    criteria = [{"id": "Service", "weight": "30"}, {"id": "Service", "weight": "20"}]
    found = told(PLAN | {"criteria": criteria, "ties": ["quality"]})
    assert any(each.startswith("plan.ties: must end with lot_draw") for each in found)
    assert any("used twice" in each for each in found)
    assert judging.plan_of(document(PLAN | {"ties": ["quality"]})) is None


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"criteria": []}, "plan.criteria: needs at least one criterion"),
        ({"ties": ["in_state", "lot_draw"]}, "plan.ties[0]: must be one of quality, lot_draw"),
        ({"split": True, "price": {"formula": "value_deduction"},
          "criteria": [{"id": "S", "value": "5"}]}, "plan.split: must be false"),
        ({"preferences": [{"kind": "multiplier", "percent": "5", "applies_to": "local"}]}, "plan.preferences: needs facts"),
    ],
)  # fmt: skip
def test_what_sealed_bids_cannot_be_judged_by_is_refused(change: dict[str, Any], fault: str) -> None:
    assert any(each.startswith(fault) for each in told(PLAN | change))


def test_a_live_auction_takes_no_plan() -> None:
    assert told(PLAN, "reverse_auction")[0].startswith("plan: is for sealed bids")
