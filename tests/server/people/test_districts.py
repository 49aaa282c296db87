"""Districts and consortia: by invitation, or by asking and a yes; profiles that two people do not overwrite; resolutions."""

from __future__ import annotations

import re

from sqlalchemy import select

from auction.demand.profile import DistrictProfile
from server.people import register
from server.people.places import Belonging
from server.projections import Projections
from server.tables import DistrictMember
from tests.server.house import House
from tests.server.post import Visitor, box, visitor

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PASS = "tall giraffes drum softly"
ADDRESS = {"name": "High school", "street": "1 Main St", "city": "Ithaca", "state": "NY", "zip": "14850"}


def pdf(name: str = "resolution.pdf", body: bytes = PDF) -> dict[str, tuple[str, bytes, str]]:
    """A file in a form."""
    return {"resolution": (name, body, "application/pdf")}


async def members(house: House, consortium: str) -> dict[str, str | None]:
    async with house.parts.database.session() as session:
        rows = await session.execute(
            select(DistrictMember.district_id, DistrictMember.resolution).where(
                DistrictMember.consortium_id == consortium
            )
        )
        return {row[0]: row[1] for row in rows}


async def consortia(visitor: Visitor, house: House, who: str) -> tuple[str, ...]:
    """What a session of somebody says of its consortia."""
    found = await house.parts.login.find(await house.session(who))
    assert found is not None
    return found.identity.consortia


# --- joining ---------------------------------------------------------------------------------------------------------------


async def test_a_district_asks_with_its_resolution_and_belongs_with_the_administrator_s_yes(
    house: House,
) -> None:
    fir, admin = await visitor(house, "p-fir"), await visitor(house, "p-admin")
    page = await fir.follow(await fir.post("/district/join", pdf("Board 3/12.pdf"), consortium="c-lake"))
    assert "request is on its way" in page and "Board resolution" in page
    assert "d-fir" not in await members(house, "c-lake")
    letter = box(house.parts).last("district_asked")
    assert letter.to == "p-admin@tenderbell.example" and letter.context["district"] == "Fir District"
    page = (await admin.get("/consortium")).text
    assert "1&nbsp;district asks to join" in page
    found = re.search(r'href="(/files/[0-9a-f]{64}/[^"]+)"', page)
    assert found is not None and (await admin.get(found[1])).content == PDF
    page = await admin.follow(await admin.post("/consortium/districts/d-fir", do="admit"))
    assert "belongs to the consortium now" in page
    assert (await members(house, "c-lake"))["d-fir"] is not None
    assert await consortia(fir, house, "p-fir") == ("c-far", "c-lake")
    assert box(house.parts).last("district_answered").to == "p-fir@tenderbell.example"


async def test_a_resolution_is_read_by_the_two_sides_alone(house: House) -> None:
    fir = await visitor(house, "p-fir")
    page = await fir.follow(await fir.post("/district/join", pdf(), consortium="c-lake"))
    found = re.search(r'href="(/files/[0-9a-f]{64}/[^"]+)"', page)
    assert found is not None
    for who, code in (
        ("p-fir", 200),
        ("p-lead", 200),
        ("p-far", 404),
        ("p-oak", 404),
        ("p-ash", 404),
        (None, 404),
    ):
        assert (await (await visitor(house, who)).get(found[1])).status_code == code, who


async def test_a_district_that_is_told_no_reads_why_and_may_ask_again(house: House) -> None:
    fir, admin = await visitor(house, "p-fir"), await visitor(house, "p-admin")
    await fir.post("/district/join", consortium="c-lake")
    assert "reason" in await admin.follow(await admin.post("/consortium/districts/d-fir", do="decline"))
    await admin.post("/consortium/districts/d-fir", do="decline", reason="No resolution yet.")
    assert "No resolution yet." in (await fir.get("/district")).text
    assert "d-fir" not in await members(house, "c-lake")
    page = await fir.follow(await fir.post("/district/join", pdf(), consortium="c-lake"))
    assert "request is on its way" in page


async def test_an_invited_district_belongs_at_once_with_a_new_person(house: House) -> None:
    admin, dot = await visitor(house, "p-admin"), await visitor(house)
    await admin.post("/consortium/invite", district="Dogwood CSD", email="dot@dogwood.example")
    letter = box(house.parts).last("invited_district")
    assert "invites Dogwood CSD" in (await dot.get(letter.path)).text
    refused = await dot.post(letter.path, name="Dot", password=PASS, again=PASS, district="", state="")
    assert refused.status_code == 422 and "Name of the district is missing" in refused.text
    new = {
        "name": "Dot Dogwood",
        "district": "Dogwood Central",
        "state": "US-NY",
        "password": PASS,
        "again": PASS,
    }
    answer = await dot.post(letter.path, **new)
    assert answer.headers["location"] == "/district" and await dot.organisation() == "Dogwood Central"
    assert "Dogwood Central" in (await admin.get("/consortium")).text
    assert (await dot.get(letter.path)).status_code == 410


