"""What each event has told to whom. To tell of another event, write its function and name it in `TELLS`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from auction.award.award import LotAwarded
from auction.award.decision.facts import (
    DecisionSetAside,
    IntentNotified,
    ProtestDecided,
    ProtestFiled,
    ProtestWithdrawn,
)
from auction.award.panel_words import EvaluatorAssigned, ScoresLocked, ScoringBegun
from auction.kernel import Event
from auction.live.room import (
    BidPlaced,
    CloseMoved,
    Lot,
    ScheduleLapsed,
    VendorAdmitted,
    VendorWithdrawn,
)
from auction.tender.questions import AnswersPublished, QuestionAsked, QuestionDeclined
from auction.tender.sealed_bids import seeds
from auction.tender.tender import AddendumIssued, TenderCancelled, TenderClosed, TenderOpened
from bidders.box.alarm import AlarmRaised
from bidders.box.facts import BoxClosed
from bidders.qualification import TakingPartAsked, VendorDeclined, VendorInvited
from server.notices import decision_tellings, panel_tellings
from server.notices.scene import Audience, Scene, Telling, concerned, everybody, taking_part

WHY = {
    "overtime": "A bid came shortly before the close.",
    "gap": "It stays behind the lot before it.",
    "host": "The host extended it.",
    "resume": "It was paused, and the time left was kept.",
}
"""Why a lot closes later, in a sentence."""


TRIED = {
    "early_reading": "an officer asked for bids before they were closed",
    "early_release": "an officer sent shares before the time of the opening",
    "another_seat": "somebody sent shares of another officer’s seat",
    "bad_release": "somebody sent shares without the officer’s signature",
    "forged_share": "an officer sent a share that does not fit its envelope",
}
"""What was tried, in a letter that names nobody."""


Tell = Callable[[Scene, Any], Iterator[Telling]]


def _admitted(scene: Scene, event: VendorAdmitted) -> Iterator[Telling]:
    lots = [
        each.title
        for each in scene.document.lots
        if event.vendor.lots is None or each.id in event.vendor.lots
    ]
    context = {"lots": lots, "opens": scene.room.opens, "link": f"/events/{scene.id}"}
    yield Telling(notice="admitted", audience=Audience(organisations=(event.vendor.id,)), context=context)


def _invited(scene: Scene, event: VendorInvited) -> Iterator[Telling]:
    context = {"note": event.note, "opens": scene.room.opens, "link": f"/events/{scene.id}/take-part"}
    audience = Audience(organisations=(event.vendor,))
    yield Telling(notice="invited", audience=audience, context=context)


def _wishes(scene: Scene, _: TakingPartAsked) -> Iterator[Telling]:
    audience, context = Audience(officers=scene.document.owner), {"link": f"/events/{scene.id}/admissions"}
    yield Telling(notice="vendor_asked", audience=audience, context=context)


def _refused(scene: Scene, event: VendorDeclined) -> Iterator[Telling]:
    context = {"reason": event.reason, "link": f"/events/{scene.id}/take-part"}
    audience = Audience(organisations=(event.vendor,))
    yield Telling(notice="declined", audience=audience, context=context)


def _withdrawn(scene: Scene, event: VendorWithdrawn) -> Iterator[Telling]:
    context = {"reason": event.reason, "link": f"/events/{scene.id}"}
    audience = Audience(organisations=(event.vendor,))
    yield Telling(notice="withdrawn", audience=audience, context=context)


def _lapsed(scene: Scene, event: ScheduleLapsed) -> Iterator[Telling]:
    context = _lot(scene, event.lot) | {"reason": event.reason}
    context["link"] = f"/events/{scene.id}/schedule/{event.lot}"
    audience = Audience(organisations=(event.vendor,))
    yield Telling(notice="schedule_lapsed", thing=event.lot, audience=audience, context=context)


def _amended(scene: Scene, event: AddendumIssued) -> Iterator[Telling]:
    """Tell that there is one, and where: even how many places change would count the vendors' private terms too."""
    context: dict[str, Any] = {
        "addendum": event.number,
        "reason": event.reason,
        "link": f"/events/{scene.id}/addenda",
    }
    context["sealed"] = scene.document.kind == "sealed_bid"
    context["seeds"] = seeds(scene.document)
    yield Telling(notice="addendum", audience=everybody(scene), context=context)


def _opened(scene: Scene, _: TenderOpened) -> Iterator[Telling]:
    yield Telling(notice="event_starts", audience=everybody(scene), context={"link": f"/events/{scene.id}"})


def _moved(scene: Scene, event: CloseMoved) -> Iterator[Telling]:
    context = _lot(scene, event.lot) | {"closes": event.closes, "why": WHY[event.cause]}
    context["link"] = f"/events/{scene.id}/room?lot={event.lot}"
    audience = Audience(organisations=taking_part(scene, event.lot))
    yield Telling(notice="extended", thing=event.lot, audience=audience, context=context)


def _placed(scene: Scene, event: BidPlaced) -> Iterator[Telling]:
    """Tell who led until this bid, where the rules let a vendor know its own rank; who leads now and at what is not said."""
    rules, lot = scene.room.rules, scene.room.lots.get(event.lot)
    if rules is None or lot is None or not rules.visibility.rank:
        return
    loser = overtaken(lot, event)
    if loser is None or loser in scene.room.suspended:
        return
    context = _lot(scene, event.lot) | {"link": f"/events/{scene.id}/room?lot={event.lot}"}
    audience = Audience(organisations=(loser,))
    yield Telling(notice="outbid", thing=f"{event.lot}/{loser}", audience=audience, context=context)


