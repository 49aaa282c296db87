"""The sealing modules become one script, and whatever could not be joined is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.sealed.bundle import Unbundled, bundle, wrapped
from tests.architecture.tree import ROOT

MODULES = ROOT / "templates" / "assets" / "js" / "sealing"


def folder(tmp_path: Path, **sources: str) -> Path:
    """A folder of modules."""
    for name, source in sources.items():
        (tmp_path / f"{name}.js").write_text(source, encoding="utf-8")
    return tmp_path


def test_a_module_stands_after_what_it_needs_and_imports_and_exports_are_gone(tmp_path: Path) -> None:
    made = bundle(
        folder(
            tmp_path,
            a='// First.\nimport { two, Three } from "./b.js";\n\nexport async function one() {\n  return two(Three);\n}\n',
            b="export const two = 2;\nexport class Three {}\nfunction four() {}\n",
        )
    )
    assert made.names == ("two", "Three", "one")
    assert made.text.index("const two") < made.text.index("async function one")
    assert "import" not in made.text and "export" not in made.text


def test_every_sealing_module_is_in_the_bundle_once() -> None:
    made = bundle(MODULES)
    assert [made.text.count(f"// {path.name}\n") for path in MODULES.glob("*.js")] == [1] * len(
        list(MODULES.glob("*.js"))
    )
    assert len(made.names) == len(set(made.names))
    assert {"seal", "selfCheck", "openEnvelope", "officerKeys"} <= set(made.names)


@pytest.mark.parametrize(
    ("sources", "named"),
    [
        ({"a": 'import x from "./b.js";\n', "b": ""}, "a.js"),
        ({"a": 'import { x } from "./b.js";\n', "b": "const x = 1;\n"}, "b.js exports no x"),
        ({"a": 'import { x } from "../b.js";\n'}, "a.js"),
        ({"a": "export default function x() {}\n"}, "a.js"),
        ({"a": 'export { x } from "./b.js";\n', "b": "export const x = 1;\n"}, "a.js"),
        ({"a": "export const x = 1;\n", "b": "function x() {}\n"}, "x is a name of a.js, too"),
        (
            {
                "a": 'import { y } from "./b.js";\nexport const x = 1;\n',
                "b": 'import { x } from "./a.js";\nexport const y = 1;\n',
            },
            "in a circle",
        ),
    ],
)
def test_a_module_that_cannot_be_joined_is_named(tmp_path: Path, sources: dict[str, str], named: str) -> None:
    with pytest.raises(Unbundled, match=named):
        bundle(folder(tmp_path, **sources))


def test_a_library_becomes_one_constant() -> None:
    made = wrapped("var a = 1, b = 2;\nexport {\n  a,\n  b\n};\n/*! its license */\n", "noble")
    assert made.startswith("const noble = (() => {\n") and "return {\n  a,\n  b\n};" in made
    with pytest.raises(Unbundled, match="noble"):
        wrapped("var a = 1;\n", "noble")


def test_modules_of_two_folders_are_joined_by_their_names(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    (tmp_path / "a" / "one.js").write_text('import { two } from "../b/two.js";\n\nexport const one = two;\n')
    (tmp_path / "b" / "two.js").write_text("export const two = 2;\n")
    made = bundle(tmp_path / "a", tmp_path / "b")
    assert made.names == ("two", "one") and "import" not in made.text
