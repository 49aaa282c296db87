"""Templates and scripts by their text: nothing inline, and nothing named that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import meta

from server.app import TEMPLATES
from server.assets import load
from server.presenting import environment

ASSETS = TEMPLATES / "assets"
KIT = TEMPLATES / "sealed_bid" / "kit.html"
"""The one page that carries its script and style, under a policy of its own that names their hashes."""
PAGES = sorted(path for path in TEMPLATES.rglob("*.html") if path != KIT)
SCRIPTS = sorted((ASSETS / "js").glob("*.js"))
INLINE = {
    "a handler in the mark-up": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a style in the mark-up": re.compile(r"<[^>]*\sstyle\s*=|<style", re.IGNORECASE),
    "a script in the page": re.compile(
        r"<script(?![^>]*\b(?:src=|type=\"application/json\"))", re.IGNORECASE
    ),
    "an address that is a script": re.compile(r"javascript:", re.IGNORECASE),
    "an address elsewhere": re.compile(
        r"(?:src|href|action|hx-get)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE
    ),
}
UNSAFE = {
    "text that is run": re.compile(r"\beval\(|new Function|setTimeout\(\s*[\"'`]"),
    "mark-up from text": re.compile(r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|document\.write)\b"),
    "a style by script": re.compile(r"\.style\b|[\"']style[\"']"),
}
NAMED = re.compile(r"asset\(\s*['\"]([^'\"]+)['\"]\s*\)|[\"']/assets/([^\"'?{]+)[\"']")
IMPORTED = re.compile(r"^import\s+(?:\{([^}]*)\}\s+from\s+)?[\"']([^\"']+)[\"'];$", re.MULTILINE)
EXPORTED = re.compile(r"^export (?:async )?(?:function|const|class|let) (\w+)", re.MULTILINE)


def breaches(text: str, rules: dict[str, re.Pattern[str]]) -> list[str]:
    """Which rules a text breaks."""
    return [name for name, rule in rules.items() if rule.search(text)]


def missing(text: str) -> list[str]:
    """Assets that a page names and that are not there."""
    named = [one or two for one, two in NAMED.findall(text)]
    return [name for name in named if not (ASSETS / name).is_file()]


def dangling(folder: Path, text: str) -> list[str]:
    """What a script imports and nobody exports."""
    found: list[str] = []
    for names, source in IMPORTED.findall(text):
        path = folder / source
        given = set(EXPORTED.findall(path.read_text(encoding="utf-8"))) if path.is_file() else set()
        wanted = {name.split(" as ")[0].strip() for name in names.split(",") if name.strip()}
        found += [source] if not path.is_file() else [f"{source} {name}" for name in sorted(wanted - given)]
    return found


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_holds_nothing_inline_and_names_only_what_is_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    made = environment(TEMPLATES, load(ASSETS))
    made.get_template(path.relative_to(TEMPLATES).as_posix())
    parts = [each for each in meta.find_referenced_templates(made.parse(text)) if each is not None]
    assert breaches(text, INLINE) == []
    assert missing(text) == []
    assert [each for each in parts if not (TEMPLATES / each).is_file()] == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_runs_no_text_and_imports_only_what_is_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert breaches(text, UNSAFE) == []
    assert dangling(path.parent, text) == []
    assert text.startswith("// "), "a script opens with a sentence that says what it is for"


def test_the_sheet_names_only_files_that_are_there() -> None:
    sheet = ASSETS / "css" / "tenderbell.css"
    named = re.findall(r"url\(\"([^\"]+)\"\)", sheet.read_text(encoding="utf-8"))
    assert named
    assert [name for name in named if not (sheet.parent / name).is_file()] == []


@pytest.mark.parametrize(
    "text",
    [
        '<b onclick="go()">',
        "<p\n style='color:red'>",
        "<style>",
        "<script>go()</script>",
        '<a href="javascript:go()">',
        '<img src="//elsewhere.example/x.png">',
    ],
)
def test_something_inline_is_found(text: str) -> None:
    assert breaches(text, INLINE)
    assert not breaches('<script src="{{ asset(\'js/x.js\') }}"></script><a href="/x" data-on="y">', INLINE)


def test_a_script_that_takes_what_is_not_there_is_found() -> None:
    folder = ASSETS / "js"
    assert dangling(folder, 'import { money, gone } from "./money.js";\n') == ["./money.js gone"]
    assert dangling(folder, 'import "./nowhere.js";\n') == ["./nowhere.js"]
    assert missing("{{ asset('js/nowhere.js') }}") == ["js/nowhere.js"]
    assert breaches("x.innerHTML = y", UNSAFE) and breaches("eval(x)", UNSAFE)
