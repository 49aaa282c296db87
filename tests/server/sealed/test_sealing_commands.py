"""Bids are sealed and opened on one's own machine, from files alone, and what does not hold is named."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from bidders.sealing.encoding import unb64u
from bidders.sealing.manifest import committee_code, manifest_hash
from bidders.sealing.officers import OfficerKeys
from server.cli import main
from server.sealed import packet
from tests.bidders.sealing import made, vectors

BID = {
    "vendor": "v1",
    "envelopes": [
        {
            "lot": "1",
            "env": "price",
            "fields": [["items/0", {"price": "0.25"}]],
            "files": [{"path": "annex.txt"}],
        },
        {"lot": "2", "env": "price", "fields": [["items/0", {"price": "1.25"}]], "note": "by the truck"},
    ],
}


class Desk:
    """A folder with an example tender, and what was said about it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder / "x", capsys
        assert main(["opening", str(self.folder), "--example"]) == 0
        (self.folder / "annex.txt").write_text("annex")
        self.write("bid.json", BID)
        capsys.readouterr()

    def write(self, name: str, value: object) -> None:
        """Write a JSON file of the folder."""
        (self.folder / name).write_text(json.dumps(value))

    def read(self, name: str) -> Any:
        """Read one."""
        return json.loads((self.folder / name).read_bytes())

    def seal(self, *more: str, vendor: str = "v1", out: str = "bid") -> tuple[int, str]:
        """Seal the bid file; the exit code and everything that was said."""
        paths = [
            str(self.folder / name)
            for name in ("tender.json", "bid.json", f"commits/{out}.zip", f"vendors/{vendor}.json")
        ]
        code = main(["seal", paths[0], paths[1], "--out", paths[2], "--key", paths[3], *more])
        said = self._capsys.readouterr()
        return code, said.out + said.err

    def open(self, *more: str) -> tuple[int, str]:
        """Hold the opening."""
        code = main(["opening", str(self.folder), *more])
        said = self._capsys.readouterr()
        return code, said.out + said.err


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """A fresh folder."""
    return Desk(tmp_path, capsys)


def test_what_is_sealed_is_opened_by_any_two_of_three(desk: Desk) -> None:
    code, said = desk.seal()
    assert code == 0 and committee_code(desk.read("tender.json")["manifests"][0]) in said
    for officers in ("1,2", "2,3", "1,3", "1,2,3"):
        code, said = desk.open("--officers", officers, "--json")
        told = json.loads(said)
        assert code == 0 and [each["result"] for each in told["results"]] == ["opened"] * 2
        assert {each["lot"]: each["bid"]["fields"][0][1]["price"] for each in told["results"]} == {
            "1": "0.25",
            "2": "1.25",
        }


def test_one_officer_alone_opens_nothing(desk: Desk) -> None:
    desk.seal()
    code, said = desk.open("--officers", "2")
    assert code == 1 and said.count("Not readable yet") == 2 and "0.25" not in said


def test_the_zip_and_what_is_said_hold_nothing_that_can_be_read(desk: Desk) -> None:
    _, said = desk.seal()
    with zipfile.ZipFile(desk.folder / "commits/bid.zip") as held:
        names = held.namelist()
        text = b"".join(held.read(name) for name in names).decode("latin-1") + said
    assert [name.split("/")[0] for name in names] == ["commit.json", "blobs"]
    assert not any(word in text for word in ("0.25", "annex", "truck"))


def test_the_key_and_the_copy_are_for_their_owner_alone(desk: Desk) -> None:
    desk.seal()
    for name in ("vendors/v1.json", "commits/bid.copy.json"):
        assert (desk.folder / name).stat().st_mode & 0o077 == 0


def test_a_replacement_counts_on_and_keeps_the_attachments_bytes(desk: Desk) -> None:
    desk.seal(out="one")
    changed = {**BID["envelopes"][0], "fields": [["items/0", {"price": "0.20"}]]}
    desk.write("bid.json", {**BID, "envelopes": [changed]})
    code, said = desk.seal("--previous", str(desk.folder / "commits/one.copy.json"), out="two")
    assert code == 0 and "Lot 1, price, revision 2" in said
    blobs = [packet.read((desk.folder / f"commits/{name}.zip").read_bytes())[1] for name in ("one", "two")]
    assert blobs[0] == blobs[1] and len(blobs[0]) == 1
    _, said = desk.open()
    assert "0.20" in said and "0.25" not in said and "1.25" in said


