"""OCDS: packages, records, versions, and who takes part."""

from __future__ import annotations

from typing import Any

import pytest

from server.imports.merging import merged
from tests.server.imports.tenders import Plain, faults, imported, listed, ocds, prozorro


def package(*releases: object, **more: Any) -> Plain:
    """A package of releases."""
    return {"version": "1.1", "releases": list(releases), **more}


def party(id: str, *roles: str, **more: Any) -> Plain:
    """An organisation."""
    return {"id": id, "name": f"The {id}", "roles": list(roles), **more}


def process(*parties: Plain, **tender: Any) -> Plain:
    """A release with these parties."""
    return {**ocds(**tender), "parties": list(parties)}


def test_a_package_of_several_processes_is_refused_by_name() -> None:
    told = faults(package({**ocds(), "ocid": "a"}, {**ocds(), "ocid": "b"}))
    assert "'a', 'b'" in told["releases"] and "export each alone" in told["releases"]
    long = "x" * 100
    assert "releases" in faults(package({**ocds(), "ocid": f"{long}a"}, {**ocds(), "ocid": f"{long}b"}))
    two = {"version": "1.1", "records": [{"ocid": "a", "compiledRelease": ocds()}] * 2}
    assert "more than one process" in faults(two)["records"]


@pytest.mark.parametrize("name", ["releases", "records"])
@pytest.mark.parametrize("wrong", [None, [], {}, "x", 3])
def test_a_package_of_nothing_is_refused(name: str, wrong: object) -> None:
    assert f"must be a list of {name}" in faults({"version": "1.1", name: wrong})[name]


def test_what_is_no_release_is_refused_by_its_row() -> None:
    assert faults(package(ocds(), 7, "x")) == {
        "releases[1]": "must be an object",
        "releases[2]": "must be an object",
    }


@pytest.mark.parametrize("version", ["1.0", "1.2", None])
def test_a_version_that_resembles_ours_is_read_and_noted(version: str | None) -> None:
    made = imported(package(ocds(), version=version))
    assert made.solicitation.title == "Paper"
    assert "the file was read as 1.1" in listed(made, "version")


def test_our_version_is_not_worth_a_note() -> None:
    assert not [line for line in imported(package(ocds())).unmapped if line.startswith("version")]


@pytest.mark.parametrize("version", ["2.0", "1.1.5.9", "", "eleven", 2, [], {"major": 1}, True])
def test_any_other_version_is_refused(version: object) -> None:
    assert "1.1, 1.0, 1.2 can" in faults(package(ocds(), version=version))["version"]


def test_a_record_is_read_from_its_compiled_release_else_from_its_releases() -> None:
    whole, other = ocds(), {**ocds(title="Pens"), "date": "2020-01-01T00:00:00Z"}
    assert (
        imported({"ocid": "ocds-1", "compiledRelease": whole, "releases": [other]}).solicitation.title
        == "Paper"
    )
    assert imported({"ocid": "ocds-1", "releases": [other]}).solicitation.title == "Pens"
    links = {"ocid": "ocds-1", "releases": [{"url": "x", "date": "y", "tag": ["tender"]}]}
    assert "only links to releases" in faults(links)["releases"]


def test_a_record_is_listed_once() -> None:
    lines = imported({"ocid": "ocds-1", "compiledRelease": ocds(mood="fair")}).unmapped
    assert [line for line in lines if "mood" in line] == ["tender.mood: a text (fair)"]


@pytest.mark.parametrize("tender", [None, {}, [], "x", 7])
def test_a_release_without_a_tender_is_refused(tender: object) -> None:
    assert "nothing to make a draft of" in faults({"ocid": "o", "tender": tender})["tender"]


def test_later_releases_stand_over_earlier_ones_whatever_their_order() -> None:
    early = {
        "date": "2020-01-01T00:00:00Z",
        "a": 1,
        "b": 1,
        "rows": [{"id": "1", "x": 1}, {"id": "2"}],
        "words": ["p"],
    }
    late = {
        "date": "2021-01-01T00:00:00Z",
        "a": None,
        "b": 2,
        "rows": [{"id": "1", "y": 2}, {"id": "3"}],
        "words": ["q"],
    }
    assert merged([late, early]) == {
        "date": "2021-01-01T00:00:00Z",
        "b": 2,
        "rows": [{"id": "1", "x": 1, "y": 2}, {"id": "2"}, {"id": "3"}],
        "words": ["q"],
    }


def test_a_repeated_id_is_found_after_merging_too() -> None:
    twice = ocds(lots=[{"id": "1", "title": "A"}, {"id": "1", "title": "B"}])
    assert faults(package(ocds(), twice)).keys() == {"tender.lots[1].id"}


def test_the_procuring_entity_is_the_consortium_and_the_buyers_its_districts() -> None:
    release = process(
        party("coop", "procuringEntity", "buyer"),
        party("oak", "buyer"),
        party("elm", memberOf=[{"id": "coop", "name": "The coop"}]),
        party("acme", "tenderer", "supplier"),
        party("bank", "payer"),
        procuringEntity={"id": "coop"},
    )
    made = imported(release)
    assert made.solicitation.consortium == "The coop"
    assert [(each.id, each.name) for each in made.solicitation.districts] == [
        ("oak", "The oak"),
        ("elm", "The elm"),
    ]
    assert [each.id for each in made.solicitation.vendors] == ["acme"]
    assert "neither a buyer nor a vendor" in listed(made, "parties[4]")


