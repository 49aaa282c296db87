"""OCDS 1.1, the Open Contracting Data Standard: a release, a package of releases, a record or a package with one record.

Several releases of one process are merged into one; a record's compiled release is used as it is. A file with more than one
process is refused, for a draft is one event. Versions 1.0 (also where a package states none, as 1.0 did) and
1.2 are read as 1.1, which they resemble in all that is mapped here, and the list says so; any other is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from server.imports.draft import Imported, Origin, draft
from server.imports.merging import Object, merged
from server.imports.parties import people_of
from server.imports.reading import Number, told
from server.imports.source import Place, Source, shown

READ, RESEMBLING = "1.1", ("1.0", "1.2")


def release(file: str, value: Object) -> Imported:
    """Make a draft of one release; raises `Faulty`."""
    return _draft(file, "OCDS release", Source(), value)


def release_package(file: str, value: Object) -> Imported:
    """Make a draft of a package of releases; raises `Faulty`."""
    source = Source()
    package = source.root("", value)
    _version(package)
    releases = _objects(file, package, "releases")
    return _draft(file, f"OCDS release package, {_of(releases)}", source, _one(file, package, releases))


def record_package(file: str, value: Object) -> Imported:
    """Make a draft of a package with one record; raises `Faulty`."""
    source = Source()
    package = source.root("", value)
    _version(package)
    records = _objects(file, package, "records")
    one = _one_process(file, package, "records", records)
    return _record(file, "OCDS record package", source, source.root("records[0]", one[0]))


def record(file: str, value: Object) -> Imported:
    """Make a draft of one record; raises `Faulty`."""
    source = Source()
    return _record(file, "OCDS record", source, source.root("", value))


def _record(file: str, form: str, source: Source, place: Place) -> Imported:
    """Use the compiled release; without one, merge those that the record holds in full."""
    for name in ("versionedRelease", "ocid"):
        place.take(name)
    compiled = place.take("compiledRelease")
    if isinstance(compiled, dict):
        place.take("releases")
        return _draft(file, f"{form}, compiled release", source, compiled)
    releases = _objects(file, place, "releases")
    if all("url" in row and "tender" not in row for row in releases):
        place.fault("only links to releases; export the record with its compiledRelease", "releases")
        told(file, source.faults)
    return _draft(file, f"{form}, {_of(releases)}", source, _one(file, place, releases))


def _of(releases: Sequence[Object]) -> str:
    return "1 release" if len(releases) == 1 else f"{len(releases):,} releases merged"


def _objects(file: str, place: Place, name: str) -> list[Object]:
    """A list that must hold objects, at least one."""
    value: Any = place.take(name)
    if not isinstance(value, list) or not value:
        place.fault(f"must be a list of {name}, with at least one", name)
    for row, below in enumerate(value if isinstance(value, list) else ()):
        if not isinstance(below, dict):
            place.fault("must be an object", f"{name}[{row}]")
    told(file, place.source.faults)
    return list(value)


def _one(file: str, place: Place, releases: list[Object]) -> Object:
    """The one release, or what they all come to."""
    _one_process(file, place, "releases", releases, alone=False)
    return releases[0] if len(releases) == 1 else merged(releases)


def _one_process(
    file: str, place: Place, name: str, rows: list[Object], *, alone: bool = True
) -> list[Object]:
    ocids = {str(row.get("ocid")): shown(row.get("ocid")) for row in rows}
    if len(ocids) > 1 or (alone and len(rows) > 1):
        named = ", ".join(map(repr, list(ocids.values())[:5])) + (", …" if len(ocids) > 5 else "")
        place.fault(
            f"holds more than one process ({named}); a draft is one event, so export each alone", name
        )
    told(file, place.source.faults)
    return rows


def _version(package: Place) -> None:
    """Read 1.1; note what resembles it; refuse what nobody here has seen."""
    value = package.take("version")
    said = value.text if isinstance(value, Number) else value
    if said is None or said in RESEMBLING:
        package.note(
            f"is {said or 'not stated, as in 1.0'}; the file was read as {READ}, so look closely", "version"
        )
    elif said != READ:
        known = ", ".join((READ, *RESEMBLING))
        package.fault(
            f"is not a version of OCDS that can be read; {known} can, so export it as {READ}", "version"
        )


def _draft(file: str, form: str, source: Source, value: Object) -> Imported:
    place = source.root("", value)
    tender, ocid = place.below("tender"), place.line("ocid")
    if not tender:
        place.fault("is missing or empty; there is nothing to make a draft of", "tender")
    number = ocid or tender.id()
    if not number:
        place.fault("is missing, and the tender has no id; give the process its number", "ocid")
    return draft(Origin(file, form, place, tender, number), people_of(place, tender))
