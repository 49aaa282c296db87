"""The mailbox: in a demonstration everybody's mail can be read on this machine, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.pages import mailbox
from server.pages.mailbox import pieces
from tests.server.house import House, opened

JOINED = {"person": "Ann & <b>Co</b>", "organisation": "Oak District", "role": "buyer", "link": "/team"}


async def put(house: House, key: str, to: str = "p-oak@tenderbell.example") -> None:
    await house.parts.outbox.put(key=key, to=to, notice="joined", context=JOINED)


async def test_an_empty_mailbox_says_what_will_be_in_it(house: House) -> None:
    page = (await (await house.sign_in(None)).get("/demo/mailbox")).text
    assert "No mail yet" in page and "as soon as something happens" in page


async def test_a_notice_is_listed_once_and_read_with_its_link(house: House) -> None:
    for _ in range(3):
        await put(house, "one")
    guest = await house.sign_in(None)
    page = (await guest.get("/demo/mailbox")).text
    assert page.count('href="/demo/mailbox/1"') == 1 and "Olga Oak" in page and "In the outbox" in page
    letter = (await guest.get("/demo/mailbox/1")).text
    assert '<a href="/team">' in letter and "Ann &amp; &lt;b&gt;Co&lt;/b&gt; has joined" in letter


async def test_one_persons_mail_is_shown_alone(house: House) -> None:
    await put(house, "one")
    await put(house, "two", "p-elm@tenderbell.example")
    guest = await house.sign_in(None)
    page = (await guest.get("/demo/mailbox?who=p-elm@tenderbell.example")).text
    assert "/demo/mailbox/2" in page and "/demo/mailbox/1" not in page and "Everybody’s" in page


async def test_the_pages_together_hold_every_message_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "A_PAGE", 2)
    for key in "abcde":
        await put(house, key)
    guest, address, seen = await house.sign_in(None), "/demo/mailbox", []
    for _ in range(3):
        page = (await guest.get(address)).text
        seen += [n for n in range(1, 9) if f'href="/demo/mailbox/{n}"' in page]
        address = f"/demo/mailbox?before={min(seen)}"
    assert sorted(seen) == [1, 2, 3, 4, 5] and 'rel="next"' not in page


async def test_an_unknown_message_is_said_not_to_be_there(house: House) -> None:
    assert (await (await house.sign_in(None)).get("/demo/mailbox/99")).status_code == 404


async def test_outside_a_demonstration_nobody_reads_mail(tmp_path: Path) -> None:
    async with opened(tmp_path) as plain:
        await put(plain, "one")
        for who in (None, "p-lead", "p-admin"):
            guest = await plain.sign_in(who)
            assert (await guest.get("/demo/mailbox")).status_code == 404
            assert (await guest.get("/demo/mailbox/1")).status_code == 404


def test_only_this_houses_links_become_links() -> None:
    text = "See http://a.example:1/x?y=1\nor http://b.example/x."
    assert [path for _, path in pieces(text, "http://a.example:1")] == [None, "/x?y=1", None]
    assert "".join(words for words, _ in pieces(text, "http://a.example:1")) == text
