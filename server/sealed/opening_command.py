"""`tenderbell opening`: a whole opening from a folder of key files and commits, to rehearse it or to check one."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from auction.terms.faults import Faulty
from bidders.sealing import commit, rehearsed
from bidders.sealing.opening import Opened
from bidders.sealing.rehearsed import Outcome
from server.sealed import opening_folder
from server.sealed.opening_folder import Folder, Left
from server.terminal import complain

SAID = {
    "opened": "Opened",
    "nonresponsive": "Not acceptable because",
    "unopenable_officers": "Not readable yet: more officers are needed",
    "unavailable_host": "Our copy is damaged",
}
BECAUSE = {
    "commit": "the officers were given shares of something else",
    "aead": "the sealed text was altered",
    "padding": "the text is not filled up as it must be",
    "encoding": "the text is not written as it must be",
    "schema": "the text is not a bid",
    "blob": "an attachment does not open or has another length",
    "reseal": "sealing it again gives something else",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Name the command's arguments."""
    parser.add_argument("folder", type=Path, help="tender.json, officers/, vendors/ and commits/")
    parser.add_argument(
        "--officers", metavar="X,X", help="who comes, such as 1,3; all who have a key file if left out"
    )
    parser.add_argument(
        "--passed", metavar="ID,ID", help="the vendors who pass the technical stage; all if left out"
    )
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    parser.add_argument(
        "--example", action="store_true", help="make such a folder first, with three officers' keys"
    )


def run(args: argparse.Namespace) -> int:
    """Open everything and tell the results; 0 when all that was due was opened, 1 when not, 2 for bad input."""
    try:
        if args.example:
            opening_folder.make_example(args.folder, args.random)
            print(
                f"{args.folder} is ready: seal bids for {args.folder / 'tender.json'} into its folder commits."
            )
            return 0
        folder = opening_folder.read(args.folder, args.officers)
        passed = args.passed.split(",") if args.passed is not None else None
        outcome = rehearsed.opened(folder.manifest, folder.counted, folder.officers, passed)
    except Faulty as faulty:
        return complain(f"{fault.path}: {fault.message}" for fault in faulty.faults)
    except OSError as error:
        return complain([f"{error.filename}: {error.strerror or error}"])
    print(_as_json(outcome, folder) if args.json else "\n".join(_in_words(outcome, folder)))
    return 0 if all(each.result == "opened" for each in outcome.results.values()) else 1


def _as_json(outcome: Outcome, folder: Folder) -> str:
    told = {
        "tender": folder.manifest["tender"],
        "close": outcome.close,
        "results": [_row(each, outcome.results[each.eid]) for each in _due(outcome, folder)],
        "passed": outcome.passed,
        "sealed": outcome.sealed,
        "forged": outcome.forged,
        "refused": folder.refused,
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=2).decode()


def _due(outcome: Outcome, folder: Folder) -> Iterator[commit.Stored]:
    yield from (each for each in folder.counted if each.eid in outcome.results)


def _row(stored: commit.Stored, opened: Opened) -> dict[str, Any]:
    names = ("lot", "env", "vendor", "rev")
    told: dict[str, Any] = msgspec.to_builtins(opened)
    told.pop("files")
    return {**{name: stored.ctx[name] for name in names}, **told}


def _in_words(outcome: Outcome, folder: Folder) -> Iterator[str]:
    yield f"{folder.manifest['title']}: {len(outcome.results)} of {len(folder.counted)} envelopes were due."
    for each in _due(outcome, folder):
        opened, ctx = outcome.results[each.eid], each.ctx
        why = f" {BECAUSE[opened.fault]}" if opened.fault else ""
        yield f"{ctx['vendor']}, lot {ctx['lot']}, {ctx['env']}, revision {ctx['rev']}: {SAID[opened.result]}{why}."
        for path, value in (opened.bid or {}).get("fields", ()):
            yield f"    {path}: {msgspec.json.encode(value).decode()}"
    yield from (f"{eid} stays sealed." for eid in outcome.sealed)
    yield from (f"Officer {x} gave a forged share of {eid}." for x, eid in outcome.forged)
    yield from (_left(each) for each in folder.refused)


def _left(each: Left) -> str:
    return f"{each.file} was not taken ({each.reason}): {each.why}"
