"""The socket against bad input: everything is answered in words, nothing is taken that should not be, nobody else notices."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
import websockets

from auction.live.room import Pause
from auction.tender.solicitation import Vendor
from server import frames, live
from tests.server.callers import Caller
from tests.server.house import SOON, STRANGER, House, event, lot, opened

pytestmark = pytest.mark.asyncio(loop_scope="module")
LOTS = (lot("L1"), lot("L2"), lot("L3"), lot("L4", opens=None))
ADMITTED = (
    Vendor("v-ash", "Ash Supply"),
    Vendor("v-birch", "Birch Supply"),
    Vendor("v-cedar", "Cedar Supply", lots=("L1",)),
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def busy(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A house with two events: in the first L2 is paused; the second is yet to open."""
    async with opened(tmp_path_factory.mktemp("live")) as house:
        await house.publish(event(LOTS, ADMITTED))
        await house.parts.desk.submit("room/1", Pause(by="p-lead", lot="L2"), house.parts.now())
        await house.publish(event(), opens=SOON * 1000, wait=False)
        await drive_to_close(house)
        await house.parts.errands.settled()
        yield house


async def drive_to_close(house: House) -> None:
    """A third event, which is over."""
    await house.publish(event(), length=SOON)
    await house.until(lambda: all(each.over for each in house.room("3").lots.values()))


async def refused(caller: Caller, frame: object, code: str) -> None:
    """What is said to a bad message, on a line that then still answers."""
    reply = await caller.ask(frame)
    assert (reply["k"], reply["code"]) == ("no", code)
    assert len(reply["message"].split()) > 3 and len(reply["message"]) < 300
    await caller.caught_up()


def bid(**members: object) -> str:
    return json.dumps({"k": "bid", "id": "x", "lot": "L1", "amount": "900"} | members)


NOT_UNDERSTOOD = {
    "nothing": "",
    "no JSON": "hello",
    "half a message": '{"k":"ping"',
    "a list": "[]",
    "a number": "1",
    "null": "null",
    "no kind": "{}",
    "an unknown kind": '{"k":"withdraw","id":"x","lot":"L1"}',
    "a kind of the server's": '{"k":"taken","id":"x"}',
    "binary": b'{"k":"ping","c":1}',
    "broken UTF-8 in binary": b"\xff\xfe",
    "a NUL": "\x00",
    "half a surrogate pair": bid(lot="?").replace("?", "\\ud800"),
    "a bid without its id": '{"k":"bid","lot":"L1","amount":"900"}',
    "a bid without its lot": '{"k":"bid","id":"x","amount":"900"}',
    "a bid without its amount": '{"k":"bid","id":"x","lot":"L1"}',
    "a bid for another vendor": bid(vendor="v-birch"),
    "a bid in another's name": bid(by="v-birch"),
    "a time of its own": bid(t="2020-01-01T00:00:00Z"),
    "an empty id": bid(id=""),
    "an id that is a number": bid(id=7),
    "a very long id": bid(id="x" * 65),
    "a lot that is a list": bid(lot=["L1"]),
    "rules that are a number": bid(rules=1),
    "a confirmation that is true": bid(confirm=True),
    "a confirmation without its number": bid(confirm={"amount": "900"}),
    "a huge number in a ping": '{"k":"ping","c":' + "9" * 5000 + "}",
    "nine thousand opening brackets": bid(amount="?").replace('"?"', "[" * 9000),
    "deep nesting": bid(amount="?").replace('"?"', "[" * 7000 + "]" * 7000),
    "a second hello": '{"k":"hello","last":0}',
    "a hello with a fraction": '{"k":"hello","last":0.5}',
}


@pytest.mark.parametrize("name", NOT_UNDERSTOOD)
async def test_what_is_not_understood_is_answered_and_leaves_nothing_behind(busy: House, name: str) -> None:
    ash = await busy.watch("v-ash")
    before = busy.told()
    await refused(ash, NOT_UNDERSTOOD[name], "BAD_COMMAND")
    assert busy.told() == before


