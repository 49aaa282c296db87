"""Scenes: an event in each of its states for browsers to look at, set up in a house without waiting for a clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Literal

import msgspec

from auction.award.decision.words import FileProtest, FindReasonable, Recommend, RecordBoard
from auction.award.result import result
from auction.kernel import Command
from auction.live.room import TIME, Cancel, Pause, PlaceBid, Suspend, Tick
from auction.money import parse_amount
from auction.prices.shopping import Item, PutItem, RecordOrder
from auction.tender.questions import ASKER, AskQuestion, PublishAnswers, Ready, WriteAnswer
from auction.tender.solicitation import Line, Lot, Need, Solicitation, Vendor
from auction.tender.tender import (
    ApproveAddendum,
    DraftAddendum,
    ProposeAddendum,
    ProposeTender,
    fingerprint,
)
from auction.terms.schedule import LinePrice
from server import awarding, deciding, drafting
from server.jurisdictions import ground
from server.prices import shopping as shopping_lists
from tests.browser import workbench
from tests.server.house import OWNER, House, event, seconds

LEAD, SECOND = "p-lead", "p-second"
OPEN_BOOK = {
    "rank": True,
    "lead": "always",
    "lead_min_vendors": 1,
    "count": True,
    "history": True,
    "public": "prices",
}
STEPS = {"base": "own", "percent": "0.5"}
LATE = {"window_s": 3600, "extension_s": 3600, "max_extensions": 20}
"""Every leading bid of the scene is a late one: it moves the close to an hour after it."""
NEVER_LATE = {"window_s": 0, "extension_s": 0}
VENDORS = (
    Vendor("v-ash", "Ash Supply", m="1.02"),
    Vendor("v-birch", "Birch Supply"),
    Vendor("v-cedar", "Cedar Supply"),
)
"""Where adjusted prices are ranked, Ash's count 2 % more."""


def _lot(id: str, title: str) -> Lot:
    needs = (Need("d-oak", "1100"), Need("d-elm", "700"))
    lines = (
        Line(
            "A",
            f"{title}, letter 8½ × 11 in, 20 lb, carton of 10 reams",
            "carton",
            "1800",
            "41.85",
            needs=needs,
        ),
        Line("B", f"{title}, ledger 11 × 17 in", "carton", "500", "49.3750", needs=(Need("d-oak", "500"),)),
    )
    return Lot(id, title, f"{title} for every school.", ceiling="100000.00", lines=lines)


def lively(title: str, **rules: Any) -> Solicitation:
    """An event in which everybody sees much."""
    book: dict[str, Any] = {"visibility": OPEN_BOOK, "decrement": STEPS, "max_change_percent": "50"}
    lots = (_lot("L1", "Copy paper"), _lot("L2", "Colored paper"))
    about = {"title": title, "summary": "A year of paper for two districts."}
    return msgspec.structs.replace(event(lots, VENDORS, **(book | rules)), **about)


async def command(house: House, stream: str, order: Command) -> Any:
    """Carry out a command and return its answer."""
    return (await house.parts.desk.submit(stream, order, house.parts.now())).answer


async def bids(house: House, event_id: str, *placed: tuple[str, str, str]) -> list[Any]:
    """Place bids of vendors on lots."""
    return [
        await command(
            house,
            f"room/{event_id}",
            PlaceBid(by=vendor, lot=lot_id, amount=parse_amount(amount), given=amount, confirm=True),
        )
        for vendor, lot_id, amount in placed
    ]


BUSY = (
    ("v-birch", "L1", "98000.00"),
    ("v-ash", "L1", "97000.00"),
    ("v-cedar", "L1", "99000.00"),
    ("v-ash", "L1", "96900.00"),
    ("v-birch", "L1", "96200.00"),
    ("v-ash", "L1", "95500.00"),
)
"""A few bids on one lot: Ash leads before Birch and Cedar, and was refused once."""


async def busy(house: House, title: str = "Paper and laptops", **rules: Any) -> str:
    """An open event with bids, its first lot's close moved by a late one."""
    event_id = await house.publish(lively(title, **({"overtime": LATE} | rules)))
    await bids(house, event_id, *BUSY)
    return event_id


