"""A pack's price per unit is exact or it is none; the nearest exact prices are named."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from auction.terms.packs import Pack, is_pack, nearest, pack_price, packs_for, per_unit


def test_a_carton_of_twelve_costs_a_twelfth_each() -> None:
    assert per_unit(Pack("12", "34.20"), 4) == "2.85"


def test_a_price_that_does_not_divide_is_never_rounded() -> None:
    odd = Pack("12", "34.25", "carton")
    assert per_unit(odd, 4) is None
    found = nearest(odd, 4)
    assert found is not None
    assert [each.price for each in found] == ["34.2492", "34.2504"]
    assert [each.name for each in found] == ["carton", "carton"]


def test_what_is_no_number_above_zero_is_no_pack() -> None:
    for size, price in (("0", "1"), ("-1", "1"), ("1", "0"), ("", "1"), ("1", ""), ("a", "1"), ("1e3", "1")):
        pack = Pack(size, price)
        assert not is_pack(pack) and per_unit(pack, 4) is None and nearest(pack, 4) is None


def test_packs_cover_a_quantity_whole() -> None:
    assert [packs_for(much, Pack("12", "1")) for much in ("1", "12", "12.5", "100")] == [1, 1, 2, 9]


sizes = st.integers(1, 10**9).map(lambda n: (n, _decimal(n, 3)))
places = st.integers(0, 4)


def _decimal(number: int, places: int) -> str:
    return f"{number // 10**places}.{number % 10**places:0{places}d}" if places else str(number)


@given(sizes, st.integers(1, 10**9), places)
def test_a_pack_made_of_a_unit_price_gives_that_price_back(
    size: tuple[int, str], units: int, decimals: int
) -> None:
    price = _decimal(units, decimals)
    assume(Fraction(price) * Fraction(size[1]) < 10**12)
    found = per_unit(Pack(size[1], pack_price(size[1], price)), decimals)
    assert found is not None
    assert Fraction(found) == Fraction(price)


@given(sizes, st.integers(1, 10**11), places)
def test_the_nearest_exact_packs_enclose_the_price_by_less_than_one_step(
    size: tuple[int, str], cents: int, decimals: int
) -> None:
    pack = Pack(size[1], _decimal(cents, 2))
    found = nearest(pack, decimals)
    assert found is not None
    below, above = (Fraction(each.price) for each in found)
    step = Fraction(size[1]) / 10**decimals
    assert below <= Fraction(pack.price) or below == step
    assert above >= Fraction(pack.price)
    assert above - below in (0, step)
    assume(above < 10**12 and above / Fraction(size[1]) < 10**12)
    assert all(per_unit(each, decimals) is not None for each in found)
    exactly = per_unit(pack, decimals)
    assert (exactly is not None) == (above == below and Fraction(pack.price) == above)
