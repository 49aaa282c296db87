"""Sealed opening bids, every page at every stage: nothing that axe finds, nothing sideways, nothing too small to touch."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page

from server import drafting
from server.app import clock
from tests.browser.conftest import Visit, visit
from tests.browser.test_every_page import PHONE, SIDEWAYS, SMALL, WIDE, in_both_schemes, unfold
from tests.server.house import OWNER, Threaded, in_thread
from tests.server.sealed.scene import Clock
from tests.stories.test_sealed_opening_bids import Story, seeding

__all__ = ["visit"]
SECOND = timedelta(seconds=1)
LEAD, ASH, STRANGER = "p-lead", "v-ash", "v-stranger"
DRAFT = [
    (LEAD, f"/events/2/draft/{section}")
    for section in ("basics", "law", "rules", "dates", "conditions", "sealing")
] + [(LEAD, "/events/2/console")]
EVERYBODY = [(None, "/events/1"), (None, "/events/1/opening"), (ASH, "/events/1"), (ASH, "/events/1/bid")]
ITS_LEAD = [(LEAD, "/events/1/opening-bids"), (LEAD, "/events/1/console"), (LEAD, "/today")]


@pytest.fixture
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Threaded]:
    """A house with nothing in it, on a clock that is put forward."""
    time = Clock(clock())
    with in_thread(tmp_path_factory.mktemp("seeding"), now=time, demo=True) as running:
        running.time = time  # type: ignore[attr-defined]
        yield running


def faults(page: Page) -> list[str]:
    """What is wrong with a page, on a desk and on a phone."""
    unfold(page)
    page.set_viewport_size(WIDE)
    told = in_both_schemes(page)
    page.set_viewport_size(PHONE)
    told += in_both_schemes(page)
    small, over = page.evaluate(SMALL), page.evaluate(SIDEWAYS)
    return told + small + ([f"sideways by {over}"] if over > 0 else [])


@pytest.mark.timeout(400)
def test_the_pages_hold_at_every_stage(visit: Visit, town: Threaded) -> None:
    story = Story(town.house, town.time)  # type: ignore[attr-defined]
    wrong: dict[str, list[str]] = {}

    def look(stage: str, pages: list[tuple[str | None, str]]) -> None:
        for who, path in pages:
            page = visit(who, viewport=WIDE)
            answer = page.goto(path)
            assert answer is not None and answer.status == 200, (stage, who, path)
            if told := faults(page):
                wrong[f"{stage}: {who} {path}"] = told
            page.context.close()

    town.call(story.publish())
    town.call(drafting.keep(town.house.parts, seeding(town.house), LEAD, OWNER))
    look("a draft", DRAFT)
    look("published", EVERYBODY + ITS_LEAD)
    town.call(story.seal())
    look("sealed", [(ASH, "/events/1/bid"), (STRANGER, "/events/1/bid")])
    town.call(story.begin())
    look("begun", [(None, "/events/1/opening"), *ITS_LEAD])
    town.call(story.finish())
    look("opened", EVERYBODY + ITS_LEAD)
    town.time.jump(story.document.opens + SECOND)  # type: ignore[attr-defined, operator]
    town.call(town.house.until(lambda: town.house.room().lots["L1"].status == "open"))
    look("live", [(None, "/events/1"), (ASH, "/events/1/room"), (LEAD, "/events/1/console")])
    town.call(town.house.end())
    look(
        "ended",
        [
            (ASH, "/events/1"),
            (ASH, "/events/1/room"),
            (LEAD, "/events/1/opened"),
            (LEAD, "/events/1/console"),
        ],
    )
    assert wrong == {}