def overtaken(lot: Lot, bid: BidPlaced) -> str | None:
    """Who led a lot until this bid; None where nobody did, or the bidder itself, or the bid did not take the lead."""
    before: tuple[int, int, str] | None = None
    numbers: dict[str, int] = {}
    for each in lot.history:
        numbers[each.vendor] = numbers.get(each.vendor, 0) + 1
        if each.vendor == bid.vendor and numbers[each.vendor] == bid.no:
            taken = before is not None and before[2] != bid.vendor and each.ranked < before[0]
            return before[2] if taken and before is not None else None
        if before is None or each.ranked < before[0]:
            before = (each.ranked, each.place, each.vendor)
    return None


def _sealed_closed(scene: Scene, _: BoxClosed) -> Iterator[Telling]:
    """Tell the consortium and whoever follows when bids are opened; vendors that bid are not told apart from others."""
    context = {"opens": scene.document.sealing.opens, "link": f"/events/{scene.id}/opening"}
    audience = Audience(officers=scene.document.owner, followers=scene.id)
    yield Telling(notice="bids_closed", audience=audience, context=context)


def _closed(scene: Scene, _: TenderClosed) -> Iterator[Telling]:
    if scene.document.kind == "sealed_bid":
        link = {"link": f"/events/{scene.id}/opening"}
        yield Telling(notice="bids_opened", audience=everybody(scene), context=link)
        return
    yield Telling(notice="closed", audience=everybody(scene), context={"link": f"/events/{scene.id}"})


def _cancelled(scene: Scene, event: TenderCancelled) -> Iterator[Telling]:
    """Tell of an event that was published; a draft that is given up was never anybody else's."""
    context = {"reason": event.reason or "No reason was recorded.", "link": f"/events/{scene.id}"}
    yield Telling(notice="cancelled", audience=everybody(scene), context=context)


def _awarded(scene: Scene, event: LotAwarded) -> Iterator[Telling]:
    """Tell the vendor that has it, the vendors that bid on it and have not, and the districts that need it."""
    lot, link = _lot(scene, event.lot), {"link": f"/events/{scene.id}"}
    amount = {"amount": event.amount, "currency": scene.document.currency}
    winner = Audience(organisations=(event.vendor,))
    yield Telling(notice="awarded", thing=event.lot, audience=winner, context=lot | amount | link)
    others = tuple(each for each in decision_tellings.bidders(scene, event.lot) if each != event.vendor)
    if others:
        audience = Audience(organisations=others)
        yield Telling(notice="not_awarded", thing=event.lot, audience=audience, context=lot | link)
    needs = {
        need.district
        for each in scene.document.lots
        if each.id == event.lot
        for line in each.lines
        for need in line.needs
    }
    if needs:
        audience, prices = Audience(organisations=tuple(sorted(needs))), {"link": "/prices"}
        yield Telling(notice="prices_ready", audience=audience, context=lot | prices)


def _asked(scene: Scene, _: QuestionAsked) -> Iterator[Telling]:
    audience = Audience(officers=scene.document.owner)
    context = {"link": f"/events/{scene.id}/questions/answer"}
    yield Telling(notice="question_asked", audience=audience, context=context)


def _answered(scene: Scene, event: AnswersPublished) -> Iterator[Telling]:
    """Tell all alike; whoever asked is among them, and not to be told from the others."""
    askers = [scene.questions.asked[each.question].asker for each in event.answers]
    everyone = dict.fromkeys([*concerned(scene), *(each for each in askers if each is not None)])
    context = {
        "answers": [{"asked": each.asked, "answer": each.answer} for each in event.answers],
        "at": event.at,
        "link": f"/events/{scene.id}/questions",
    }
    audience = Audience(organisations=tuple(everyone), followers=scene.id)
    yield Telling(notice="question_answered", audience=audience, context=context)


def _declined(scene: Scene, event: QuestionDeclined) -> Iterator[Telling]:
    question = scene.questions.asked[event.question]
    if question.asker is not None:
        context = {"asked": question.text, "reason": event.reason, "link": f"/events/{scene.id}/questions"}
        audience = Audience(organisations=(question.asker,))
        yield Telling(notice="question_declined", audience=audience, context=context)


def _lot(scene: Scene, lot_id: str) -> dict[str, Any]:
    return {"lot": next((each.title for each in scene.document.lots if each.id == lot_id), lot_id)}


def _alarm(scene: Scene, event: AlarmRaised) -> Iterator[Telling]:
    context = {"words": TRIED[event.kind], "link": f"/events/{scene.id}/alarms"}
    audience = Audience(watchers=scene.document.owner)
    yield Telling(notice="sealed_alarm", thing=f"{event.by}/{event.kind}", audience=audience, context=context)


TELLS: dict[type[Event], Tell] = {
    VendorInvited: _invited,
    TakingPartAsked: _wishes,
    VendorDeclined: _refused,
    VendorAdmitted: _admitted,
    VendorWithdrawn: _withdrawn,
    ScheduleLapsed: _lapsed,
    AddendumIssued: _amended,
    TenderOpened: _opened,
    CloseMoved: _moved,
    BidPlaced: _placed,
    BoxClosed: _sealed_closed,
    TenderClosed: _closed,
    TenderCancelled: _cancelled,
    IntentNotified: decision_tellings.intent,
    ProtestFiled: decision_tellings.filed,
    ProtestWithdrawn: decision_tellings.withdrawn,
    ProtestDecided: decision_tellings.decided,
    DecisionSetAside: decision_tellings.set_aside,
    EvaluatorAssigned: panel_tellings.assigned,
    ScoringBegun: panel_tellings.begun,
    ScoresLocked: panel_tellings.locked,
    LotAwarded: _awarded,
    AlarmRaised: _alarm,
    QuestionAsked: _asked,
    AnswersPublished: _answered,
    QuestionDeclined: _declined,
}
"""Each event that somebody is told of, with what is told."""
