"""A question's way in browsers: asked on a phone without scripts, answered by keyboard, read by everybody, told by mail."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.browser import scene
from tests.browser.conftest import Visit
from tests.server.house import Threaded

TEXT = "Does the minimum order apply to each address?"
WORDED = "Does a minimum order apply to each address?"
ANSWER = "No, to the order as a whole."


def published(town: Threaded) -> str:
    """An event that takes questions."""
    made = scene.lively("Open for questions")
    return town.call(town.house.publish(made, opens=timedelta(hours=3), wait=False))


def type_into(page: Page, label: str, text: str) -> None:
    """Replace what stands in a field, by keyboard alone."""
    field = page.get_by_label(label, exact=True).last
    field.focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)


def test_a_question_is_asked_without_scripts_answered_by_keyboard_and_read_by_all(
    visit: Visit, town: Threaded
) -> None:
    path = f"/events/{published(town)}/questions"
    stranger = visit("v-stranger", java_script_enabled=False, viewport={"width": 390, "height": 844})
    stranger.goto(path)
    stranger.get_by_label("Your question").fill(TEXT)
    stranger.get_by_role("button", name="Send the question").click()
    expect(stranger.get_by_text("Your question is recorded.")).to_be_visible()
    expect(stranger.get_by_text("Waits for an answer")).to_be_visible()

    lead = visit("p-lead")
    lead.goto(f"{path}/answer")
    expect(lead.get_by_text("Stranger")).to_have_count(0)
    type_into(lead, "The question as everybody will read it", WORDED)
    type_into(lead, "Answer", ANSWER)
    lead.keyboard.press("Tab")
    lead.keyboard.press("Enter")
    expect(lead.get_by_text("The answer is kept.")).to_be_visible()
    public = visit()
    public.goto(path)
    expect(public.get_by_text("No answers yet")).to_be_visible()
    lead.get_by_role("button", name="Publish for everybody now").press("Enter")
    expect(lead.get_by_text("Published.")).to_be_visible()

    for page in (public, visit("v-birch"), stranger):
        page.goto(path)
        expect(page.get_by_text(ANSWER)).to_be_visible()
        expect(page.get_by_text(WORDED)).to_be_visible()
    public.goto("/demo/mailbox?who=p-stranger@tenderbell.example")
    public.get_by_role("link", name="A question was answered: Open for questions").click()
    expect(public.get_by_text(ANSWER)).to_be_visible()
    public.locator(".letter-text").get_by_role("link").click()
    expect(public).to_have_url(town.house.origin + path)


def test_two_leads_at_one_answer_see_both_texts(visit: Visit, town: Threaded) -> None:
    path = f"/events/{published(town)}/questions"
    asker = visit("v-ash")
    asker.goto(path)
    asker.get_by_label("Your question").fill(TEXT)
    asker.get_by_role("button", name="Send the question").click()
    lead, second = visit("p-lead"), visit("p-second")
    for page in (lead, second):
        page.goto(f"{path}/answer")
    for page, answer in ((lead, "Yes, to each."), (second, ANSWER)):
        type_into(page, "Answer", answer)
        page.get_by_role("button", name="Keep the answer").click()
    expect(second.get_by_text("Somebody else wrote this answer")).to_be_visible()
    expect(second.get_by_text("Yes, to each.")).to_be_visible()
    expect(second.get_by_label("Answer", exact=True).last).to_have_value(ANSWER)
