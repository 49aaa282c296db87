"""`tenderbell import`: what is told, what is kept, and how it ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from auction.tender.tender import TenderDrafted
from server.cli import main
from server.journal_sql import SqlJournal
from tests.server.imports.tenders import FOLDER, MULTILOT, PACKAGE, sample

TENDER = FOLDER / MULTILOT
DRY = """
import sys
from server.cli import main
code = main(["import", "--dry-run", sys.argv[1]])
slow = {"litestar", "sqlalchemy", "uvicorn", "server.app"} & sys.modules.keys()
sys.exit(code or (f"loaded {slow}" if slow else 0))
"""


def test_a_dry_run_tells_everything_and_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["import", "--dry-run", str(FOLDER / PACKAGE)]) == 0
    said = capsys.readouterr().out
    for part in (
        "Planned cycle lane improvements (ocds-213czf-000-00001)",
        "ceiling 1100000 GBP",
        "1-0: 8 Miles Cycle lane improvements, last paid 137000 GBP",
        "GB-COH-22222222: Beta Corp Construction",
        "Districts: none",
        "Nothing was kept.",
    ):
        assert part in said
    for line in sample(PACKAGE).unmapped:
        assert f"  - {line}\n" in said
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_loads_nothing_of_the_server() -> None:
    done = subprocess.run(
        [sys.executable, "-c", DRY, str(TENDER)], capture_output=True, text=True, cwd=FOLDER.parents[1]
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_terminal_without_the_letters_gets_escapes() -> None:
    command = [sys.executable, "-X", "utf8=0", "-m", "server.cli", "import", "--dry-run", str(TENDER)]
    done = subprocess.run(
        command, capture_output=True, cwd=FOLDER.parents[1], env={"PYTHONIOENCODING": "ascii"}
    )
    assert done.returncode == 0
    assert b"\\u041a" in done.stdout


def test_drafts_are_kept_one_after_the_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = tmp_path / "x.db"
    for number, name in enumerate((MULTILOT, PACKAGE), 1):
        assert main(["import", "--database", str(database), str(FOLDER / name)]) == 0
        assert f"Kept as draft {number} in {database}." in capsys.readouterr().out
    journal = SqlJournal(database)
    (entry,) = journal.read("tender/2")
    journal.close()
    drafted = msgspec.json.decode(entry.body, type=TenderDrafted)
    assert (drafted.by, drafted.document) == ("import", sample(PACKAGE).solicitation)


def test_a_database_that_a_server_holds_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = tmp_path / "x.db"
    held = SqlJournal(database)
    assert main(["import", "--database", str(database), str(TENDER)]) == 2
    held.close()
    said = capsys.readouterr()
    assert (
        said.err
        == f"Another Tenderbell process is using {database}. Stop it first, or choose another database.\n"
    )
    assert said.out == ""


def test_a_database_that_cannot_be_written_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for database in (tmp_path / "nowhere" / "x.db", tmp_path / "text.db"):
        (tmp_path / "text.db").write_text(
            "not a database, but a text that is long enough to be looked at" * 20
        )
        assert main(["import", "--database", str(database), str(TENDER)]) == 2
        assert f"could not be written into {database}" in capsys.readouterr().err


def test_a_bad_setting_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("TENDERBELL_PORT", "many")
    assert main(["import", str(TENDER)]) == 2
    assert "TENDERBELL_PORT" in capsys.readouterr().err


def test_every_fault_is_told_on_a_line_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text('{"tender": {"lots": [{"id": 1}, {"id": 1}]}}')
    assert main(["import", "--dry-run", str(bad)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "ocid: is missing, and the tender has no id; give the process its number",
        "tender.lots[1].id: '1' is already the id of tender.lots[0]; give each its own",
    ]


def test_a_file_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path, why in ((tmp_path / "none.json", "No such file"), (tmp_path, "Is a directory")):
        assert main(["import", "--dry-run", str(path)]) == 2
        assert f"{path}: {why}" in capsys.readouterr().err


def test_long_lists_are_cut_on_the_screen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    items = ",".join(f'{{"id": "i{row}", "description": "Pens", "quantity": 1}}' for row in range(50))
    long = tmp_path / "long.json"
    long.write_text(f'{{"ocid": "o", "tender": {{"title": "Pens", "items": [{items}]}}}}')
    assert main(["import", "--dry-run", str(long)]) == 0
    assert "  and 30 more\n" in capsys.readouterr().out