AMOUNTS = {
    "NaN": ('"NaN"', "BAD_AMOUNT"),
    "infinity": ('"Infinity"', "BAD_AMOUNT"),
    "1e999 as text": ('"1e999"', "BAD_AMOUNT"),
    "1e999": ("1e999", "BAD_AMOUNT"),
    "1e2": ('"1e2"', "BAD_AMOUNT"),
    "a number": ("900", "BAD_AMOUNT"),
    "a fraction": ("900.5", "BAD_AMOUNT"),
    "minus one": ('"-1"', "BAD_AMOUNT"),
    "plus one": ('"+1"', "BAD_AMOUNT"),
    "minus zero": ('"-0"', "BAD_AMOUNT"),
    "zero": ('"0"', "BAD_AMOUNT"),
    "zero cents": ('"0.00"', "BAD_AMOUNT"),
    "true": ("true", "BAD_AMOUNT"),
    "null": ("null", "BAD_AMOUNT"),
    "nothing": ('""', "BAD_AMOUNT"),
    "a blank": ('" 900"', "BAD_AMOUNT"),
    "a line's end": ('"900\\n"', "BAD_AMOUNT"),
    "a comma": ('"12,50"', "BAD_AMOUNT"),
    "a currency": ('"$900"', "BAD_AMOUNT"),
    "a leading zero": ('"0900"', "BAD_AMOUNT"),
    "no cents behind the point": ('"900."', "BAD_AMOUNT"),
    "no whole part": ('".5"', "BAD_AMOUNT"),
    "Arabic digits": ('"٩٠٠"', "BAD_AMOUNT"),
    "full-width digits": ('"９００"', "BAD_AMOUNT"),
    "300 digits": ('"' + "9" * 300 + '"', "BAD_AMOUNT"),
    "300 digits without quotes": ("9" * 300, "BAD_AMOUNT"),
    "thirteen digits": ('"1000000000000"', "BAD_AMOUNT"),
    "seven decimals": ('"1.0000001"', "BAD_AMOUNT"),
    "an object": ('{"amount":"900"}', "BAD_AMOUNT"),
    "a list": ('["900"]', "BAD_AMOUNT"),
    "off the tick": ('"900.005"', "OFF_TICK"),
    "above the ceiling": ('"1000.01"', "ABOVE_CEILING"),
}


@pytest.mark.parametrize("name", AMOUNTS)
async def test_what_is_no_good_amount_is_refused_and_stays_in_its_owner_s_ledger(
    busy: House, name: str
) -> None:
    written, code = AMOUNTS[name]
    ash = await busy.watch("v-ash")
    reply = await ash.ask(f'{{"k":"bid","id":"amount {name}","lot":"L1","amount":{written}}}')
    assert (reply["k"], reply["id"], reply["code"]) == ("no", f"amount {name}", code)
    assert "v-ash" not in busy.room().lots["L1"].standing
    fact = await ash.wait(lambda f: any(each.get("id") == f"amount {name}" for each in f.get("facts", ())))
    kept = next(each for each in fact["facts"] if each.get("id") == f"amount {name}")
    text = json.loads(written) if written.startswith('"') else written
    assert (kept["f"], kept["code"], kept["amount"]) == ("refused", code, text[: frames.LONGEST])


WHERE = {
    "an unknown lot": ("v-ash", "1", {"lot": "L9"}, "UNKNOWN_LOT"),
    "a lot with a strange name": ("v-ash", "1", {"lot": "'; DROP TABLE entry; --"}, "UNKNOWN_LOT"),
    "a lot with a very long name": ("v-ash", "1", {"lot": "L" * 5000}, "UNKNOWN_LOT"),
    "a paused lot": ("v-ash", "1", {"lot": "L2"}, "PAUSED"),
    "a lot that has not opened": ("v-ash", "2", {"lot": "L1"}, "NOT_OPEN"),
    "a closed lot": ("v-ash", "3", {"lot": "L1"}, "CLOSED"),
    "a lot that it is not admitted to": ("v-cedar", "1", {"lot": "L3"}, "NOT_ADMITTED"),
    "an amount under other rules": ("v-ash", "1", {"lot": "L1", "rules": "0" * 64}, "STALE_RULES"),
    "a watched event, as a lead": ("p-lead", "1", {"lot": "L1"}, "NOT_ALLOWED"),
    "a watched event, as a district": ("p-oak", "1", {"lot": "L1"}, "NOT_ALLOWED"),
    "a watched event, as nobody": (None, "1", {"lot": "L1"}, "NOT_ALLOWED"),
    "an event that it is not admitted to": (STRANGER, "1", {"lot": "L1"}, "NOT_ALLOWED"),
}