def test_a_copy_opens_its_own_envelope(desk: Desk) -> None:
    desk.seal()
    copies = desk.read("commits/bid.copy.json")
    assert [each["bid"]["fields"][0][1]["price"] for each in copies] == ["0.25", "1.25"]
    assert all(len(unb64u(each["seed"])) == 32 for each in copies)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda tender: tender["acceptances"].pop(), "officer 3 has not accepted"),
        (
            lambda tender: tender["acceptances"][0].update(sig=tender["acceptances"][1]["sig"]),
            "officer 1 has not accepted",
        ),
        (lambda tender: tender["manifests"][0].update(title="Other"), "has not accepted"),
        (lambda tender: tender["manifests"][0]["officers"][0].update(kid="x"), "officers[0].kid"),
        (lambda tender: tender.pop("manifests"), "manifests"),
        (lambda tender: tender.update(manifests=[]), "manifests"),
    ],
)
def test_nothing_is_sealed_for_a_tender_that_does_not_hold(desk: Desk, spoil: Any, why: str) -> None:
    tender = desk.read("tender.json")
    spoil(tender)
    desk.write("tender.json", tender)
    code, said = desk.seal()
    assert code == 2 and why in said
    assert not list((desk.folder / "commits").iterdir())


@pytest.mark.parametrize(
    ("bid", "why"),
    [
        ({**BID, "envelopes": [{"lot": "9", "env": "price", "fields": []}]}, "ctx.lot: must be one of 1, 2"),
        (
            {**BID, "envelopes": [{"lot": "1", "env": "technical", "fields": []}]},
            "ctx.env: must be one of price",
        ),
        (
            {**BID, "envelopes": [{"lot": "1", "env": "price", "fields": [["a", 0.5]]}]},
            "float cannot be written",
        ),
        (
            {**BID, "envelopes": [{"lot": "1", "env": "price", "fields": [["a", 1], ["a", 1]]}]},
            "stands twice",
        ),
        (
            {
                **BID,
                "envelopes": [{"lot": "1", "env": "price", "fields": [], "files": [{"path": "none.pdf"}]}],
            },
            "none.pdf",
        ),
        ({**BID, "vendor": ""}, "vendor"),
        ({"vendor": "v1"}, "envelopes"),
        ({**BID, "envelopes": []}, "needs at least one"),
        ({**BID, "envelopes": [BID["envelopes"][1]] * 2}, "at most one"),
        ({**BID, "envelopes": [{**BID["envelopes"][1], "rev": -1}]}, "ctx.rev"),
        ({**BID, "more": 1}, "more"),
    ],
)
def test_a_bid_file_that_does_not_hold_is_named_with_the_place(desk: Desk, bid: Any, why: str) -> None:
    desk.write("bid.json", bid)
    code, said = desk.seal()
    assert code == 2 and why in said
    assert not list((desk.folder / "commits").iterdir())


def test_another_committee_than_the_notices_stops_the_sealing(desk: Desk) -> None:
    code, said = desk.seal("--committee", "AAAAA-AAAAA-AAAAA-AAAAA")
    assert code == 2 and "do not seal" in said
    right = committee_code(desk.read("tender.json")["manifests"][0]).lower()
    assert desk.seal("--committee", right)[0] == 0


def test_with_the_logs_key_its_receipts_of_every_manifest_are_needed(desk: Desk) -> None:
    vkey = desk.read("tender.json")["manifests"][0]["log"]["vkey"]
    assert "needs the log's receipt" in desk.seal("--log-key", vkey)[1]
    assert "is not the log's key" in desk.seal("--log-key", made.LOG.vkey)[1]
    tender = desk.read("tender.json")
    desk.write("tender.json", {**tender, "proofs": ["no receipt"]})
    assert "proofs[0]" in desk.seal("--log-key", vkey)[1]


