"""What a panel asks of people now: a statement to sign, a sheet to fill in, scores to compare, to agree on and to lock."""

from __future__ import annotations

from collections.abc import Iterator

from auction.award.panel_words import PanelState
from auction.tender import judging
from bidders.box.state import Box
from server.guards import may
from server.login import Identity
from server.pages.panel.finding import vendors
from server.pages.showing import Shown, is_ours
from server.tasks import Task


def panel_tasks(shown: Shown, who: Identity) -> Iterator[Task]:
    """Name what the panel of an event asks of somebody."""
    panel, box = shown.panel, shown.box
    if panel is None or box is None or panel.locked is not None or box.cancelled is not None:
        return
    mine = shown.document.owner == who.organisation_id
    if mine and may(who, "evaluate") and who.person_id in panel.evaluators:
        yield from _evaluator(shown, panel, who)
    if is_ours(who, shown.document.owner) and may(who, "run events"):
        yield from _lead(shown, panel, box)


def _evaluator(shown: Shown, panel: PanelState, who: Identity) -> Iterator[Task]:
    held, title = panel.evaluators[who.person_id], shown.document.title
    said: tuple[str, str, str] | None = None
    if held.statement is None:
        said = (
            "Sign your statement for",
            "You are on the panel. Say first whether you have a conflict.",
            "Sign",
        )
    elif held.sworn and panel.plan is not None and held.submitted is None:
        said = (
            "Score the bids of",
            "You score alone. Nobody sees your sheet before all are in.",
            "Score them",
        )
    elif held.sworn and panel.all_in:
        said = ("Compare the scores of", "All sheets are in. Read them before the panel meets.", "Compare")
    if said is not None:
        yield _task(shown, f"{said[0]} {title}", said[1], "evaluation", said[2])


def _lead(shown: Shown, panel: PanelState, box: Box) -> Iterator[Task]:
    title, plan = shown.document.title, judging.plan_of(shown.document)
    few = plan is not None and len(panel.counted) < plan.panel.evaluators
    if few:
        yield _task(
            shown, f"Assign evaluators to {title}", "The plan names how many score.", "panel", "Assign them"
        )
    elif panel.plan is None and vendors(box):
        yield _task(
            shown,
            f"Let the panel score {title}",
            "The envelopes that it scores are opened.",
            "panel",
            "Begin",
        )
    elif panel.all_in:
        yield _task(
            shown,
            f"Lock the scores of {title}",
            "All sheets are in. Nothing changes after.",
            "panel",
            "Go there",
        )


def _task(shown: Shown, title: str, words: str, page: str, action: str) -> Task:
    return Task(title=title, words=words, href=f"/events/{shown.id}/{page}", action=action, icon="sheet")