@pytest.mark.parametrize("name", WHERE)
async def test_no_bid_is_taken_where_none_may_be(busy: House, name: str) -> None:
    who, event_id, members, code = WHERE[name]
    caller = await busy.watch(who, event_id)
    standing = {each: dict(found.standing) for each, found in busy.room(event_id).lots.items()}
    reply = await caller.ask({"k": "bid", "id": name, "amount": "900"} | members)
    assert (reply["k"], reply["id"], reply["code"], reply["next"]) == ("no", name, code, None)
    assert {each: found.standing for each, found in busy.room(event_id).lots.items()} == standing


async def test_a_large_step_is_taken_only_with_the_confirmation_that_its_refusal_brings(busy: House) -> None:
    birch = await busy.watch("v-birch")
    await birch.bid("L3", "900")
    reply = await birch.bid("L3", "500")
    assert (reply["code"], reply["confirm"]) == ("NEEDS_CONFIRM", {"amount": "500.00", "own": 1})
    for wrong in (
        {"amount": "499", "own": 1},
        {"amount": "500.00", "own": 2},
        {"amount": "500.00", "own": 10**30},
    ):
        reply = await birch.bid("L3", "500", confirm=wrong)
        assert reply["code"] == "NEEDS_CONFIRM"
    assert (await birch.bid("L3", "500", confirm=reply["confirm"]))["amount"] == "500.00"


async def test_a_bid_sent_twice_counts_once_and_gets_the_same_answer(busy: House) -> None:
    birch = await busy.watch("v-birch")
    first = await birch.bid("L1", "800", id="twice")
    length = busy.told()
    other = await busy.watch("v-birch")
    again = await other.bid("L1", "800", id="twice")
    assert {**again, "t": ""} == {**first, "t": ""}
    assert busy.told() == length
    clash = await other.bid("L1", "700", id="twice")
    assert clash["code"] == "BAD_COMMAND"


async def test_nothing_may_be_said_before_hello(busy: House) -> None:
    guest = await busy.sign_in("v-ash")
    for first in (bid(), '{"k":"ping","c":1}'):
        caller = await guest.watch(last=None)
        await caller.say(first)
        assert await caller.closed() == 4400
        assert caller.frames == []