async def test_an_invited_district_that_is_here_joins_with_its_own_buyer(house: House) -> None:
    admin, fir = await visitor(house, "p-admin"), await visitor(house, "p-fir")
    await admin.post("/consortium/invite", district="Fir", email="p-fir@tenderbell.example")
    path = box(house.parts).last("invited_district").path
    assert "Which district joins?" in (await fir.get(path)).text
    stolen = await fir.post(path, own="d-oak")
    assert stolen.status_code == 422 and "one of your own districts" in stolen.text
    assert (await fir.post(path, own="d-fir")).status_code == 303
    assert "d-fir" in await members(house, "c-lake")


async def test_a_resolution_is_a_pdf_that_is_one(house: House) -> None:
    oak = await visitor(house, "p-oak")
    for files, said in (
        (pdf("resolution.pdf", b"PK\x03\x04 not a pdf"), "its content is something else"),
        (pdf("resolution.pdf", b""), "is empty"),
        (pdf("resolution.txt", b"Resolved."), "must be a PDF"),
        (pdf("resolution.exe", b"MZ"), "of a kind that is not taken"),
        (None, "needs a file"),
    ):
        page = await oak.follow(await oak.post("/district/resolution/c-lake", files))
        assert said in page, said
    page = await oak.follow(await oak.post("/district/resolution/c-lake", pdf()))
    assert "resolution is filed" in page and (await members(house, "c-lake"))["d-oak"] is not None


async def test_a_district_leaves_with_a_reason_and_is_told_when_it_is_ended(house: House) -> None:
    oak, admin = await visitor(house, "p-oak"), await visitor(house, "p-admin")
    assert "reason" in await oak.follow(await oak.post("/district/leave/c-lake", reason=" "))
    await oak.post("/district/leave/c-lake", reason="We merged with Elm.")
    assert await consortia(oak, house, "p-oak") == ()
    assert "We merged with Elm." in (await admin.get("/consortium")).text
    empty = await admin.post("/consortium/end", district="d-elm", reason="")
    assert empty.status_code == 422 and "as the district reads it is missing" in empty.text
    await admin.post("/consortium/end", district="d-elm", reason="The board withdrew.")
    assert await members(house, "c-lake") == {}
    letter = box(house.parts).last("district_answered", "p-elm@tenderbell.example")
    assert letter.context["reason"] == "The board withdrew."


async def test_lists_are_the_same_when_they_are_read_anew_from_the_journal(house: House) -> None:
    fir, admin = await visitor(house, "p-fir"), await visitor(house, "p-admin")
    await fir.post("/district/join", pdf(), consortium="c-lake")
    await admin.post("/consortium/districts/d-fir", do="admit")
    await admin.post("/team/people/p-auditor", do="remove")
    before = await members(house, "c-lake"), (await admin.get("/team")).text.count("@")
    anew = Belonging()
    anew.version = 2
    await Projections(house.parts.database, house.parts.journal, [anew]).open()
    assert (await members(house, "c-lake"), (await admin.get("/team")).text.count("@")) == before
    assert "Fir District" in (await admin.get("/consortium")).text


async def test_leads_and_auditors_read_the_consortium_s_page_and_find_no_form_on_it(house: House) -> None:
    fir, admin = await visitor(house, "p-fir"), await visitor(house, "p-admin")
    await fir.post("/district/join", consortium="c-lake")
    await admin.post("/consortium/invite", district="Dogwood CSD", email="dot@dogwood.example")
    assert "dot@dogwood.example" in (await admin.get("/consortium")).text
    for who in ("p-lead", "p-second", "p-auditor"):
        page = (await (await visitor(house, who)).get("/consortium")).text
        assert "Oak District" in page and "Fir District" in page and "dot@dogwood.example" not in page
        assert page.count("<form") == page.count('action="/sign-out"') == 1
    for who in ("p-evaluator", "p-oak", "p-ash"):
        assert (await (await visitor(house, who)).get("/consortium")).status_code == 403


