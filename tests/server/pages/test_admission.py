"""A vendor asks to take part, a lead answers; until the opening, and nobody learns what is not theirs."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio

from auction.live.room import TIME, Tick
from server.pages.showing import find
from server.tables import TakingPart
from server.taking_part import admissions
from tests.server.callers import Guest
from tests.server.house import House, event, opened

pytestmark = pytest.mark.asyncio(loop_scope="module")
LATER = timedelta(days=3)
STRANGER = "v-stranger"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A house whose events each test makes for itself."""
    async with opened(tmp_path_factory.mktemp("admission")) as running:
        yield running


async def published(house: House, **rules: Any) -> str:
    document = msgspec.structs.replace(
        event(**rules), non_collusion="We swear that we made our prices alone."
    )
    return await house.publish(document, opens=LATER, wait=False)


async def terms(guest: Guest, event_id: str) -> str:
    found = re.search(
        r'name="terms" value="([0-9a-f]{64})"', (await guest.get(f"/events/{event_id}/take-part")).text
    )
    assert found is not None
    return found.group(1)


async def asked(guest: Guest, event_id: str, *lots: str, **changes: Any) -> Any:
    form = {"lots": list(lots), "accept": "yes", "independent": "yes", "terms": await terms(guest, event_id)}
    return await guest.post(f"/events/{event_id}/take-part", **(form | changes))


def at(event_id: str, end: str = "") -> str:
    return f"/events/{event_id}/admissions/{STRANGER}{end}"


async def test_a_vendor_asks_is_admitted_and_files_and_enters(house: House) -> None:
    event_id = await published(house)
    vendor, lead = await house.sign_in(STRANGER), await house.sign_in("p-lead")
    assert (await vendor.get(f"/events/{event_id}/schedule")).status_code == 403
    answer = await asked(vendor, event_id, "L1", words="We deliver daily.")
    page = (await vendor.get(answer.headers["location"])).text
    assert "You asked to take part" in page and "has not answered yet" in page
    waiting = (await lead.get(f"/events/{event_id}/admissions")).text
    assert "Stranger Supply" in waiting and "Decide" in waiting
    record = (await lead.get(at(event_id))).text
    assert (
        "We deliver daily." in record
        and 'value="L1" checked' in record
        and 'value="L2" checked' not in record
    )
    answer = await lead.post(
        at(event_id, "/admit"), lots="L1", reason="Its record is in order.", **{"ceiling-L1": "$900.00"}
    )
    assert answer.status_code == 303
    entrant = house.room(event_id).vendors[STRANGER]
    assert (entrant.lots, entrant.name, entrant.ceilings[0].ceiling) == (("L1",), "Stranger Supply", "900.00")
    assert "Your company takes part" in (await vendor.get(f"/events/{event_id}/take-part")).text
    assert (await vendor.get(f"/events/{event_id}/schedule/L1")).status_code == 200
    assert (await vendor.get(f"/events/{event_id}/schedule/L2")).status_code == 403
    assert (await vendor.get(f"/events/{event_id}/room")).status_code == 200
    assert "Stranger Supply" in [each.name for each in find(house.parts, event_id).document.vendors]


async def test_what_is_missing_is_said_beside_its_field(house: House) -> None:
    event_id = await published(house)
    vendor = await house.sign_in(STRANGER)
    answer = await vendor.post(f"/events/{event_id}/take-part", words="Hello")
    assert answer.status_code == 422
    for said in (
        "Choose at least one lot",
        "accepts the terms",
        "prices by itself",
        "Hello",
        "made our prices alone",
    ):
        assert said in answer.text
    stale = await asked(vendor, event_id, "L1", terms="0" * 64)
    assert stale.status_code == 422 and "The notice changed" in stale.text
    assert STRANGER not in admissions(house.parts, event_id).vendors


async def test_a_preparer_does_not_ask(house: House) -> None:
    event_id = await house.publish(event(vendors=event().vendors[1:]), opens=LATER, wait=False)
    preparer = await house.sign_in("p-preparer")
    assert (
        "An owner or signer of your company asks"
        in (await preparer.get(f"/events/{event_id}/take-part")).text
    )
    assert (await preparer.post(f"/events/{event_id}/take-part", lots="L1")).status_code == 403


async def test_a_declined_vendor_reads_the_reason_and_may_ask_again(house: House) -> None:
    event_id = await published(house)
    vendor, lead = await house.sign_in(STRANGER), await house.sign_in("p-lead")
    await asked(vendor, event_id, "L1", "L2")
    assert (await lead.post(at(event_id, "/decline"), reason=" ")).status_code == 422
    await lead.post(at(event_id, "/decline"), reason="Its insurance has expired.")
    assert "Its insurance has expired." in (await vendor.get(f"/events/{event_id}/take-part")).text
    assert (await asked(vendor, event_id, "L1")).status_code == 303
    await vendor.post(f"/events/{event_id}/take-part", action="retract")
    assert admissions(house.parts, event_id).vendors[STRANGER].status == "retracted"


