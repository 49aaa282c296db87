"""An officer opens, in Chromium: the console checks the close by itself, names what does not hold, and then releases."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from auction.record.logged import moment
from bidders.box import submitting
from server.app import clock
from server.sealed import deadline, door
from tests.browser.consoles import ME, Enter, accept, consoles, drill, make_key, release, unlock
from tests.server.house import Threaded, in_thread
from tests.server.pages.solicitation.sealed import OFFICERS, sealed
from tests.server.sealed.committee import approved, at_console
from tests.server.sealed.scene import Clock
from tests.server.sealed.test_release import Opening

Tamper = Callable[[dict[str, Any]], None]


class Scene:
    """One solicitation in a house with a clock, whose third officer sits at a browser."""

    def __init__(self, town: Threaded, hands: Clock) -> None:
        self.town, self.opening = town, Opening(town.house, hands)

    async def drafted(self) -> None:
        """Approved; the other officers have keys."""
        await approved(self.town.house, sealed(self.town.house.parts.now()))
        for each in OFFICERS:
            if each.person != ME:
                officer = await self.opening.officer(each.person)
                await officer.make_key()
                await officer.drill()

    async def accepted_by_others(self) -> None:
        """Sent, and accepted by the others."""
        await (await self.town.house.sign_in("p-lead")).post("/events/1/publication/send")
        for each in OFFICERS:
            if each.person != ME:
                assert (await (await at_console(self.town.house, each.person)).accept()).status_code == 200

    async def published(self, *vendors: str) -> None:
        """Published, with bids."""
        await (await self.town.house.sign_in("p-lead")).post("/events/1/publication/publish")
        await self.town.house.parts.errands.settled()
        await self.opening.bid(*vendors)

    async def begun(self) -> None:
        """Closed, and the meeting begun."""
        await self.opening.close()
        await self.opening.begin()


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """A server with a clock that the test moves."""
    hands = Clock(clock())
    with in_thread(tmp_path, now=hands) as running:
        yield Scene(running, hands)


@pytest.fixture
def enter(browser: Browser, scene: Scene) -> Iterator[Enter]:
    """Open the console with the server's own time, as a browser whose clock is right."""
    with consoles(browser, scene.town, on_time=True) as opened:
        yield opened


def ready(scene: Scene, enter: Enter, *vendors: str, begun: bool = True) -> str:
    """Come as far as the opening; the code of the officer at the browser."""
    scene.town.call(scene.drafted())
    page = enter()
    code = make_key(page)
    drill(page, code)
    scene.town.call(scene.accepted_by_others())
    page.reload()
    accept(page, code)
    scene.town.call(scene.published(*vendors))
    if begun:
        scene.town.call(scene.begun())
    return code


def test_an_officer_checks_everything_and_releases(scene: Scene, enter: Enter) -> None:
    code = ready(scene, enter, "v-ash", "v-birch")
    page = enter()
    page.get_by_role("button", name="Check everything").click()
    unlock(page, code)
    expect(page.get_by_text("Everything holds. 2 envelopes are to be opened now.")).to_be_visible()
    page.get_by_role("button", name="Release my shares").click()
    expect(page.get_by_text("You have released your shares of this stage.")).to_be_visible()
    assert scene.opening.box.releases["price", 3].good and not scene.opening.alarms


def test_what_does_not_hold_is_refused_by_name_and_nothing_is_released(scene: Scene, enter: Enter) -> None:
    code = ready(scene, enter, "v-ash", "v-birch")
    honest = scene.town.call(told(scene))
    for tamper, words in TAMPERED.items():
        page, sent, false = enter(), list[str](), json.loads(honest)
        tamper(false)
        listen(page, sent, false)
        page.get_by_role("button", name="Check everything").click()
        unlock(page, code)
        expect(page.get_by_text("Nothing is released.")).to_be_visible()
        expect(page.locator("[data-refusals]")).to_contain_text(words)
        expect(page.get_by_role("button", name="Release my shares")).to_be_hidden()
        assert not [each for each in sent if each.endswith("/release")]
    assert scene.opening.box.releases == {}