def test_a_vendor_is_made_once_wherever_it_is_named() -> None:
    release = process(
        party("acme", "supplier"), tenderers=[{"id": "acme"}, {"id": "b", "name": "B"}, {"name": "C"}]
    )
    release["bids"] = {"details": [{"id": "1", "tenderers": [{"id": "b", "name": "B"}, {"name": "C"}, {}]}]}
    release["awards"] = [{"id": "1", "suppliers": [{"id": "acme", "name": "The acme"}, {"name": "The acme"}]}]
    made = imported(release)
    assert [(each.id, each.name) for each in made.solicitation.vendors] == [
        ("acme", "The acme"),
        ("b", "B"),
        ("C", "C"),
    ]
    assert "has no name" in listed(made, "bids.details[0].tenderers[2]")


def test_organisations_that_are_members_of_each_other_are_refused_by_name() -> None:
    release = process(
        party("a", memberOf=[{"id": "b"}]),
        party("b", memberOf=[{"id": "c"}]),
        party("c", memberOf=[{"id": "a"}]),
        party("d", memberOf=[{"id": "d"}]),
        party("e", memberOf=[{"id": "f"}, {"id": "nobody"}]),
        party("f", "buyer"),
    )
    assert faults(release).keys() == {f"parties[{row}].memberOf" for row in range(4)}


def test_a_party_that_stands_twice_is_refused() -> None:
    assert (
        "already the id of parties[0]"
        in faults(process(party("a", "buyer"), party("a", "buyer")))["parties[1].id"]
    )


@pytest.mark.parametrize("wrong", [7, "x", [7], [{"roles": 7}], [{"id": [], "memberOf": "x"}], {"a": 1}])
def test_wrong_parties_stop_nothing(wrong: object) -> None:
    assert imported({**ocds(), "parties": wrong, "buyer": wrong, "awards": wrong, "bids": wrong}).unmapped


@pytest.mark.parametrize(
    ("name", "usual", "other"),
    [
        ("procurementMethod", "open", "direct"),
        ("submissionMethod", ["electronicAuction"], ["written"]),
        ("awardCriteria", "priceOnly", "bestProposal"),
        ("procurementMethodType", "belowThreshold", "esco"),
    ],
)
def test_another_kind_of_procedure_is_pointed_out(name: str, usual: object, other: object) -> None:
    assert " there; the draft " in listed(imported(ocds(**{name: other})), f"tender.{name}")
    assert not listed(imported(ocds(**{name: usual})), f"tender.{name}").startswith(("was not", "is another"))


def test_the_auctions_times_are_taken_where_they_make_sense() -> None:
    start, end = "2030-03-02T10:00:00+02:00", "2030-03-02T12:00:00+02:00"
    made = imported(ocds(auctionPeriod={"startDate": start, "endDate": end})).solicitation
    assert [time and time.isoformat() for time in (made.opens, made.closes)] == [
        "2030-03-02T08:00:00+00:00",
        "2030-03-02T10:00:00+00:00",
    ]
    odd = imported(ocds(auctionPeriod={"startDate": end, "endDate": start}))
    assert (odd.solicitation.opens is not None, odd.solicitation.closes) == (True, None)
    assert "is not after the start" in listed(odd, "tender.auctionPeriod.endDate")
    local = imported(ocds(auctionPeriod={"startDate": "2030-03-02"}))
    assert local.solicitation.opens is None
    assert "is not a time" in listed(local, "tender.auctionPeriod.startDate")


def test_a_lots_own_times_are_listed_for_they_would_outlive_the_leads_choice() -> None:
    period = {"startDate": "2017-06-28T13:19:40+03:00", "endDate": "2017-06-28T14:19:40+03:00"}
    made = imported(ocds(lots=[{"id": "1", "title": "A", "auctionPeriod": period}]))
    assert (made.solicitation.lots[0].opens, made.solicitation.lots[0].closes) == (None, None)
    assert "the times are chosen" in listed(made, "tender.lots[0].auctionPeriod")


@pytest.mark.parametrize("wrong", [None, [], "x", 7, {}])
def test_prozorros_data_must_be_the_tender(wrong: object) -> None:
    assert "must be the tender" in faults({"data": wrong})["data"]


def test_prozorros_tender_needs_a_number() -> None:
    assert faults({"data": {"title": "Paper"}}) == {"data.tenderID": "is missing; give the tender its number"}


def test_a_central_purchasers_buyers_are_its_districts_with_their_needs() -> None:
    items = [
        {"id": "a", "description": "A", "unit": {"name": "box"}, "quantity": 5, "relatedBuyer": "oak"},
        {"id": "b", "description": "B", "unit": {"name": "box"}, "quantity": 5, "relatedBuyer": "nobody"},
    ]
    made = imported(prozorro(buyers=[{"id": "oak", "name": "Oak District"}, {"id": "x"}], items=items))
    assert [(each.id, each.name) for each in made.solicitation.districts] == [("oak", "Oak District")]
    first, second = made.solicitation.lots[0].lines
    assert [(need.district, need.quantity) for need in first.needs] == [("oak", "5")] and second.needs == ()
    assert "names a buyer that the file does not hold" in listed(made, "items[1].relatedBuyer")
    assert "has no name" in listed(made, "buyers[1]")


def test_prozorros_bidders_become_vendors_once() -> None:
    acme = {"name": "Acme", "identifier": {"scheme": "UA-EDR", "id": "1"}}
    made = imported(prozorro(bids=[{"tenderers": [acme]}], awards=[{"suppliers": [acme, {"name": "Bolt"}]}]))
    assert [(each.id, each.name) for each in made.solicitation.vendors] == [
        ("UA-EDR-1", "Acme"),
        ("Bolt", "Bolt"),
    ]
