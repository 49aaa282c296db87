"""Questions on the pages: anybody asks, nobody learns who did, and every answer reaches everybody at one instant."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from auction.tender.questions import QuestionAsked, Questions
from server.deciders import ruler_of
from server.tables import NoticeRow
from tests.server.callers import Guest
from tests.server.house import SOON, STRANGER, House, event

HOUR = timedelta(hours=1)
TEXT = "Is recycled paper allowed in lot 1?"
ANSWER = "Yes, from a brightness of 80 on."
PUBLIC, OFFICER = "/events/1/questions", "/events/1/questions/answer"


@pytest.fixture
async def published(house: House) -> House:
    await house.publish(event(), opens=HOUR, wait=False)
    return house


def state(house: House) -> Questions:
    found = house.parts.desk.state("questions/1")
    assert isinstance(found, Questions)
    return found


async def ask(house: House, who: str | None, text: str = TEXT) -> httpx.Response:
    return await (await house.sign_in(who)).post(PUBLIC, text=text)


async def write(lead: Guest, question: int = 1, answer: str = ANSWER, seen: int = 0) -> httpx.Response:
    return await lead.post(
        f"{OFFICER}/write",
        question=str(question),
        asked="Is recycled paper allowed?",
        answer=answer,
        seen=str(seen),
    )


async def test_the_public_a_stranger_and_a_buyer_may_ask_and_nobody_sees_who_did(published: House) -> None:
    for who in (None, STRANGER, "p-oak"):
        answer = await ask(published, who, f"{TEXT} asks one of three {who or 'guest'}".replace("v-", ""))
        assert answer.status_code == 303 and answer.headers["location"] == f"{PUBLIC}?asked=1"
    assert [each.asker for each in state(published).asked.values()] == [None, STRANGER, "d-oak"]
    entries = published.parts.journal.read("questions/1")
    for entry in entries:
        asked = ruler_of(entry.stream).read(entry.body)
        assert isinstance(asked, QuestionAsked) and asked.by == "asker" and asked.vis == "private"
    page = (await (await published.sign_in("p-lead")).get(OFFICER)).text
    history = (await (await published.sign_in("p-auditor")).get("/events/1/history")).text
    for text in (page, history):
        assert "Stranger" not in text and "Oak" not in text.replace("Olga Oak", "") and STRANGER not in text
    assert history.count("Somebody who asked") == 3


async def test_a_question_is_read_by_nobody_before_its_answer(published: House) -> None:
    await ask(published, "v-ash")
    for who in (None, "v-birch", "p-oak", "p-far"):
        assert TEXT not in (await (await published.sign_in(who)).get(PUBLIC)).text
    own = (await (await published.sign_in("p-preparer")).get(PUBLIC)).text
    assert TEXT in own and "Waits for an answer" in own


async def test_an_answer_is_read_by_all_at_once_and_everybody_is_told_once(published: House) -> None:
    await ask(published, STRANGER)
    follower = await published.sign_in("p-fir")
    await follower.post("/events/1/follow", follow="yes")
    lead, anybody = await published.sign_in("p-lead"), await published.sign_in(None)
    assert (await write(lead)).status_code == 303
    assert ANSWER not in (await anybody.get(PUBLIC)).text
    assert (await lead.post(f"{OFFICER}/publish", ready="1:1")).status_code == 303
    page = (await anybody.get(PUBLIC)).text
    assert ANSWER in page and "Is recycled paper allowed?" in page and TEXT not in page
    await lead.post(f"{OFFICER}/publish", ready="1:1")
    told = [each.partition("@")[0] for each in await addresses(published, "question_answered")]
    vendors = ["p-ash", "p-birch", "p-cedar", "p-fir", "p-preparer", "p-signer", "p-stranger"]
    assert sorted(told) == vendors


async def addresses(house: House, kind: str) -> list[str]:
    await house.parts.teller.settled()
    async with house.parts.database.session() as session:
        wanted = select(NoticeRow.address).where(NoticeRow.notice == kind)
        return list((await session.execute(wanted)).scalars())


async def test_officers_are_told_that_a_question_waits_but_neither_words_nor_asker(published: House) -> None:
    await ask(published, "v-ash")
    await ask(published, "v-birch", "Another question, please?")
    assert sorted(await addresses(published, "question_asked")) == [
        f"p-{each}@tenderbell.example" for each in ("admin", "lead", "second")
    ]
    today = (await (await published.sign_in("p-second")).get("/today")).text
    assert "Answer 2 questions" in today and OFFICER in today
    assert OFFICER not in (await (await published.sign_in("p-auditor")).get("/today")).text


async def test_a_declined_question_tells_its_reason_to_whoever_asked_alone(published: House) -> None:
    await ask(published, "v-ash")
    lead = await published.sign_in("p-lead")
    empty = await lead.post(f"{OFFICER}/decline", question="1", reason=" ")
    assert empty.status_code == 422 and "Give the reason in words" in empty.text
    await lead.post(f"{OFFICER}/decline", question="1", reason="It is about another event.")
    assert "another event" in (await (await published.sign_in("v-ash")).get(PUBLIC)).text
    for who in (None, "v-birch"):
        page = (await (await published.sign_in(who)).get(PUBLIC)).text
        assert "another event" not in page and TEXT not in page
    told = await addresses(published, "question_declined")
    assert {each.partition("@")[0] for each in told} == {"p-ash", "p-preparer", "p-signer"}


async def test_two_leads_do_not_overwrite_each_other_and_both_texts_are_shown(published: House) -> None:
    await ask(published, None)
    lead, second = await published.sign_in("p-lead"), await published.sign_in("p-second")
    await write(lead, answer="Yes, says the first.")
    refused = await write(second, answer="No, says the second.")
    assert refused.status_code == 422 and "Somebody else wrote this answer" in refused.text
    assert "Yes, says the first." in refused.text and "No, says the second." in refused.text
    assert 'name="seen" value="1"' in refused.text
    assert state(published).asked[1].answer == "Yes, says the first."


async def test_a_question_too_short_is_refused_beside_its_field_with_the_words_kept(published: House) -> None:
    answer = await ask(published, None, "Why? <b>")
    assert answer.status_code == 422 and "at least 10 characters" in answer.text
    assert "Why? &lt;b&gt;</textarea>" in answer.text and state(published).asked == {}


async def test_a_stranger_cannot_flood_the_officers(published: House) -> None:
    answers = [(await ask(published, None, f"Question number {n}, please?")).status_code for n in range(12)]
    assert answers.count(303) == 10 and answers[-2:] == [429, 429]
    assert (await ask(published, "v-ash")).status_code == 303


async def test_the_same_form_sent_twice_asks_once(published: House) -> None:
    guest = await published.sign_in("v-ash")
    for _ in range(2):
        await guest.post(PUBLIC, text=TEXT)
    assert len(state(published).asked) == 1


async def test_after_the_opening_no_question_is_taken(house: House) -> None:
    await house.publish(event(), opens=SOON * 4)
    page = (await (await house.sign_in("v-ash")).get(PUBLIC)).text
    assert "The time for questions is over" in page and "<textarea" not in page
    late = await ask(house, "v-ash")
    assert late.status_code == 422 and "over" in late.text and state(house).asked == {}


async def test_the_consortium_does_not_ask_itself_and_another_one_may_not_answer(published: House) -> None:
    for who in ("p-lead", "p-admin", "p-auditor", "p-evaluator"):
        assert (await ask(published, who)).status_code == 403
        page = (await (await published.sign_in(who)).get(PUBLIC)).text
        assert "<textarea" not in page
        assert (OFFICER in page) is (who in ("p-lead", "p-admin"))
    await ask(published, "p-far")
    other = await published.sign_in("p-far")
    assert (await other.get(OFFICER)).status_code == 404
    for action in ("write", "publish", "decline"):
        refused = await other.post(f"{OFFICER}/{action}", question="1", reason="No.", ready="1:1")
        assert refused.status_code == 404
    assert state(published).asked[1].status == "waiting"


@pytest.mark.parametrize("number", ["0", "-1", "9" * 12, "٣", "x", ""])
async def test_a_question_that_is_not_there_is_said_not_to_be_there(published: House, number: str) -> None:
    lead = await published.sign_in("p-lead")
    answer = await lead.post(f"{OFFICER}/decline", question=number, reason="None.")
    assert answer.status_code == 422 and "no such question" in answer.text
    assert (await lead.post(f"{OFFICER}/nothing")).status_code == 404


async def test_of_a_draft_there_is_no_such_page(house: House) -> None:
    for who in (None, "v-ash", "p-lead"):
        assert (await (await house.sign_in(who)).get("/events/7/questions")).status_code == 404


async def test_following_can_be_ended(published: House) -> None:
    guest = await published.sign_in("p-stranger")
    for _ in range(2):
        await guest.post("/events/1/follow", follow="yes")
    assert "You follow this event" in (await guest.get(PUBLIC)).text
    await guest.post("/events/1/follow", follow="no")
    assert "You follow this event" not in (await guest.get(PUBLIC)).text
