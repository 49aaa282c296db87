"""Presenting: dollars are written the quick way exactly as the long way writes them."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from server.presenting import LOCALE, money


@given(st.decimals(-(10**12), 10**12, places=4) | st.decimals(-9, 9, places=1) | st.integers(-(10**9), 10**9))
def test_dollars_are_written_as_the_locale_writes_them(amount: Decimal | int) -> None:
    text = f"{amount:f}" if isinstance(amount, Decimal) else str(amount)
    decimals = max(2, len(text.partition(".")[2]))
    pattern = f"¤#,##0.{'0' * decimals}"
    long = format_currency(Decimal(text), "USD", pattern, locale=LOCALE, currency_digits=False)
    assert money(text) == long.replace("-", "−")
