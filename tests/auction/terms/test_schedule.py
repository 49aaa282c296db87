"""A line schedule extends to its total, and scaled down its lines never come to more than the new total."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.terms.schedule import LinePrice, LotLine, extended_total, faults, scale

PAPER = LotLine("paper", "120.5", 2)
TONER = LotLine("toner", "3", 4, no_bid=True)
LINES = (PAPER, TONER)
CENT = 10_000


def prices(paper: str | None, toner: str | None = None) -> tuple[LinePrice, ...]:
    return (LinePrice("paper", paper), LinePrice("toner", toner))


def worth(lines: tuple[LotLine, ...], filed: tuple[LinePrice, ...]) -> Fraction:
    """The exact sum of quantity × unit price."""
    unit = {price.line: Fraction(price.unit_price) for price in filed if price.unit_price is not None}
    return sum((Fraction(line.quantity) * unit.get(line.id, Fraction(0)) for line in lines), Fraction(0))


def test_the_extended_total_is_rounded_up_to_the_tick() -> None:
    assert extended_total(LINES, prices("41.90", "0.3333"), CENT) == 5_049_950_000
    assert extended_total(LINES, prices("41.90"), CENT) == 5_048_950_000
    assert extended_total(LINES, prices("41.90"), 5_000_000) == 5_050_000_000


def test_a_scaled_schedule_keeps_the_decimals_of_each_line_and_rounds_down() -> None:
    lines = (LotLine("a", "3", 0), LotLine("b", "1", 4))
    filed = (LinePrice("a", "10"), LinePrice("b", "1.0001"))
    scaled = scale(lines, filed, 20_000_000, CENT)
    assert scaled == (LinePrice("a", "6"), LinePrice("b", "0.645"))


def test_a_no_bid_stays_a_no_bid() -> None:
    assert scale(LINES, prices("41.90"), 4_000_000_000, CENT)[1] == LinePrice("toner", None)


def test_a_schedule_at_its_own_total_is_not_changed() -> None:
    filed = prices("41.9", "0.3333")
    assert scale(LINES, filed, extended_total(LINES, filed, CENT), CENT)[1] == filed[1]


units = st.integers(1, 10**9)


@given(
    st.lists(st.tuples(st.integers(1, 10**9), units, st.integers(0, 4)), min_size=1, max_size=6),
    st.integers(1, 10**6),
    st.sampled_from([1, CENT, 250_000, 5_000_000]),
)
def test_the_lines_never_come_to_more_than_the_total(
    rows: list[tuple[int, int, int]], part: int, tick: int
) -> None:
    lines = tuple(
        LotLine(str(n), f"{much // 1000}.{much % 1000:03d}", places)
        for n, (much, _, places) in enumerate(rows)
    )
    filed = tuple(
        LinePrice(
            str(n),
            str(Fraction(price, 10**places).limit_denominator(1)) if not places else _decimal(price, places),
        )
        for n, (_, price, places) in enumerate(rows)
    )
    assert faults(lines, filed) == []
    whole = extended_total(lines, filed, tick)
    assert 0 <= Fraction(whole, 10**6) - worth(lines, filed) < Fraction(tick, 10**6)
    total = max(tick, whole * part // 10**6 // tick * tick)
    scaled = scale(lines, filed, total, tick)
    assert worth(lines, scaled) <= Fraction(total, 10**6)
    for line, before, after in zip(lines, filed, scaled, strict=True):
        lost = Fraction(before.unit_price or 0) * total / whole - Fraction(after.unit_price or 0)
        assert 0 <= lost < Fraction(1, 10**line.decimals)


def _decimal(price: int, places: int) -> str:
    return f"{price // 10**places}.{price % 10**places:0{places}d}"


WRONG: list[tuple[str, tuple[LinePrice, ...]]] = [
    ("lines", ()),
    ("lines[0].line", (LinePrice("ink", "1"), LinePrice("paper", "1"))),
    ("lines[1].line", (LinePrice("paper", "1"), LinePrice("paper", "2"))),
    ("lines[0].unit_price", prices(None, "1")),
    ("lines[0].unit_price", prices("0", "1")),
    ("lines[0].unit_price", prices("-1", "1")),
    ("lines[0].unit_price", prices("1.005", "1")),
    ("lines[0].unit_price", prices("1,5", "1")),
    ("lines[1].unit_price", prices("1", "1.00005")),
]


@pytest.mark.parametrize(("path", "filed"), WRONG, ids=[f"{n}-{path}" for n, (path, _) in enumerate(WRONG)])
def test_each_fault_of_a_schedule_is_named_with_its_row(path: str, filed: tuple[LinePrice, ...]) -> None:
    assert [fault.path for fault in faults(LINES, filed)] == [path]


def test_a_schedule_of_no_bids_alone_is_none() -> None:
    assert [fault.path for fault in faults((TONER,), (LinePrice("toner", None),))] == ["lines"]


def test_trailing_zeros_of_a_unit_price_are_fine() -> None:
    assert faults(LINES, prices("41.9000", "0.33330")) == []
    assert faults((LotLine("a", "1", 0),), (LinePrice("a", "5.00"),)) == []
