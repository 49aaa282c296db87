"""The docs miss no word, say nothing out of date, and lead nowhere that is not there."""

from __future__ import annotations

import argparse
import contextlib
import io
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path, PurePosixPath

import pytest

from server.cli import COMMANDS
from tests.architecture.tree import ROOT, kept
from tools import describe

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.S | re.M)
HEADING = re.compile(r"^#{1,6} (.+)$", re.M)
PAGES = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in describe.pages()}
PAGES |= {name: (ROOT / name).read_text(encoding="utf-8") for name in ("CHANGELOG.md", "DECISIONS.md")}
WORDS: dict[str, Callable[[], Mapping[str, str]]] = {
    "formats": describe.formats,
    "rules": lambda: {path: describe.MEANINGS.get(path, "") for path in ("format", *describe.defaults())},
    "refusals": lambda: describe.CODES,
    "events": describe.events,
    "settings": describe.variables,
    "commands": lambda: {f"tenderbell {name}": said for name, said in describe.commands().items()},
    "targets": lambda: {f"make {name}": said for name, said in describe.targets().items()},
    "close codes": describe.codes,
    "what clients say": lambda: describe.said_by(describe.frames.FromClient),
    "what servers say": lambda: describe.said_by(describe.frames.ToClient),
}


def missing(words: Mapping[str, str], text: str) -> list[str]:
    """The words that have no sentence, or do not stand on one line with it."""
    lines = text.splitlines()
    return [
        word
        for word, sentence in words.items()
        if not sentence or not any(f"`{word}`" in line and sentence in line for line in lines)
    ]


def anchors(text: str) -> set[str]:
    """The names under which a page's headings can be linked to."""
    names = (re.sub(r"[^\w\- ]", "", found.lower()).strip() for found in HEADING.findall(FENCE.sub("", text)))
    return {name.replace(" ", "-") for name in names}


