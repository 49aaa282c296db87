"""Soon: a day before sealed bids are due, and two hours before they are opened, whoever it concerns is told, once.

Whom a letter goes to does not depend on who has bid: nobody can read from it, or from its absence, that somebody did.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from bidders.box import ceremony
from bidders.box.submitting import due_at
from server.notices.scene import Audience, Scene, Telling, concerned

DUE_SOON, OPENS_SOON = timedelta(days=1), timedelta(hours=2)
"""How long before the times of a solicitation it is told of them."""


def occasions(scene: Scene, now: datetime) -> Iterator[tuple[str, list[Telling]]]:
    """What is to be told now of a published box, each with the time that it is about, so that a moved time is told anew."""
    box, published = scene.box, scene.box.published_at
    if published is None or box.cancelled is not None:
        return
    words: dict[str, Any] = {"due": due_at(box), "opens": ceremony.opens_at(box), "seeds": box.seeds}
    if box.closed is None and _soon(due_at(box), DUE_SOON, published, now):
        yield _mark(due_at(box)), [_due(scene, words)]
    if box.meeting is None and _soon(ceremony.opens_at(box), OPENS_SOON, published, now):
        yield _mark(ceremony.opens_at(box)), list(_opening(scene, words))


def _soon(time: datetime, ahead: timedelta, published: datetime, now: datetime) -> bool:
    """Whether a time is near, and was not when it was published: then everybody has just been told."""
    return published < time - ahead <= now < time


def _mark(time: datetime) -> str:
    return f"{time:%Y%m%dT%H%M%S}"


def _due(scene: Scene, words: dict[str, Any]) -> Telling:
    audience = Audience(organisations=concerned(scene), followers=scene.id)
    return Telling(notice="bids_due", audience=audience, context=words | {"link": f"/events/{scene.id}"})


def _opening(scene: Scene, words: dict[str, Any]) -> Iterator[Telling]:
    """Officers first, with where their console is; then the consortium's leads, and the public that follows."""
    holders = Audience(people=tuple(scene.box.keys))
    console = words | {"holds": True, "leads": False, "link": f"/officers/{scene.id}"}
    yield Telling(notice="opening_soon", audience=holders, context=console)
    page = words | {"holds": False, "link": f"/events/{scene.id}/opening"}
    leads = Audience(officers=scene.document.owner)
    yield Telling(notice="opening_soon", audience=leads, context=page | {"leads": True})
    followers = Audience(followers=scene.id)
    yield Telling(notice="opening_soon", audience=followers, context=page | {"leads": False})