async def ended(
    house: House,
    title: str,
    filed: bool = False,
    decision: Literal["direct", "board"] = "direct",
    **rules: Any,
) -> str:
    """An event whose lots have closed with bids."""
    document = lively(title, **({"overtime": NEVER_LATE} | rules))
    document = msgspec.structs.replace(document, decision=decision)
    event_id = await house.publish(document, opens=seconds(1.5), length=seconds(0.8), wait=False)
    if filed:
        for vendor, price in (("v-ash", "40.85"), ("v-birch", "41.1250")):
            lines = [LinePrice("A", price), LinePrice("B", "47.5")]
            await drafting.file_schedule(house.parts, event_id, vendor, "L1", lines)
    await house.until(lambda: house.room(event_id).lots["L2"].status == "open")
    await bids(house, event_id, *BUSY, ("v-birch", "L2", "88000.00"))
    await house.until(lambda: all(each.status == "closed" for each in house.room(event_id).lots.values()))
    return event_id


async def award(house: House, event_id: str, lots: Iterable[str] = ("L1", "L2")) -> None:
    """Award lots to their winners."""
    for name in lots:
        winner = result(house.room(event_id), name).winner or ""
        reason = "Lowest bid of a vendor in good standing."
        await drafting.award(house.parts, event_id, name, winner, reason, LEAD, SECOND)


async def propose(house: House, event_id: str) -> None:
    """Propose the first lot's winner for award, and leave it waiting."""
    document, room = house.parts.desk.state(f"tender/{event_id}").document, house.room(event_id)
    winner = result(room, "L1").winner or ""
    told = awarding.proposal(
        document, awarding.ended(room, "L1"), winner, "Lowest bid in good standing.", LEAD, house.parts.now()
    )
    await drafting.tell(house.parts, f"award/{event_id}", told)


async def decided(house: House, event_id: str) -> None:
    """Have a board decide on the first lot, tell its bidders, and file a protest; the second lot waits for the board."""
    document, room = house.parts.desk.state(f"tender/{event_id}").document, house.room(event_id)
    law, now = house.parts.jurisdictions.get(document.jurisdiction), house.parts.now()
    today, ends = awarding.day_at(document, now), {each: result(room, each) for each in ("L1", "L2")}
    steps: list[Command] = []
    for lot, end in ends.items():
        if len(end.candidates) == 1:
            steps.append(FindReasonable(by=LEAD, lot=lot, basis="Below last year's price.", result=end))
        reason = "The lowest total in good standing."
        steps.append(Recommend(by=LEAD, lot=lot, vendor=end.winner or "", reason=reason, result=end))
    body, number = "Board of the Lake Cooperative", "2026-114"
    steps.append(
        RecordBoard(
            by=SECOND, lots=("L1",), approved=True, body=body, day=str(today), resolution=number, today=today
        )
    )
    for step in steps:
        await drafting.tell(house.parts, f"decision/{event_id}", step)
    held = deciding.decisions(house.parts, event_id)
    notice = deciding.notice(document, law, held, (ends["L1"],), SECOND, now)
    loser = ends["L1"].candidates[-1].vendor
    grounds, wanted = "The discount was left out.\nWe offered 2 %.", "Count the discount, and rank anew."
    protest = FileProtest(by="p-x", vendor=loser, lot="L1", grounds=grounds, wanted=wanted)
    for step in (notice, protest):
        await drafting.tell(house.parts, f"decision/{event_id}", step)


async def shopping(house: House, event_id: str) -> tuple[str, str]:
    """Two lists of Oak: one open, with an item below the minimum and one with a note, and one that was ordered."""
    signed = await house.parts.login.find(await house.session("p-oak"))
    assert signed is not None
    who, numbers = signed.identity, []
    for title in ("Classroom paper, fall", "Summer order"):
        number = await shopping_lists.begin(house.parts, who, title, "Main office, 12 School Street")
        numbers.append(number)
        stream = shopping_lists.stream_of("d-oak", number) or ""
        for line, note in (("A", "For the gym"), ("B", "")):
            key = f"{event_id}/L1/{line}"
            item = await house.parts.database.read(
                lambda session, key=key: shopping_lists.item(session, who, key, house.parts.now().date())
            )
            assert isinstance(item, Item), item
            await drafting.tell(house.parts, stream, PutItem(by="p-oak", item=item, quantity="40", note=note))
    today = house.parts.now().date() - timedelta(days=1)
    order = RecordOrder(by="p-oak", on=today, today=today, reference="PO 1188")
    await drafting.tell(house.parts, shopping_lists.stream_of("d-oak", numbers[1]) or "", order)
    return numbers[0], numbers[1]


