"""What a vendor swears when it asks to take part is what the notice says it will swear."""

from __future__ import annotations

import html
from datetime import timedelta
from pathlib import Path

import msgspec

from auction.tender.authority import statement
from tests.server.house import event, opened

SOON = timedelta(hours=1)


async def test_the_statement_that_is_confirmed_is_the_one_on_the_notice(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await house.publish(event(), opens=SOON, wait=False)
        document = house.parts.desk.state("tender/1").document
        said = statement(document, house.parts.jurisdictions.get(document.jurisdiction))
        for who, path in ((None, "/events/1"), ("v-stranger", "/events/1/take-part")):
            page = html.unescape((await (await house.sign_in(who)).get(path)).text)
            assert said in page
        own = msgspec.structs.replace(event(), non_collusion="We bid alone, and say so.", number="2026-002")
        await house.publish(own, opens=SOON, wait=False)
        page = (await (await house.sign_in("v-stranger")).get("/events/2/take-part")).text
        assert "We bid alone, and say so." in page