def test_a_bid_that_the_host_took_late_is_refused_although_the_log_holds_it_and_one_on_the_stroke_is_not(
    scene: Scene, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = ready(scene, enter, begun=False)
    opening, parts = scene.opening, scene.town.house.parts
    assert opening.box.manifest is not None
    due = moment(opening.box.manifest["closes_at"])
    opening.hands.stop(due)
    scene.town.call(opening.bid("v-ash"))
    with monkeypatch.context() as dishonest:
        dishonest.setattr(door, "due_at", lambda box: due + timedelta(hours=1))
        dishonest.setattr(deadline, "due_at", lambda box: due + timedelta(hours=1))
        dishonest.setattr(submitting, "due_at", lambda box: due + timedelta(hours=1))
        opening.hands.stop(due + timedelta(milliseconds=1))
        scene.town.call(opening.bid("v-birch"))
    scene.town.call(scene.begun())
    listed = {each.vendor: each.eid for each in opening.box.closed.current}  # type: ignore[union-attr]
    assert set(listed) == {"v-ash", "v-birch"}
    assert opening.box.envelopes[listed["v-ash"]].received_at == due
    page = enter()
    page.get_by_role("button", name="Check everything").click()
    unlock(page, code)
    expect(page.get_by_text("Nothing is released.")).to_be_visible()
    refusals = page.locator("[data-refusals] li")
    expect(refusals).to_have_count(1)
    expect(refusals).to_contain_text("A listed bid came in after the time of closing.")
    expect(refusals).to_contain_text(listed["v-birch"][:8])
    expect(page.get_by_role("button", name="Release my shares")).to_be_hidden()
    assert opening.box.releases == {} and parts.store.has(listed["v-birch"])


def test_a_browser_whose_clock_says_that_it_is_too_early_releases_nothing(scene: Scene, enter: Enter) -> None:
    code = ready(scene, enter, "v-ash")
    page = enter()
    page.clock.set_fixed_time(scene.town.house.parts.now() - timedelta(hours=2))
    page.get_by_role("button", name="Check everything").click()
    unlock(page, code)
    expect(page.locator("[data-refusals]")).to_contain_text("The time of opening has not come yet.")


def listen(page: Page, sent: list[str], false: dict[str, Any]) -> None:
    """Keep what a page asks for, and answer about the close as a dishonest server would."""
    page.on("request", lambda request: sent.append(request.url))
    page.route("**/closing.json*", lambda route: route.fulfill(json=false))


def test_a_seat_is_handed_over_between_two_browsers(scene: Scene, enter: Enter) -> None:
    code = ready(scene, enter, "v-ash", begun=False)
    leaver = enter()
    leaver.get_by_text("I am leaving: somebody else takes my seat").click()
    leaver.get_by_label("Who takes it").select_option("p-elm")
    leaver.get_by_role("button", name="Name my successor").click()
    expect(leaver.get_by_text("has to make a key in the console first")).to_be_visible()
    successor = enter(who="p-elm")
    own = make_key(successor)
    drill(successor, own)
    leaver.reload()
    leaver.get_by_role("button", name="Hand my seat over").click()
    unlock(leaver, code)
    expect(leaver.get_by_text("has to take the seat in the console.")).to_be_visible()
    successor.reload()
    successor.get_by_role("button", name="Take the seat").click()
    unlock(successor, own)
    expect(successor.get_by_role("button", name="Try my code")).to_be_visible()
    successor.locator("#drill-code").fill(own)
    successor.get_by_role("button", name="Try my code").click()
    expect(successor.get_by_text("Your key is made, and your recovery code opens it.")).to_be_visible()
    leaver.reload()
    expect(leaver.get_by_text("Your locked key is not here any more.")).to_be_visible()
    scene.town.call(scene.begun())
    late = enter(who="p-elm")
    release(late, own)
    assert scene.opening.box.releases["price", 3].good


async def told(scene: Scene) -> str:
    """What the server says of the close."""
    return (await (await scene.opening.officer(ME)).get("/closing.json")).text


def _first(told: dict[str, Any], kind: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in told["events"] if each["event"]["type"] == kind)
    return found


def _without_its_fact(told: dict[str, Any]) -> None:
    told["events"].remove(_first(told, "bid.received"))


def _dated_later(told: dict[str, Any]) -> None:
    _first(told, "bid.received")["event"]["received_at"] = "2099-01-01T00:00:00.000Z"


def _another_envelope(told: dict[str, Any]) -> None:
    one, other = told["envelopes"]
    told["envelopes"][one] = told["envelopes"][other]


def _left_out(told: dict[str, Any]) -> None:
    _first(told, "tender.closed")["event"]["current"].pop()


def _another_key(told: dict[str, Any]) -> None:
    told["manifests"][0]["officers"][2]["vk"] = told["manifests"][0]["officers"][1]["vk"]


def _unsigned(told: dict[str, Any]) -> None:
    told["signatures"] = []


TAMPERED: dict[Tamper, str] = {
    _without_its_fact: "A listed bid is not in the log before the close",
    _dated_later: "Something that was shown is not in the log at the close",
    _another_envelope: "A listed envelope is missing, was changed, or was sealed to other terms",
    _left_out: "Something that was shown is not in the log at the close",
    _another_key: "terms",
    _unsigned: "A listed bid bears no signature of its vendor's logged key",
}