def broken(page: str, text: str, exists: Callable[[str], bool], pages: Mapping[str, str]) -> list[str]:
    """The links of a page that lead to no file, or to no heading."""
    found = []
    for link in LINK.findall(FENCE.sub("", text)):
        if re.match(r"\w+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = normal(PurePosixPath(page).parent / path) if path else page
        if not exists(target) or (anchor and anchor not in anchors(pages.get(target, ""))):
            found.append(link)
    return found


def normal(path: PurePosixPath) -> str:
    """A path without `..`."""
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def shown(text: str) -> Iterator[list[str]]:
    """Every command of a page's shell blocks, as its words."""
    for language, block in FENCE.findall(text):
        if language == "sh":
            yield from (shlex.split(line) for line in block.splitlines() if line.strip())


def unknown(words: list[str]) -> str:
    """Why a command cannot be given so; empty if it can."""
    name, given = words[0].removeprefix(".venv/bin/"), words[1:]
    if name == "tenderbell":
        return (
            ""
            if given == ["--help"] or reads(given)
            else "there is no such command, or it does not take that"
        )
    if name == "make":
        return "" if {*given} <= {*describe.targets()} else "there is no such target"
    files = [word for word in given if word.startswith("tests/") and not (ROOT / word).exists()]
    return f"there is no {files[0]}" if files else "" if name in ("pytest", "python", "export") else "unknown"


def reads(given: list[str]) -> bool:
    """Tell whether the command line takes these words."""
    if not given or given[0] not in COMMANDS:
        return False
    parser = argparse.ArgumentParser()
    import_module(COMMANDS[given[0]].module).configure(parser)
    with contextlib.redirect_stderr(io.StringIO()):
        try:
            parser.parse_args(given[1:])
        except SystemExit:
            return False
    fixtures = [word for word in given if word.startswith("fixtures/")]
    return all((ROOT / word).is_file() for word in fixtures)


def drawn(tree: str) -> Iterator[str]:
    """Every path of a tree that is drawn by indentation, two blanks a step."""
    above: list[str] = []
    for line in filter(str.strip, tree.splitlines()):
        depth, name = (len(line) - len(line.lstrip())) // 2, line.split()[0]
        above = [*above[:depth], name.rstrip("/")]
        yield "/".join(above) + ("/" if name.endswith("/") else "")


def absent(tree: str) -> list[str]:
    """What a drawn tree names and is not there, or is no folder where one is drawn."""
    return [
        path
        for path in drawn(tree)
        if not ((ROOT / path).is_dir() if path.endswith("/") else (ROOT / path).is_file())
    ]


def readme_tree() -> str:
    """The tree in the readme."""
    return next(block for language, block in FENCE.findall(PAGES["README.md"]) if language == "text")


@pytest.mark.parametrize("path", describe.pages(), ids=lambda path: path.name)
def test_what_is_generated_is_what_the_code_says(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert describe.rewritten(text) == text, "run `make docs`"


@pytest.mark.parametrize("kind", WORDS)
def test_everything_has_its_sentence_in_the_docs(kind: str) -> None:
    words = WORDS[kind]()
    assert words
    assert missing(words, "\n".join(PAGES.values())) == []


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(name: str) -> None:
    assert broken(name, PAGES[name], lambda target: (ROOT / target).exists(), PAGES) == []


@pytest.mark.parametrize("name", PAGES)
def test_every_command_shown_can_be_given(name: str) -> None:
    assert {shlex.join(words): why for words in shown(PAGES[name]) if (why := unknown(words))} == {}


def untested(text: str) -> list[str]:
    """The test files that a page names below `tests/` and that are not there."""
    named = re.findall(r"`(?:tests/)?([a-z_/]+/test_\w+\.py)`", text)
    return [each for each in named if not (ROOT / "tests" / each).is_file()]


def test_every_promise_of_sealed_bids_names_tests_that_are_there() -> None:
    page = PAGES["docs/testing.md"]
    assert page.count("/test_") > 20 and untested(page) == []
    assert untested("| a promise | `server/test_none.py`, `stories/test_sealed_bids.py` |") == [
        "server/test_none.py"
    ]


def test_everything_in_the_readmes_tree_is_there() -> None:
    assert len(list(drawn(readme_tree()))) > 20
    assert absent(readme_tree()) == []


def test_every_folder_of_the_project_stands_in_the_readmes_tree() -> None:
    folders = {path.split("/")[0] + "/" for path in kept() if "/" in path and not path.startswith(".")}
    assert folders - {*drawn(readme_tree())} == set()


def test_the_readme_is_a_map() -> None:
    assert len(PAGES["README.md"].splitlines()) < 150


def test_every_decision_is_dated_and_short() -> None:
    entries = re.split(r"^## ", PAGES["DECISIONS.md"], flags=re.M)[1:]
    assert [entry[:40] for entry in entries if not re.match(r"\d{4}-\d\d-\d\d \S", entry)] == []
    assert [entry[:40] for entry in entries if len(entry.strip().splitlines()) > 20] == []
    for part in ("**Context.**", "**Decision.**", "**Price.**"):
        assert [entry[:40] for entry in entries if part not in entry] == []


def test_a_missing_word_is_found() -> None:
    words = {"TIE": "Somebody leads with it.", "OUT": "You left."}
    assert missing(words, "| `TIE` | Somebody leads with it. |\n| `OUT` | You left. |") == []
    assert missing(words, "| `TIE` | Somebody leads with it. |") == ["OUT"]
    assert missing(words, "`TIE`\nSomebody leads with it.\n`OUT`: You left.") == ["TIE"]
    assert missing({"OUT": ""}, "`OUT`") == ["OUT"]


def test_a_stale_block_is_found() -> None:
    fresh = describe.rewritten("<!-- generated: refusals -->\n<!-- end -->\n")
    assert "`TIE`" in fresh and describe.rewritten(fresh) == fresh
    assert describe.rewritten(fresh.replace("`TIE`", "`TYE`")) == fresh
    with pytest.raises(KeyError):
        describe.rewritten("<!-- generated: nothing -->\n<!-- end -->\n")


def test_a_broken_link_is_found() -> None:
    pages = {"docs/a.md": "# The host's hand\n```sh\n# no heading\n```\n", "b.md": ""}
    good = "[x](a.md#the-hosts-hand) [y](../b.md) [z](https://tenderbell.example/#q) ![p](../b.md)"
    assert broken("docs/c.md", good, pages.__contains__, pages) == []
    for link in ("a.md#no-heading", "b.md", "../docs/d.md", "#nowhere"):
        assert broken("docs/c.md", f"[x]({link})", {*pages, "docs/c.md"}.__contains__, pages) == [link]


@pytest.mark.parametrize(
    "line",
    [
        "tenderbell fly",
        "tenderbell serve --fast",
        "tenderbell card",
        "tenderbell card fixtures/none.json",
        "make money",
        ".venv/bin/pytest tests/none",
        "npm start",
    ],
)
def test_a_command_that_is_not_there_is_found(line: str) -> None:
    (words,) = shown(f"```sh\n{line}\n```\n")
    assert unknown(words)
    assert not unknown(["make", "test"]) and not unknown([".venv/bin/tenderbell", "serve", "--port", "0"])


def test_a_file_that_is_not_there_is_found() -> None:
    assert absent("auction/  x\n  live/  y\n    room.py  z\nREADME.md") == []
    assert absent("auction/\n  none.py\nREADME.md/") == ["auction/none.py", "README.md/"]