async def test_today_says_what_an_organisation_asks_of_those_who_keep_it(house: House) -> None:
    fir, admin, lead = (
        await visitor(house, "p-fir"),
        await visitor(house, "p-admin"),
        await visitor(house, "p-lead"),
    )
    await fir.post("/district/join", consortium="c-lake")
    page = (await admin.get("/today")).text
    assert "Answer a district that asks to join" in page and "Say in which state you are" in page
    assert "Set up a second factor" in page
    assert "asks to join" not in (await lead.get("/today")).text
    page = (await fir.get("/today")).text
    assert "Say where goods go" in page and "Far Cooperative keeps it" in page
    await fir.post("/district/addresses", **ADDRESS)
    await fir.post("/district/resolution/c-far", pdf())
    page = (await fir.get("/today")).text
    assert "Say where goods go" not in page and "Far Cooperative keeps it" not in page


# --- profiles --------------------------------------------------------------------------------------------------------------


async def profile(house: House, district: str = "d-oak") -> DistrictProfile:
    body = await register.body_of(house.parts, district)
    assert isinstance(body.profile, DistrictProfile)
    return body.profile


async def test_addresses_are_numbered_corrected_and_closed_but_never_lost(house: House) -> None:
    oak = await visitor(house, "p-oak")
    assert "added as S1" in await oak.follow(await oak.post("/district/addresses", **ADDRESS))
    await oak.post("/district/addresses", **ADDRESS | {"name": "Warehouse"})
    await oak.post("/district/addresses/S1", **ADDRESS | {"street": "2 Main St", "note": "Dock 4"})
    assert "is closed" in await oak.follow(await oak.post("/district/addresses/S2", do="close"))
    first, second = (await profile(house)).ship_to
    assert (first.id, first.street, first.note, first.closed) == ("S1", "2 Main St", "Dock 4", False)
    assert (second.id, second.name, second.closed) == ("S2", "Warehouse", True)
    await oak.post("/district/addresses/S2", do="open")
    assert "added as S3" in await oak.follow(await oak.post("/district/addresses", **ADDRESS))


async def test_every_fault_of_an_address_stands_beside_its_field(house: House) -> None:
    oak = await visitor(house, "p-oak")
    answer = await oak.post(
        "/district/addresses", name="High school", street="", city="", state="New York", zip="1485"
    )
    assert answer.status_code == 422
    for said in ("Street is missing", "City is missing", "State must be", "ZIP must be a ZIP code"):
        assert said in answer.text
    assert 'value="High school"' in answer.text


async def test_two_people_who_change_a_profile_do_not_overwrite_each_other(house: House) -> None:
    one, other = await visitor(house, "p-oak"), await visitor(house, "p-oak")
    version = (await one.get("/district")).text.partition('name="version" value="')[2].partition('"')[0]
    given = {"state": "US-NY", "enrolment": "1200", "fiscal_month": "7", "version": version}
    assert (await one.post("/district/profile", **given)).status_code == 303
    late = await other.post("/district/profile", **given | {"enrolment": "900"})
    assert late.status_code == 422 and "Somebody else changed this" in late.text
    assert 'value="900"' in late.text and (await profile(house)).enrolment == 1200
    assert (await one.post("/district/profile", **given | {"version": "x"})).status_code == 422


async def test_a_district_s_share_of_the_pupils_is_shown_to_the_consortium(house: House) -> None:
    admin = await visitor(house, "p-admin")
    for who, size in (("p-oak", "900"), ("p-elm", "100")):
        buyer = await visitor(house, who)
        await buyer.post("/district/profile", state="US-NY", enrolment=size, fiscal_month="7", version="0")
    page = (await admin.get("/consortium")).text
    assert "1,000&nbsp;pupils" in page and "90.0&nbsp;%" in page and "10.0&nbsp;%" in page


async def test_a_consortium_keeps_its_state_zone_and_letterhead(house: House) -> None:
    admin = await visitor(house, "p-admin")
    given = {
        "state": "US-PA",
        "zone": "America/New_York",
        "letterhead": "Lake <b>Coop</b>\r\nErie, PA",
        "version": "0",
    }
    assert "is kept" in await admin.follow(await admin.post("/consortium/profile", **given))
    page = (await admin.get("/consortium")).text
    assert "Lake &lt;b&gt;Coop&lt;/b&gt;\nErie, PA</textarea>" in page
    stale = await admin.post("/consortium/profile", **given | {"state": "US-OH"})
    assert stale.status_code == 422 and "Somebody else changed this" in stale.text
    bad = await admin.post("/consortium/profile", state="PA", zone="Mars/Base", letterhead="", version="1")
    assert "State must be chosen" in bad.text and "Time zone must be chosen" in bad.text
