"""A file of known answers, whole: which of the two shapes it has, and every answer in it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import msgspec

from bidders.sealing.answers import keys, logs, openings, seals, tables
from bidders.sealing.answers.case import Case
from bidders.sealing.answers.checking import Check, fitting
from bidders.sealing.encoding import BadEncoding

PARTS = {
    "officers": keys.of_officers,
    "locks": keys.of_locks,
    "manifests": keys.of_manifests,
    "seals": seals.of_seals,
    "sigs": seals.of_vendors,
    "releases": openings.of_releases,
    "results": openings.of_results,
    "stage": openings.of_stage,
    "disclosed": openings.of_disclosure,
    "rewrap": keys.of_rewrap,
    "log": logs.of_log,
    "promises": logs.of_slips,
}


def checks(data: bytes) -> Iterator[Check]:
    """Every answer of a file, JSON in the shape of either vector; raises BadEncoding for another one."""
    try:
        told = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadEncoding(f"is no JSON: {error}") from error
    if not isinstance(told, dict) or not isinstance(told.get("cases"), list) or not told["cases"]:
        raise BadEncoding("must have `cases`, and be in the shape of sealbid-kat.json or sealbid-full.json")
    if "officer_secrets" in told:
        yield from fitting("file", partial(seals.of_single, told))
    else:
        for place, each in enumerate(told["cases"]):
            yield from _of_case(f"cases[{place}]", each)


def _of_case(where: str, told: object) -> Iterator[Check]:
    for each in fitting(where, partial(_parts, told)):
        yield msgspec.structs.replace(each, where=f"{where} {each.where}")


def _parts(told: object) -> Iterator[Check]:
    assert isinstance(told, dict)
    case = Case(told)
    for name, part in PARTS.items():
        yield from fitting(name, partial(part, case))
    yield from fitting("tables", partial(tables.of_tables, told["tables"]))