async def test_an_admitted_vendor_that_asks_for_more_and_is_declined_still_takes_part(house: House) -> None:
    event_id = await published(house)
    vendor, lead = await house.sign_in(STRANGER), await house.sign_in("p-lead")
    await lead.post(at(event_id, "/admit"), lots="L1", reason="Known.")
    assert "Ask for more lots" in (await vendor.get(f"/events/{event_id}/take-part")).text
    await asked(vendor, event_id, "L1", "L2")
    await lead.post(at(event_id, "/decline"), reason="One lot is enough.")
    async with house.parts.database.session() as session:
        row = await session.get(TakingPart, (event_id, STRANGER))
    assert row is not None and (row.status, row.admitted) == ("admitted", True)
    assert house.room(event_id).vendors[STRANGER].lots == ("L1",)


async def test_an_invited_vendor_is_told_and_a_lead_may_admit_directly(house: House) -> None:
    event_id = await published(house)
    vendor, lead = await house.sign_in(STRANGER), await house.sign_in("p-lead")
    found = (await lead.get(f"/events/{event_id}/admissions?q=stranger")).text
    assert f"/admissions/{STRANGER}/invite" in found and "v-ash/invite" not in found
    await lead.post(at(event_id, "/invite"), reason="You sell this.")
    assert "invites you to take part" in (await vendor.get(f"/events/{event_id}/take-part")).text
    answer = await lead.post(at(event_id, "/admit"), lots=["L1", "L2"], reason="Known from last year.")
    assert answer.status_code == 303 and STRANGER in house.room(event_id).vendors


async def test_new_terms_may_make_a_schedule_lapse_and_the_vendor_sees_it(house: House) -> None:
    event_id = await house.publish(event(), opens=LATER, wait=False)
    vendor, lead = await house.sign_in("p-ash"), await house.sign_in("p-lead")
    form = {"line-0": "A", "unit_price-0": "50", "line-1": "B", "unit_price-1": "80"}
    await vendor.post(f"/events/{event_id}/schedule/L1", **form)
    page = (await vendor.get(f"/events/{event_id}/schedule/L1/file")).text
    mark = re.search(r'name="fingerprint" value="([0-9a-f]{64})"', page)
    assert mark is not None
    await vendor.post(f"/events/{event_id}/schedule/L1/file", sign="yes", fingerprint=mark.group(1))
    assert "v-ash" in house.room(event_id).lots["L1"].schedules
    terms_ = {"lots": ["L1", "L2"], "reason": "Switching cost.", "ceiling-L1": "899.99"}
    await lead.post(f"/events/{event_id}/admissions/v-ash/admit", **terms_)
    assert "v-ash" not in house.room(event_id).lots["L1"].schedules
    after = (await vendor.get(f"/events/{event_id}/schedule/L1")).text
    assert "no longer counts" in after and "new ceiling" in after and "$899.99" in after


async def test_admission_is_frozen_at_the_opening(house: House) -> None:
    event_id = await published(house)
    vendor, lead = await house.sign_in(STRANGER), await house.sign_in("p-lead")
    await asked(vendor, event_id, "L1")
    late = house.parts.now() + LATER + timedelta(seconds=1)
    await house.parts.desk.submit(f"room/{event_id}", Tick(by=TIME), late)
    answer = await lead.post(at(event_id, "/admit"), lots="L1", reason="Late.")
    assert answer.status_code == 422 and "frozen" in answer.text
    assert STRANGER not in house.room(event_id).vendors
    page = (await lead.get(f"/events/{event_id}/admissions/v-ash")).text
    assert "frozen" in page and "Withdraw its admission" not in page
    assert "nobody is admitted any more" in (await vendor.get(f"/events/{event_id}/take-part")).text


async def test_a_vendor_may_leave_before_the_opening(house: House) -> None:
    event_id = await published(house)
    owner, lead = await house.sign_in("p-ash"), await house.sign_in("p-lead")
    await owner.post(f"/events/{event_id}/take-part", action="leave", reason="Our plant burned down.")
    assert "v-ash" not in house.room(event_id).vendors
    assert "Our plant burned down." in (await lead.get(f"/events/{event_id}/admissions")).text
    assert (await owner.get(f"/events/{event_id}/room")).status_code == 403


async def test_a_factor_that_cannot_be_is_refused_and_what_was_typed_stays(house: House) -> None:
    event_id = await published(house, rank_by="adjusted")
    lead = await house.sign_in("p-lead")
    answer = await lead.post(at(event_id, "/admit"), lots="L1", reason="So.", m="0", a="x")
    assert answer.status_code == 422 and 'value="x"' in answer.text
    none = await lead.post(at(event_id, "/admit"), reason="So.")
    assert none.status_code == 422 and "at least one lot" in none.text


