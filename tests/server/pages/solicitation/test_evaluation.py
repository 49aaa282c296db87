"""A lead says how bids are judged: all faults at their fields at once, told in plain words, fixed with the publication."""

from __future__ import annotations

from typing import Any

import msgspec

from auction.tender import judging
from auction.tender.solicitation import Solicitation
from server import drafting
from server.pages.solicitation import evaluation
from server.pages.solicitation.fields import Fields
from tests.server.house import OWNER, House
from tests.server.pages.solicitation.forms import fill
from tests.server.pages.solicitation.sealed import sealed

PATH = "/events/1/draft/evaluation"
QUALITY = {
    "how": "quality",
    "formula": "relative_lowest",
    "points": "60",
    "group_1_name": "Service",
    "group_1_weight": "30",
    "criterion_1_name": "Hotline",
    "criterion_1_group": "1",
    "criterion_1_weight": "50",
    "criterion_1_threshold": "40",
    "criterion_2_name": "Training",
    "criterion_2_group": "1",
    "criterion_2_weight": "50",
    "criterion_2_scale": "adjectival",
    "criterion_2_scale_rows": "good = 100\nfair = 50 %\npoor = 0",
    "criterion_3_name": "Delivery",
    "criterion_3_weight": "10",
    "criterion_3_scale": "integer",
    "criterion_3_scale_rows": "0 to 5\n5 = within a day",
    "aggregation": "median",
    "evaluators": "3",
    "anonymous": "yes",
    "ties": "quality lot_draw",
}


async def drafted(house: House, **more: Any) -> None:
    """A draft of sealed bids."""
    await drafting.keep(
        house.parts, msgspec.structs.replace(sealed(house.parts.now()), **more), "p-lead", OWNER
    )


def kept(house: House) -> Solicitation:
    """The draft as it stands."""
    document: Solicitation = house.parts.desk.state("tender/1").document
    return document


async def test_a_lead_begins_with_the_lowest_price_and_no_panel(house: House) -> None:
    await drafted(house)
    lead = await house.sign_in("p-lead")
    page = (await lead.get(PATH)).text
    assert "the lowest total comes first" in page and 'value="price" checked' in page
    assert (await fill(lead, PATH)).status_code == 303
    assert kept(house).plan == {}


async def test_a_plan_is_written_row_by_row_and_told_in_plain_words_with_an_example(house: House) -> None:
    await drafted(house)
    lead = await house.sign_in("p-lead")
    assert (await fill(lead, PATH, **QUALITY)).status_code == 303
    plan = judging.plan_of(kept(house))
    assert plan is not None and plan.panel.anonymous and plan.panel.aggregation == "median"
    assert [(each.id, str(each.most)) for each in plan.criteria] == [("Service", "30"), ("Delivery", "10")]
    assert [str(each.most) for each in plan.criteria[0].below] == ["15", "15"]
    assert kept(house).plan["criteria"][1]["scale"]["anchors"] == {"5": "within a day"}
    for address in (PATH, "/events/1/console"):
        page = (await lead.get(address)).text
        assert "Service, Hotline: at most 15 points." in page and "A worked example" in page
        assert "“fair” (50 %)" in page
    before = kept(house)
    assert (await fill(lead, PATH)).status_code == 303
    assert kept(house) == before, "a section saved as it stands changes nothing"


async def test_all_faults_are_told_at_once_at_their_fields(house: House) -> None:
    await drafted(house)
    lead = await house.sign_in("p-lead")
    wrong = QUALITY | {
        "points": "70",
        "criterion_1_weight": "40",
        "criterion_1_threshold": "140",
        "criterion_2_scale_rows": "good",
        "criterion_4_weight": "5",
        "group_2_name": "Empty",
        "evaluators": "3",
        "aggregation": "trimmed",
    }
    answer = await fill(lead, PATH, **wrong)
    assert answer.status_code == 422 and kept(house).plan == {}
    for name, words in {
        "group_1_weight": "weights must sum to 100; they sum to 90",
        "criterion_1_threshold": "at most 100",
        "criterion_2_scale_rows": "write a row as good = 80",
        "criterion_4_name": "give the criterion a name",
        "group_2_name": "has no criteria",
        "evaluators": "at least 5",
    }.items():
        assert f'id="{name}-wrong"' in answer.text and words in answer.text.replace("&#39;", "'"), name


async def test_weights_and_price_points_that_do_not_come_to_100_are_told(house: House) -> None:
    await drafted(house)
    answer = await fill(await house.sign_in("p-lead"), PATH, **QUALITY | {"points": "50"})
    assert answer.status_code == 422 and "must sum to 100" in answer.text


async def test_a_plan_from_a_file_that_the_form_cannot_show_says_so(house: House) -> None:
    deep = {"id": "Top", "weight": "100", "criteria": [
        {"id": "Mid", "weight": "100", "criteria": [{"id": "Leaf", "weight": "100"}]}]}  # fmt: skip
    plan = {"price": {"formula": "ratio"}, "criteria": [deep], "panel": {"evaluators": 2}}
    await drafted(house, plan=plan)
    assert "says more than this form can show" in (await (await house.sign_in("p-lead")).get(PATH)).text


async def test_an_auction_has_no_such_section(house: House) -> None:
    await drafted(house, kind="reverse_auction")
    assert (await (await house.sign_in("p-lead")).get(PATH)).status_code == 404


def test_every_field_a_fault_can_be_at_is_one_of_the_form() -> None:
    base = sealed_form()
    for name in (
        "points",
        "formula",
        "evaluators",
        "ties",
        "threshold",
        "criterion_1_name",
        "group_1_weight",
    ):
        assert name in base or name == "threshold"
    made = evaluation.read(document(), Fields(QUALITY, "UTC"))
    assert evaluation.fits(made) and evaluation.values(made)["criterion_2_scale_rows"].startswith(
        "good = 100"
    )


def sealed_form() -> dict[str, str]:
    """The fields of the whole form."""
    return evaluation.values(evaluation.read(document(), Fields(QUALITY, "UTC")))


def document() -> Solicitation:
    """A solicitation of sealed bids and nothing else."""
    return Solicitation(number="1", title="Paper", rules={}, lots=(), kind="sealed_bid")
