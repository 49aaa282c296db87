"""The outbox: each notice once, tried until a mail server has it, and recognisable however often it arrives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from server import settings
from server.app import TEMPLATES
from server.notices import outbox as module
from server.notices.outbox import LONGEST_WAIT, STALE, Outbox, wait_after
from server.notices.smtp import NotTaken, Smtp, security
from server.notices.writing import Writing
from server.settings import BadSettings, Settings
from server.tables import NoticeRow
from tests.server.house import House, prepared
from tests.server.notices.mailserver import Mailserver, Pile, mailserver

JOINED = {"person": "Ann", "organisation": "Oak District", "role": "buyer", "link": "/team"}
START = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)


class Post:
    """An outbox in a house, with a clock of its own."""

    def __init__(self, house: House, carrier: Any, chosen: Settings, keeps: bool = False) -> None:
        self.house, self.carrier, self.time = house, carrier, START
        self.outbox = Outbox(
            house.parts.database,
            Writing(TEMPLATES / "notices", chosen.origin),
            chosen,
            carrier,
            lambda: self.time,
            keeps,
        )

    async def put(self, key: str = "k", to: str = "ann@oak.example", **more: Any) -> bool:
        given: dict[str, Any] = {"notice": "joined", "context": JOINED} | more
        return await self.outbox.put(key=key, to=to, **given)

    async def deliver(self) -> float | None:
        return await self.outbox.deliver(self.carrier)

    async def rows(self) -> list[NoticeRow]:
        async with self.house.parts.database.session() as session:
            return list((await session.execute(select(NoticeRow).order_by(NoticeRow.number))).scalars())

    async def row(self) -> NoticeRow:
        (found,) = await self.rows()
        return found


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with prepared(tmp_path / "x.db") as made:
        yield made


@pytest.fixture
def post(house: House) -> Post:
    return Post(house, Pile(), Settings())


@pytest.fixture
async def server() -> AsyncIterator[Mailserver]:
    async with mailserver() as running:
        yield running


def by_smtp(house: House, server: Mailserver, **choices: Any) -> Post:
    chosen = Settings(smtp_host="127.0.0.1", smtp_port=server.port, **choices)
    return Post(house, Smtp(chosen), chosen)


# --- each notice once ----------------------------------------------------------------------------------------------------


async def test_a_notice_that_is_put_again_stands_once_and_says_what_it_said_first(post: Post) -> None:
    assert await post.put()
    assert not await post.put(context=JOINED | {"person": "Somebody else"})
    assert (await post.row()).subject == "Ann has joined Oak District"


async def test_many_who_put_the_same_notice_at_once_write_it_once(post: Post) -> None:
    assert sum(await asyncio.gather(*(post.put() for _ in range(8)))) == 1
    await post.row()


async def test_every_notice_is_sent_once_in_the_order_they_were_put(house: House, server: Mailserver) -> None:
    post = by_smtp(house, server, mail_from="Bids <bids@lake.example>")
    for name in ("Ann", "Bob", "Cyd"):
        await post.put(name, context=JOINED | {"person": name})
    assert await post.deliver() is None and await post.deliver() is None
    assert server.subjects() == [f"{name} has joined Oak District" for name in ("Ann", "Bob", "Cyd")]
    first = server.arrived[0]
    assert first["From"] == "Bids <bids@lake.example>" and first["Auto-Submitted"] == "auto-generated"
    assert first["To"] == "ann@oak.example" and "http://127.0.0.1:8080/team" in first.get_content()
    assert {row.state for row in await post.rows()} == {"sent"} and server.connections == 1


async def test_a_letter_after_a_crash_between_sending_and_noting_is_recognised_as_the_same(
    house: House, server: Mailserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = by_smtp(house, server)
    await post.put()

    async def crash(*_: Any, **__: Any) -> None:
        raise RuntimeError("the machine stops here")

    with monkeypatch.context() as broken:
        broken.setattr(post.outbox, "_note", crash)
        with pytest.raises(RuntimeError):
            await post.deliver()
    again = by_smtp(house, server)
    await again.deliver()
    one, other = server.arrived
    assert one["Message-ID"] == other["Message-ID"] and one.as_bytes() == other.as_bytes()
    assert (await post.row()).state == "sent"


async def test_two_notices_never_have_the_same_id(house: House, server: Mailserver) -> None:
    post = by_smtp(house, server)
    await post.put("one")
    await post.put("two")
    await post.deliver()
    assert len({str(each["Message-ID"]) for each in server.arrived}) == 2


# --- when it does not go well ---------------------------------------------------------------------------------------------


async def test_a_passing_refusal_is_tried_again_after_a_while(house: House, server: Mailserver) -> None:
    post = by_smtp(house, server)
    server.answers = ["451 4.3.0 come back later", "451 4.3.0 come back later"]
    await post.put()
    assert await post.deliver() == 60
    row = await post.row()
    assert (row.state, row.tries) == ("failed", 1) and "451" in (row.reason or "")
    assert await post.deliver() == 60, "not before its time"
    post.time += timedelta(seconds=60)
    assert await post.deliver() == 120
    post.time += timedelta(seconds=120)
    assert await post.deliver() is None
    row = await post.row()
    assert (row.state, row.tries, row.reason) == ("sent", 3, None) and len(server.arrived) == 1


async def test_an_address_that_does_not_exist_is_given_up_and_holds_nobody_up(
    house: House, server: Mailserver
) -> None:
    post = by_smtp(house, server)
    await post.put("1", to="nobody@oak.example")
    await post.put("2")
    assert await post.deliver() is None
    gone, kept = await post.rows()
    assert gone.state == "given up" and "nobody of that name" in (gone.reason or "") and kept.state == "sent"


@pytest.mark.parametrize("to", ["ann@oak.example\r\nBcc: all@world.example", "", "a@b, c@d", "no address"])
async def test_an_address_that_is_none_is_never_written_to(house: House, server: Mailserver, to: str) -> None:
    post = by_smtp(house, server)
    await post.put(to=to)
    await post.deliver()
    assert (await post.row()).state == "given up" and server.arrived == []


async def test_a_mail_server_that_is_away_only_delays(house: House, server: Mailserver) -> None:
    chosen = Settings(smtp_host="127.0.0.1", smtp_port=1)
    post = Post(house, Smtp(chosen), chosen)
    await post.put()
    assert await post.deliver() == 60
    assert "cannot be used" in ((await post.row()).reason or "")
    back = by_smtp(house, server)
    back.time = START + timedelta(minutes=2)
    await back.deliver()
    assert len(server.arrived) == 1


async def test_nothing_is_sent_in_the_clear_where_the_line_was_to_be_private(
    house: House, server: Mailserver
) -> None:
    post = by_smtp(house, server, smtp_security="starttls")
    await post.put()
    assert await post.deliver() == 60
    row = await post.row()
    assert row.state == "failed" and "cannot be used" in (row.reason or "") and server.arrived == []


async def test_what_waited_too_long_is_given_up_with_the_reason(post: Post) -> None:
    await post.put()
    post.time += STALE + timedelta(seconds=1)
    assert await post.deliver() is None
    row = await post.row()
    assert row.state == "given up" and "no mail server was named" in (row.reason or "")
    assert post.carrier.arrived == []


def test_the_waits_grow_and_end_at_two_hours() -> None:
    waits = [wait_after(tries) for tries in range(1, 60)]
    assert waits[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert waits == sorted(waits) and waits[-1] == LONGEST_WAIT


async def test_a_full_disk_does_not_send_a_letter_twice(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AGAIN_S", 0)
    await post.put()
    full, real = [OperationalError("UPDATE", {}, Exception("database or disk is full"))] * 3, module.update

    def update(*given: Any) -> Any:
        if full:
            raise full.pop()
        return real(*given)

    monkeypatch.setattr(module, "update", update)
    assert await post.deliver() is None
    assert len(post.carrier.arrived) == 1 and (await post.row()).state == "sent"


# --- the house's own sender -------------------------------------------------------------------------------------------------


async def test_the_sender_begins_by_itself_and_wakes_for_what_is_put(house: House) -> None:
    post = Post(house, Pile(), Settings())
    await post.put("before")
    await post.outbox.open()
    await post.put("after")
    async with asyncio.timeout(5):
        while len(post.carrier.arrived) < 2:
            await asyncio.sleep(0)
    await post.outbox.close()


async def test_without_a_mail_server_notices_stay_in_the_outbox(house: House) -> None:
    outbox = house.parts.outbox
    assert not outbox.sends
    await outbox.put(key="k", to="ann@oak.example", notice="joined", context=JOINED)
    async with house.parts.database.session() as session:
        assert (await session.execute(select(NoticeRow.state))).scalars().all() == ["waiting"]


@pytest.mark.parametrize(("keeps", "kept"), [(False, False), (True, True)])
async def test_a_link_that_opens_a_door_is_not_kept_after_sending_but_in_a_demonstration(
    house: House, keeps: bool, kept: bool
) -> None:
    post = Post(house, Pile(), Settings(), keeps)
    await post.put(notice="reset", context={"link": "/reset/secret", "expires": "noon"})
    await post.deliver()
    assert "/reset/secret" in post.carrier.arrived[0].get_content()
    assert ("/reset/secret" in (await post.row()).text) is kept


async def test_a_refused_invitation_does_not_keep_its_link_either(post: Post) -> None:
    post.carrier.refusals = [NotTaken("nobody there", final=True)]
    await post.put(notice="reset", context={"link": "/reset/secret", "expires": "noon"})
    await post.deliver()
    row = await post.row()
    assert row.state == "given up" and row.text == ""


# --- settings ---------------------------------------------------------------------------------------------------------------


def test_mail_leaves_this_machine_only_where_that_is_said() -> None:
    read = settings.read
    assert read({"TENDERBELL_SMTP_HOST": "localhost"}).smtp_host == "localhost"
    with pytest.raises(BadSettings, match="SMTP_ELSEWHERE"):
        read({"TENDERBELL_SMTP_HOST": "mail.lake.example"})
    given = {"TENDERBELL_SMTP_HOST": "mail.lake.example", "TENDERBELL_SMTP_ELSEWHERE": "true"}
    assert read(given).smtp_elsewhere
    with pytest.raises(BadSettings, match="SMTP_SECURITY"):
        read({"TENDERBELL_SMTP_SECURITY": "some"})


def test_a_line_to_another_machine_is_private_unless_it_is_said_otherwise() -> None:
    from_ = msgspec.structs.replace
    base = Settings(smtp_host="mail.lake.example")
    assert security(base) == "starttls"
    assert security(from_(base, smtp_host="127.0.0.1")) == "none"
    assert security(from_(base, smtp_security="tls")) == "tls"
