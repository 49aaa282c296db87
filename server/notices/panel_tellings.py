"""What evaluators are told of their panel: that they are on it, that scoring has begun, that scores are locked; never a bid."""

from __future__ import annotations

from collections.abc import Iterator

from auction.award.panel_words import EvaluatorAssigned, ScoresLocked, ScoringBegun
from server.notices.scene import Audience, Scene, Telling


def assigned(scene: Scene, event: EvaluatorAssigned) -> Iterator[Telling]:
    """Tell an evaluator to sign the statement first."""
    yield _telling(scene, "panel_assigned", (event.person,), event.person)


def begun(scene: Scene, _: ScoringBegun) -> Iterator[Telling]:
    """Tell everybody on the panel who counts that there are bids to score."""
    yield _telling(scene, "scoring_begun", _counted(scene))


def locked(scene: Scene, _: ScoresLocked) -> Iterator[Telling]:
    """Tell everybody on the panel who counts that scores are final."""
    yield _telling(scene, "scores_locked", _counted(scene))


def _counted(scene: Scene) -> tuple[str, ...]:
    return tuple(each.person for each in scene.panel.counted)


def _telling(scene: Scene, notice: str, people: tuple[str, ...], thing: str = "") -> Telling:
    context = {"link": f"/events/{scene.id}/evaluation"}
    return Telling(notice=notice, thing=thing, audience=Audience(people=people), context=context)
