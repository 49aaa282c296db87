"""Price against quality: whatever is bid, points stand in the frame, names cover nothing, and the line tells who would win."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.award import bids as judged
from auction.award.scoring import evaluate
from auction.terms.plan import Plan, parse
from server.pages.panel.axes import axis, nice
from server.pages.panel.bars import bars
from server.pages.panel.indifference import even
from server.pages.panel.naming import Spot as At
from server.pages.panel.naming import meet, named, room_of
from server.pages.panel.plot import Bid, Plot, plot

PLANS: dict[str, dict[str, Any]] = {
    "value_deduction": {"price": {}, "criteria": [{"id": "Service", "value": "500"}]},
    "absolute_linear": {
        "price": {"formula": "absolute_linear", "points": "60", "upper": "2000", "lower": "100"},
        "criteria": [{"id": "Service", "weight": "40"}],
    },
    "coefficient": {"price": {"formula": "coefficient"}, "criteria": [{"id": "Service", "fmax": "0.4"}]},
    "ratio": {"price": {"formula": "ratio"}, "criteria": [{"id": "Service", "weight": "100"}]},
    "relative_lowest": {
        "price": {"formula": "relative_lowest", "points": "60"},
        "criteria": [{"id": "Service", "weight": "40"}],
    },
}
LINES = ("value_deduction", "absolute_linear", "coefficient", "ratio")
SOME = st.lists(st.tuples(st.integers(101, 1999), st.integers(1, 100)), min_size=1, max_size=60)
ONE = [(800, 85)]


def drawn(plan: Plan, given: list[tuple[int, int]]) -> tuple[Plot, Any, list[Bid]]:
    """A plot of prices and shares of the quality, the first by the plan first."""
    made = [
        judged.Bid(
            f"v{place}",
            price=Fraction(price),
            scores={"Service": (plan.most * share / 100, Fraction(share))},
        )
        for place, (price, share) in enumerate(given)
    ]
    found = evaluate(plan, made)
    ranked = sorted(made, key=lambda each: (found.ranks.get(each.id, 99), each.id))
    bids = [
        Bid(each.id, f"Vendor {each.id}", each.price, each.scores["Service"][0])
        for each in ranked
    ]  # fmt: skip
    made_plot = plot(plan, found, bids, "USD")
    assert made_plot is not None
    return made_plot, found, bids


@pytest.mark.parametrize("formula", PLANS)
@given(given_=SOME)
def test_every_bid_is_a_point_in_the_frame_and_a_row_of_the_table(
    formula: str, given_: list[tuple[int, int]]
) -> None:
    made, _, bids = drawn(parse(PLANS[formula]), given_)
    for sheet in (made.wide, made.narrow):
        left, top, right, bottom = sheet.frame
        assert len(sheet.dots) == len(bids)
        assert all(left <= dot.x <= right and top <= dot.y <= bottom for dot in sheet.dots)
        assert sheet.across and sheet.up
    assert [row.name for row in made.rows] == [each.name for each in bids]
    assert made.rows[0].kind == "first" and made.rows[0].behind == ""


@given(SOME)
def test_names_cover_neither_each_other_nor_a_point(given_: list[tuple[int, int]]) -> None:
    made, _, _ = drawn(parse(PLANS["value_deduction"]), given_)
    for sheet in (made.wide, made.narrow):
        boxes = [room_of(dot.label) for dot in sheet.dots if dot.label is not None]
        assert not [(a, b) for n, a in enumerate(boxes) for b in boxes[n + 1 :] if meet(a, b)]
        assert all(box[2] <= sheet.width and box[0] >= 0 for box in boxes)
        for place, dot in enumerate(sheet.dots):
            near = (dot.x - 6, dot.y - 6, dot.x + 6, dot.y + 6)
            others = [each.label for n, each in enumerate(sheet.dots) if n != place and each.label]
            assert not any(meet(near, room_of(each)) for each in others)


def test_the_first_bid_is_named_and_the_second_of_a_crowd_at_least_numbered() -> None:
    made, _, _ = drawn(parse(PLANS["value_deduction"]), [(100 + 30 * n, 50 + n) for n in range(10)])
    assert made.wide.dots[0].label is not None
    assert made.wide.dots[0].label.text.startswith("1 Vendor")
    assert all(dot.label is not None for dot in made.wide.dots)


def test_a_name_that_fits_nowhere_leaves_the_number() -> None:
    spots = [At(20, 50, "1", "A very long name indeed of a vendor")]
    (label,) = named(spots, (0, 0, 60, 100))
    assert label is not None and label.text == "1"


@pytest.mark.parametrize("formula", LINES)
@given(given_=SOME, bid=st.tuples(st.integers(101, 1999), st.integers(1, 100)))
def test_a_bid_would_win_just_where_it_lies_above_or_left_of_the_line(
    formula: str, given_: list[tuple[int, int]], bid: tuple[int, int]
) -> None:
    plan = parse(PLANS[formula])
    _, found, _ = drawn(plan, given_)
    line = even(plan, found)
    assert line is not None
    share = plan.most * bid[1] / 100
    made_up_for = line.at(share * 100 / plan.most if formula == "ratio" else share)
    _, then, _ = drawn(plan, [*given_, bid])
    ahead = [name for name, rank in then.ranks.items() if rank == 1]
    added = f"v{len(given_)}"
    assert (bid[0] < made_up_for) == (ahead == [added])
    assert (bid[0] == made_up_for) == (added in ahead and len(ahead) > 1)


def test_where_others_count_there_is_no_line() -> None:
    made, _, _ = drawn(parse(PLANS["relative_lowest"]), [(800, 85), (700, 20)])
    assert made.wide.line is None and not made.even


@pytest.mark.parametrize("formula", LINES)
def test_the_line_is_drawn_through_the_first_bid_even_where_it_is_the_only_one(formula: str) -> None:
    made, _, _ = drawn(parse(PLANS[formula]), ONE)
    assert made.wide.line is not None
    x1, y1, x2, y2 = made.wide.line
    first = made.wide.dots[0]
    assert abs((first.x - x1) * (y2 - y1) - (first.y - y1) * (x2 - x1)) <= 2 * (abs(x2 - x1) + abs(y2 - y1))
    assert "Vendor v0" in made.even


@given(st.fractions(min_value=Fraction(1, 10**6), max_value=10**9))
def test_a_step_is_one_two_or_five_of_a_power_of_ten_and_just_enough(least: Fraction) -> None:
    step = nice(least)
    assert least <= step < least * Fraction(5, 2) + step / 10**9
    assert str(step.numerator * step.denominator).strip("0") in ("1", "2", "5")


@given(
    st.lists(st.fractions(min_value=0, max_value=10**7, max_denominator=100), min_size=1, max_size=9),
    st.sampled_from((2, 5, 6)),
)
def test_an_axis_holds_every_value_with_two_ticks_or_more_and_never_goes_below_nothing(
    values: list[Fraction], most: int
) -> None:
    made = axis(values, most)
    assert all(made.holds(each) for each in values)
    assert 0 <= made.low < made.high and 2 <= len(made.ticks) <= most + 1


@pytest.mark.parametrize("formula", PLANS)
@given(given_=SOME)
def test_bars_lie_end_to_end_within_their_scale(formula: str, given_: list[tuple[int, int]]) -> None:
    plan = parse(PLANS[formula])
    _, found, bids = drawn(plan, given_)
    made = bars(plan, [found.scores.get(each.vendor) for each in bids], [[each.worth] for each in bids])
    for bar in made:
        ends = [Fraction(part.x) + Fraction(part.width) for part in bar]
        assert all(abs(Fraction(part.x) - end) <= 1 for part, end in zip(bar[1:], ends, strict=False))
        assert all(Fraction(part.width) >= 0 for part in bar) and max(ends) <= Fraction("100.01")


def test_where_quality_is_money_the_dearest_bid_fills_the_scale_and_its_end_is_what_quality_takes_off() -> (
    None
):
    plan = parse(PLANS["value_deduction"])
    _, found, bids = drawn(plan, [(1000, 50), (500, 20)])
    made = bars(plan, [found.scores[each.vendor] for each in bids], [[each.worth] for each in bids])
    assert [(part.x, part.width) for part in made[1]] == [("0", "75"), ("75", "25")]
    assert [(part.x, part.width) for part in made[0]] == [("0", "40"), ("40", "10")]
