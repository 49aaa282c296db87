"""One price and the contract behind it: who sees what of it, and how a lead extends it or ends it early."""

from __future__ import annotations

from datetime import timedelta

import pytest

from auction.tender.solicitation import Contract
from tests.server.house import House
from tests.server.pages.showcase import finished, followed
from tests.server.pages.test_lists import PAPER, add, awarded

LINE, CONTRACT = "/prices/1/L1/A", "/contracts/1/L1"


async def test_members_see_who_needs_a_line_and_the_public_sees_the_sum(house: House) -> None:
    await finished(house)
    oak = (await (await house.sign_in("p-oak")).get(LINE)).text
    assert "Oak District" in oak and "Elm District" in oak and 'class="own-row"' in oak and "$57.00" in oak
    lead = (await (await house.sign_in("p-lead")).get(LINE)).text
    assert "Elm District" in lead and 'class="own-row"' not in lead
    for who in (None, "p-fir", "v-birch"):
        page = (await (await house.sign_in(who)).get(LINE)).text
        assert "$40.50" in page and "10 case in all" in page
        assert "Elm District" not in page and "Oak District" not in page


async def test_what_was_bought_stands_beside_what_was_stated(house: House) -> None:
    await finished(house)
    oak = await house.sign_in("p-oak")
    await add(oak, PAPER, "4")
    number = f"SL-{house.parts.now():%Y}-0001"
    day = (house.parts.now() - timedelta(days=1)).date().isoformat()
    await followed(oak, f"/lists/{number}/order", on=day, reference="")
    page = (await (await house.sign_in("p-elm")).get(LINE)).text
    assert '<td class="num" data-label="Bought so far">4</td>' in page
    saved = (await oak.get("/savings?basis=bought")).text
    assert "$38.00" in saved
    await followed(oak, f"/lists/{number}/reopen", reason="Never sent.")
    assert "Nothing is counted yet" in (await oak.get("/savings?basis=bought")).text


@pytest.mark.parametrize(
    "path", ["/prices/9/L1/A", "/prices/1/L1/Z", "/prices/1/L1/~", "/contracts/1/L9", "/contracts/x/y"]
)
async def test_a_price_or_contract_that_is_not_there_is_not_found(house: House, path: str) -> None:
    await finished(house)
    assert (await (await house.sign_in("p-oak")).get(path)).status_code == 404


async def test_a_lead_uses_the_options_to_renew_and_districts_see_the_new_last_day(house: House) -> None:
    last = house.parts.now().date() + timedelta(days=30)
    await awarded(house, contract=Contract("C-1", ends=last.isoformat(), renewals=1, renewal_months=12))
    lead, oak = await house.sign_in("p-lead"), await house.sign_in("p-oak")
    assert "Ends soon" in (await oak.get(CONTRACT)).text
    assert "Paper of L1" in (await oak.get("/prices?term=ending")).text
    assert (await lead.post(f"{CONTRACT}/renew", reason=" ")).status_code == 422
    page = await followed(lead, f"{CONTRACT}/renew", reason="Good service.")
    assert "Extended" in page and "Good service." in page and "0 of 1 left" in page
    assert "Paper of L1" not in (await oak.get("/prices?term=ending")).text
    assert "Paper of L1" in (await oak.get("/prices")).text
    again = await lead.post(f"{CONTRACT}/renew", reason="Once more.")
    assert again.status_code == 422 and "No option to renew is left" in again.text


async def test_a_contract_ended_early_says_why_and_is_ordered_from_no_more(house: House) -> None:
    await awarded(house)
    lead = await house.sign_in("p-lead")
    today = house.parts.now().date()
    assert (await lead.post(f"{CONTRACT}/end", reason="x", last="soon")).status_code == 422
    past = await lead.post(f"{CONTRACT}/end", reason="x", last=(today - timedelta(days=3)).isoformat())
    assert past.status_code == 422 and "is past" in past.text
    last = (today + timedelta(days=1)).isoformat()
    assert "It ends early" in await followed(lead, f"{CONTRACT}/end", reason="Closed down.", last=last)
    assert "Closed down." in (await (await house.sign_in(None)).get(CONTRACT)).text


async def test_only_the_consortiums_own_leads_change_a_contract(house: House) -> None:
    await awarded(house, contract=Contract("C-1", ends="2099-06-30", renewals=3))
    for who, code in (("p-far", 404), ("p-second", 403), ("p-oak", 403), ("v-ash", 403), (None, 401)):
        answer = await (await house.sign_in(who)).post(f"{CONTRACT}/renew", reason="Mine.")
        assert answer.status_code == code, who
    assert "Extend the contract" not in (await (await house.sign_in("p-far")).get(CONTRACT)).text
    assert house.parts.desk.state("contract/1.L1").renewed == 0


async def test_a_lead_is_told_of_a_contract_that_ends_soon_until_its_option_is_used(house: House) -> None:
    last = house.parts.now().date() + timedelta(days=30)
    await awarded(house, contract=Contract("C-1", ends=last.isoformat(), renewals=1, renewal_months=12))
    lead = await house.sign_in("p-lead")
    page = (await lead.get("/today")).text
    assert "Contract C-1 ends" in page and "1 option to renew left" in page
    for who in ("p-far", "p-oak", "p-second"):
        assert "Contract C-1 ends" not in (await (await house.sign_in(who)).get("/today")).text
    await followed(lead, f"{CONTRACT}/renew", reason="Good service.")
    assert "Contract C-1 ends" not in (await lead.get("/today")).text
