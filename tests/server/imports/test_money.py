"""Money and quantities are held exactly, or left out and listed; nothing is rounded."""

from __future__ import annotations

import pytest

from tests.server.imports.tenders import imported, listed, ocds, prozorro, usd

ITEM = '"items": [{"id": "i", "description": "Paper", "unit": {"name": "box"}, "quantity": %s}]'


def priced(amount: str) -> str:
    """A release whose value is written like this."""
    return f'{{"ocid": "o", "tender": {{"title": "P", "value": {{"amount": {amount}, "currency": "USD"}}}}}}'


@pytest.mark.parametrize(
    ("written", "held"),
    [
        ("0.1", "0.1"),
        ("95.00", "95"),
        ("475000.0", "475000"),
        ("0.000001", "0.000001"),
        ("123456789012.123456", "123456789012.123456"),
        ("999999999999.999999", "999999999999.999999"),
        ("1.50000000000000000000", "1.5"),
        ('"12.50"', "12.5"),
    ],
)
def test_an_exact_amount_is_held_to_the_last_digit(written: str, held: str) -> None:
    assert imported(priced(written)).solicitation.lots[0].ceiling == held


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("0.1234567", "has more than 6 decimals, and nothing is rounded"),
        ("100.0000000000000000001", "has more than 6 decimals, and nothing is rounded"),
        ("1e3", "is written with an exponent"),
        ("1E-2", "is written with an exponent"),
        ("1e999", "is written with an exponent"),
        ("1e999999999999999999999", "is written with an exponent"),
        ("-5", "is below zero"),
        ("0", "is zero"),
        ("0.00", "is zero"),
        ("-0", "is zero"),
        ("1000000000000", "is too large: more than 12 digits stand before the point"),
        ("1" * 5_000, "is too large: more than 12 digits stand before the point"),
        ('"a lot"', "is not a plain number"),
        ('"1,000"', "is not a plain number"),
        ('"\u0661"', "is not a plain number"),
        ('"007"', "is not a plain number"),
        ("true", "is not a plain number"),
        ("[1]", "is not a plain number"),
        ('{"of": 1}', "is not a plain number"),
    ],
)
def test_any_other_amount_is_left_out_and_listed_with_its_reason(written: str, why: str) -> None:
    made = imported(priced(written))
    assert made.solicitation.lots[0].ceiling is None
    assert listed(made, "tender.value.amount").startswith(f"{why}; it was left out")


@pytest.mark.parametrize(
    ("written", "held"), [("1", "1"), ("2.5", "2.5"), ("0.333333", "0.333333"), ("7.0", "7")]
)
def test_a_quantity_is_held_exactly(written: str, held: str) -> None:
    made = imported('{"ocid": "o", "tender": {"title": "P", ' + ITEM % written + "}}")
    assert made.solicitation.lots[0].lines[0].quantity == held


@pytest.mark.parametrize("written", ["null", "0", "-3", "0.3333333", "1e2", '"some"', "[]", "1000000000000"])
def test_a_quantity_that_cannot_be_held_becomes_one_and_is_listed_once(written: str) -> None:
    made = imported('{"ocid": "o", "tender": {"title": "P", ' + ITEM % written + "}}")
    assert made.solicitation.lots[0].lines[0].quantity == "1"
    assert "it became 1, which the lead must check" in listed(made, "tender.items[0].quantity")
    assert len([line for line in made.unmapped if ".quantity" in line]) == 1


def test_an_amount_in_another_currency_is_left_out() -> None:
    lots = [{"id": "1", "title": "A", "value": usd(10)}, {"id": "2", "title": "B", "value": usd(10, "EUR")}]
    made = imported(ocds(lots=lots))
    assert [lot.ceiling for lot in made.solicitation.lots] == ["10", None]
    assert "is not in USD" in listed(made, "tender.lots[1].value.amount")


@pytest.mark.parametrize("currency", [None, "", "usd", "hryvnia", 7])
def test_without_a_currency_the_draft_says_so(currency: object) -> None:
    made = imported(prozorro(value={"amount": 5, "currency": currency}))
    assert made.solicitation.currency == "USD"
    assert [line for line in made.unmapped if line.startswith("value.currency: states no currency")]


def test_a_lots_own_currency_is_the_events_when_the_tender_states_none() -> None:
    made = imported(prozorro(value=None, lots=[{"id": "1", "title": "A", "value": usd("8.25", "EUR")}]))
    assert (made.solicitation.currency, made.solicitation.lots[0].ceiling) == ("EUR", "8.25")
