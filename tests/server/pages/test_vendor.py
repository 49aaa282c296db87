"""The vendor's room without scripts: a plain form's bid is the socket's bid, and no page tells of a rival."""

from __future__ import annotations

import asyncio
import re
from html import unescape
from typing import Any

import msgspec

from auction.live.room import BidPlaced, CommandRefused
from server.deciders import DECIDERS
from tests.server.callers import Guest
from tests.server.house import House, event, lot, opened
from tests.server.pages.showcase import followed


def fields(page: str) -> dict[str, str]:
    """What the page's bid form holds."""
    form = re.search(r'<form[^>]*action="/events/1/bids".*?</form>', page, re.S)
    assert form is not None
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form[0]):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name is not None:
            found[name[1]] = unescape(value[1]) if value is not None else ""
    return found


async def bid(guest: Guest, page: str, **more: str) -> str:
    """Send the page's own form with an amount, and return the page that follows."""
    return await followed(guest, "/events/1/bids", **fields(page) | more)


def placed(house: House, kind: type[Any] = BidPlaced) -> list[Any]:
    """All bids or refusals on record."""
    lines = [DECIDERS["room"].read(line.body) for line in house.parts.journal.read("room/1")]
    return [each for each in lines if isinstance(each, kind)]


async def room(guest: Guest, lot: str = "L1") -> str:
    answer = await guest.get(f"/events/1/room?lot={lot}")
    assert answer.status_code == 200
    return answer.text


async def test_a_plain_form_s_bid_is_the_same_fact_as_a_socket_s(house: House) -> None:
    await house.publish(event())
    guest = await house.sign_in("v-ash")
    page = await room(guest)
    assert fields(page).keys() >= {"csrf", "lot", "id", "rules", "amount"}
    after = await bid(guest, page, amount=" 950.50 ")
    caller = await guest.watch()
    taken = await caller.bid("L1", "940.50", rules=house.room().rules_hash)
    plain, socket = placed(house)
    assert "950.50" in after and (await caller.facts(taken["n"]))[-1]["amount"] == "940.50"
    names = ("by", "vendor", "lot", "rules_hash", "rank", "opening", "tender", "vis", "lines")
    assert [getattr(plain, name) for name in names] == [getattr(socket, name) for name in names]
    assert plain.id and plain.digest and (plain.amount, plain.no) == ("950.50", 1)


async def test_a_form_sent_twice_counts_once_and_one_on_two_lines_too(house: House) -> None:
    await house.publish(event())
    guest = await house.sign_in("v-ash")
    form = fields(await room(guest)) | {"amount": "950"}
    first = await followed(guest, "/events/1/bids", **form)
    second = await followed(guest, "/events/1/bids", **form)
    assert len(placed(house)) == 1
    assert "950.00" in first and "950.00" in second
    caller = await guest.watch()
    again = await caller.bid("L1", "950", id=form["id"], rules=form["rules"])
    assert (again["k"], again["amount"]) == ("taken", "950.00")
    assert len(placed(house)) == 1
    clash = await followed(guest, "/events/1/bids", **form | {"amount": "900"})
    assert "used before for something else" in clash
    assert len(placed(house)) == 1


async def test_a_large_step_asks_the_form_for_a_confirmation_and_then_counts(house: House) -> None:
    await house.publish(event())
    guest = await house.sign_in("v-ash")
    page = await bid(guest, await room(guest), amount="900")
    asked = await bid(guest, page, amount="400")
    form = fields(asked)
    assert (form["confirm_amount"], form["confirm_own"]) == ("400.00", "1")
    assert [each.code for each in placed(house, CommandRefused)] == ["NEEDS_CONFIRM"]
    done = await followed(guest, "/events/1/bids", **form | {"amount": "400.00"})
    assert [each.amount for each in placed(house)] == ["900.00", "400.00"]
    assert "confirm_amount" not in fields(done)


async def test_a_confirmation_of_another_amount_or_bid_does_not_count(house: House) -> None:
    await house.publish(event())
    guest = await house.sign_in("v-ash")
    page = await bid(guest, await room(guest), amount="900")
    for wrong in (
        {"confirm_amount": "401.00", "confirm_own": "1"},
        {"confirm_amount": "400.00", "confirm_own": "2"},
        {"confirm_amount": "400.00", "confirm_own": "9" * 400},
        {"confirm_amount": "400.00", "confirm_own": "-1"},
        {"confirm_amount": "", "confirm_own": ""},
    ):
        page = await bid(guest, page, amount="400", **wrong)
    assert [each.amount for each in placed(house)] == ["900.00"]


async def test_a_refused_form_says_why_and_what_would_do(house: House) -> None:
    await house.publish(event())
    guest = await house.sign_in("v-ash")
    page = await bid(guest, await room(guest), amount="12,50")
    assert "is not an amount" in page
    page = await bid(guest, page, amount="1000.01")
    assert "ceiling" in page and "1,000.00" in page
    page = await bid(guest, page, amount="900", rules="0" * 64)
    assert "other rules" in page
    assert placed(house) == []
    assert [each.code for each in placed(house, CommandRefused)] == [
        "BAD_AMOUNT",
        "ABOVE_CEILING",
        "STALE_RULES",
    ]


async def test_a_form_cannot_bid_in_another_vendor_s_name(house: House) -> None:
    await house.publish(event())
    guest = await house.sign_in("v-ash")
    await bid(guest, await room(guest), amount="900", vendor="v-birch", by="v-birch")
    assert [each.vendor for each in placed(house)] == ["v-ash"]


