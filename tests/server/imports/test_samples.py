"""Every sample that was supplied becomes a draft, or is refused with a sentence that helps."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from auction.tender.solicitation import Solicitation, Vendor, faults
from auction.tender.tender import publish_faults
from auction.terms import rules
from auction.terms.faults import Faulty
from server.imports.forms import read
from tests.auction.tender import laws
from tests.server.imports.tenders import (
    FOLDER,
    MASKED,
    MULTILOT,
    PACKAGE,
    RECORD,
    WHOLE,
    content,
    listed,
    sample,
)

FRAGMENTS = sorted(path.name for path in FOLDER.glob("*_readme_examples.json"))


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_sample_becomes_a_draft_without_faults(name: str) -> None:
    made = sample(name).solicitation
    assert faults(made) == []
    assert rules.parse(made.rules).format == "english"
    assert msgspec.json.decode(msgspec.json.encode(made), type=Solicitation) == made
    assert made.source is not None and made.source.startswith(f"{name} (")


@pytest.mark.parametrize("name", WHOLE)
def test_a_sample_comes_to_the_same_draft_every_time(name: str) -> None:
    assert sample(name) == sample(name)


def test_every_sample_is_tried() -> None:
    assert {*WHOLE, *FRAGMENTS} == {path.name for path in FOLDER.glob("*.json")}
    assert len(FRAGMENTS) == 6


def test_every_sample_has_its_licence_and_source_stated() -> None:
    stated = (FOLDER / "README.md").read_text(encoding="utf-8")
    for name in WHOLE:
        assert f"`{name}`" in stated
    for name in FRAGMENTS:
        assert f"`{name.removeprefix('ocds_').partition('_')[0]}`" in stated


@pytest.mark.parametrize("name", FRAGMENTS)
def test_a_list_of_fragments_is_refused_and_each_fragment_imported_or_refused_by_path(name: str) -> None:
    with pytest.raises(Faulty, match="is a list; give one object"):
        read(name, content(name))
    for fragment in json.loads(content(name)):
        try:
            made = read(name, json.dumps({"ocid": "o", **fragment}).encode())
        except Faulty as refused:
            assert [fault.path for fault in refused.faults] == ["tender"]
        else:
            assert faults(made.solicitation) == []


def test_the_lot_for_the_demonstration_has_its_lines_ceiling_and_step() -> None:
    made = sample(MULTILOT).solicitation
    (lot,) = made.lots
    assert (made.number, made.title, made.currency) == ("UA-12345", "Tender Title", "UAH")
    assert lot.id == "aee0feec3eda4c85bad28eddd78dc3e6"
    assert lot.title.startswith("Капітально відремонтований комбайн")
    assert (lot.ceiling, lot.opens, lot.closes) == ("16175000", None, None)
    assert [(line.quantity, line.unit, line.baseline) for line in lot.lines] == [("1", "шт", None)] * 2
    assert [line.id for line in lot.lines] == [
        "d6571085020c4421ac6e4ded3bec6424",
        "367f97dbf9bb4ad8817a0d74fa094833",
    ]
    assert made.rules == {"format": "english", "decrement": {"base": "own", "amount": "80800"}}
    assert made.consortium == 'Державне підприємство "Красноармійськвугілля"'


@pytest.mark.parametrize("name", WHOLE)
def test_a_lead_has_only_times_state_and_category_to_add_before_a_sample_can_be_published(name: str) -> None:
    now = datetime(2026, 3, 2, 15, tzinfo=UTC)
    vendors = (Vendor("v1", "One"), Vendor("v2", "Two"))
    made = msgspec.structs.replace(
        sample(name).solicitation,
        vendors=vendors,
        opens=now + timedelta(hours=1),
        closes=now + timedelta(hours=2),
        jurisdiction="US-ZZ",
        category="supplies",
    )
    assert publish_faults(made, now, laws.ground()) == []


def test_bids_without_names_make_no_vendors_and_are_listed() -> None:
    made = sample(MULTILOT)
    assert made.solicitation.vendors == ()
    assert listed(made, "data.bids[*].tenderers").startswith("a bid that names no bidder")
    assert "data.bids[*].lotValues (2 times): the prices that were bid for each lot" in made.unmapped


def test_a_package_of_releases_is_merged_so_that_nothing_of_the_tender_is_lost() -> None:
    made = sample(PACKAGE).solicitation
    assert [(vendor.id, vendor.name) for vendor in made.vendors] == [
        ("GB-COH-11111111", "AnyCorp Cycle Provision"),
        ("GB-COH-22222222", "Beta Corp Construction"),
    ]
    (lot,) = made.lots
    assert (lot.ceiling, made.currency, made.consortium) == ("1100000", "GBP", "London Borough of Barnet")
    assert [(line.id, line.quantity, line.unit) for line in lot.lines] == [("1-0", "8", "Miles")]
    assert made.summary == "Tenders solicited for work to build new cycle lanes in the centre of town."


def test_a_package_and_the_record_compiled_of_it_come_to_the_same_draft() -> None:
    package, record = sample(PACKAGE).solicitation, sample(RECORD).solicitation
    alike = {"source": None, "unmapped": ()}
    assert msgspec.structs.replace(package, **alike) == msgspec.structs.replace(record, **alike)


def test_the_unit_price_of_the_signed_contract_is_the_baseline_and_the_estimate_is_not() -> None:
    made = sample(RECORD)
    assert made.solicitation.lots[0].lines[0].baseline == "137000"
    assert listed(made, "tender.items[0].unit.value").startswith("an estimated unit price")


def test_a_masked_quantity_is_listed_and_the_line_kept() -> None:
    made = sample(MASKED)
    assert made.solicitation.lots[0].lines[0].quantity == "1"
    assert listed(made, "items[0].quantity") == "is zero; it became 1, which the lead must check (0.0)"
    assert made.solicitation.lots[0].ceiling == "39696226.76"
    assert made.solicitation.rules["decrement"]["amount"] == "670722.19"


@pytest.mark.parametrize("name", WHOLE)
def test_nothing_at_the_top_of_a_sample_goes_missing(name: str) -> None:
    """Each member is either in the draft or in the list."""
    whole = json.loads(content(name))
    top = whole.get("data", whole)
    read_whole = {"tender", "releases", "records", "version", "items", "lots"}
    in_the_draft = {"title", "description", "tenderID"}
    made = sample(name)
    for member in top.keys() - read_whole - in_the_draft:
        prefix = f"data.{member}" if "data" in whole else member
        assert any(line.startswith(prefix) for line in made.unmapped), member
