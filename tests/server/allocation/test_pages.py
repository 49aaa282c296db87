"""The workbench over a real server: rules by form, each beside the cheapest, chosen, proposed, and public once awarded."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auction.award import market as markets
from auction.award.workbench.facts import Scenarios
from server import drafting, solving
from server.evaluation.allocate import allocated
from server.pages.allocation.finding import cents, exact
from server.sealed.opening import open_stage
from server.solving import Wanted
from tests.server.callers import Guest
from tests.server.evaluation.markets import small
from tests.server.house import House, opened
from tests.server.pages.showcase import REASON, filed, followed
from tests.server.sealed.test_opening import closed
from tests.server.sealing import shifting

AT = "/events/1/allocation"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A house whose event is over: Birch asks 797.50, Ash 800.00 and Cedar 894.90 for each of two lots."""
    async with opened(tmp_path, demo=True) as running:
        await filed(running, timedelta(minutes=10))
        await running.end("1")
        yield running


def kept(house: House) -> Scenarios:
    found: Scenarios = house.parts.desk.state("allocation/1")
    return found


def words(html: str) -> str:
    """A page's text."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


async def solved(lead: Guest, kind: str, **said: Any) -> str:
    """Send a form of the workbench, and return the words of the page that follows."""
    return words(await followed(lead, f"{AT}/solve", kind=kind, **said))


async def no(lead: Guest, step: str, **said: Any) -> str:
    answer = await lead.post(f"{AT}/{step}", **said)
    assert answer.status_code == 422, answer.text
    return words(answer.text)


async def test_a_rule_stands_beside_the_cheapest_with_what_it_costs_and_whom_it_moves(house: House) -> None:
    lead = await house.sign_in("p-lead")
    assert "Find the cheapest" in (await lead.get(AT)).text
    told = await solved(lead, "cheapest")
    assert "No allocation under these rules costs less than $1,595.00" in told
    told = await solved(lead, "vendor", scenario="1", vendor="v-cedar", what="must_win")
    assert "Cedar Supply must win something" in told
    assert "+$97.40 6.11 % 2 1 Proven" in told
    assert "Changed: Birch Supply in the cheapest" in told
    told = words(await followed(lead, f"{AT}/without", scenario="2", rule="rules.vendors.v-cedar.must_win"))
    assert "+$0.00 0 % 1 0" in told
    assert kept(house).saved[3].rules == {}


FORMS: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    ("count", {"bound": "min", "count": "3"}, "infeasible", "At least 3 vendors in all."),
    ("count", {"bound": "min", "count": "2"}, "1597.5", "At least 2 vendors in all."),
    ("vendor", {"vendor": "v-birch", "what": "must_not_win"}, "1600", "Birch Supply must not win anything."),
    ("spend", {"vendor": "v-birch", "what": "max_spend", "amount": "$800"}, "1597.5", "Birch Supply gets at most $800.00."),
    ("spend", {"vendor": "v-birch", "what": "charge", "amount": "4"}, "1599", "$4.00 are added"),
    ("tier", {"vendor": "v-ash", "amount": "1,000", "percent": "2"}, "1568", "2 % from $1,000.00 on"),
    ("aside", {"vendors": ["v-ash"], "percent": "20"}, "1597.5", "At least 20 % of all spend goes to Ash Supply."),
    ("keep", {"vendors": ["v-ash"]}, "1597.5", "Ash Supply must win something."),
    ("budget", {"district": "d-oak", "amount": "1000"}, "1797.5", "Oak District spends at most $1,000.00."),
    ("switching", {"vendor": "v-ash", "lot": "*", "amount": "3"}, "1600", "a change costs $3.00."),
    (
        "pair",
        {"first_lot": "L1", "first_vendor": "v-birch", "what": "exclusive", "second_lot": "L2", "second_vendor": "v-birch"},
        "1597.5",
        "are not both taken.",
    ),
    ("lots", {"lots": ["L1", "L2"], "bound": "min_winners", "count": "2"}, "1597.5", "among Lot L1, Lot L2."),
)  # fmt: skip


async def test_every_form_adds_its_rule_and_the_case_to_download_gives_the_same_answer(house: House) -> None:
    lead = await house.sign_in("p-lead")
    await solved(lead, "cheapest")
    for kind, said, cost, sentence in FORMS:
        told = await solved(lead, kind, scenario="1", **said)
        saved = kept(house).kept[-1]
        assert sentence in told, kind
        assert (saved.cost or saved.status) == cost, kind
        case = json.loads((await lead.get(f"{AT}/{saved.number}/case.json")).text)
        again = allocated(markets.parse(case), 20, True)
        assert (again["status"], again["cost"]) == (saved.status, saved.cost), kind
        assert {row["offer"] for row in again["awards"]} == {*saved.offers}, kind
        assert again.get("certified_bound") == saved.certified, kind


async def test_what_clashes_is_told_in_sentences_and_can_be_left_out(house: House) -> None:
    lead = await house.sign_in("p-lead")
    await solved(lead, "cheapest")
    await solved(lead, "vendor", scenario="1", vendor="v-cedar", what="must_win")
    told = await solved(lead, "spend", scenario="2", vendor="v-cedar", what="max_spend", amount="5")
    clash = told.partition("These rules cannot all be kept.")[2].partition("The case, to solve it yourself")[
        0
    ]
    assert "Cedar Supply must win something." in clash
    assert "Cedar Supply gets at most $5.00." in clash
    assert "Lot L1" not in clash
    assert "Choose scenario 3" not in told


async def test_all_that_is_wrong_with_a_form_is_told_at_once_and_nothing_is_kept(house: House) -> None:
    lead = await house.sign_in("p-lead")
    await solved(lead, "cheapest")
    told = await no(
        lead, "solve", kind="spend", scenario="1", vendor="v-none", what="max_spend", amount="much"
    )
    assert "Vendor choose one of those that are listed." in told
    assert "Amount must be an amount in dollars, such as 25,000 or 12.50." in told
    told = await no(lead, "solve", kind="aside", scenario="1", percent="101")
    assert "Vendors tick at least one" in told and "percentage from 0 to 100" in told
    for said in ({"kind": "nothing"}, {"kind": "count", "count": "0"}, {"kind": "count", "count": "²"}):
        await no(lead, "solve", scenario="1", **said)
    await no(lead, "without", scenario="1", rule="rules.max_winners")
    await no(lead, "choose", scenario="1", reason=" ")
    assert list(kept(house).saved) == [1] and kept(house).chosen is None


async def test_explanations_are_solved_exactly_and_kept(house: House) -> None:
    lead = await house.sign_in("p-lead")
    await solved(lead, "cheapest")
    await solved(lead, "keep", scenario="1", vendors=["v-ash"])
    told = words(await followed(lead, f"{AT}/explain", scenario="2"))
    found = kept(house).explained[2]
    assert {each.name: each.amount for each in found.failing} == {"v-birch": "1600", "v-ash": "1595"}
    assert [(each.name, each.amount) for each in found.lifted] == [("rules.vendors.v-ash.must_win", "2.5")]
    assert {each.amount for each in found.winning if each.name.endswith("v-cedar")} == {"797.5"}
    assert found.whole
    assert "Ash Supply must win something. $2.50" in told


async def test_a_chosen_scenario_proposes_its_winners_and_awards_nothing(house: House) -> None:
    lead, public = await house.sign_in("p-lead"), await house.sign_in(None)
    await solved(lead, "cheapest")
    await solved(lead, "keep", scenario="1", vendors=["v-cedar"])
    await followed(lead, f"{AT}/choose", scenario="2", reason="Two sources of paper.")
    assert not house.parts.desk.state("award/1").proposed
    lot = next(each.split("/")[0] for each in kept(house).saved[2].offers if each.endswith("v-cedar"))
    console = (await lead.get(f"/events/1/console?lot={lot}")).text
    assert '<option value="v-cedar" selected>' in console
    assert "was chosen: Two sources of paper." in console
    assert (await public.get(f"{AT}/chosen")).status_code == 404


async def test_a_scenario_on_other_bids_is_stale_cannot_be_chosen_and_is_solved_again(house: House) -> None:
    lead = await house.sign_in("p-lead")
    await solved(lead, "cheapest")
    # As if it had been solved on other bids.
    kept(house).saved[1] = msgspec.structs.replace(kept(house).saved[1], market="0" * 64)
    told = words((await lead.get(AT)).text)
    assert "Stale: the bids have changed" in told and "Choose this scenario" not in told
    assert "Solve it again" in await no(lead, "choose", scenario="1", reason="It is cheap.")
    assert (await lead.get(f"{AT}/1/case.json")).status_code == 404
    await followed(lead, f"{AT}/again", scenario="1")
    assert kept(house).saved[2].market != "0" * 64


async def test_others_read_along_and_change_nothing(house: House) -> None:
    lead = await house.sign_in("p-lead")
    await solved(lead, "cheapest")
    for who in ("p-second", "p-auditor", "p-admin"):
        reader = await house.sign_in(who)
        assert "$1,595.00" in (await reader.get(AT)).text
    assert (await (await house.sign_in("p-auditor")).post(f"{AT}/drop", scenario="1")).status_code == 403
    assert (await (await house.sign_in("p-far")).get(AT)).status_code == 404


async def test_there_is_nothing_to_allocate_before_every_lot_is_over(tmp_path: Path) -> None:
    async with opened(tmp_path) as running:
        await filed(running, timedelta(minutes=10))
        answer = await (await running.sign_in("p-lead")).get(AT)
        assert answer.status_code == 404 and "once every lot is over" in answer.text


async def test_of_sealed_bids_the_chosen_scenario_is_public_once_everything_is_awarded(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, changed=shifting) as running:
        box = await closed(running)
        for person in ("p-lead", "p-oak"):
            await box.release(person)
        await open_stage(running.parts, box.id, "p-lead")
        await running.parts.errands.settled()
        at = f"/events/{box.id}/allocation"
        lead, public = await running.sign_in("p-lead"), await running.sign_in(None)
        await followed(lead, f"{at}/solve", kind="cheapest")
        await followed(lead, f"{at}/choose", scenario="1", reason="Nothing is cheaper.")
        assert (await public.get(f"{at}/chosen")).status_code == 404
        for lot in ("L1", "L2"):
            await drafting.award(running.parts, box.id, lot, "v-birch", REASON, "p-lead")
        late = await lead.post(f"{at}/choose", scenario="1", reason="It looks well.")
        assert late.status_code == 422 and "awarded already" in late.text
        assert f'href="{at}/chosen"' in (await public.get(f"/events/{box.id}/results")).text
        page = words((await public.get(f"{at}/chosen")).text)
        assert "Nothing is cheaper." in page and "Birch Supply" in page
        case = json.loads((await public.get(f"{at}/chosen/case.json")).text)
        saved = running.parts.desk.state(f"allocation/{box.id}").saved[1]
        assert allocated(markets.parse(case), 20, False)["cost"] == saved.cost


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_what_is_solved_here_is_what_the_command_finds(seed: int) -> None:
    case = small(seed)
    rules = case.pop("rules", {})
    found, certified = solving.solve(Wanted(case, rules))
    told = allocated(markets.parse(case | {"rules": rules}), 20, True)
    assert told["status"] == found.status
    assert told["cost"] == (None if found.cost is None else solving.write(found.cost))
    assert told.get("certified_bound") == certified


def test_ten_thousand_offers_are_answered_within_the_limit_with_a_proof_or_a_bound() -> None:
    lots = [f"L{n}" for n in range(200)]
    offers = [
        {
            "id": f"{lot}/V{v}",
            "vendor": f"V{v}",
            "lots": [lot],
            "price": f"{900 + (v * 37 + n * 11) % 200}.00",
        }
        for n, lot in enumerate(lots)
        for v in range(50)
    ]
    case = {"lots": [{"id": each, "reserve": "2000"} for each in lots], "offers": offers}
    found, _ = solving.solve(Wanted(case, {"max_winners": 4}), limit=6)
    assert found.status in ("optimal", "feasible", "unknown")
    assert found.cost is None or found.bound is None or found.bound <= found.cost


def test_amounts_are_shown_to_the_cent_halves_up() -> None:
    assert [cents(each) for each in ("200/3", "0.005", "-1/3", "12.5")] == ["66.67", "0.01", "-0.33", "12.5"]
    assert exact("200/3") * 3 == 200