async def test_a_flood_of_forms_is_slowed_down(tmp_path: Any) -> None:
    async with opened(tmp_path, bids_per_second=1, bids_burst=1) as house:
        await house.publish(event())
        guest = await house.sign_in("v-ash")
        page = await bid(guest, await room(guest), amount="900")
        house.parts.buckets.take("v-ash", int(asyncio.get_running_loop().time() + 600) * 1_000_000)
        page = await bid(guest, page, amount="890")
        assert "too many messages" in page.lower()
        assert [each.amount for each in placed(house)] == ["900.00"]


async def test_a_note_is_its_own_session_s_alone(house: House) -> None:
    await house.publish(event())
    one, other = await house.sign_in("v-ash"), await house.sign_in("v-birch")
    answer = await one.post("/events/1/bids", **fields(await room(one)) | {"amount": "907.53"})
    address = answer.headers["location"]
    assert "907.53" in (await one.get(address)).text
    assert "907.53" not in (await other.get(address)).text


async def test_a_vendor_sees_only_the_lots_that_it_is_admitted_to(house: House) -> None:
    vendors = msgspec.structs.replace(event().vendors[0], lots=("L2",)), *event().vendors[1:]
    await house.publish(event((lot("L1"), lot("L2")), vendors))
    page = await room(await house.sign_in("v-ash"))
    assert "Lot L2" in page and "Lot L1" not in page


# --- nothing of a rival ------------------------------------------------------------------------------------------------------

PLANTED = ("907.53", "803.17", "411.29")
NAMES = ("Birch Supply", "Cedar Supply", "v-birch", "v-cedar")


async def planted(house: House, **rules: Any) -> None:
    """Rivals' bids of unusual amounts, a refused one too."""
    await house.publish(event(**rules))
    birch, cedar = await house.watch("v-birch"), await house.watch("v-cedar")
    await birch.bid("L1", PLANTED[0])
    await cedar.bid("L1", PLANTED[1])
    await cedar.bid("L1", PLANTED[2], confirm={"amount": "x", "own": 1})
    await cedar.bid("L1", "803.16")


def told(page: str) -> str:
    """A page's text with amounts as a program would read them, too."""
    return page + page.replace(",", "")


async def test_no_rival_s_amount_or_name_is_in_a_vendor_s_a_district_s_or_the_public_s_page(
    house: House,
) -> None:
    await planted(house)
    for who in ("v-ash", "v-stranger", "p-oak", None):
        guest = await house.sign_in(who)
        for path in ("/", "/events/1", "/events/1/room", "/events/1/room?lot=L1", "/prices"):
            page = told((await guest.get(path)).text)
            found = [each for each in (*PLANTED, "803.16", *NAMES) if each in page]
            assert found == [], (who, path)


async def test_no_rival_s_amount_or_name_is_in_a_vendor_s_or_the_public_s_frames(house: House) -> None:
    await planted(house)
    lead = await house.watch("p-lead")
    await lead.wait(lambda f: "desk" in f)
    for who in ("v-ash", "v-stranger", "p-oak", None):
        caller = await house.watch(who)
        await caller.wait(lambda f: "board" in f)
        await caller.caught_up()
        heard = str(caller.frames)
        assert [each for each in (*PLANTED, "803.16", *NAMES, "Vendor ") if each in heard] == []


async def test_the_lead_sees_every_amount_and_no_name_until_all_is_over(house: House) -> None:
    await planted(house)
    lead = await house.sign_in("p-lead")
    page = (await lead.get("/events/1/console")).text
    assert PLANTED[0] in page and "803.17" in page
    ranking = page.partition("<h2")[2]
    assert "Vendor " in ranking
    caller = await lead.watch()
    await caller.wait(lambda f: "desk" in f)
    rows = caller.board("desk")["L1"]["ranking"]
    assert [row["amount"] for row in rows] and all("vendor" not in row for row in rows)
    await house.end()
    page = (await lead.get("/events/1/console")).text
    assert "Birch Supply" in page and "Cedar Supply" in page


async def test_where_the_rules_show_prices_the_public_sees_them_under_drawn_labels(house: House) -> None:
    await planted(
        house, visibility={"public": "prices", "history": True, "lead": "always", "lead_min_vendors": 1}
    )
    for who in (None, "p-oak", "v-ash"):
        page = told((await (await house.sign_in(who)).get("/events/1")).text)
        assert [each for each in NAMES if each in page] == []
    anybody = await house.watch(None)
    await anybody.facts(4)
    assert "803.17" in str(anybody.frames) and not [each for each in NAMES if each in str(anybody.frames)]
    assert PLANTED[2] not in str(anybody.frames) and "803.16" not in str(anybody.frames)


async def test_a_room_shows_why_a_lot_is_paused_and_that_a_vendor_is_suspended(house: House) -> None:
    await house.publish(event())
    lead, ash = await house.sign_in("p-lead"), await house.sign_in("v-ash")
    await lead.post("/events/1/console/pause", lot="L1", reason="A question about the paper.")
    await lead.post("/events/1/console/suspend", vendor="v-ash", reason="An insurance has run out.")
    page = await room(ash)
    assert "A question about the paper." in page and "An insurance has run out." in page
    other = await room(await house.sign_in("v-birch"))
    assert "A question about the paper." in other and "insurance" not in other
