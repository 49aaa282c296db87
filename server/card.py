"""`tenderbell card`: an event's rule card in plain text, or every fault in its file."""

from __future__ import annotations

import argparse
import sys
import textwrap
from pathlib import Path

import msgspec

from auction.live.rule_card import card
from auction.tender.solicitation import Solicitation, faults
from auction.terms.faults import Fault
from auction.terms.rules import BadRules, Rules, parse


def configure(parser: argparse.ArgumentParser) -> None:
    """Name the command's arguments."""
    parser.add_argument("event", type=Path, help="the event's file, JSON")


def run(args: argparse.Namespace) -> int:
    """Print the card; 2 with every fault when the file cannot be used."""
    try:
        event = msgspec.json.decode(args.event.read_bytes(), type=Solicitation)
    except OSError as error:
        return _faults([Fault(str(args.event), error.strerror or str(error))])
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        return _faults([Fault(str(args.event), str(error))])
    found = faults(event)
    try:
        rules = parse(event.rules, "rules")
    except BadRules as bad:
        return _faults([*found, *bad.faults])
    if found:
        return _faults(found)
    _print(event, rules)
    return 0


def _print(event: Solicitation, rules: Rules) -> None:
    print(f"{event.title} ({event.number})\n")
    for section in card(rules, event.lots[0].ceiling):
        print(section.title)
        for sentence in section.sentences:
            print(textwrap.fill(sentence, 96, initial_indent="  - ", subsequent_indent="    "))
        print()
    print(f"Fingerprint {rules.hash}")


def _faults(found: list[Fault]) -> int:
    for fault in found:
        print(f"{fault.path}: {fault.message}", file=sys.stderr)
    return 2
