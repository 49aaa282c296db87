"""Fetch the browser libraries and fonts that are kept in the tree, and write down what they are."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "templates" / "assets" / "vendor"
LOCK = VENDOR / "vendor.lock.json"


@dataclass(frozen=True)
class Package:
    """One npm package at one version, and the files of it that are served; LICENSE always comes along."""

    name: str
    version: str
    license: str
    files: tuple[str, ...]

    @property
    def folder(self) -> str:
        """The package's name without its scope."""
        return self.name.rpartition("/")[2]


PACKAGES = (
    Package("htmx.org", "4.0.1", "0BSD", ("dist/htmx.min.js",)),
    Package(
        "@fontsource-variable/atkinson-hyperlegible-next",
        "5.3.0",
        "OFL-1.1",
        ("files/atkinson-hyperlegible-next-latin-wght-normal.woff2",),
    ),
)


ESBUILD = "0.28.2"
CURVES = (Package("@noble/curves", "2.4.0", "MIT", ()), Package("@noble/hashes", "2.4.0", "MIT", ()))
"""X25519 and Ed25519 for browsers that lack them: of the first package, with what it needs of the second, as one module."""
WANTED = 'export { ed25519, x25519 } from "@noble/curves/ed25519.js";\n'


def main() -> None:
    """Rebuild the vendor folder from nothing; needs npm and the registry. The old folder stays until all is fetched."""
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch) / "vendor"
        packages = [vendored(package, Path(scratch), fresh) for package in PACKAGES]
        packages += joined(Path(scratch), fresh / "noble-curves")
        shutil.rmtree(VENDOR, ignore_errors=True)
        shutil.copytree(fresh, VENDOR)
    LOCK.write_text(json.dumps({"packages": packages}, indent=2) + "\n", encoding="utf-8")


def vendored(package: Package, scratch: Path, fresh: Path) -> dict[str, object]:
    """Unpack one package's files below `fresh`; its entry in the lock."""
    archive, integrity = pack(package, scratch)
    wanted = (*package.files, "LICENSE")
    files = {
        f"{package.folder}/{Path(name).name}": unpack(archive, name, fresh / package.folder)
        for name in wanted
    }
    return entry(package, integrity, files)


def joined(scratch: Path, folder: Path) -> list[dict[str, object]]:
    """Let esbuild join the curves into one readable module in `folder`; the packages' entries in the lock."""
    entries: list[dict[str, object]] = []
    for package in CURVES:
        archive, integrity = pack(package, scratch)
        extract(archive, scratch / "node_modules" / package.name)
        entries.append(entry(package, integrity, {}))
    (scratch / "entry.js").write_text(WANTED, encoding="utf-8")
    options = (
        "--bundle",
        "--format=esm",
        "--target=es2022",
        "--legal-comments=inline",
        "--log-level=warning",
    )
    made = folder / "noble-curves.js"
    command = ["npm", "exec", "--yes", f"esbuild@{ESBUILD}", "--", "entry.js", *options, f"--outfile={made}"]
    subprocess.run(command, cwd=scratch, check=True)
    shutil.copy(scratch / "node_modules" / CURVES[0].name / "LICENSE", folder)
    digests = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in (made, folder / "LICENSE")}
    entries[0]["files"] = {f"{folder.name}/{path.name}": digest for path, digest in digests.items()}
    return entries


def extract(archive: Path, folder: Path) -> None:
    """Unpack a whole package into `folder`."""
    with tarfile.open(archive) as opened:
        opened.extractall(folder.parent, filter="data")
    (folder.parent / "package").rename(folder)


def entry(package: Package, integrity: str, files: dict[str, str]) -> dict[str, object]:
    """A package's entry in the lock."""
    return {
        "name": package.name,
        "version": package.version,
        "integrity": integrity,
        "license": package.license,
        "files": files,
    }


def pack(package: Package, scratch: Path) -> tuple[Path, str]:
    """Let npm fetch the package; its archive and integrity, which is checked here once more."""
    command = ["npm", "pack", "--json", f"{package.name}@{package.version}"]
    done = subprocess.run(command, cwd=scratch, check=True, capture_output=True, text=True)
    (answer,) = json.loads(done.stdout)
    archive, integrity = scratch / answer["filename"], str(answer["integrity"])
    found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if integrity != f"sha512-{found}":
        raise SystemExit(f"{package.name}: the archive is {found}, npm says {integrity}")
    return archive, integrity


def unpack(archive: Path, name: str, folder: Path) -> str:
    """Copy one file of the archive into `folder`; its SHA-256 in hex."""
    with tarfile.open(archive) as opened:
        member = opened.extractfile(f"package/{name}")
        if member is None:
            raise SystemExit(f"{archive.name} holds no file {name}")
        content = member.read()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / Path(name).name).write_bytes(content)
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    main()