async def test_another_consortium_sees_neither_the_vendors_nor_their_records(house: House) -> None:
    event_id = await published(house)
    far = await house.sign_in("p-far")
    for path in (f"/events/{event_id}/admissions", at(event_id)):
        assert (await far.get(path)).status_code == 404
    for action in ("admit", "decline", "withdraw", "invite"):
        answer = await far.post(at(event_id, f"/{action}"), lots="L1", reason="Mine.")
        assert answer.status_code == 404
    assert STRANGER not in house.room(event_id).vendors


# --- the company -----------------------------------------------------------------------------------------------------------

FACTS: dict[str, Any] = {
    "version": "0", "legal_name": "Stranger Supply LLC", "tax_class": "llc", "payment": "ach", "categories": ["paper"],
    "main.street": "12 Mill Road", "main.city": "Lancaster", "main.state": "PA", "main.zip": "17601",
}  # fmt: skip


async def test_a_company_states_its_facts_and_two_owners_do_not_overwrite_each_other(house: House) -> None:
    owner = await house.sign_in("v-cedar")
    wrong = await owner.post("/company", **(FACTS | {"main.zip": "176", "legal_name": ""}))
    assert (
        wrong.status_code == 422
        and 'id="fault-facts-main.zip"' in wrong.text
        and "12 Mill Road" in wrong.text
    )
    assert (await owner.post("/company", **FACTS)).status_code == 303
    late = await owner.post("/company", **(FACTS | {"trade_name": "Late"}))
    assert (
        late.status_code == 422
        and "Somebody else of your company" in late.text
        and 'value="Late"' in late.text
    )
    assert (
        await owner.post("/company", **(FACTS | {"trade_name": "Now", "version": "1"}))
    ).status_code == 303


async def test_a_tax_number_is_kept_nowhere_as_a_whole(house: House) -> None:
    owner = await house.sign_in("v-birch")
    for bad in ("12345678", "12-345678a", "123456789"):
        answer = await owner.post("/company/tax", kind="ein", number=bad)
        assert answer.status_code == 422 and bad not in answer.text
    assert (await owner.post("/company/tax", kind="ein", number="52-7319846")).status_code == 303
    page = (await owner.get("/company")).text
    assert "9846" in page and "527319846" not in page and "52-7319846" not in page
    assert b"527319846" not in house.parts.settings.database.read_bytes()
    bodies = [entry.body for entry in house.parts.journal.read("vendor/v-birch")]
    assert bodies and not any(b"9846" in body for body in bodies)


async def test_a_contacts_address_is_not_in_the_journal(house: House) -> None:
    owner = await house.sign_in("v-birch")
    said = {
        "name": "Berta",
        "duty": "Bids and questions",
        "email": "berta@birch.example",
        "phone": "717 555 0100",
    }
    assert (await owner.post("/company/contacts", **(said | {"email": "berta"}))).status_code == 422
    await owner.post("/company/contacts", **said)
    page = (await owner.get("/company")).text
    assert "berta@birch.example" in page
    assert not any(b"berta" in entry.body.lower() for entry in house.parts.journal.read("vendor/v-birch"))
    found = re.search(r"/company/contacts/(k-[0-9a-f]+)/remove", page)
    assert found is not None
    other = await house.sign_in("p-ash")
    assert (await other.post(f"/company/contacts/{found.group(1)}/remove")).status_code == 404
    await owner.post(f"/company/contacts/{found.group(1)}/remove")
    assert "berta@birch.example" not in (await owner.get("/company")).text


async def test_a_record_and_its_files_open_to_a_consortium_only_when_the_vendor_asks(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await _record_opens(house)


async def _record_opens(house: House) -> None:
    event_id = await published(house)
    vendor, lead = await house.sign_in(STRANGER), await house.sign_in("p-lead")
    far, rival = await house.sign_in("p-far"), await house.sign_in("p-ash")
    await vendor.post("/company", **FACTS)
    form = {"csrf": vendor.csrf, "kind": "insurance", "issuer": "Mutual of Lake", "expires": "2099-01-01"}
    files = {"file": ("policy.pdf", b"%PDF-1.7 policy")}
    nothing = await vendor.http.post("/company/certificates", data=form)
    assert nothing.status_code == 422 and "attach the certificate" in nothing.text
    assert (await vendor.http.post("/company/certificates", data=form, files=files)).status_code == 303
    found = re.search(r'href="(/files/[^"]+)"', (await vendor.get("/company")).text)
    assert found is not None
    before = (await lead.get(at(event_id))).text
    assert (
        "Mutual of Lake" not in before
        and "12 Mill Road" not in before
        and "Its record opens to you" in before
    )
    assert (await lead.get(found.group(1))).status_code == 404
    await asked(vendor, event_id, "L1")
    after = (await lead.get(at(event_id))).text
    assert "Mutual of Lake" in after and "12 Mill Road" in after
    assert (await lead.get(found.group(1))).status_code == 200
    for other in (far, rival):
        assert (await other.get(found.group(1))).status_code == 404
