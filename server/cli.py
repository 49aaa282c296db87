"""The command line: `tenderbell COMMAND`. Each command's module is loaded only when it is asked for."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Protocol, cast

import msgspec


class Module(Protocol):
    """What a command's module offers."""

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Name the command's arguments."""

    def run(self, args: argparse.Namespace) -> int:
        """Carry it out and return the exit code."""


class CommandLine(msgspec.Struct, frozen=True):
    """A command: where it is carried out, and its sentence."""

    module: str
    sentence: str


COMMANDS = {
    "serve": CommandLine("server.serve", "Serve the auctions of a database."),
    "demo": CommandLine(
        "server.demo.command", "Serve a made-up auction with simulated bidders, on this machine alone."
    ),
    "import": CommandLine(
        "server.imports.command", "Make a draft event from a published tender or an event's own file."
    ),
    "people": CommandLine(
        "server.people.command", "Register organisations and people from a file, and set passwords."
    ),
    "log": CommandLine("server.log.command", "Say the public log's key and its last checkpoint."),
    "backup-key": CommandLine("server.backup.backup_key_command", "Make the key that backups are sealed to."),
    "backup": CommandLine(
        "server.backup.backup_command",
        "Take a backup that only the backup key opens, also while the server runs.",
    ),
    "restore": CommandLine(
        "server.backup.restore_command",
        "Put a backup where there is nothing yet, checked through and through.",
    ),
    "seal": CommandLine(
        "server.sealed.seal_command", "Seal bids into a zip for the upload page, on one's own machine."
    ),
    "opening": CommandLine(
        "server.sealed.opening_command",
        "Rehearse the opening of sealed bids from a folder of key files and zips.",
    ),
    "envelope-check": CommandLine(
        "server.sealed.answers_command", "Compute known answers of sealed bids again, and name what differs."
    ),
    "card": CommandLine("server.card", "Print the rule card of an event's file, or every fault in it."),
    "replay": CommandLine("server.scenario", "Run a scenario on the engine, with no server and no database."),
    "score": CommandLine(
        "server.evaluation.score",
        "Evaluate the bids of a case by its plan, exactly, or name every fault in it.",
    ),
    "draw": CommandLine(
        "server.evaluation.draw", "Draw lots from public numbers, so that anybody can repeat the draw."
    ),
    "allocate": CommandLine(
        "server.evaluation.allocate",
        "Award lots to offers at the least cost that every rule allows, checked exactly.",
    ),
    "rehearse": CommandLine(
        "server.rehearsal.command", "Run a whole event with simulated vendors, over real sockets."
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command and return its exit code; 2 for a command that cannot be read."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    chosen = given[0] if given and given[0] in COMMANDS else None
    parser = argparse.ArgumentParser(
        prog="tenderbell", description="Live reverse auctions for school consortia."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    modules: dict[str, Module] = {}
    for name, line in COMMANDS.items():
        below = commands.add_parser(name, help=line.sentence, description=line.sentence)
        if name == chosen:
            modules[name] = cast("Module", import_module(line.module))
            modules[name].configure(below)
    # Commands draw no randomness of their own: it is handed in with their arguments.
    args = parser.parse_args(given, argparse.Namespace(random=secrets.token_bytes))
    try:
        return modules[args.command].run(args)
    except BrokenPipeError:
        # Whoever read the output has seen enough; nothing more may be written, at the exit neither.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
