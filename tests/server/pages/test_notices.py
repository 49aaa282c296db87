"""Choosing what one is told, and the outbox that a consortium may look into without learning who was told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from server.notices.choosing import chosen
from server.tables import NoticeRow
from tests.server.house import House, event, opened

HOUR = timedelta(hours=1)


@pytest.fixture
async def plain(tmp_path: Path) -> AsyncIterator[House]:
    async with opened(tmp_path) as running:
        await running.publish(event(), opens=HOUR, wait=False)
        yield running


async def test_a_choice_is_kept_for_oneself_alone_and_shown_again(plain: House) -> None:
    guest = await plain.sign_in("p-ash")
    page = (await guest.get("/account/notices")).text
    assert 'name="want-event_starts" checked' in page and 'name="want-outbid">' in page
    form = {"want-outbid": "on", "want-closed": "on", "outbid-1": "no"}
    assert (await guest.post("/account/notices", **form)).status_code == 303
    page = (await guest.get("/account/notices")).text
    assert 'name="want-outbid" checked' in page and 'name="want-event_starts">' in page
    assert '<option value="no" selected>' in page
    made = await chosen(plain.parts.database, "p-ash")
    assert made["outbid", "1"] is False and made["extended", ""] is False
    assert await chosen(plain.parts.database, "p-signer") == {}
    await guest.post("/account/notices", **(form | {"outbid-1": ""}))
    assert ("outbid", "1") not in await chosen(plain.parts.database, "p-ash")


async def test_binding_news_is_named_and_cannot_be_switched_off(plain: House) -> None:
    guest = await plain.sign_in("p-ash")
    page = (await guest.get("/account/notices")).text
    assert "You are awarded a lot" in page and "want-awarded" not in page
    await guest.post("/account/notices", **{"awarded-1": "no"})
    assert not any(name == "awarded" for name, _ in await chosen(plain.parts.database, "p-ash"))


async def test_each_is_shown_what_can_concern_it(plain: House) -> None:
    buyer = (await (await plain.sign_in("p-oak")).get("/account/notices")).text
    assert "new prices to order at" in buyer and "want-outbid" not in buyer
    lead = (await (await plain.sign_in("p-lead")).get("/account/notices")).text
    assert "want-question_asked" in lead and "want-outbid" not in lead


async def test_an_event_that_one_takes_no_part_in_cannot_be_chosen(plain: House) -> None:
    stranger = await plain.sign_in("p-stranger")
    assert "outbid-1" not in (await stranger.get("/account/notices")).text
    await stranger.post("/account/notices", **{"outbid-1": "yes"})
    assert ("outbid", "1") not in await chosen(plain.parts.database, "p-stranger")


async def test_what_one_follows_is_listed_and_can_be_ended_there(plain: House) -> None:
    guest = await plain.sign_in("p-fir")
    await guest.post("/events/1/follow", follow="yes")
    assert "Follow no more" in (await guest.get("/account/notices")).text
    ended = await guest.post("/events/1/follow", follow="no", back="account")
    assert ended.headers["location"] == "/account/notices"
    assert "Follow no more" not in (await guest.get("/account/notices")).text


# --- the outbox ----------------------------------------------------------------------------------------------------------------


async def test_a_lead_is_told_that_no_mail_leaves_and_reads_counts_without_names(plain: House) -> None:
    await plain.parts.teller.settled()
    page = (await (await plain.sign_in("p-lead")).get("/outbox")).text
    assert "No mail server is set up" in page and "TENDERBELL_SMTP_HOST" in page
    assert "You are admitted: Paper and pens" in page and 'data-label="Waiting">5<' in page
    assert "@" not in page and "Birch" not in page
    today = (await (await plain.sign_in("p-admin")).get("/today")).text
    assert "5 notices stay in the outbox" in today


async def test_a_reason_names_no_address(plain: House) -> None:
    await plain.parts.teller.settled()
    async with plain.parts.database.session.begin() as session:
        said = "550 <p-ash@tenderbell.example> is not known"
        await session.execute(update(NoticeRow).values(state="given up", reason=said))
    page = (await (await plain.sign_in("p-auditor")).get("/outbox")).text
    assert "550 (address) is not known" in page and "p-ash" not in page
    assert "could not be delivered" in (await (await plain.sign_in("p-admin")).get("/today")).text


async def test_another_consortium_sees_nothing_of_it(plain: House) -> None:
    await plain.parts.teller.settled()
    page = (await (await plain.sign_in("p-far")).get("/outbox")).text
    assert "Paper and pens" not in page and "Nothing was written yet" in page


async def test_the_outbox_does_not_tell_whose_question_was_declined(plain: House) -> None:
    await (await plain.sign_in("p-stranger")).post("/events/1/questions", text="May I ask you something?")
    lead = await plain.sign_in("p-lead")
    await lead.post("/events/1/questions/answer/decline", question="1", reason="No.")
    await plain.parts.teller.settled()
    async with plain.parts.database.session() as session:
        kinds = set((await session.execute(select(NoticeRow.notice))).scalars())
    assert "question_declined" in kinds
    page = (await lead.get("/outbox")).text
    assert "Your question was not answered" not in page and "A question about Paper and pens" in page
    assert "stranger" not in page.lower()
