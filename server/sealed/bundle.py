"""One script from the sealing modules: joined in the order in which they need each other, for the kit's page and for its hash.

A module has imports from its neighbors at its head and exported declarations below; its top-level names are its own in the
whole folder. Whatever is written in another way is refused with the file's name and what to change.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

IMPORT = re.compile(r'^import \{ ([\w, ]+) \} from "(?:\.|\.\./\w+)/(\w+\.js)";\n', re.M)
DECLARED = re.compile(r"^(export )?(?:async )?(?:function\*?|class|const|let|var) (\w+)", re.M)
FOREIGN = re.compile(r"^(?:import\b|export (?!(?:async )?(?:function|class|const)\b)).*", re.M)
LAST_EXPORT = re.compile(r"^export \{([\w\s,]+)\};", re.M)


class Unbundled(Exception):
    """A module is not written so that it can be joined; the message names the file and the remedy."""


class Bundle(msgspec.Struct, frozen=True):
    """The joined text, without imports and exports, and every name that the modules export."""

    text: str
    names: tuple[str, ...]


def bundle(*folders: Path) -> Bundle:
    """Join every module of some folders, whose files all have names of their own; raises Unbundled."""
    paths = [path for folder in folders for path in sorted(folder.glob("*.js"))]
    sources = {path.name: path.read_text(encoding="utf-8") for path in paths}
    exported = {name: _exported(source) for name, source in sources.items()}
    for name, source in sources.items():
        _check(name, source, exported)
    _distinct(sources)
    ordered = _ordered(sources)
    return Bundle(
        "\n".join(f"// {name}\n{_bare(sources[name])}" for name in ordered),
        tuple(name for module in ordered for name in exported[module]),
    )


def wrapped(source: str, name: str) -> str:
    """A library that ends in one `export { … };` as a constant that holds what it exports; raises Unbundled."""
    if len(LAST_EXPORT.findall(source)) != 1:
        raise Unbundled(f"{name}: a library must have one `export {{ … }};`, on a line of its own")
    inside = LAST_EXPORT.sub(lambda found: f"return {{{found[1]}}};", source)
    return f"const {name} = (() => {{\n{inside}\n}})();\n"


def _exported(source: str) -> tuple[str, ...]:
    return tuple(name for export, name in DECLARED.findall(source) if export)


def _bare(source: str) -> str:
    return re.sub(r"^export ", "", IMPORT.sub("", source), flags=re.M).strip() + "\n"


def _check(name: str, source: str, exported: Mapping[str, tuple[str, ...]]) -> None:
    if foreign := FOREIGN.search(IMPORT.sub("", source)):
        raise Unbundled(
            f'{name}: write `{foreign[0]}` as import {{ … }} from "./x.js"; or as an exported declaration'
        )
    for wanted, module in IMPORT.findall(source):
        missing = {each.strip() for each in wanted.split(",")} - set(exported.get(module, ()))
        if missing:
            raise Unbundled(f"{name}: {module} exports no {', '.join(sorted(missing))}; import what is there")


def _distinct(sources: Mapping[str, str]) -> None:
    owners: dict[str, str] = {}
    for module, source in sources.items():
        for _, name in DECLARED.findall(source):
            if owners.setdefault(name, module) != module:
                raise Unbundled(f"{module}: {name} is a name of {owners[name]}, too; rename one")


def _ordered(sources: Mapping[str, str]) -> list[str]:
    needs = {name: {module for _, module in IMPORT.findall(source)} for name, source in sources.items()}
    ordered: list[str] = []
    while needs:
        ready = sorted(name for name, wanted in needs.items() if wanted <= set(ordered))
        if not ready:
            raise Unbundled(f"{', '.join(sorted(needs))}: these import one another in a circle; break it")
        ordered += ready
        needs = {name: wanted for name, wanted in needs.items() if name not in ready}
    return ordered
