"""The lock names no address, and every requirement in it is pinned and hashed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.architecture.tree import ROOT

PINNED = re.compile(r"[A-Za-z0-9._-]+(\[[\w,-]+\])?==\S+( ; [^\\]+?)?( --hash=sha256:[0-9a-f]{64})+")


def requirements(lock: str) -> Iterator[str]:
    """Each requirement of a lock as one line, its continuation lines joined."""
    for line in lock.replace("\\\n", " ").splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            yield " ".join(line.split())


def unhashed(lock: str) -> list[str]:
    """The requirements that are not pinned to one version with at least one SHA-256."""
    return [line for line in requirements(lock) if not PINNED.fullmatch(line)]


def test_no_requirements_file_names_an_address() -> None:
    files = [*ROOT.glob("requirements*"), *ROOT.glob("*.lock")]
    assert files
    assert [path.name for path in files if "://" in path.read_text(encoding="utf-8")] == []


def test_every_requirement_is_hashed() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert len(list(requirements(lock))) > 20
    assert unhashed(lock) == []


def test_everything_asked_for_is_locked() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = {re.split(r"[=\[]", line)[0] for line in requirements(lock)}
    asked = "".join((ROOT / f"{name}.in").read_text() for name in ("requirements", "requirements-dev"))
    assert {re.split(r"[^\w.-]", line)[0] for line in asked.splitlines() if line} - locked == set()


def test_a_requirement_without_a_hash_is_found() -> None:
    good = f"a==1 ; sys_platform == 'win32' \\\n    --hash=sha256:{'0' * 64}\n"
    assert unhashed(good) == []
    assert unhashed(good + "b==2\n") == ["b==2"]
    assert unhashed(good.replace("==1", ">=1")) != []
