"""A vendor's sealed bid in the browser: filled in, checked, sealed, sent, replaced and withdrawn, with a receipt each time."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Response, Route, expect

from auction.record.logged import moment
from auction.terms.offers import Alternate, Offer
from auction.terms.packs import Pack, is_pack, nearest, per_unit
from server.documents.sheet_out import xlsx_of
from tests.browser.bid_page import filled, seal, ticked, withdraw
from tests.browser.conftest import Visit, watched
from tests.browser.test_every_page import PHONE, PLAIN
from tests.server.house import Threaded
from tests.server.sealed.scene import opened, postponed, published

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEAR_WHAT_IS_SENT = """(() => {
  const sends = XMLHttpRequest.prototype.send, asks = window.fetch, text = async (body) => new Response(body).text();
  window.sent = [];
  XMLHttpRequest.prototype.send = function (body) { window.sent.push(text(body)); return sends.call(this, body); };
  window.fetch = (...how) => { window.sent.push(text(how[1]?.body ?? "")); return asks(...how); };
})()"""
WITHOUT_CURVES = """(() => {
  const whole = SubtleCrypto.prototype.generateKey;
  SubtleCrypto.prototype.generateKey = function (how, ...rest) {
    return ["X25519", "Ed25519"].includes(how) ? Promise.reject(new Error("no such curve")) : whole.call(this, how, ...rest);
  };
})()"""


async def out(town: Threaded, **more: Any) -> str:
    """Publish a solicitation with sealed bids, and let the log hold it."""
    event_id = await published(town.house, **more)
    await ticked(town)
    return event_id


@pytest.fixture
def event_id(town: Threaded) -> str:
    """A solicitation that takes sealed bids."""
    return town.call(out(town))


def test_a_vendor_seals_a_bid_replaces_it_and_withdraws_it(
    visit: Visit, town: Threaded, event_id: str, tmp_path: Path
) -> None:
    page = visit("v-ash")
    page.add_init_script(HEAR_WHAT_IS_SENT)
    filled(page, event_id)
    page.locator("#note").fill("SECRET-MARK-7")
    expect(page.locator("[data-total=L1]")).to_have_text("$455.00")
    seal(page)
    bodies = page.evaluate("Promise.all(window.sent)")
    assert any('"type":"commit"' in each for each in bodies)
    assert not any("SECRET-MARK-7" in each or "41.5" in each for each in bodies)
    box = town.house.parts.desk.state(f"box/{event_id}")
    (one,) = box.envelopes.values()
    expect(page.locator("[data-x=outcome]")).to_contain_text(one.eid[:8])
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save the receipt").click()
    with zipfile.ZipFile(saved.value.path()) as packed:
        assert [name.rpartition(".")[2] for name in packed.namelist()] == ["promise"]
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save my own copy").click()
    (copy,) = json.loads(Path(saved.value.path()).read_text())
    assert copy["envelope"] == town.house.parts.store.envelope(one.eid)
    bid, said = opened(town.house, event_id, one.eid)
    assert bid == copy["bid"] and bid["note"] == "SECRET-MARK-7"
    assert (said.total, said.faults) == ("455.00", ())
    assert [(each.line, each.unit_price) for each in said.lines] == [("A", "41.50"), ("B", "8")]
    assert dict(copy["bid"]["fields"])["total"] == {"amount": "455.00"}
    page.get_by_role("button", name="1. Fill in").click()
    page.locator("[id='unit_price-L1/A']").fill("40")
    seal(page)
    assert [each.status for each in box.envelopes.values()] == ["superseded", "current"]
    withdraw(page)
    assert [each.status for each in box.envelopes.values()] == ["superseded", "withdrawn"]


def test_the_page_and_the_kit_run_no_script_that_the_published_list_does_not_name(
    visit: Visit, event_id: str
) -> None:
    page, ran = visit("v-ash"), dict[str, str]()

    def keep(answer: Response) -> None:
        if "/assets/" in answer.url and answer.request.resource_type == "script":
            path = answer.url.partition("/assets/")[2].partition("?")[0]
            ran[path] = hashlib.sha256(answer.body()).hexdigest()

    page.on("response", keep)
    filled(page, event_id)
    seal(page)
    lines = page.request.get("/log/client.txt").text().splitlines()
    listed = {name: digest for digest, name in (line.split("  ") for line in lines)}
    assert "js/sealed_bid/packs.js" in ran and {name: listed.get(name) for name in ran} == ran
    kit = page.request.get(f"/events/{event_id}/kit.html").text()
    inline = re.findall(r"<script>(.*?)</script>", kit, re.S)
    assert [hashlib.sha256(each.encode()).hexdigest() for each in inline] == [listed["kit.js"]]


def test_a_draft_is_never_lost_and_every_fault_leads_to_its_field(visit: Visit, event_id: str) -> None:
    page = visit("v-birch")
    page.goto(f"/events/{event_id}/bid")
    page.locator("[id='unit_price-L1/A']").fill("12.345678")
    page.get_by_label("A note with your prices; leave it empty if you have none").fill("By truck")
    expect(page.locator("[data-x=saved]")).to_have_attribute("data-state", "saved")
    page.reload()
    expect(page.locator("[id='unit_price-L1/A']")).to_have_value("12.345678")
    page.get_by_role("button", name="Check the bid").click()
    expect(page.locator("[data-x=faults-all]")).to_contain_text(
        "is not a price above zero with at most 4 decimals"
    )
    expect(page.locator("[data-x=faults-all]")).to_contain_text("Line B: a price is missing")
    page.get_by_role("button", name="Go on to seal").click()
    expect(page.locator("[data-panel=check]")).to_be_visible()
    page.get_by_role("link", name="Line A:").click()
    expect(page.locator("[id='unit_price-L1/A']")).to_be_focused()
    expect(page.locator("[id='unit_price-L1/A']")).to_have_attribute("aria-invalid", "true")


SHEET = "Line,Unit price,No bid,Extension,Or equal,Brand,Model\nA,,yes,,,,\nB,8.25,,41.25,yes,Quill,Q-1\n"


def test_a_spreadsheet_is_read_in_the_page_and_its_faults_name_row_column_and_remedy(
    visit: Visit, event_id: str
) -> None:
    page = visit("v-birch")
    page.goto(f"/events/{event_id}/bid")
    sent: list[str] = []
    page.on("request", lambda each: sent.append(each.method) if each.method != "GET" else None)
    page.get_by_text("Bring prices from a spreadsheet").click()
    chosen = page.locator("[data-x=sheet]")
    bad = SHEET.replace("A,,yes", "Z,,maybe")
    chosen.set_input_files({"name": "bid.csv", "mimeType": "text/csv", "buffer": bad.encode()})
    told = page.locator("[data-x=sheet-told]")
    expect(told).to_contain_text("Row 2, column Line: There is no line “Z” here. The lines are A, B, C.")
    chosen.set_input_files({"name": "bid.csv", "mimeType": "text/csv", "buffer": SHEET.encode()})
    expect(told).to_contain_text("2 lines are taken into the draft.")
    expect(page.locator("[id='brand-L1/B']")).to_have_value("Quill")
    book = xlsx_of("Bid", ["Line", "Unit price"], [["B", Decimal("9.1")], ["C", Decimal("3")]])
    chosen.set_input_files({"name": "bid.xlsx", "mimeType": XLSX, "buffer": book})
    expect(page.locator("[data-total=L1]")).to_have_text("$45.50")
    page.locator("[data-x=rows]").fill("C\t4.10")
    page.get_by_role("button", name="Take the rows").click()
    expect(page.locator("[data-total=L2]")).to_have_text("$16.40")
    assert sent == []


def test_an_extension_that_does_not_fit_is_named(visit: Visit, event_id: str) -> None:
    page = visit("v-birch")
    page.goto(f"/events/{event_id}/bid")
    row = page.locator("[data-line='L1/B']")
    row.locator("summary").click()
    row.get_by_label("Unit price", exact=True).fill("8")
    row.get_by_label("Your extension, to be checked").fill("50")
    expect(row.locator("[data-x=faults]")).to_contain_text("“50” is not 5 × 8, which is 40.")


def test_a_no_bid_an_equal_product_and_a_second_offer_open_as_they_were_typed(
    visit: Visit, town: Threaded, event_id: str
) -> None:
    page = visit("v-ash")
    filled(page, event_id)
    page.locator("[data-line='L1/A']").get_by_label("No bid").check()
    page.locator("[id='unit_price-L1/A']").fill("")
    row = page.locator("[data-line='L1/B']")
    row.locator("summary").click()
    row.get_by_label("Product").select_option("equal")
    for label, typed in {"Brand": "Quill", "Model or part no.": "Q-1", "Its unit price": "7.50"}.items():
        row.get_by_label(label, exact=True).fill(typed)
    row.get_by_label("Its brand").fill("Biro")
    row.get_by_label("Its model or part no.").fill("B-2")
    seal(page)
    (one,) = town.house.parts.desk.state(f"box/{event_id}").envelopes.values()
    _, said = opened(town.house, event_id, one.eid)
    assert said.faults == () and said.total == "40.00"
    none, pens = said.lines
    assert none.unit_price is None and pens.unit_price == "8"
    assert pens.offer == Offer("equal", "Quill", "Q-1") and pens.alternate == Alternate("7.50", "Biro", "B-2")


def test_a_pack_gives_the_price_per_unit_and_opens_as_it_was_offered(
    visit: Visit, town: Threaded, event_id: str, tmp_path: Path
) -> None:
    page = visit("v-ash")
    filled(page, event_id)
    row, price = page.locator("[data-line='L1/B']"), page.locator("[id='unit_price-L1/B']")
    price.fill("")
    row.locator("summary").click()
    row.get_by_label("Pack, such as carton").fill("carton")
    row.get_by_label("How much a pack holds, in box").fill("2")
    expect(row.locator("[data-x=faults]")).to_contain_text("Give both how many units the pack holds")
    row.get_by_label("Price per pack").fill("3.00001")
    expect(row.locator("[data-x=faults]")).to_contain_text("take 3 (1.5 each) or 3.0002 (1.5001 each)")
    row.get_by_label("Price per pack").fill("$16")
    expect(row.locator("[data-x=faults]")).to_be_empty()
    expect(row.locator("[data-x=packs]")).to_have_text(
        "$8.00 per box: 3 × carton of 2 hold 6 and cover the 5 asked for."
    )
    expect(price).to_have_attribute("placeholder", "8")
    expect(row.locator("[data-x=extension]")).to_have_text("$40.00")
    price.fill("9")
    expect(row.locator("[data-x=faults]")).to_contain_text("at 9 the pack is 18.")
    row.get_by_label("Price per pack").fill("")
    expect(row.locator("[data-x=packs]")).to_contain_text("$9.00 per box")
    seal(page)
    (one,) = town.house.parts.desk.state(f"box/{event_id}").envelopes.values()
    bid, said = opened(town.house, event_id, one.eid)
    assert said.faults == () and said.total == "460.00"
    assert dict(bid["fields"])["items/B"]["offer"] == {"pack": {"size": "2", "price": "18", "name": "carton"}}
    assert said.lines[1].offer == Offer(pack=Pack("2", "18", "carton"))
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save my own copy").click()
    other = visit("v-ash")
    other.goto(f"/events/{event_id}/bid")
    other.get_by_text("Bring prices from a spreadsheet").click()
    other.locator("[data-x=copy]").set_input_files(saved.value.path())
    expect(other.locator("[id='pack_price-L1/B']")).to_have_value("18")


def test_packs_come_with_a_spreadsheet_and_with_pasted_rows(visit: Visit, event_id: str) -> None:
    page = visit("v-birch")
    page.goto(f"/events/{event_id}/bid")
    page.get_by_text("Bring prices from a spreadsheet").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save the template (CSV)").click()
    assert "Pack,Units per pack,Pack price" in Path(saved.value.path()).read_text()
    head, row = ["Line", "Sold in", "Pack size", "Price per pack"], ["B", "carton", Decimal(4), Decimal("30")]
    book = xlsx_of("Bid", head, [row])
    page.locator("[data-x=sheet]").set_input_files({"name": "b.xlsx", "mimeType": XLSX, "buffer": book})
    expect(page.locator("[data-x=sheet-told]")).to_contain_text("1 line is taken into the draft.")
    expect(page.locator("[data-total=L1]")).to_have_text("$37.50")
    expect(page.locator("[id='pack_size-L1/B']")).to_be_visible()
    page.locator("[data-x=rows]").fill("Line\tUnits per pack\tPack price\nC\t12\t36")
    page.get_by_role("button", name="Take the rows").click()
    expect(page.locator("[data-total=L2]")).to_have_text("$12.00")


def test_packs_are_reckoned_in_the_page_as_the_consortium_reads_them(visit: Visit, event_id: str) -> None:
    page = visit("v-birch")
    page.goto(f"/events/{event_id}/bid")
    sizes, prices = ["1", "12", "0.5", "7", "2.000001", "0", "x", ""], ["3", "3.00", "0.0001", "10.01", "1e3"]
    cases = [[size, price, decimals] for size in sizes for price in prices for decimals in (0, 2, 4)]
    told = page.evaluate(
        """async (cases) => {
          const p = await import("/assets/js/sealed_bid/packs.js");
          return cases.map(([size, price, decimals]) => [
            p.isPack(size, price), p.packUnitPrice(size, price, decimals),
            p.isPack(size, price) ? p.nearestPackPrices(size, price, decimals) : null,
          ]);
        }""",
        cases,
    )
    for (size, price, decimals), found in zip(cases, told, strict=True):
        pack = Pack(size, price)
        near = nearest(pack, decimals)
        named = [f"{each.price} ({per_unit(each, decimals)} each)" for each in near or ()]
        expected = [is_pack(pack), per_unit(pack, decimals), " or ".join(dict.fromkeys(named)) or None]
        assert found == expected, (size, price, decimals)


def test_attachments_are_locked_uploaded_and_sealed_in(visit: Visit, town: Threaded) -> None:
    event_id = town.call(out(town, sealing={"envelopes": ("technical", "price")}))
    page = visit("v-ash")
    filled(page, event_id)
    plan = b"SECRET-PLAN " * 20_000
    page.locator("[data-attach=_technical]").set_input_files(
        {"name": "plan.txt", "mimeType": "text/plain", "buffer": plan}
    )
    expect(page.locator("[data-attached=_technical]")).to_contain_text("plan.txt, 235 KB, locked")
    page.reload()
    expect(page.locator("[data-attached=_technical]")).to_contain_text("plan.txt")
    seal(page)
    store = town.house.parts.store
    box = town.house.parts.desk.state(f"box/{event_id}")
    kinds = {each.env: each for each in box.envelopes.values()}
    assert set(kinds) == {"technical", "price"} and kinds["technical"].lot == "_all"
    (blob,) = store.blobs(kinds["technical"].eid)
    _, said = opened(town.house, event_id, kinds["technical"].eid, lot=None)
    assert said.files == ("plan.txt",) and said.faults == ()
    assert b"SECRET-PLAN" not in blob and len(blob) >= len(plan)
    every = b"".join(each.read_bytes() for each in store._folder.rglob("*") if each.is_file())
    assert b"SECRET-PLAN" not in every


def test_without_a_connection_nothing_is_lost_and_the_same_envelopes_are_sent_again(
    visit: Visit, town: Threaded, event_id: str
) -> None:
    page = visit("v-cedar")
    filled(page, event_id)
    page.get_by_role("button", name="Check the bid").click()
    page.get_by_role("button", name="Go on to seal").click()
    page.route("**/bid/commit", lambda route: route.abort())
    page.get_by_role("button", name="Seal and send", exact=True).click()
    expect(page.locator("[data-x=outcome]")).to_contain_text("could not be reached. Your draft is kept")
    page.unroute("**/bid/commit")
    page.get_by_role("button", name="Seal and send", exact=True).click()
    expect(page.locator("[data-x=outcome]")).to_contain_text("Your bid is in the box")
    box = town.house.parts.desk.state(f"box/{event_id}")
    assert [each.rev for each in box.envelopes.values()] == [1]


def test_after_an_addendum_the_vendor_confirms_or_seals_anew(
    visit: Visit, town: Threaded, event_id: str
) -> None:
    page = visit("v-ash")
    filled(page, event_id)
    seal(page)
    due = moment(town.house.parts.desk.state(f"box/{event_id}").manifest["closes_at"])
    town.call(postponed(town.house, event_id, due + timedelta(hours=1)))
    page.get_by_role("button", name="3. Seal and send").click()
    page.get_by_role("button", name="Seal and send", exact=True).click()
    expect(page.locator("[data-x=outcome]")).to_contain_text("An addendum changed the solicitation just now")
    town.call(ticked(town))
    page.reload()
    expect(page.locator(".own-bid")).to_contain_text("An addendum changed the solicitation after you sealed.")
    page.get_by_role("button", name="Confirm my envelopes").click()
    expect(page.locator(".own-bid")).to_contain_text("Your envelopes are confirmed")
    (one,) = town.house.parts.desk.state(f"box/{event_id}").envelopes.values()
    assert one.acknowledged is not None


def test_another_browser_goes_on_from_the_vendor_s_own_copy(
    visit: Visit, town: Threaded, event_id: str, tmp_path: Path
) -> None:
    page = visit("v-ash")
    filled(page, event_id)
    page.locator("[data-attach=L1]").set_input_files(
        {"name": "sheet.txt", "mimeType": "text/plain", "buffer": b"a data sheet"}
    )
    expect(page.locator("[data-attached=L1]")).to_contain_text("locked")
    seal(page)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save my own copy").click()
    saved.value.save_as(tmp_path / "own-copy.json")
    other = visit("v-ash")
    other.goto(f"/events/{event_id}/bid")
    other.get_by_text("Bring prices from a spreadsheet").click()
    other.locator("[data-x=copy]").set_input_files(tmp_path / "own-copy.json")
    expect(other.locator("[data-total=L1]")).to_have_text("$455.00")
    expect(other.locator("[data-attached=L1]")).to_contain_text("sheet.txt")
    other.get_by_label("I confirm this for my company.").check()
    seal(other)
    first, second = town.house.parts.desk.state(f"box/{event_id}").envelopes.values()
    assert (first.status, second.status) == ("superseded", "current")
    store = town.house.parts.store
    assert store.envelope(first.eid)["blobs"] == store.envelope(second.eid)["blobs"]


def test_a_page_whose_officers_or_log_do_not_hold_refuses_to_seal(visit: Visit, town: Threaded) -> None:
    event_id = town.call(published(town.house))
    page = visit("v-ash")
    filled(page, event_id)
    page.get_by_role("button", name="Check the bid").click()
    told = page.locator("[data-x=refusals]")
    expect(told).to_contain_text("The public log does not hold the publication yet.")
    town.call(ticked(town))

    def forged(route: Route) -> None:
        text = route.fetch().text()
        at = text.index('"acceptances":[{"x":1,"sig":"') + len('"acceptances":[{"x":1,"sig":"')
        route.fulfill(body=text[:at] + "AAAA" + text[at + 4 :], content_type="text/html")

    page.route(f"**/events/{event_id}/bid", forged)
    page.goto(f"/events/{event_id}/bid")
    page.get_by_role("button", name="2. Check").click()
    expect(told).to_contain_text("Not every officer’s acceptance is there, or one does not hold.")
    page.get_by_role("button", name="Go on to seal").click()
    expect(page.locator("[data-panel=send]")).to_be_hidden()


def test_a_browser_without_the_curves_is_told_so_and_led_to_the_kit(visit: Visit, event_id: str) -> None:
    page = visit("v-ash")
    page.add_init_script(WITHOUT_CURVES)
    page.goto(f"/events/{event_id}/bid")
    expect(page.locator("[data-x=unable]")).to_contain_text(
        "It has no X25519 and no Ed25519. Save the offline kit"
    )
    expect(page.locator("[data-x=form]")).to_be_hidden()


def test_without_scripts_the_page_says_what_to_do(visit: Visit, event_id: str) -> None:
    page = visit("v-ash", java_script_enabled=False)
    page.goto(f"/events/{event_id}/bid")
    expect(page.get_by_text("The form needs scripts.")).to_be_visible()


def test_when_bids_are_due_the_open_page_says_so_and_shows_what_is_held(visit: Visit, town: Threaded) -> None:
    event_id = town.call(out(town, closes=town.house.parts.now() + timedelta(seconds=9)))
    page = visit("v-ash")
    filled(page, event_id)
    seal(page)
    expect(page.locator("[data-x=left]")).to_have_text("none; bids are due")
    expect(page.locator(".own-bid")).to_contain_text("In the count")
    expect(page.get_by_role("button", name="Withdraw my bid")).to_have_count(0)


# --- the kit -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("curves", ["the browser's own", "the kit's"])
def test_the_kit_seals_from_a_file_and_its_zip_is_taken(
    visit: Visit, town: Threaded, event_id: str, browser: Browser, tmp_path: Path, curves: str
) -> None:
    page = visit("v-ash")
    answer = page.request.get(f"/events/{event_id}/kit.html")
    (tmp_path / "kit.html").write_bytes(answer.body())
    offline = browser.new_context()
    if curves == "the kit's":
        offline.add_init_script(WITHOUT_CURVES)
    kit = offline.new_page()
    complaints: list[str] = []
    watched(kit, complaints.append)
    asked: list[str] = []
    kit.on("request", lambda each: asked.append(each.url))
    kit.goto((tmp_path / "kit.html").as_uri())
    expect(kit.locator("[data-kit][data-ready]")).to_be_attached()
    kit.locator("[id='unit_price-L1/A']").fill("41.50")
    pens = kit.locator("[data-line='L1/B']")
    pens.locator("summary").click()
    pens.get_by_label("How much a pack holds, in box").fill("5")
    pens.get_by_label("Price per pack").fill("40")
    kit.locator("[data-attach=L1]").set_input_files(
        {"name": "sheet.txt", "mimeType": "text/plain", "buffer": b"a data sheet"}
    )
    expect(kit.locator("[data-attached=L1]")).to_contain_text("locked")
    kit.get_by_label("I confirm this for my company.").check()
    kit.get_by_role("button", name="Check the bid").click()
    kit.get_by_role("button", name="Go on to seal").click()
    with kit.expect_download() as saved:
        kit.get_by_role("button", name="Seal and save the file").click()
    saved.value.save_as(tmp_path / "sealed.zip")
    assert len(asked) == 1 and complaints == []
    offline.close()
    page.goto(f"/events/{event_id}/bid/upload")
    page.get_by_label("The sealed file (zip)").set_input_files(tmp_path / "sealed.zip")
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("Received. Your bid is in the box, sealed.")).to_be_visible()
    (one,) = town.house.parts.desk.state(f"box/{event_id}").envelopes.values()
    assert len(town.house.parts.store.blobs(one.eid)) == 1
    _, said = opened(town.house, event_id, one.eid)
    assert (said.total, said.faults) == ("455.00", ())
    assert said.lines[1].unit_price == "8" and said.lines[1].offer == Offer(pack=Pack("5", "40"))


# --- for every eye -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["fill", "check", "send", "sent", "upload"])
def test_every_step_is_free_of_faults_on_a_desk_on_a_phone_and_in_the_dark(
    visit: Visit, event_id: str, step: str
) -> None:
    page = visit("v-ash", viewport=PHONE, color_scheme="dark" if step in ("check", "sent") else "light")
    if step == "upload":
        page.goto(f"/events/{event_id}/bid/upload")
    else:
        filled(page, event_id)
        page.locator("[data-line='L1/B'] summary").click()
    if step == "sent":
        seal(page)
    elif step in ("check", "send"):
        page.get_by_role("button", name="Check the bid").click()
    if step == "send":
        page.get_by_role("button", name="Go on to seal").click()
        expect(page.locator("[data-panel=send]")).to_be_visible()
    found = Axe().run(page, options={"runOnly": list(PLAIN)}).response["violations"]
    assert [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found] == []
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
