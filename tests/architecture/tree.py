"""The project's own files, as the architecture tests read them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("auction", "bidders", "server")
MADE = {"build", "dist", "node_modules", "__pycache__", "test-results"}


def modules(*folders: str) -> Iterator[tuple[str, str]]:
    """Each Python file below these folders: its path from the root, and its source."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def kept() -> list[str]:
    """Every file that is, or would be, under version control; without git, all that was not made here."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return [path for path in below_root() if not is_made(path)]
    return sorted(path for path in set(listed.split("\0")) if path and (ROOT / path).is_file())


def below_root() -> list[str]:
    """Every file below the root, by its path from there."""
    return sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.is_file())


def is_made(path: str) -> bool:
    """Say whether a file was made by a tool: in a hidden or a build folder, or a database."""
    folders = path.split("/")[:-1]
    hidden = any(
        part.startswith(".") and part != ".ci" or part in MADE or "egg-info" in part for part in folders
    )
    return hidden or ".db" in path.rpartition("/")[2]


def dotted(node: ast.expr) -> str:
    """Write `a.b.c` for a chain of names; a link that is no name is a question mark."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"
