"""Public results, and what was saved: everybody reads the awards, a vendor its own outcome, a district its own saving."""

from __future__ import annotations

import csv
import re
from io import BytesIO, StringIO

from openpyxl import load_workbook

from auction.demand.organisation import ChangeProfile
from auction.demand.profile import DistrictProfile
from auction.prices.savings import fiscal_year
from server.people import register
from tests.server.house import House, event
from tests.server.pages.showcase import finished, with_schedules


async def test_everybody_reads_what_was_awarded_to_whom_why_and_what_it_saves(house: House) -> None:
    await finished(house)
    page = (await (await house.sign_in(None)).get("/events/1/results")).text
    for told in (
        "Ash Supply",
        "$720.00",
        "20.0",
        "Birch Supply",
        "The lowest price",
        "also Birch Supply, Cedar Supply",
    ):
        assert told in page
    assert "How " not in page.partition("<main")[2].partition("</main>")[0].partition("<h1>")[2][:400]


async def test_a_losing_vendor_reads_its_own_outcome_with_the_reason_and_nobody_elses_bid(
    house: House,
) -> None:
    await finished(house)
    page = (await (await house.sign_in("v-cedar")).get("/events/1/results")).text
    own = page.partition("How Cedar Supply fared")[2].partition("Lot by lot")[0]
    assert "$894.90" in own and "3rd" in own and "Ash Supply" in own and "The lowest price" in own
    assert "$797.50" not in page.partition("Lot by lot")[2].partition("Lot L2")[0]
    stranger = (await (await house.sign_in("v-stranger")).get("/events/1/results")).text
    assert "fared" not in stranger


async def test_where_names_are_never_told_no_other_bidder_is_named(house: House) -> None:
    await finished(house, visibility={"names_at": "never"})
    page = (await (await house.sign_in(None)).get("/events/1/results")).text
    assert "Ash Supply" in page and "Cedar Supply" not in page


async def test_there_are_no_results_before_every_lot_is_over(house: House) -> None:
    await with_schedules(house)
    for path in ("/events/1/results", "/events/1/results.csv", "/events/9/results"):
        assert (await (await house.sign_in("p-lead")).get(path)).status_code == 404
    await house.end()
    page = (await (await house.sign_in(None)).get("/events/1/results")).text
    assert "proposes and confirms the awards" in page and "Birch Supply" not in page


async def test_results_are_taken_along_as_csv_and_as_a_workbook(house: House) -> None:
    await finished(house)
    guest = await house.sign_in(None)
    rows = list(
        csv.DictReader(StringIO((await guest.get("/events/1/results.csv")).content.decode("utf-8-sig")))
    )
    assert [(row["lot"], row["vendor"], row["amount"], row["saved_percent"]) for row in rows] == [
        ("L1", "Ash Supply", "720.00", "20.0"),
        ("L2", "Birch Supply", "797.50", "11.4"),
    ]
    sheet = load_workbook(BytesIO((await guest.get("/events/1/results.xlsx")).content)).active
    assert [cell.value for cell in list(sheet.rows)[1]][4:6] == ["Ash Supply", 720]


async def test_a_district_sees_its_own_saving_and_the_consortium_every_districts(house: House) -> None:
    await finished(house)
    oak = (await (await house.sign_in("p-oak")).get("/savings")).text
    assert "$220.50" in oak and "Elm District" not in oak
    lead = (await (await house.sign_in("p-lead")).get("/savings")).text
    for told in ("Oak District", "$220.50", "Elm District", "$62.00", "$282.50", "Small", "100.0"):
        assert told in lead
    for who in ("p-fir", "p-far"):
        assert "Nothing is counted yet" in (await (await house.sign_in(who)).get("/savings")).text
    public = (await (await house.sign_in(None)).get("/savings")).text
    assert "$282.50" in public and "Oak District" not in public and "By district" not in public


def years(page: str) -> list[str]:
    """The fiscal years that a savings page lists."""
    return re.findall(r'<th scope="row">(\d{4}(?:-\d\d)?)</th>', page)


async def test_savings_are_counted_by_each_district_s_own_fiscal_year(house: House) -> None:
    await finished(house)
    oak, lead = await house.sign_in("p-oak"), await house.sign_in("p-lead")
    day = house.parts.now().date()
    july, january = fiscal_year(day), f"{day.year}"
    page = (await oak.get("/savings")).text
    assert years(page) == [july] and "Your fiscal year begins on July 1." in page
    wish = ChangeProfile(by="p-oak", profile=DistrictProfile(fiscal_month=1), version=0)
    await register.tell(house.parts, "d-oak", wish)
    page = (await oak.get("/savings")).text
    assert years(page) == [january] and "Your fiscal year begins on January 1." in page
    page = (await lead.get(f"/savings?year={january}")).text
    assert years(page) == sorted((july, january), reverse=True)
    page = page.replace("&nbsp;", " ")
    assert "1 district from January 1" in page and "1 district from July 1" in page
    assert "$220.50" in page and "Elm District" not in page
    public = (await (await house.sign_in(None)).get("/savings")).text
    assert years(public) == [july] and "A fiscal year begins here on July 1." in public


async def test_the_public_sees_no_class_that_tells_of_a_single_district(house: House) -> None:
    await finished(house)
    assert "Small and large districts" not in (await (await house.sign_in(None)).get("/savings")).text


async def test_nobody_else_sees_how_an_event_will_be_awarded(house: House) -> None:
    await house.publish(event(), wait=False)
    assert (await (await house.sign_in(None)).get("/events/1/results")).status_code == 404
