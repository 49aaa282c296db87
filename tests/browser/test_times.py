"""Times are official, and told in the reader's own zone as well wherever that differs."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.browser.conftest import Visit


def test_a_reader_elsewhere_is_told_the_time_where_they_are(visit: Visit, scenes: dict[str, str]) -> None:
    page = visit(None, timezone_id="America/Los_Angeles")
    page.goto("/")
    official = page.locator("time[data-zone]").first
    expect(official).to_contain_text("E")
    own = page.locator(".own-time")
    expect(own).to_have_count(page.locator("time[data-zone]").count())
    expect(own.first).to_contain_text("P")
    expect(own.first).to_contain_text("where you are")


def test_a_reader_in_the_events_zone_sees_one_time(visit: Visit, scenes: dict[str, str]) -> None:
    page = visit(None, timezone_id="America/New_York")
    page.goto("/")
    expect(page.locator("time[data-zone]").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(page.locator(".own-time")).to_have_count(0)


def test_a_reader_on_another_day_is_told_the_day_too(visit: Visit, scenes: dict[str, str]) -> None:
    page = visit(None, timezone_id="America/New_York")
    page.goto("/")
    moment = datetime.fromisoformat(str(page.locator("time[data-zone]").first.get_attribute("datetime")))
    zones = ("Pacific/Kiritimati", "Pacific/Pago_Pago")
    here = moment.astimezone(ZoneInfo("America/New_York")).date()
    zone = next(each for each in zones if moment.astimezone(ZoneInfo(each)).date() != here)
    page = visit(None, timezone_id=zone)
    page.goto("/")
    day = moment.astimezone(ZoneInfo(zone)).strftime("%a")
    expect(page.locator(".own-time").first).to_contain_text(day)


def test_in_a_sentence_the_time_where_they_are_stands_in_it(visit: Visit, scenes: dict[str, str]) -> None:
    page = visit(None, timezone_id="America/Los_Angeles")
    page.goto(f"/events/{scenes['scheduled']}")
    line = page.get_by_text("Questions are taken until")
    expect(line).to_contain_text("where you are).")
    assert line.locator(".own-time").evaluate("each => getComputedStyle(each).display") == "inline"
