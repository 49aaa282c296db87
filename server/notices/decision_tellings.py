"""What is told on the way to a final award: all bidders at one instant their own results, and of protests whom they concern."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from auction.award.decision.facts import (
    DecisionSetAside,
    Intended,
    IntentNotified,
    ProtestDecided,
    ProtestFiled,
    ProtestWithdrawn,
)
from auction.tender.calendar import said
from server.notices.scene import Audience, Scene, Telling
from server.scored import Part, beside, by_vendor


def intent(scene: Scene, event: IntentNotified) -> Iterator[Telling]:
    """Tell every bidder of every lot, each its own result and the chosen vendor's."""
    told = dict.fromkeys(each.vendor for lot in event.lots for each in lot.bidders)
    for vendor in told:
        rows = [row for lot in event.lots if (row := _fared(scene, lot, vendor)) is not None]
        context = {
            "results": rows,
            "currency": scene.document.currency,
            "last_day": said(date.fromisoformat(event.last_day)) if event.last_day else "",
            "steps": list(event.steps),
            "link": f"/events/{scene.id}/outcome",
        }
        audience = Audience(organisations=(vendor,))
        yield Telling(notice="intent", thing=vendor, audience=audience, context=context)


def _fared(scene: Scene, lot: Intended, vendor: str) -> dict[str, Any] | None:
    own = next((each for each in lot.bidders if each.vendor == vendor), None)
    if own is None:
        return None
    return {
        "lot": _title(scene, lot.lot),
        "amount": own.amount,
        "rank": own.rank,
        "bidders": len(lot.bidders),
        "won": lot.vendor == vendor,
        "winner": _name(scene, lot.vendor),
        "winning": lot.amount,
        "reason": lot.reason,
        "scores": beside(_scores(scene, lot.lot), vendor, lot.vendor),
    }


def _scores(scene: Scene, lot: str) -> dict[str, tuple[Part, ...]]:
    sealed = scene.document.kind == "sealed_bid"
    return by_vendor(scene.panel, scene.box, lot, scene.document.currency) if sealed else {}


def filed(scene: Scene, event: ProtestFiled) -> Iterator[Telling]:
    """Tell the consortium that there is a protest; who filed it and why stands on its page."""
    context = {
        "protest": event.number,
        "lot": _title(scene, event.lot),
        "stays": event.stays,
        "link": f"/events/{scene.id}/decision",
    }
    yield Telling(
        notice="protest_filed",
        thing=str(event.number),
        audience=Audience(officers=scene.document.owner),
        context=context,
    )


def withdrawn(scene: Scene, event: ProtestWithdrawn) -> Iterator[Telling]:
    """Tell the consortium that a protest no longer waits."""
    context = {"protest": event.number, "reason": event.reason, "link": f"/events/{scene.id}/decision"}
    audience = Audience(officers=scene.document.owner)
    yield Telling(notice="protest_withdrawn", thing=str(event.number), audience=audience, context=context)


def decided(scene: Scene, event: ProtestDecided) -> Iterator[Telling]:
    """Tell the lot's bidders and the consortium what was decided on a protest."""
    context = {
        "protest": event.number,
        "lot": _title(scene, event.lot),
        "upheld": event.upheld,
        "decided_by": event.decided_by,
        "reasons": event.reasons,
        "link": f"/events/{scene.id}/timeline",
    }
    yield Telling(
        notice="protest_decided", thing=str(event.number), audience=_of(scene, event.lot), context=context
    )


def set_aside(scene: Scene, event: DecisionSetAside) -> Iterator[Telling]:
    """Tell the lot's bidders and the consortium that it is decided on anew."""
    context = {
        "lot": _title(scene, event.lot),
        "reason": event.reason,
        "link": f"/events/{scene.id}/timeline",
    }
    yield Telling(notice="set_aside", thing=event.lot, audience=_of(scene, event.lot), context=context)


def _of(scene: Scene, lot: str) -> Audience:
    return Audience(organisations=bidders(scene, lot), officers=scene.document.owner)


def bidders(scene: Scene, lot: str) -> tuple[str, ...]:
    """Who bid on a lot, live or in an envelope that was opened."""
    if scene.document.kind == "sealed_bid":
        return tuple(dict.fromkeys(each.vendor for each in scene.box.read.values() if each.lot == lot))
    return tuple(scene.room.lots[lot].standing)


def _title(scene: Scene, lot: str) -> str:
    return next((each.title for each in scene.document.lots if each.id == lot), lot)


def _name(scene: Scene, vendor: str) -> str:
    known = next((each.name for each in scene.document.vendors if each.id == vendor), "")
    entrant = scene.room.vendors.get(vendor)
    return known or (entrant.name if entrant is not None else "") or scene.box.names.get(vendor, vendor)