def test_receipts_of_something_else_do_not_show_that_the_log_holds_a_manifest(desk: Desk) -> None:
    case = vectors.FULL[0]
    accepted = [{"x": x, "sig": sig} for x, sig in enumerate(case["accepts"], 1)]
    (receipt, *_) = case["receipts"].values()
    desk.write("tender.json", {"manifests": case["manifests"], "acceptances": accepted, "proofs": [receipt]})
    code, said = desk.seal("--log-key", case["log"]["vkey"])
    assert code == 2 and "is not the log's receipt of tender.published" in said


def test_commits_that_do_not_hold_are_named_and_the_rest_is_opened(desk: Desk) -> None:
    desk.seal()
    whole, blobs = packet.read((desk.folder / "commits/bid.zip").read_bytes())
    commits = desk.folder / "commits"
    (commits / "c.zip").write_bytes(b"no zip")
    (commits / "d.zip").write_bytes(packet.write(whole, {}))
    (commits / "e.zip").write_bytes(packet.write(whole.replace(b'"vendor":"v1"', b'"vendor":"v9"'), blobs))
    (commits / "f.zip").write_bytes(packet.write(whole.replace(b'"lot":"2"', b'"lot":"3"'), blobs))
    with zipfile.ZipFile(commits / "g.zip", "w") as held:
        held.writestr("other.txt", "x")
    code, said = desk.open("--json")
    refused = {each["file"]: each["reason"] for each in json.loads(said)["refused"]}
    assert refused == {
        "c.zip": "malformed",
        "d.zip": "hash",
        "e.zip": "key",
        "f.zip": "signature",
        "g.zip": "malformed",
    }
    assert code == 0 and len(json.loads(said)["results"]) == 2


def test_an_officers_file_must_hold_the_manifests_own_keys(desk: Desk) -> None:
    desk.write("officers/2.json", {"x": 2, "os": desk.read("officers/1.json")["os"]})
    assert desk.open() == (
        2,
        f"{desk.folder}/officers/2.json: is not the key that the manifest names for this officer\n",
    )
    desk.write("officers/2.json", {"x": 2})
    assert desk.open()[0] == 2
    assert "there is no officer 7" in desk.open("--officers", "1,7")[1]


def test_technical_offers_are_opened_first_and_prices_of_others_stay_sealed(desk: Desk) -> None:
    tender = desk.read("tender.json")
    (manifest,) = tender["manifests"]
    manifest["envs"] = ["technical", "price"]
    said = b"sealbid/v1 accept\0" + unb64u(manifest_hash(manifest))
    keys = [OfficerKeys("EXAMPLE", unb64u(desk.read(f"officers/{x}.json")["os"])) for x in (1, 2, 3)]
    desk.write(
        "tender.json",
        {**tender, "acceptances": [{"x": x, "sig": each.sign(said)} for x, each in enumerate(keys, 1)]},
    )
    for vendor in ("v1", "v2"):
        both = [
            {"lot": lot, "env": env, "fields": [["said", f"{vendor} {env}"]]}
            for lot, env in (("_all", "technical"), ("1", "price"))
        ]
        desk.write("bid.json", {"vendor": vendor, "envelopes": both})
        assert desk.seal(vendor=vendor, out=vendor)[0] == 0
    code, said_aloud = desk.open("--passed", "v2")
    assert code == 0 and "v1 technical" in said_aloud and "v2 price" in said_aloud
    assert "v1 price" not in said_aloud and said_aloud.count("stays sealed") == 1


def test_an_example_is_never_written_over_a_folder_that_is_there(desk: Desk) -> None:
    assert desk.open("--example")[0] == 2
    assert desk.read("tender.json")


# --- known answers ---------------------------------------------------------------------------------------------------


def test_known_answers_are_checked_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kat = vectors.FOLDER / "sealbid-kat.json"
    assert main(["envelope-check", str(kat), str(vectors.FOLDER / "sealbid-full.json")]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "4 of 4 identical"
    (tmp_path / "bad.json").write_text(kat.read_text().replace("0.25", "0.26", 1))
    assert main(["envelope-check", str(kat), str(tmp_path / "bad.json")]) == 1
    assert "bad.json: cases[0].env" in capsys.readouterr().out
    assert main(["envelope-check", str(tmp_path / "none.json")]) == 2
    (tmp_path / "odd.json").write_text("[]")
    assert main(["envelope-check", str(tmp_path / "odd.json")]) == 1
