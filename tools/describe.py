"""Write into the docs what the code already says: rules, refusals, events, settings, commands, frames and close codes.

A block stands between `<!-- generated: NAME -->` and `<!-- end -->`; everything between the two is written anew.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from auction.kernel import Event
from auction.refusals import CODES
from auction.terms.defaults import CLOSINGS, DEFAULTS, MEANINGS
from auction.terms.rules import FORMATS, LATER
from server import deciders, frames, guards, hub, settings
from server.cli import COMMANDS
from server.roles import NAMES

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.S)
Pairs = dict[str, str]


# --- what the code says: a name and its sentence ---------------------------------------------------------------------------


def spoken(thing: Any) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split())


def noted(source: str, within: str = "") -> Pairs:
    """The sentence under each assignment of a module, or of one of its classes, as `X = 1` and a string below it."""
    body = ast.parse(source).body
    if within:
        body = next(node.body for node in body if isinstance(node, ast.ClassDef) and node.name == within)
    found = {}
    for node, after in zip(body, body[1:], strict=False):
        name = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        said = after.value if isinstance(after, ast.Expr) else None
        if isinstance(name, ast.Name) and isinstance(said, ast.Constant) and isinstance(said.value, str):
            found[name.id] = " ".join(said.value.split())
    return found


def members(given: dict[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Every rule with its default, members of an object by their path."""
    for name, value in given.items():
        if isinstance(value, dict):
            yield from members(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value


def defaults() -> Pairs:
    """Each rule that has a default, written as it would be given."""
    plain = {path: written(value) for path, value in members(DEFAULTS)}
    for mode, given in CLOSINGS.items():
        for name, value in given.items():
            if name != "mode":
                told = f"`{mode}`: {written(value)}"
                before = plain.get(f"closing.{name}")
                plain[f"closing.{name}"] = f"{before}, {told}" if before else told
    return plain


def written(value: Any) -> str:
    """A value as JSON, for a table."""
    return f"`{msgspec.json.encode(value).decode()}`"


def formats() -> Pairs:
    """Every format, with what its file says of itself, or that it is not there yet."""
    said = dict.fromkeys((*FORMATS, *LATER), "not available yet: a rule set that asks for it is refused.")
    for path in sorted((ROOT / "auction" / "live" / "formats").glob("[a-z]*.py")):
        said[path.stem] = spoken(import_module(f"auction.live.formats.{path.stem}")).partition(": ")[2]
    return said


def events() -> Pairs:
    """Every event of the engine and of the vendors by its tag."""
    assert deciders.DECIDERS  # It has loaded every module that names events.
    found: list[type[Event]] = []
    waiting = [Event]
    while waiting:
        found += (below := waiting.pop().__subclasses__())
        waiting += below
    ours = [each for each in found if each.__module__.startswith(("auction.", "bidders.")) and _is_fact(each)]
    said: Pairs = {}
    for tag, words in sorted((str(each.__struct_config__.tag), spoken(each)) for each in ours):
        said[tag] = f"{said[tag]} Or: {words}" if tag in said else words
    return said


def _is_fact(event: type[Event]) -> bool:
    """Tell an event from a class that only others are made from: an event names its own tag."""
    return str(event.__struct_config__.tag) != event.__name__


def variables() -> Pairs:
    """Every setting by its variable."""
    said = noted(inspect.getsource(settings), "Settings")
    names = [field.name for field in msgspec.structs.fields(settings.Settings)]
    return {settings.PREFIX + name.upper(): said.get(name, "") for name in names}


def codes() -> Pairs:
    """Every close code."""
    said = noted(inspect.getsource(hub))
    found = [(name, value) for name, value in vars(hub).items() if isinstance(value, hub.Code)]
    return {str(code.number): said.get(name, "") for name, code in found}


def commands() -> Pairs:
    """Every command."""
    return {name: line.sentence for name, line in COMMANDS.items()}


def targets() -> Pairs:
    """Every target of the Makefile."""
    lines = (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
    found = (re.match(r"([a-z]+):(?:.*?## (.*))?", line) for line in lines)
    return {each.group(1): each.group(2) or "" for each in found if each is not None}


def said_by(family: type[msgspec.Struct]) -> Pairs:
    """Every frame of a family."""
    return {str(each.__struct_config__.tag): spoken(each) for each in family.__subclasses__()}


# --- the blocks ------------------------------------------------------------------------------------------------------------


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table in Markdown."""
    lines = [tuple(head), *(tuple(row) for row in rows)]
    lines.insert(1, ("---",) * len(lines[0]))
    return "".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |\n" for line in lines)


def plain(heads: tuple[str, str], pairs: Pairs, before: str = "") -> str:
    """A table of names and sentences."""
    return table(heads, ((f"`{before}{name}`", said) for name, said in pairs.items()))


def rules_block() -> str:
    """The rule set."""
    given = {"format": "required"} | defaults()
    return table(
        ("rule", "default", "meaning"),
        ((f"`{path}`", given.get(path, "none"), said) for path, said in MEANINGS.items()),
    )


def settings_block() -> str:
    """The settings with their defaults."""
    fields = {settings.PREFIX + each.name.upper(): each for each in msgspec.structs.fields(settings.Settings)}
    shown = {name: str(field.default) for name, field in fields.items()}
    plainly = {"": "empty", "False": "`false`", "True": "`true`"}
    return table(
        ("variable", "default", "meaning"),
        (
            (f"`{name}`", plainly.get(shown[name], f"`{shown[name]}`"), said)
            for name, said in variables().items()
        ),
    )


def codes_block() -> str:
    """The close codes with the words that are sent along."""
    words = {str(each.number): each.words for each in vars(hub).values() if isinstance(each, hub.Code)}
    return table(
        ("code", "words", "meaning"),
        ((f"`{number}`", words[number], said) for number, said in codes().items()),
    )


def frames_block(family: type[msgspec.Struct]) -> str:
    """A family of frames with their members; those that may be missing have a question mark."""
    inherited = {field.name for field in msgspec.structs.fields(family)}
    rows = []
    for each in family.__subclasses__():
        own = [field for field in msgspec.structs.fields(each) if field.name not in inherited]
        names = [f"`{field.name}`" + ("" if field.required else "?") for field in own]
        rows.append((f"`{each.__struct_config__.tag}`", ", ".join(names) or "—", spoken(each)))
    return table(("`k`", "members", "meaning"), rows)


def roles_block() -> str:
    """Who may do what."""
    return table(("act", "who may do it"), ((act, _roles(may)) for act, may in guards.MAY.items()))


def _roles(may: frozenset[str]) -> str:
    if may == guards.EVERYBODY:
        return "everybody"
    if may == guards.SIGNED_IN:
        return "everybody who is signed in"
    return ", ".join(NAMES[role].lower() for role in NAMES if role in may)


BLOCKS: dict[str, Callable[[], str]] = {
    "rules": rules_block,
    "formats": lambda: plain(("format", "what it is"), formats()),
    "refusals": lambda: plain(("code", "what it says"), CODES),
    "events": lambda: plain(("event", "what it records"), events()),
    "settings": settings_block,
    "commands": lambda: plain(("command", "what it does"), commands(), "tenderbell "),
    "targets": lambda: plain(("target", "what it does"), targets(), "make "),
    "codes": codes_block,
    "said": lambda: frames_block(frames.FromClient),
    "heard": lambda: frames_block(frames.ToClient),
    "roles": roles_block,
}


def rewritten(text: str) -> str:
    """A page with its blocks as they ought to be; raises `KeyError` for a block that nobody knows."""
    return BLOCK.sub(lambda found: found.group(1) + BLOCKS[found.group(2)]() + found.group(3), text)


def pages() -> list[Path]:
    """The readme and every page of the docs."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def main() -> int:
    """Rewrite what is out of date."""
    for path in pages():
        text = path.read_text(encoding="utf-8")
        if (new := rewritten(text)) != text:
            path.write_text(new, encoding="utf-8")
            print(f"{path.relative_to(ROOT)} is rewritten")
    return 0


if __name__ == "__main__":
    sys.exit(main())
