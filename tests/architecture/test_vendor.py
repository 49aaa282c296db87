"""Every vendored file is the one that was fetched, and stands beside its licence."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

from tests.architecture.tree import ROOT

VENDOR = ROOT / "templates" / "assets" / "vendor"


def faults(vendor: Path) -> list[str]:
    """What differs between a vendor folder and its own lock."""
    lock = json.loads((vendor / "vendor.lock.json").read_text(encoding="utf-8"))
    locked = {name: digest for package in lock["packages"] for name, digest in package["files"].items()}
    found = {name: digest for name, digest in hashes(vendor).items() if name != "vendor.lock.json"}
    changed = [f"differs: {name}" for name in sorted(locked.items() ^ found.items())]
    folders = {name.split("/")[0] for name in found}
    return changed + [f"no licence: {name}" for name in sorted(folders) if f"{name}/LICENSE" not in found]


def hashes(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file below a folder, by its path from there."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }


def test_vendored_files_are_as_they_were_fetched() -> None:
    assert faults(VENDOR) == []


def test_every_vendored_package_says_what_it_is() -> None:
    lock = json.loads((VENDOR / "vendor.lock.json").read_text(encoding="utf-8"))
    assert lock["packages"]
    for package in lock["packages"]:
        assert package["integrity"].startswith("sha512-")
        assert package["name"] and package["version"] and package["license"]


def test_a_changed_a_stray_and_an_unlicensed_file_are_found(tmp_path: Path) -> None:
    copy = shutil.copytree(VENDOR, tmp_path / "vendor")
    changed = next(copy.rglob("*.js"))
    changed.write_bytes(changed.read_bytes() + b" ")
    assert faults(copy)
    changed.write_bytes(changed.read_bytes()[:-1])
    assert faults(copy) == []
    (copy / "stray.js").write_text("")
    assert faults(copy)
    (copy / "stray.js").unlink()
    (changed.parent / "LICENSE").unlink()
    assert any(fault.startswith("no licence") for fault in faults(copy))