async def later(house: House, event_id: str, passed: timedelta) -> None:
    """Let so much time pass in a room at once."""
    await house.parts.desk.submit(f"room/{event_id}", Tick(by=TIME), house.parts.now() + passed)


async def proposed(house: House) -> str:
    """A draft that waits for a second person."""
    opens = house.parts.now() + timedelta(days=3)
    made = msgspec.structs.replace(lively("Proposed"), opens=opens, closes=opens + timedelta(hours=1))
    event_id = await drafting.keep(house.parts, made, LEAD, OWNER)
    law = ground(house.parts.jurisdictions, made, house.parts.now())
    hash = house.parts.desk.state(f"tender/{event_id}").hash
    await drafting.tell(house.parts, f"tender/{event_id}", ProposeTender(by=LEAD, hash=hash, ground=law))
    return event_id


async def amended(house: House) -> str:
    """A published event with an addendum that nobody acknowledged yet, and another being drafted."""
    event_id = await house.publish(lively("Amended"), opens=timedelta(hours=3), wait=False)
    stream = f"tender/{event_id}"
    for title in ("Amended once", "Amended twice"):
        tender = house.parts.desk.state(stream)
        made = msgspec.structs.replace(tender.document, title=title, delivery=f"To each school. {title}.")
        await drafting.tell(house.parts, stream, DraftAddendum(by=LEAD, document=made, base=tender.hash))
        if title == "Amended once":
            law, hash = ground(house.parts.jurisdictions, made, house.parts.now()), fingerprint(made)
            propose = ProposeAddendum(by=LEAD, hash=hash, reason="The delivery was not stated.", ground=law)
            await drafting.tell(house.parts, stream, propose)
            await drafting.tell(house.parts, stream, ApproveAddendum(by="p-second", hash=hash, ground=law))
    return event_id


async def every(house: House) -> dict[str, str]:
    """An event in each state, by the state's name."""
    at = {"open": await busy(house)}
    at["adjusted"] = await busy(house, "Ranked by adjusted price", rank_by="adjusted")
    at["scheduled"] = await house.publish(lively("Yet to open"), opens=timedelta(hours=3), wait=False)
    at["paused"] = await busy(house, "Paused in the middle")
    await command(house, f"room/{at['paused']}", Pause(by=LEAD, lot="L1", reason="A question about the lot."))
    at["suspended"] = await busy(house, "With a vendor suspended")
    told = Suspend(by=LEAD, vendor="v-ash", reason="Its insurance ran out.")
    await command(house, f"room/{at['suspended']}", told)
    at["cancelled"] = await busy(house, "Given up")
    await command(house, f"room/{at['cancelled']}", Cancel(by=LEAD, reason="The districts withdrew."))
    at["closed"] = await ended(house, "Waiting for its award", filed=True)
    at["awarded"] = await ended(house, "Done", filed=True)
    await workbench.allocated(house, at["awarded"])
    await award(house, at["awarded"])
    at["to_confirm"] = await ended(house, "Proposed for award", filed=True)
    await propose(house, at["to_confirm"])
    at["decided"] = await ended(house, "Decided by a board", filed=True, decision="board")
    await decided(house, at["decided"])
    at["list"], at["bought"] = await shopping(house, at["awarded"])
    at["draft"] = await drafting.keep(house.parts, lively("A draft"), LEAD, OWNER)
    at["proposed"] = await proposed(house)
    at["amended"] = await amended(house)
    at["asked"] = await asked(house)
    return at


QUESTIONS = (
    "Is a liftgate needed at every address?",
    "May we bid on one lot alone?",
    "Are samples required?",
)


async def asked(house: House) -> str:
    """A published event with one question answered, one whose answer is written, and one that waits."""
    event_id = await house.publish(lively("Asked about"), opens=timedelta(hours=3), wait=False)
    stream = f"questions/{event_id}"
    for number, text in enumerate(QUESTIONS, start=1):
        await drafting.tell(house.parts, stream, AskQuestion(by=ASKER, text=text, asker="v-ash"))
        if number < 3:
            written = WriteAnswer(by=LEAD, question=number, asked=text, answer="Yes.")
            await drafting.tell(house.parts, stream, written)
        if number == 1:
            await drafting.tell(house.parts, stream, PublishAnswers(by=LEAD, answers=(Ready(1, 1),)))
    await house.parts.teller.settled()
    return event_id
