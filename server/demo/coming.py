"""The demonstration's next event: published, asked about, amended once, with vendors that take part and one that asks to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from auction.live.room import AdmitVendor, Entrant
from auction.tender.authority import statement
from auction.tender.questions import AskQuestion, PublishAnswers, Ready, WriteAnswer
from auction.tender.solicitation import Contract, District, Fee, Solicitation
from auction.tender.words import ApproveAddendum, DraftAddendum, ProposeAddendum
from auction.tender.words import fingerprint as mark
from bidders import terms
from bidders.qualification import AskToTakePart, Call
from server import drafting
from server.demo import figures
from server.demo.staging import CONSORTIUM, LEAD, SECOND
from server.jurisdictions import ground
from server.parts import Parts

OPENS_IN, LENGTH = timedelta(days=6), timedelta(minutes=30)
ADMITTED, ASKING = ("v-northgate", "v-old-quarry"), "v-cedar"
LOTS = (
    ("L1", "Student furniture", ("FU-501", "FU-502")),
    ("L2", "Classroom furniture", ("FU-503", "FU-504", "FU-506")),
)
SHORT, LONG = "Delivered, unpacked and set up.", "Delivered, unpacked, set up, and the packaging taken away."


async def announce(parts: Parts, members: Sequence[District]) -> str:
    """Publish it and let happen what happens before an opening; return the event's id."""
    opens = (parts.now() + OPENS_IN).replace(hour=19, minute=0, second=0, microsecond=0)
    event_id = await drafting.keep(parts, document(opens, members), LEAD, CONSORTIUM)
    await drafting.publish(parts, event_id, LEAD, opens, opens + LENGTH, SECOND)
    await _questions(parts, event_id, opens)
    for vendor in ADMITTED:
        reason = "Registered and insured; its references were checked."
        await drafting.tell(
            parts, f"room/{event_id}", AdmitVendor(by=LEAD, vendor=Entrant(vendor), reason=reason)
        )
    await _amend(parts, event_id)
    await _ask_to_take_part(parts, event_id)
    return event_id


def document(opens: datetime, members: Sequence[District]) -> Solicitation:
    """What is published: two lots of furniture for the districts that need it."""
    known = {each.id: each for each in figures.items(figures.FIXTURES)}
    lots = tuple(
        msgspec.structs.replace(
            figures.lot(id, title, tuple(known[item] for item in wanted), tuple(members), 2025),
            description="Commercial grade, ten-year warranty on frames.",
        )
        for id, title, wanted in LOTS
    )
    begins = opens.date() + timedelta(days=30)
    return Solicitation(
        number=f"{opens.year}-015",
        title="Furniture for new classrooms",
        summary="Desks, chairs, tables and boards for the classrooms that open next summer, set up in each school.",
        consortium="Lakeshore Purchasing Cooperative",
        jurisdiction="US-XL",
        category="supplies",
        rules={
            "format": "english",
            "decrement": {"base": "own", "percent": "0.5"},
            "closing": {"mode": "staggered", "gap_s": 300},
            "visibility": {"rank": True, "lead": "after_first_bid", "count": True, "public": "prices"},
        },
        lots=lots,
        districts=tuple(members),
        contract=Contract(
            number=f"LPC-{opens.year}-015",
            starts=begins.isoformat(),
            ends=begins.replace(year=begins.year + 1).isoformat(),
            renewals=1,
            freight="Freight to each school included",
            minimum_order="500.00",
            payment="Net 30 days",
        ),
        fees=(
            Fee(
                "vendor",
                "percent",
                "0.5",
                "Of each order, billed quarterly, for the cooperative's running costs.",
            ),
        ),
        delivery=SHORT,
        questions_until=opens - timedelta(days=2),
    )


async def _questions(parts: Parts, event_id: str, opens: datetime) -> None:
    """One question is answered for everybody; another one waits."""
    stream, until = f"questions/{event_id}", opens - timedelta(days=2)
    first = "Do the desk frames have to be made in the United States?"
    await drafting.tell(parts, stream, AskQuestion(by="asker", text=first, asker="v-cedar", until=until))
    answer = "No. Where they are made is not a condition; the warranty on frames is."
    await drafting.tell(parts, stream, WriteAnswer(by=LEAD, question=1, asked=first, answer=answer))
    await drafting.tell(parts, stream, PublishAnswers(by=LEAD, answers=(Ready(1, 1),)))
    second = "May chairs be offered in two heights at the same price?"
    await drafting.tell(parts, stream, AskQuestion(by="asker", text=second, until=until))


async def _amend(parts: Parts, event_id: str) -> None:
    """An addendum by two people: the packaging goes back, too."""
    stream, now = f"tender/{event_id}", parts.now()
    before: Solicitation = parts.desk.state(stream).document
    after = msgspec.structs.replace(before, delivery=LONG)
    law = ground(parts.jurisdictions, after, now)
    await drafting.tell(parts, stream, DraftAddendum(by=LEAD, document=after, base=mark(before)))
    why = "Schools have no room for packaging."
    await drafting.tell(parts, stream, ProposeAddendum(by=LEAD, hash=mark(after), reason=why, ground=law))
    await drafting.tell(parts, stream, ApproveAddendum(by=SECOND, hash=mark(after), ground=law))


async def _ask_to_take_part(parts: Parts, event_id: str) -> None:
    """A vendor asks, and waits for a lead's decision."""
    published: Solicitation = parts.desk.state(f"tender/{event_id}").document
    sworn = statement(published, parts.jurisdictions.get(published.jurisdiction))
    accepted = terms.fingerprint(published, sworn)
    lots = tuple(lot.id for lot in published.lots)
    await drafting.tell(
        parts,
        f"admission/{event_id}",
        AskToTakePart(
            by="p-cedar-owner",
            vendor=ASKING,
            lots=lots[:1],
            terms=accepted,
            non_collusion=True,
            call=Call(lots, accepted, False),
            note="We deliver with our own vans.",
        ),
    )
