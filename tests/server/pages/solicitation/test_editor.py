"""A lead writes a solicitation in sections; what is wrong is named beside its field, and nobody overwrites another unseen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from auction.tender.solicitation import Contract, Fee, Solicitation
from auction.terms.protest_window import Window
from server import drafting
from tests.server.house import OWNER, House, event, opened
from tests.server.pages.solicitation.forms import fields, fill

SECTIONS = ("basics", "law", "rules", "dates", "conditions")


async def drafted(house: House) -> str:
    return await drafting.keep(house.parts, event(), "p-lead", OWNER)


def kept(house: House, event_id: str = "1") -> Solicitation:
    document: Solicitation = house.parts.desk.state(f"tender/{event_id}").document
    return document


@pytest.mark.parametrize("section", SECTIONS)
async def test_a_section_that_is_saved_as_it_stands_changes_nothing_that_matters(
    house: House, section: str
) -> None:
    await drafted(house)
    lead = await house.sign_in("p-lead")
    first = await fill(lead, f"/events/1/draft/{section}")
    assert first.status_code == 303, first.text
    before, length = kept(house), house.told()
    assert (await fill(lead, f"/events/1/draft/{section}")).status_code == 303
    assert (kept(house), house.told()) == (before, length)
    assert before.lots == event().lots and before.vendors == event().vendors


async def test_a_new_draft_begins_from_a_preset_and_a_form_sent_twice_makes_one(house: House) -> None:
    lead = await house.sign_in("p-lead")
    form = {"number": "2027-3", "title": "Laptops", "category": "technology", "jurisdiction": "US-XL"}
    first = await fill(lead, "/solicitations/new", preset="technology", **form)
    again = await fill(lead, "/solicitations/new", preset="technology", **form)
    assert first.headers["location"] == again.headers["location"] == "/events/1/draft/basics"
    made = kept(house)
    assert (made.title, made.owner, made.consortium, made.kind) == (
        "Laptops",
        OWNER,
        "Lake Cooperative",
        "reverse_auction",
    )
    assert made.rules["closing"]["mode"] == "staggered"
    missing = await fill(lead, "/solicitations/new", number="", title=" ")
    assert missing.status_code == 422 and "Give it the number" in missing.text


async def test_a_copy_keeps_lots_and_terms_but_not_what_was_of_its_day(house: House) -> None:
    await house.publish(event(), opens=timedelta(hours=1), wait=False)
    lead = await house.sign_in("p-lead")
    answer = await fill(lead, "/solicitations/new", copy="1", number="2027-1", title="Paper again")
    assert answer.status_code == 303, answer.text
    made = kept(house, "2")
    assert made.lots == event().lots and made.rules == event().rules
    assert (made.opens, made.closes, made.vendors, made.title) == (None, None, (), "Paper again")


async def test_nobody_copies_another_consortium_s_solicitation(house: House) -> None:
    await drafted(house)
    far = await house.sign_in("p-far")
    assert "Paper and pens" not in (await far.get("/solicitations/new")).text
    page = fields((await far.get("/solicitations/new")).text)
    answer = await far.post("/solicitations/new", **(page | {"number": "1", "title": "x", "copy": "1"}))
    assert answer.status_code == 422
    assert house.parts.journal.streams("tender/") == ["tender/1"]


@pytest.mark.parametrize(
    "path", [f"/events/1/draft/{name}" for name in (*SECTIONS, "lots", "lots/L1", "documents")]
)
async def test_a_draft_is_as_if_it_were_not_there_for_another_consortium(house: House, path: str) -> None:
    await drafted(house)
    far = await house.sign_in("p-far")
    before = kept(house)
    assert (await far.get(path)).status_code == 404
    assert (await far.post(path, title="Ours")).status_code == 404
    assert kept(house) == before


async def test_times_are_kept_to_the_second_in_the_event_s_zone(house: House) -> None:
    await drafted(house)
    lead = await house.sign_in("p-lead")
    form = {"opens": "2027-03-02T10:00:07", "closes": "2027-03-02T10:20:00"}
    assert (await fill(lead, "/events/1/draft/dates", **form)).status_code == 303
    assert kept(house).opens == datetime(
        2027, 3, 2, 10, 0, 7, tzinfo=ZoneInfo("America/New_York")
    ).astimezone(UTC)
    assert 'value="2027-03-02T10:00:07"' in (await lead.get("/events/1/draft/dates")).text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"opens": "2030-11-03T01:30:00"}, "falls into the hour in which the clocks change"),
        ({"opens": "2030-03-10T02:30:00"}, "falls into the hour in which the clocks change"),
        ({"opens": "soon"}, "eeds a date and a time"),
        ({"opens": "2030-05-01T10:00:00", "closes": "2030-05-01T09:00:00"}, "must be after bidding opens"),
        (
            {"opens": "2030-05-01T10:00:00", "questions_until": "2030-05-02T10:00:00"},
            "must not be after bidding opens",
        ),
    ],
)
async def test_a_date_that_cannot_be_is_named_beside_its_field_and_the_form_stays_filled(
    house: House, change: dict[str, str], said: str
) -> None:
    await drafted(house)
    lead = await house.sign_in("p-lead")
    answer = await fill(lead, "/events/1/draft/dates", **change)
    assert answer.status_code == 422 and said in answer.text.replace("ust be", "ust be")
    assert f'value="{change["opens"]}"' in answer.text
    assert kept(house).opens is None


async def test_contract_and_fees_are_kept_and_a_fee_without_an_amount_is_none(house: House) -> None:
    await drafted(house)
    lead = await house.sign_in("p-lead")
    form = {
        "contract_starts": "2027-07-01",
        "contract_ends": "2028-06-30",
        "contract_renewals": "2",
        "contract_minimum_order": "$1,250.50",
        "fee_0_payer": "vendor",
        "fee_0_basis": "percent",
        "fee_0_amount": "1.5",
        "delivery": "To each school.\r\nOn weekdays.",
    }
    assert (await fill(lead, "/events/1/draft/conditions", **form)).status_code == 303
    made = kept(house)
    assert made.fees == (Fee("vendor", "percent", "1.5"),)
    assert made.contract == Contract("", "2027-07-01", "2028-06-30", 2, 12, "", "1250.50", "")
    assert made.delivery == "To each school.\nOn weekdays."
    wrong = {"contract_ends": "2027-06-30", "fee_1_amount": "-1", "contract_renewals": "many"}
    answer = await fill(lead, "/events/1/draft/conditions", **wrong)
    assert answer.status_code == 422
    assert answer.text.count('aria-invalid="true"') == 3


async def test_a_boards_decision_and_a_time_to_protest_are_kept_and_one_without_its_source_is_not(
    house: House,
) -> None:
    await drafted(house)
    lead = await house.sign_in("p-lead")
    form = {"decision": "board", "protest_days": "7", "protest_unit": "working", "protest_stay": "no"}
    answer = await fill(lead, "/events/1/draft/conditions", **form)
    assert answer.status_code == 422 and "ay where the time to protest stands" in answer.text
    form |= {"protest_source": "Policy 5410"}
    assert (await fill(lead, "/events/1/draft/conditions", **form)).status_code == 303
    made = kept(house)
    assert made.decision == "board"
    assert made.protest == Window(7, working=True, stay=False, source="Policy 5410")
    page = (await lead.get("/events/1/draft/conditions")).text
    assert 'value="Policy 5410"' in page and "is on record for Lakeland (fictional)" in page
    assert (
        await fill(lead, "/events/1/draft/conditions", protest_days="", protest_source="")
    ).status_code == 303
    assert kept(house).protest is None and kept(house).decision == "board"


async def test_every_rule_stands_there_with_its_help_and_rules_that_cannot_be_kept_are_named(
    house: House,
) -> None:
    await drafted(house)
    lead = await house.sign_in("p-lead")
    page = (await lead.get("/events/1/draft/rules")).text
    assert "The smallest step of an amount; amounts off it are refused, never rounded." in page
    assert "`" not in page
    form = {"decrement_base": "lead", "visibility_lead": "never"}
    answer = await fill(lead, "/events/1/draft/rules", **form)
    assert answer.status_code == 422 and "tells the lead" in answer.text
    tiers = {"decrement_amount": "", "decrement_percent": "", "decrement_tiers": "0 = 1\n10,000 = 50"}
    assert (await fill(lead, "/events/1/draft/rules", **tiers)).status_code == 303
    assert kept(house).rules["decrement"]["tiers"] == [
        {"above": "0", "amount": "1"},
        {"above": "10000", "amount": "50"},
    ]


async def test_a_preset_fills_the_form_and_keeps_nothing_until_it_is_saved(house: House) -> None:
    await drafted(house)
    lead = await house.sign_in("p-lead")
    before = kept(house)
    answer = await lead.post("/events/1/draft/rules", preset="open")
    assert answer.status_code == 200 and "Filled with" in answer.text
    assert kept(house) == before
    filled = await lead.post("/events/1/draft/rules", **fields(answer.text))
    assert filled.status_code == 303
    assert kept(house).rules["visibility"]["public"] == "prices"


# --- two leads at one draft ------------------------------------------------------------------------------------------------


async def test_an_older_form_overwrites_nothing_and_both_texts_are_shown(house: House) -> None:
    await drafted(house)
    mine, yours = await house.sign_in("p-lead"), await house.sign_in("p-admin")
    page = fields((await mine.get("/events/1/draft/basics")).text)
    assert (await fill(yours, "/events/1/draft/basics", title="Yours")).status_code == 303
    answer = await mine.post("/events/1/draft/basics", **(page | {"title": "Mine"}))
    assert answer.status_code == 409
    assert "Ada Admin saved this section" in answer.text
    assert "Yours" in answer.text and 'value="Mine"' in answer.text
    assert kept(house).title == "Yours"
    knowingly = await mine.post("/events/1/draft/basics", **fields(answer.text))
    assert knowingly.status_code == 303 and kept(house).title == "Mine"


async def test_two_leads_in_two_sections_are_not_in_each_other_s_way(house: House) -> None:
    await drafted(house)
    mine, yours = await house.sign_in("p-lead"), await house.sign_in("p-admin")
    page = fields((await mine.get("/events/1/draft/dates")).text)
    assert (await fill(yours, "/events/1/draft/basics", title="Yours")).status_code == 303
    form = page | {"opens": "2027-03-02T10:00:00", "closes": "2027-03-02T11:00:00"}
    assert (await mine.post("/events/1/draft/dates", **form)).status_code == 303
    assert kept(house).title == "Yours" and kept(house).opens is not None


async def test_a_form_sent_twice_is_kept_once(house: House) -> None:
    await drafted(house)
    lead = await house.sign_in("p-lead")
    page = fields((await lead.get("/events/1/draft/basics")).text) | {"title": "Once"}
    assert (await lead.post("/events/1/draft/basics", **page)).status_code == 303
    length = house.told()
    assert (await lead.post("/events/1/draft/basics", **page)).status_code == 303
    assert house.told() == length


# --- lots, lines and documents -----------------------------------------------------------------------------------------------


async def test_lots_are_added_ordered_and_removed(house: House) -> None:
    await drafted(house)
    lead = await house.sign_in("p-lead")
    added = await fill(lead, "/events/1/draft/lots", do="add", title="Glue")
    assert added.headers["location"] == "/events/1/draft/lots/L3"
    assert (await fill(lead, "/events/1/draft/lots", do="up:L3")).status_code == 303
    assert (await fill(lead, "/events/1/draft/lots", do="remove:L1")).status_code == 303
    assert [lot.id for lot in kept(house).lots] == ["L3", "L2"]
    stale = await lead.post("/events/1/draft/lots", do="remove:L2", base="0" * 32)
    assert stale.status_code == 422 and "somebody else changed the list" in stale.text
    assert len(kept(house).lots) == 2


async def test_lines_are_edited_added_pasted_and_removed(house: House) -> None:
    await drafted(house)
    lead = await house.sign_in("p-lead")
    form = {
        "line_0_description": "Copy paper",
        "line_1_remove": "on",
        "new_0_description": "Glue",
        "new_0_quantity": "1,200",
        "new_0_unit": "each",
        "new_0_or_equal": "on",
        "paste": "Item\tQuantity\tUnit\tLast paid\nTape\t3\troll\t$2.50\nScissors\t4\teach\t\n",
    }
    answer = await fill(lead, "/events/1/draft/lots/L1", **form)
    assert answer.status_code == 303, answer.text
    rows = [(line.description, line.quantity, line.unit, line.baseline) for line in kept(house).lots[0].lines]
    assert rows == [
        ("Copy paper", "10", "case", "50.00"),
        ("Glue", "1200", "each", None),
        ("Tape", "3", "roll", "2.50"),
        ("Scissors", "4", "each", None),
    ]
    lines = kept(house).lots[0].lines
    assert len({line.id for line in lines}) == 4 and lines[1].or_equal and lines[0].needs


async def test_every_bad_row_that_was_pasted_is_named_and_none_is_kept(house: House) -> None:
    await drafted(house)
    lead = await house.sign_in("p-lead")
    before = kept(house)
    paste = "Tape\t-3\troll\nScissors\t4\n\t2\teach\tfree\nGood\t1\teach"
    answer = await fill(lead, "/events/1/draft/lots/L1", paste=paste)
    assert answer.status_code == 422 and kept(house) == before
    for said in ("row 1: column 2", "row 2 needs description", "row 3: column 1", "column 4"):
        assert said in answer.text
    assert "Scissors\t4" in answer.text


async def test_a_lot_that_another_saved_meanwhile_is_not_overwritten(house: House) -> None:
    await drafted(house)
    mine, yours = await house.sign_in("p-lead"), await house.sign_in("p-admin")
    page = fields((await mine.get("/events/1/draft/lots/L1")).text)
    assert (await fill(yours, "/events/1/draft/lots/L1", title="Yours")).status_code == 303
    answer = await mine.post("/events/1/draft/lots/L1", **(page | {"title": "Mine"}))
    assert answer.status_code == 409 and "Somebody else saved this lot" in answer.text
    assert kept(house).lots[0].title == "Yours"


async def test_documents_are_attached_by_content_and_one_that_lies_is_not(house: House) -> None:
    await drafted(house)
    lead, anybody = await house.sign_in("p-lead"), await house.sign_in(None)
    path = "/events/1/draft/documents"

    async def attach(name: str, body: bytes) -> int:
        form = {"csrf": lead.csrf, "do": "add"}
        return (await lead.http.post(path, data=form, files={"file": (name, body)})).status_code

    assert await attach("spec.pdf", b"%PDF-1.7 x") == 303
    assert await attach("lies.pdf", b"PK\x03\x04") == 422
    assert await attach("empty.pdf", b"") == 422
    (paper,) = kept(house).documents
    address = f"/files/{paper.hash}/spec.pdf"
    assert (await lead.get(address)).status_code == 200
    assert (await anybody.get(address)).status_code == 404
    at = house.parts.now() + timedelta(hours=1)
    await drafting.publish(house.parts, "1", "p-lead", at, at + timedelta(hours=1))
    second = await house.sign_in("p-second")
    del second
    assert (await lead.post(path, do=f"remove:{paper.hash}")).status_code == 303
    assert kept(house).documents == (paper,)


# --- whose law may be chosen ---------------------------------------------------------------------------------------------------


async def test_a_made_up_state_is_offered_in_demonstrations_alone(tmp_path: Path) -> None:
    async with opened(tmp_path) as real:
        lead = await real.sign_in("p-lead")
        page = (await lead.get("/solicitations/new")).text
        assert "Pennsylvania" in page and "fictional" not in page
        form = {"number": "1", "title": "Laptops", "jurisdiction": "US-XL"}
        assert (await fill(lead, "/solicitations/new", **form)).status_code == 422
        started = await fill(lead, "/solicitations/new", **(form | {"jurisdiction": "US-PA"}))
        assert started.status_code == 303
        refused = await fill(lead, "/events/1/draft/law", jurisdiction="US-XL")
        assert refused.status_code == 422 and "hoose one of the list" in refused.text
        assert kept(real).jurisdiction == "US-PA"


async def test_a_copy_that_was_asked_for_by_its_address_stands_chosen(house: House) -> None:
    await drafted(house)
    lead = await house.sign_in("p-lead")
    page = (await lead.get("/solicitations/new?copy=1")).text
    assert fields(page)["copy"] == "1" and "built-in" not in page
