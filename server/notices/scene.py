"""What news is about, whom it concerns, and one piece of it to be told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from auction.award.panel_words import PanelState
from auction.live.room import Room
from auction.tender.questions import Questions
from auction.tender.solicitation import Solicitation
from bidders.box.progress import told
from bidders.box.state import Box
from bidders.qualification import Admissions


class Scene(msgspec.Struct, frozen=True):
    """What an event's entry belongs to; all but the id may have moved on since, and says only who is concerned.

    The room is empty where bids are sealed, and the box is where they are not.
    """

    id: str
    document: Solicitation
    room: Room
    questions: Questions
    admissions: Admissions
    box: Box = msgspec.field(default_factory=Box)
    panel: PanelState = msgspec.field(default_factory=PanelState)


class Audience(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to tell: everybody of some organisations, a consortium's officers, followers, who looks into alarms, or `people`."""

    organisations: tuple[str, ...] = ()
    officers: str = ""
    followers: str = ""
    watchers: str = ""
    people: tuple[str, ...] = ()


class Telling(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to tell: a kind of notice, what it is about within the event, to whom, and the words of its templates."""

    notice: str
    thing: str = ""
    audience: Audience
    context: Mapping[str, Any] = {}


def taking_part(scene: Scene, lot: str | None = None) -> tuple[str, ...]:
    """The vendors that are admitted, to one lot or to any."""
    admitted = [each.id for each in scene.document.vendors if each.id in scene.room.vendors]
    admitted += [each for each in scene.room.vendors if each not in admitted]
    return tuple(each for each in admitted if lot is None or (each, lot) in scene.room.factors)


def everybody(scene: Scene) -> Audience:
    """All vendors concerned, those who follow, and the consortium's officers."""
    return Audience(organisations=concerned(scene), officers=scene.document.owner, followers=scene.id)


def concerned(scene: Scene) -> tuple[str, ...]:
    """The vendors that take part, and those that were invited or have asked to.

    Who has put in a sealed bid is concerned only once bids are opened: until then not even a letter may say that it did.
    """
    if told(scene.box):
        return tuple(dict.fromkeys(each.vendor for each in scene.box.envelopes.values()))
    waiting = [name for name, part in scene.admissions.vendors.items() if part.asked or part.invited]
    return tuple(dict.fromkeys([*taking_part(scene), *waiting]))
