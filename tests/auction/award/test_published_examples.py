"""Worked examples that others published come out as they were printed; each names its source."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from auction.award import draw
from auction.award.draw import Draw
from server.evaluation.score import scored


def points(formula: dict[str, Any], prices: dict[str, str], **more: Any) -> dict[str, str]:
    """The price points that bids at these prices get."""
    said = scored(
        {"price": formula, "bids": {name: {"price": price} for name, price in prices.items()}, **more}
    )
    return {name: bid["price_points"] for name, bid in said["bids"].items()}


def test_georgia_procurement_manual_5_6_3_2_2_lowest_over_price() -> None:
    formula = {"formula": "relative_lowest", "points": "300", "round": {"places": 1, "mode": "half_up"}}
    assert points(formula, {"A": "50000.00", "B": "55000.00"}) == {"A": "300", "B": "272.7"}


def test_uk_digital_marketplace_fixed_quotes() -> None:
    formula = {"formula": "relative_lowest", "points": "1", "round": {"places": 3}}
    assert points(formula, {"A": "15000", "B": "10000", "C": "30000"}) == {
        "A": "0.667",
        "B": "1",
        "C": "0.333",
    }


def test_impact_bids_the_quality_imperative_forty_points_for_price() -> None:
    formula = {"formula": "relative_lowest", "points": "40", "round": {"places": 0}}
    assert points(formula, {"1": "100", "2": "105", "3": "108"}) == {"1": "40", "2": "38", "3": "37"}


def test_e_gov_blog_normalized_quotes_of_a_quality_and_cost_selection() -> None:
    formula = {"formula": "relative_lowest", "points": "100", "round": {"places": 1}}
    assert points(formula, {"A": "20", "B": "40", "C": "60"}) == {"A": "100", "B": "50", "C": "33.3"}


def test_bidready_eighty_twenty_preference_points_of_south_africa_tie_exactly() -> None:
    said = scored(
        {
            "price": {"formula": "linear_deviation_from_lowest", "points": "80"},
            "criteria": [{"id": "status", "max": "20"}],
            "bids": {
                "A": {"price": "1000000", "scores": {"status": "12"}},
                "B": {"price": "1100000", "scores": {"status": "20"}},
                "C": {"price": "1200000", "scores": {"status": "14"}},
            },
        }
    )
    assert {name: bid["price_points"] for name, bid in said["bids"].items()} == {
        "A": "80",
        "B": "72",
        "C": "64",
    }
    assert said["bids"]["A"]["total"] == said["bids"]["B"]["total"] == "92"
    assert (said["winner"], said["tie"]) == (None, ("A", "B"))


def test_agorapublix_percentage_above_the_lowest_price_comes_off() -> None:
    formula = {"formula": "linear_deviation_from_lowest", "points": "40"}
    assert points(formula, {"lowest": "200", "studied": "235"}) == {"lowest": "40", "studied": "33"}


def test_calpers_small_business_preference_policy() -> None:
    said = scored(
        {
            "preferences": [
                {
                    "kind": "percent_of_lowest_other",
                    "percent": "5",
                    "cap": "50000",
                    "applies_to": "small_business",
                }
            ],
            "bids": {
                "A": {"price": "19879", "flags": ["small_business"]},
                "B": {"price": "19250"},
                "C": {"price": "18975"},
            },
        }
    )
    assert said["bids"]["A"]["evaluated_price"] == "18930.25"
    assert (said["winner"], said["contract_price"]) == ("A", "19879")


def test_far_25_504_4_example_3_twenty_percent_on_the_foreign_offer() -> None:
    said = scored(
        {
            "preferences": [{"kind": "foreign_factor", "percent": "20", "applies_to": "domestic"}],
            "bids": {"A": {"price": "52000", "flags": ["domestic"]}, "C": {"price": "38800"}},
        }
    )
    # The regulation prints the foreign offer's two prices; the domestic one's stands for any dearer one.
    assert said["bids"]["C"]["evaluated_price"] == "46560"
    assert (said["winner"], said["contract_price"]) == ("C", "38800")


def test_negometrix_awarding_on_value() -> None:
    said = scored(
        {
            "criteria": [{"id": "2.1.4", "value": "2500"}],
            "bids": {
                "partly": {"price": "80000", "scores": {"2.1.4": "0.6"}},
                "wholly": {"price": "80000", "scores": {"2.1.4": "1"}},
                "not": {"price": "80000", "scores": {"2.1.4": "0"}},
            },
        }
    )
    assert {name: bid["evaluated_price"] for name, bid in said["bids"].items()} == {
        "partly": "78500",
        "wholly": "77500",
        "not": "80000",
    }


def test_negometrix_weighted_factor_between_published_prices() -> None:
    formula = {"formula": "absolute_linear", "points": "40", "upper": "200", "lower": "100"}
    assert points(formula, {"dear": "200", "cheap": "100", "between": "150"}) == {
        "dear": "0",
        "cheap": "40",
        "between": "20",
    }


def test_uk_defence_value_for_money_index_prefers_99_percent_for_180_thousand_more() -> None:
    said = scored(
        {
            "price": {"formula": "vfm_index", "wq": "50", "wp": "50"},
            "criteria": [{"id": "quality", "weight": "100"}],
            "bids": {
                "content": {"price": "1000000", "scores": {"quality": "80"}},
                "gold": {"price": "1180000", "scores": {"quality": "99"}},
            },
        }
    )
    assert said["bids"]["content"]["total"] == "0.0000008"
    assert said["winner"] == "gold"


def test_procurementtemplates_mean_is_fifty_and_each_percent_a_point() -> None:
    formula = {"formula": "mean_plus_minus", "base": "50"}
    assert points(formula, {"A": "90", "B": "100", "C": "110"}) == {"A": "60", "B": "50", "C": "40"}


def test_denfield_goldilocks_the_middle_bid_cannot_win() -> None:
    said = scored(
        {
            "price": {"formula": "relative_lowest", "points": "50"},
            "criteria": [{"id": "quality", "weight": "50"}],
            "bids": {
                name: {"price": each, "scores": {"quality": each}}
                for name, each in {"A": "50", "B": "75", "C": "100"}.items()
            },
        }
    )
    assert {name: bid["total"] for name, bid in said["bids"].items()} == {"A": "75", "B": "425/6", "C": "75"}


def test_telgen_and_timmer_a_loser_leaves_and_another_wins() -> None:
    said = scored(
        {
            "price": {"formula": "relative_lowest", "points": "60"},
            "criteria": [{"id": "quality", "weight": "40"}],
            "bids": {
                "A": {"price": "100", "scores": {"quality": "70"}},
                "B": {"price": "130", "scores": {"quality": "100"}},
                "C": {"price": "60", "scores": {"quality": "5"}},
            },
        }
    )
    assert (said["bids"]["A"]["total"], said["bids"]["B"]["total"]) == ("64", "880/13")
    assert said["winner"] == "B"
    assert (said["withdrawal"]["C"].winner, said["withdrawal"]["C"].changes) == ("A", True)
    assert not said["withdrawal"]["A"].changes


def test_meridian_idaho_scoring_guidelines_words_are_percentages() -> None:
    table = {"exceptional": "95", "very good": "90", "good": "80", "average": "70", "unacceptable": "45"}
    said = scored(
        {
            "price": {"formula": "relative_lowest", "points": "70"},
            "criteria": [{"id": "plan", "max": "30", "scale": {"kind": "adjectival", "table": table}}],
            "bids": {word: {"price": "10", "scores": {"plan": word}} for word in table},
        }
    )
    earned = {word: bid["criteria"]["plan"] for word, bid in said["bids"].items()}
    assert earned == {
        "exceptional": "28.5",
        "very good": "27",
        "good": "24",
        "average": "21",
        "unacceptable": "13.5",
    }


def test_mississippi_energy_efficiency_price_plus_energy_over_the_eer() -> None:
    # The state's formula with round figures of ours.
    rule = {"kind": "energy", "capacity": "12000", "hours": "5000", "energy_price": "0.00007"}
    said = scored(
        {
            "life_cycle": rule,
            "bids": {"cheap": {"price": "700", "eer": "8"}, "frugal": {"price": "800", "eer": "12"}},
        }
    )
    assert {name: bid["evaluated_price"] for name, bid in said["bids"].items()} == {
        "cheap": "1225",
        "frugal": "1150",
    }
    assert (said["winner"], said["contract_price"]) == ("frugal", "800")


def test_rfc_3797_section_6_its_own_draw() -> None:
    lots = Draw("md5", ((9319,), (2, 5, 12, 8, 10), (9, 18, 26, 34, 41, 45)))
    assert lots.key == "9319./2.5.8.10.12./9.18.26.34.41.45./"
    drawn = draw.order(lots, [str(place) for place in range(1, 26)], 16)
    assert drawn == ("17", "7", "2", "16", "25", "23", "8", "24", "19", "13", "22", "5", "18", "9", "1", "4")


def test_nist_handbook_135_uniform_present_value_of_twenty_years_at_three_percent() -> None:
    said = scored(
        {
            "life_cycle": {"kind": "npv", "rate": "0.03", "years": 20},
            "bids": {"A": {"capex": "1000", "opex": "1"}, "B": {"capex": "1000", "opex": "2"}},
        }
    )
    factor = Fraction(said["bids"]["A"]["evaluated_price"]) - 1000
    assert round(factor, 4) == Fraction("14.8775")
