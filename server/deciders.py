"""Who rules which stream: the first part of a stream's name says which decider, and which events it is made of."""

from __future__ import annotations

from typing import Any, cast

import msgspec

from auction.award import award, evaluators
from auction.award.decision import decision
from auction.award.decision.facts import DecisionEvent
from auction.award.workbench import workbench
from auction.award.workbench.facts import AllocationEvent
from auction.demand import call, catalog, consortium, lots, needs
from auction.demand.organisation import OrganisationEvent
from auction.kernel import Decider, Event
from auction.live import event as room
from auction.live.room import RoomEvent
from auction.prices import contract, ordering
from auction.prices.shopping import ListEvent
from auction.record import ticks
from auction.tender import questions, tender
from bidders import qualification, registry
from bidders.box import alarm, box, vendor_keys
from bidders.box.facts import BoxEvent


class Ruler(msgspec.Struct, frozen=True):
    """A kind of stream: its decider, and how its entries are read."""

    decider: Decider[Any, Any]
    decoder: msgspec.json.Decoder[Any]

    def read(self, body: bytes) -> Event:
        """Read one event from an entry's body."""
        return cast("Event", self.decoder.decode(body))


def _ruler(decider: object, events: Any) -> Ruler:
    return Ruler(cast("Decider[Any, Any]", decider), msgspec.json.Decoder(events))


DECIDERS = {
    "room": _ruler(room, RoomEvent),
    "tender": _ruler(tender, tender.TenderEvent),
    "award": _ruler(award, award.AwardEvent),
    "decision": _ruler(decision, DecisionEvent),
    "allocation": _ruler(workbench, AllocationEvent),
    "panel": _ruler(evaluators, evaluators.PanelEvent),
    "questions": _ruler(questions, questions.QuestionsEvent),
    "organisation": _ruler(consortium, OrganisationEvent),
    "catalog": _ruler(catalog, catalog.CatalogEvent),
    "call": _ruler(call, call.CallEvent),
    "needs": _ruler(needs, needs.NeedsEvent),
    "lots": _ruler(lots, lots.LotsEvent),
    "contract": _ruler(contract, contract.ContractEvent),
    "list": _ruler(ordering, ListEvent),
    "vendor": _ruler(registry, registry.VendorEvent),
    "box": _ruler(box, BoxEvent),
    "keys": _ruler(vendor_keys, vendor_keys.KeysEvent),
    "log": _ruler(ticks, ticks.LogTick),
    "alarm": _ruler(alarm, alarm.AlarmEvent),
    "admission": _ruler(qualification, qualification.AdmissionEvent),
}


def ruler_of(stream: str) -> Ruler:
    """Find who rules a stream; raises `KeyError` for a stream of no known kind."""
    return DECIDERS[stream.partition("/")[0]]
