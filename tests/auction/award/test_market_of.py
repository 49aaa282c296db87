"""An event's bids become a case: the bids that stand, at their prices, under their lots' ceilings, and nothing else."""

from __future__ import annotations

from fractions import Fraction

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from auction.award import market_of
from auction.award.allocation_model import AllocationModel
from auction.award.allocation_rules import VendorRule
from auction.award.result import Candidate, Result
from auction.award.rule_words import Called, sentence, sentences
from auction.award.rules_written import written
from auction.tender.solicitation import Line, Lot, Need
from tests.server.evaluation.markets import small
from tests.server.house import event

ASH, BIRCH = Candidate("v-ash", 2, "900.00"), Candidate("v-birch", 1, "850.50")
GONE = Candidate("v-cedar", 3, "700.00", suspended=True)
CALLED = Called({}, {}, {}, lambda amount: f"${amount}")


def test_every_bid_in_good_standing_is_an_offer_at_its_own_price() -> None:
    case = market_of.case_of(event(), [Result("L1", True, "v-birch", (BIRCH, ASH, GONE))])
    assert [(each["id"], each["price"]) for each in case["offers"]] == [
        ("L1/v-birch", "850.50"),
        ("L1/v-ash", "900.00"),
    ]


def test_a_lots_ceiling_is_its_reserve_and_a_lot_without_bids_is_left_out() -> None:
    results = [Result("L1", True, "v-birch", (BIRCH,)), Result("L2", True, None, (GONE,))]
    assert market_of.case_of(event(), results)["lots"] == [{"id": "L1", "reserve": "1000"}]


def test_quality_is_told_of_those_who_earned_it() -> None:
    results = [Result("L1", True, "v-birch", (BIRCH, ASH))]
    case = market_of.case_of(event(), results, {"v-ash": Fraction(200, 3)})
    assert [each.get("quality") for each in case["offers"]] == [None, "200/3"]


def test_another_price_is_another_fingerprint_and_another_rule_is_not() -> None:
    before = market_of.case_of(event(), [Result("L1", True, "v-birch", (BIRCH,))])
    dearer = msgspec.structs.replace(BIRCH, amount="850.51")
    after = market_of.case_of(event(), [Result("L1", True, "v-birch", (dearer,))])
    assert market_of.fingerprint(before) != market_of.fingerprint(after)
    assert market_of.fingerprint(before) == market_of.fingerprint(
        market_of.with_rules(before, {"max_winners": 1})
    )


amounts = st.integers(1, 10**6).map(lambda cents: f"{cents // 100}.{cents % 100:02}")


@given(
    st.lists(st.tuples(st.integers(1, 99), st.integers(1, 99), st.none() | amounts), min_size=1, max_size=6)
)
def test_the_parts_of_all_districts_come_to_what_is_needed_and_never_to_more_than_the_lot(
    rows: list[tuple[int, int, str | None]],
) -> None:
    lines = tuple(
        Line(
            str(n),
            "Paper",
            "box",
            str(one + other),
            baseline,
            needs=(Need("d-oak", str(one)), Need("d-elm", str(other))),
        )
        for n, (one, other, baseline) in enumerate(rows)
    )
    lot = Lot("L1", "Paper", lines=lines)
    parts = [market_of.part_of(lot, each) for each in ("d-oak", "d-elm")]
    assert all(0 < each < 1 for each in parts)
    assert sum(parts) == 1


@given(st.integers(0, 10**6))
def test_rules_that_are_written_are_read_back_the_same(seed: int) -> None:
    case = small(seed)
    rules = case.pop("rules", {})
    given = market_of.read(case, rules).rules
    bare = {name: rule for name, rule in given.vendors.items() if rule != VendorRule()}
    assert market_of.read(case, written(given)).rules == msgspec.structs.replace(given, vendors=bare)


@given(st.integers(0, 10**6))
def test_every_rule_that_can_clash_has_a_sentence(seed: int) -> None:
    case = small(seed)
    market = market_of.read(case, case.pop("rules", {}))
    told = sentences(market, CALLED)
    for name in {row.rule for row in AllocationModel(market).model.rows if row.rule}:
        assert sentence(market, name, CALLED).endswith(".")
        assert not name.startswith("rules.") or name in told, name
