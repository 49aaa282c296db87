"""Between two envelopes: who passes follows from the locked scores, and is not decided before they are locked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from auction.award.outcome import short_of
from auction.award.panel_words import PanelState
from auction.refusals import Refusal, no
from bidders.box.facts import Verdict

PASSES = "It meets every published threshold."


def against_plan(panel: PanelState | None, verdicts: Sequence[Verdict]) -> Refusal | None:
    """Why verdicts do not fit the published plan; None where they do, or where there is no panel."""
    if panel is None:
        return None
    if panel.locked is None:
        return no("NOT_OPEN", "The panel’s scores are locked before it is said who passes.")
    short = short_of(panel)
    wrong = [each for each in verdicts if each.passes == (each.vendor in short)]
    if not wrong:
        return None
    why = short.get(wrong[0].vendor, PASSES)
    return no("NOT_ALLOWED", f"By the published plan it is otherwise: {why} ({wrong[0].vendor})")


def suggested(panel: PanelState | None) -> dict[str, dict[str, Any]]:
    """What the locked scores say of each vendor: whether it passes, and why."""
    if panel is None or panel.locked is None:
        return {}
    short = short_of(panel)
    return {
        vendor: {"passes": vendor not in short, "reason": short.get(vendor, PASSES)}
        for vendor in panel.bidders.values()
    }
