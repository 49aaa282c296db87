"""`tenderbell replay`: run a scenario on the pure engine, or rebuild a room from its journal."""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from auction.live.reread import DoesNotFit, reread, write_line
from auction.live.scenario import STREAM, Run, lots, summary, told
from auction.live.scenario_file import parse
from auction.terms.faults import Fault, Faulty


def configure(parser: argparse.ArgumentParser) -> None:
    """Name the command's arguments."""
    parser.add_argument("scenario", nargs="?", type=Path, help="the scenario file to run")
    parser.add_argument(
        "--journal", type=Path, metavar="FILE", help="also write the journal, one entry a line"
    )
    parser.add_argument(
        "--from-journal", type=Path, metavar="FILE", help="rebuild the lots from a journal instead"
    )


def run(args: argparse.Namespace) -> int:
    """Print one JSON object; 0 when it ran, 2 with every fault when it could not."""
    try:
        if (args.scenario is None) == (args.from_journal is None):
            raise Faulty([Fault("(arguments)", "give a scenario file, or --from-journal FILE")])
        _print(_rebuild(args.from_journal) if args.from_journal else _run(args.scenario, args.journal))
    except Faulty as faulty:
        return _faults(faulty.faults)
    except DoesNotFit as unfit:
        return _faults([Fault(f"line {unfit.line}", unfit.why)])
    except OSError as error:
        return _faults([Fault(str(error.filename), error.strerror or str(error))])
    return 0


def _run(scenario: Path, journal: Path | None) -> object:
    raw = scenario.read_bytes()
    try:
        value = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Faulty([Fault("(file)", f"is not JSON: {error}")]) from error
    digest = hashlib.sha256(raw).digest()
    done = Run(parse(value, hashlib.sha256(b"seed\0" + digest).hexdigest()), digest)
    if journal is not None:
        journal.write_bytes(b"".join(write_line(entry) + b"\n" for entry in done.journal.read(STREAM)))
    return summary(done)


def _rebuild(journal: Path) -> object:
    room, entries = reread(journal.read_bytes().splitlines())
    return {"lots": lots(room), "journal": told(entries)}


def _print(value: object) -> None:
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n")


def _faults(faults: Sequence[Fault]) -> int:
    _print({"faults": faults})
    for fault in faults:
        print(f"{fault.path}: {fault.message}", file=sys.stderr)
    return 2
