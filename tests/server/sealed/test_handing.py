"""An officer leaves: a successor takes the seat at the console, and opens with it what was sealed for the leaver."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bidders.sealing import officers as locking
from bidders.sealing import rewrap
from bidders.sealing.officers import OfficerKeys
from server.app import clock
from tests.server.house import opened
from tests.server.sealed.committee import CODE, Officer
from tests.server.sealed.scene import Clock
from tests.server.sealed.test_release import Opening

OWN = OfficerKeys("1", bytes(range(32)))


@pytest.fixture
async def opening(tmp_path: Path) -> AsyncIterator[Opening]:
    """A published solicitation."""
    hands = Clock(clock())
    async with opened(tmp_path, now=hands) as house:
        made = Opening(house, hands)
        await made.publish()
        yield made


async def offered(opening: Opening) -> tuple[Officer, Officer]:
    """The leaver and the successor, who has made a key."""
    leaver = await opening.officer("p-auditor")
    assert "p-elm" in (await leaver.state())["handover"]["people"]
    assert (await leaver.send("handover/name", {"person": "p-elm"})).status_code == 200
    successor = await opening.officer("p-elm")
    assert "Take over an officer’s seat" in (await successor.guest.get("/officers")).text
    successor.keys = OWN
    public = {name: OWN.named("", "")[name] for name in ("kid", "pk", "vk")}
    records = [
        locking.lock_os(OWN, "p-elm", successor.uk, bytes(12)),
        locking.lock_code(successor.uk, "p-elm", CODE, b"i" * 12),
    ]
    assert (await successor.send("handover/key", public | {"records": records})).status_code == 200
    assert (await successor.drill()).status_code == 200
    return leaver, successor


async def given(leaver: Officer) -> dict[str, Any]:
    """What the leaver seals to the successor."""
    told = (await leaver.state())["handover"]
    made = rewrap.make(leaver.keys, told["x"], told["to"], bytes(32))
    return {"rewrap": made, "sig": leaver.keys.sign(rewrap.rewrap_message(made))}


async def taken(successor: Officer) -> dict[str, Any]:
    """What the successor answers, once the seat's secret is in hand."""
    made = (await successor.state())["handover"]["rewrap"]
    seat = rewrap.take(made, OWN)
    record = locking.lock_os(seat, "p-elm", successor.uk, b"t" * 12)
    successor.keys = seat
    return {"to_sig": OWN.sign(rewrap.rewrap_message(made)), "record": record}


async def test_the_successor_takes_the_seat_and_opens_with_it(opening: Opening) -> None:
    await opening.bid("v-ash")
    leaver, successor = await offered(opening)
    assert (await leaver.send("handover/give", await given(leaver))).status_code == 200
    done = await successor.send("handover/take", await taken(successor))
    assert done.status_code == 200, done.text
    state = await successor.state()
    assert (state["seat"], state["kid"]) == (2, successor.keys.kid)
    assert list(state["records"]["os"]) == [successor.keys.kid]
    assert (await leaver.state())["records"]["os"] == {} and (await leaver.state())["seat"] is None
    assert (await successor.drill()).status_code == 200
    await opening.close()
    await opening.begin()
    for person in ("p-lead", "p-elm"):
        officer = await opening.officer(person)
        officer.keys = successor.keys if person == "p-elm" else officer.keys
        answer = await officer.release(opening.house)
        assert answer.json()["done"]["good"] == 1, answer.text
    assert (await (await opening.officer("p-auditor")).get("/closing.json")).status_code == 403
    lead = await opening.house.sign_in("p-lead")
    await lead.post("/events/1/opening/open")
    assert [each.result for each in opening.box.results.values()] == ["opened"]


async def test_nobody_else_gives_or_takes_a_seat(opening: Opening) -> None:
    leaver, _ = await offered(opening)
    other = await opening.officer("p-lead")
    said = await given(leaver)
    assert (await other.send("handover/give", said)).status_code == 422
    assert (await other.send("handover/name", {"person": "p-oak"})).status_code == 422
    assert (await other.send("handover/name", {"person": "p-far"})).status_code == 422
    stranger = await opening.officer("p-second")
    assert (await stranger.get("/state.json")).status_code == 404
    assert opening.box.keys.keys() == {"p-lead", "p-auditor", "p-oak"}


async def test_a_hand_over_can_be_ended_before_it_is_taken(opening: Opening) -> None:
    leaver, successor = await offered(opening)
    await leaver.send("handover/give", await given(leaver))
    answer = await taken(successor)
    assert (await leaver.send("handover/name", {"person": ""})).status_code == 200
    assert (await successor.send("handover/take", answer)).status_code == 404
    assert "p-auditor" in opening.box.keys
