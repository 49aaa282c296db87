"""Who is told what: each event's news to those it concerns, once, and to nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from auction.award.award import LotAwarded
from auction.kernel import Command
from auction.live.room import AdmitVendor, Cancel, Entrant, Extend, WithdrawVendor
from auction.tender.solicitation import Vendor
from bidders.qualification import AskToTakePart, Call, Decline, Invite
from server import drafting
from server.notices import teller as module
from server.notices.kinds import KINDS
from server.notices.teller import NAME, Teller
from server.tables import ChoiceRow, Cursor, FollowRow, NoticeRow, Person
from tests.server.house import OWNER, SOON, STRANGER, House, event, lot, opened, prepared
from tests.server.notices.mailserver import mailserver
from tests.server.pages.showcase import confirm, propose
from tests.server.pages.solicitation.test_addenda import issued

OFFICERS = {"p-admin", "p-lead", "p-second"}
ASH, BIRCH, CEDAR = {"p-ash", "p-preparer", "p-signer"}, {"p-birch"}, {"p-cedar"}
VENDORS = ASH | BIRCH | CEDAR


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with opened(tmp_path) as running:
        yield running


async def notices(house: House, kind: str | None = None) -> Sequence[NoticeRow]:
    await house.parts.errands.settled()
    await house.parts.teller.settled()
    wanted = select(NoticeRow).order_by(NoticeRow.number)
    if kind is not None:
        wanted = wanted.where(NoticeRow.notice == kind)
    async with house.parts.database.session() as session:
        return (await session.execute(wanted)).scalars().all()


async def told(house: House, kind: str) -> set[str]:
    """Who was told of something, and that each was told once."""
    found = [row.address.partition("@")[0] for row in await notices(house, kind)]
    assert len(found) == len(set(found))
    return set(found)


async def choose(house: House, person: str, kind: str, wanted: bool, event_id: str = "") -> None:
    async with house.parts.database.session.begin() as session:
        session.add(ChoiceRow(person_id=person, notice=kind, event_id=event_id, wanted=wanted))
    await house.parts.teller.mind()


async def follow(house: House, person: str, event_id: str = "1") -> None:
    async with house.parts.database.session.begin() as session:
        session.add(FollowRow(person_id=person, event_id=event_id, since=house.parts.now()))


async def award(house: House, vendor: str, lot_id: str = "L1") -> None:
    await propose(await house.sign_in("p-lead"), "1", lot_id, vendor)
    await confirm(await house.sign_in("p-second"), "1", lot_id)


async def test_at_publication_every_admitted_vendor_and_nobody_else_is_told(house: House) -> None:
    await house.publish(event(), opens=SOON * 4, wait=False)
    assert await told(house, "admitted") == VENDORS


async def test_the_opening_is_told_once_to_vendors_officers_and_followers(house: House) -> None:
    await drafting.keep(house.parts, event(), "p-lead", OWNER)
    await follow(house, "p-oak", "2")
    await house.publish(event(), opens=SOON * 4)
    assert await told(house, "event_starts") == VENDORS | OFFICERS | {"p-oak"}
    assert {row.about for row in await notices(house)} == {OWNER}


async def test_who_switched_a_kind_off_is_not_told_and_who_chose_for_the_event_is(house: House) -> None:
    await choose(house, "p-lead", "event_starts", False)
    await choose(house, "p-birch", "event_starts", False)
    await choose(house, "p-birch", "event_starts", True, "1")
    await house.publish(event(), opens=SOON * 4)
    assert await told(house, "event_starts") == VENDORS | OFFICERS - {"p-lead"}


async def test_binding_news_reaches_also_those_who_switched_it_off(house: House) -> None:
    await choose(house, "p-ash", "admitted", False)
    await house.publish(event(), opens=SOON * 4, wait=False)
    assert "p-ash" in await told(house, "admitted")


async def test_an_address_that_nobody_confirmed_is_not_written_to(house: House) -> None:
    async with house.parts.database.session.begin() as session:
        await session.execute(update(Person).where(Person.id == "p-ash").values(email_verified_at=None))
    await house.publish(event(), opens=SOON * 4, wait=False)
    assert "p-ash" not in await told(house, "admitted")


# --- before the opening ------------------------------------------------------------------------------------------------------


LATER = timedelta(hours=3)


async def tell(house: House, stream: str, command: Command) -> None:
    await drafting.tell(house.parts, f"{stream}/1", command)


async def test_an_invited_vendor_is_told_and_one_declined_reads_the_reason(house: House) -> None:
    await house.publish(event(), opens=LATER, wait=False)
    await tell(house, "admission", Invite(by="p-lead", vendor=STRANGER, frozen=False, note="You sell paper."))
    assert await told(house, "invited") == {"p-stranger"}
    assert "> You sell paper." in (await notices(house, "invited"))[0].text
    call = Call(lots=("L1", "L2"), terms="t", frozen=False)
    wish = AskToTakePart(
        by="p-stranger", vendor=STRANGER, lots=("L1",), terms="t", non_collusion=True, call=call
    )
    await tell(house, "admission", wish)
    assert await told(house, "vendor_asked") == OFFICERS
    await tell(house, "admission", Decline(by="p-lead", vendor=STRANGER, reason="No certificate."))
    assert await told(house, "declined") == {"p-stranger"}
    assert "> No certificate." in (await notices(house, "declined"))[0].text


async def test_who_is_admitted_later_and_withdrawn_again_is_told_alone(house: House) -> None:
    await house.publish(event(), opens=LATER, wait=False)
    await tell(house, "room", AdmitVendor(by="p-lead", vendor=Entrant(STRANGER, lots=("L2",))))
    assert await told(house, "admitted") == VENDORS | {"p-stranger"}
    letter = (await notices(house, "admitted"))[-1]
    assert "The lot: Lot L2." in letter.text
    await tell(house, "room", WithdrawVendor(by="p-lead", vendor=STRANGER, reason="It asked for that."))
    assert await told(house, "withdrawn") == {"p-stranger"}


async def test_an_addendum_reaches_all_who_take_part_are_invited_or_follow(house: House) -> None:
    await house.publish(event((lot("L1"), lot("L2")), ceiling="1000"), opens=LATER, wait=False)
    await tell(house, "admission", Invite(by="p-lead", vendor=STRANGER, frozen=False))
    await follow(house, "p-fir")
    await choose(house, "p-birch", "addendum", False)
    await issued(house, await house.sign_in("p-lead"), await house.sign_in("p-second"))
    assert await told(house, "addendum") == VENDORS | OFFICERS | {"p-stranger", "p-fir"}
    letter = (await notices(house, "addendum"))[0]
    assert letter.subject.startswith("Addendum 1: ") and "> Glue was forgotten." in letter.text
    assert "/events/1/addenda" in letter.text


# --- outbid ---------------------------------------------------------------------------------------------------


async def bids(house: House, *given: tuple[str, str]) -> None:
    seats = {who: await house.watch(who) for who in {who for who, _ in given}}
    for who, amount in given:
        await seats[who].bid("L1", amount)


async def test_nobody_hears_of_being_outbid_who_did_not_ask_for_it(house: House) -> None:
    await house.publish(event(), opens=SOON * 4)
    await bids(house, ("v-ash", "900"), ("v-birch", "800"), ("v-ash", "700"))
    assert await told(house, "outbid") == set()


async def test_who_asked_hears_once_in_a_while_and_learns_neither_who_nor_how_much(house: House) -> None:
    await house.publish(event(), opens=SOON * 4)
    for person in ("p-ash", "p-birch"):
        await choose(house, person, "outbid", True, "1")
    await bids(house, ("v-ash", "912"), ("v-birch", "834"), ("v-ash", "756"), ("v-birch", "678"))
    assert await told(house, "outbid") == {"p-ash", "p-birch"}
    for row in await notices(house, "outbid"):
        other = "Birch" if row.address.startswith("p-ash") else "Ash"
        words = row.subject + row.text
        assert not any(secret in words for secret in (other, "912", "834", "756", "678"))


async def test_one_who_did_not_lead_or_leads_still_is_not_told(house: House) -> None:
    await house.publish(event(), opens=SOON * 4)
    for person in ("p-ash", "p-birch", "p-cedar"):
        await choose(house, person, "outbid", True)
    await bids(house, ("v-ash", "800"), ("v-birch", "900"), ("v-ash", "700"))
    assert await told(house, "outbid") == set()
    await bids(house, ("v-cedar", "600"))
    assert await told(house, "outbid") == {"p-ash"}


async def test_where_the_rules_hide_the_rank_nobody_learns_it_by_mail(house: House) -> None:
    await house.publish(event(visibility={"rank": False}), opens=SOON * 4)
    await choose(house, "p-ash", "outbid", True)
    await bids(house, ("v-ash", "900"), ("v-birch", "800"))
    assert await told(house, "outbid") == set()


# --- a close that moves, and the end --------------------------------------------------------------------------


async def test_a_moved_close_is_told_once_for_each_lot_to_those_admitted_to_it(house: House) -> None:
    await house.publish(event(), opens=SOON * 4)
    await follow(house, "p-oak")
    for minutes in (1, 2, 3):
        closes = house.room().lots["L1"].closes + minutes * (
            house.room().lots["L1"].closes - house.parts.now()
        )
        await house.parts.desk.submit(
            "room/1", Extend(by="host", lot="L1", closes=closes, reason="More time."), house.parts.now()
        )
    rows = await notices(house, "extended")
    assert {row.address.partition("@")[0] for row in rows} == VENDORS and len(rows) == len(VENDORS)
    assert "The host extended it." in rows[0].text


async def test_the_end_is_told_once_with_the_last_lot(house: House) -> None:
    await house.publish(event(), opens=SOON * 4)
    await bids(house, ("v-ash", "900"))
    await house.end()
    assert await told(house, "closed") == VENDORS | OFFICERS


async def test_a_cancelled_event_is_told_with_the_reason_and_a_draft_given_up_is_not(house: House) -> None:
    await house.publish(event((lot("L1"),)), opens=SOON * 4)
    await house.parts.desk.submit(
        "room/1", Cancel(by="host", lot="L1", reason="The board withdrew it.\nSorry."), house.parts.now()
    )
    assert await told(house, "cancelled") == VENDORS | OFFICERS
    assert "> The board withdrew it.\n> Sorry." in (await notices(house, "cancelled"))[0].text


# --- awards ---------------------------------------------------------------------------------------------------


async def test_an_award_is_told_to_the_winner_the_other_bidders_and_the_districts(house: House) -> None:
    await house.publish(event(), opens=SOON * 4)
    await bids(house, ("v-ash", "900"), ("v-birch", "800"))
    await house.end()
    await award(house, "v-birch")
    assert await told(house, "awarded") == BIRCH
    assert await told(house, "not_awarded") == ASH
    assert await told(house, "prices_ready") == {"p-oak", "p-elm"}
    assert "$800.00" in (await notices(house, "awarded"))[0].text
    for row in await notices(house, "not_awarded"):
        assert "800" not in row.text and "Birch" not in row.text


async def test_a_full_disk_only_delays_news(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AGAIN_S", 0)
    full, real = [OperationalError("INSERT", {}, Exception("database or disk is full"))] * 3, module.readers

    async def readers(*given: Any) -> Any:
        if full:
            raise full.pop()
        return await real(*given)

    monkeypatch.setattr(module, "readers", readers)
    await house.publish(event(), opens=LATER, wait=False)
    assert await told(house, "admitted") == VENDORS


# --- once, whatever happens -----------------------------------------------------------------------------------


def again_from(house: House, later: timedelta = timedelta()) -> Teller:
    """A teller as it is after a restart, some time later."""
    parts = house.parts
    return Teller(parts.database, parts.journal, parts.outbox, parts.desk.state, lambda: parts.now() + later)


@pytest.mark.parametrize(("later", "more"), [(timedelta(hours=1), True), (timedelta(days=4), False)])
async def test_what_broke_in_the_middle_is_told_to_the_end_after_a_restart_while_it_is_news(
    house: House, monkeypatch: pytest.MonkeyPatch, later: timedelta, more: bool
) -> None:
    keep, kept = house.parts.outbox.keep, 0

    async def breaks(session: Any, rows: Any) -> int:
        nonlocal kept
        kept += 1
        if kept == 2:
            raise RuntimeError("the machine stops here")
        return await keep(session, rows)

    monkeypatch.setattr(module, "AT_ONCE", 2)
    with monkeypatch.context() as broken:
        broken.setattr(house.parts.outbox, "keep", breaks)
        await house.publish(event(vendors=(Vendor("v-ash", "Ash Supply"),)), opens=LATER, wait=False)
        assert len(await notices(house, "admitted")) == 2
    again = again_from(house, later)
    await again.open()
    await again.close()
    assert len(await notices(house, "admitted")) == (3 if more else 2)


async def test_a_restart_tells_nothing_again_and_leaves_nothing_out(tmp_path: Path) -> None:
    async with prepared(tmp_path / "x.db") as house:
        await house.publish(event(), opens=SOON * 4, wait=False)
        before = len(await notices(house))
        parts = house.parts
        async with parts.database.session.begin() as session:
            await session.execute(update(Cursor).where(Cursor.name == NAME).values(n=0))
        again = again_from(house)
        await again.open()
        await again.close()
        assert len(await notices(house)) == before > 0


async def test_a_journal_that_is_older_than_its_teller_is_not_news(tmp_path: Path) -> None:
    async with prepared(tmp_path / "x.db") as house:
        await house.publish(event(), opens=SOON * 4, wait=False)
        await house.parts.errands.settled()
        parts, before = house.parts, len(await notices(house))
        async with parts.database.session.begin() as session:
            await session.delete(await session.get_one(Cursor, NAME))
            await session.execute(NoticeRow.__table__.delete())  # type: ignore[attr-defined]
        again = again_from(house)
        await again.open()
        await again.close()
        assert before > 0 and len(await notices(house)) == 0


async def test_a_notice_that_cannot_be_written_does_not_silence_the_others(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = dict(module.TELLS)
    monkeypatch.setitem(module.TELLS, LotAwarded, lambda scene, event: 1 / 0)
    await house.publish(event(), opens=SOON * 4)
    await bids(house, ("v-ash", "900"))
    await house.end()
    await award(house, "v-ash", "L1")
    assert await told(house, "awarded") == set()
    monkeypatch.setitem(module.TELLS, LotAwarded, whole[LotAwarded])
    assert await told(house, "closed") == VENDORS | OFFICERS


def test_every_kind_has_its_templates_and_its_words() -> None:
    folder = Path("templates/notices")
    for name, kind in KINDS.items():
        assert kind.words.endswith(".") and kind.readers
        assert (folder / name / "subject.txt").is_file() and (folder / name / "body.txt").is_file()


# --- the whole way ------------------------------------------------------------------------------------------


async def test_from_the_journal_to_the_mail_server_each_notice_arrives_once(tmp_path: Path) -> None:
    async with (
        mailserver() as server,
        opened(tmp_path, smtp_host="127.0.0.1", smtp_port=server.port) as house,
    ):
        await house.publish(event(), opens=LATER, wait=False)
        await notices(house)
        async with asyncio.timeout(20):
            while len(server.arrived) < len(VENDORS):
                await asyncio.sleep(0.01)
        assert {str(each["To"]).partition("@")[0] for each in server.arrived} == VENDORS
        assert set(server.subjects()) == {"You are admitted: Paper and pens"}
    assert len(server.arrived) == len(VENDORS)