async def test_who_does_not_say_hello_is_sent_away(busy: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HELLO_WITHIN_S", 0.02)
    caller = await busy.watch("v-ash", last=None)
    assert await caller.closed() == 4400
    assert caller.frames == []


@pytest.mark.parametrize("last", [-1, 10**6, 10**18])
async def test_a_last_number_that_was_never_told_begins_at_the_beginning(busy: House, last: int) -> None:
    caller = await busy.watch(None, "3", last=last)
    fact = await caller.wait(lambda f: "facts" in f)
    assert fact["first"] == 1


async def test_a_message_that_is_too_long_ends_the_line_and_no_other(busy: House) -> None:
    ash, birch = await busy.watch("v-ash"), await busy.watch("v-birch")
    await ash.say('{"k":"ping","c":1' + " " * 20_000 + "}")
    assert await ash.closed() == 1009
    await birch.caught_up()


async def test_a_message_in_pieces_is_put_together(busy: House) -> None:
    ash = await busy.watch("v-ash")
    await ash.line.send(['{"k":"pi', 'ng","c', '":77}'])
    await ash.hear("pong", c=77)
    await ash.line.send([b'{"k":"pi', b'ng","c":1}'])
    assert (await ash.hear("no"))["code"] == "BAD_COMMAND"


@pytest.mark.parametrize("event_id", ["9", "0", "x", "1e0", "%31%32%33%34%35%36%37%38%39%30%31", "²"])
async def test_there_is_no_room_where_there_is_no_event(busy: House, event_id: str) -> None:
    caller = await (await busy.sign_in("v-ash")).watch(event_id, last=None)
    assert await caller.closed() == 4404


@pytest.mark.parametrize(
    ("who", "view", "code"),
    [
        (None, "vendor", 4401),
        (None, "buyer", 4401),
        ("v-ash", "buyer", 4403),
        ("p-lead", "vendor", 4403),
        ("p-oak", "buyer", 4403),
        (STRANGER, "vendor", 4403),
    ],
)
async def test_a_page_made_for_somebody_does_not_go_on_as_the_public_s(
    busy: House, who: str | None, view: str, code: int
) -> None:
    caller = await (await busy.sign_in(who)).watch(view=view, last=None)
    assert await caller.closed() == code


@pytest.mark.parametrize(("who", "view"), [("v-ash", "vendor"), ("p-lead", "buyer"), (None, "public")])
async def test_a_page_goes_on_as_what_it_was_made_for(busy: House, who: str | None, view: str) -> None:
    caller = await (await busy.sign_in(who)).watch(view=view)
    assert (await caller.hear("welcome"))["event"] == "1"


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1:1", "http://localhost"]
)
async def test_another_site_s_page_cannot_open_a_socket_with_our_cookie(busy: House, origin: str) -> None:
    guest = await busy.sign_in("v-ash")
    with pytest.raises(websockets.InvalidStatus) as refusal:
        await guest.watch(origin=origin)
    assert refusal.value.response.status_code == 403


async def test_a_socket_without_an_origin_or_from_a_cross_site_page_is_refused(busy: House) -> None:
    guest = await busy.sign_in("v-ash")
    address = busy.origin.replace("http", "ws") + "/events/1/socket"
    cookie = {"Cookie": f"tenderbell_session={guest.token}"}
    for headers in (cookie, cookie | {"Origin": busy.origin, "Sec-Fetch-Site": "cross-site"}):
        with pytest.raises(websockets.InvalidStatus):
            await websockets.connect(address, additional_headers=headers, proxy=None)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
async def test_a_browser_on_this_machine_may_use_any_of_its_names(busy: House, host: str) -> None:
    origin = busy.origin.replace("127.0.0.1", host)
    line = await websockets.connect(
        origin.replace("http", "ws") + "/events/1/socket", origin=websockets.Origin(origin), proxy=None
    )
    await line.close()


async def test_what_is_written_goes_out_at_once(busy: House) -> None:
    ash = await busy.watch("v-ash")
    await ash.caught_up()
    hall = busy.parts.hub.hall("room/1")
    for seat in hall.seats:
        made = seat.line.transport.get_extra_info("socket")  # type: ignore[attr-defined]
        assert made.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_two_windows_of_one_vendor_are_told_the_same(busy: House) -> None:
    one, two = await busy.watch("v-birch"), await busy.watch("v-birch")
    taken = await one.bid("L4", "950")
    assert await one.facts(taken["n"]) == await two.facts(taken["n"])
    assert one.board("you") == two.board("you")
    assert [f["k"] for f in two.frames].count("taken") == 0


async def test_a_rival_s_bid_is_no_frame_at_all_to_those_who_may_see_nothing_of_it(busy: House) -> None:
    ash, birch, public = [await busy.watch(who) for who in ("v-ash", "v-birch", None)]
    for caller in (ash, public):
        await caller.wait(lambda f: "board" in f)
        await caller.caught_up()
    before = {caller: len(caller.frames) for caller in (ash, public)}
    taken = await birch.bid("L4", "940")
    await birch.facts(taken["n"])
    for caller, heard in before.items():
        await caller.caught_up()
        assert [f for f in caller.frames[heard:] if f["k"] not in ("pong", "beat")] == []
