"""`tenderbell rehearse`: a whole event from the draft to the awards, and a reckoning that must come out even."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any

import msgspec

from auction.tender.solicitation import Solicitation
from auction.terms import rules
from auction.terms.faults import Faulty, Reading
from bidders.crowd import Crowd
from server.app import clock
from server.imports.forms import read as read_tender
from server.journal_sql import Locked
from server.log.unsound import Unsound
from server.rehearsal.cast import cast, told
from server.rehearsal.host import Failed, Lead, ServerProcess
from server.rehearsal.reckoning import Reckoning, kept, reckon
from server.rehearsal.staging import Plan, Stage, first_close, stage
from server.terminal import complain

OPENS_IN_S = 3
LOOK_EVERY_S = 0.2
SETTLE_S = 2.0
DROP_AT, STALL_AT, KILL_AT = 20, 30, 40
"""When chaos strikes, in per cent of the seconds that lots are open."""
REASON = "Rehearsal"


def configure(parser: argparse.ArgumentParser) -> None:
    """Name the command's arguments."""
    parser.add_argument("--vendors", type=int, default=12, help="how many simulated vendors")
    parser.add_argument("--lots", type=int, default=3, help="how many lots, where no tender is given")
    parser.add_argument("--seconds", type=int, default=20, help="within how many seconds the last lot is due")
    parser.add_argument("--rules", type=Path, metavar="FILE", help="a rule set, JSON, used as it is")
    parser.add_argument(
        "--tender", type=Path, metavar="FILE", help="a published tender, or an event's own file"
    )
    parser.add_argument("--seed", type=int, default=1, help="another seed, another course of events")
    parser.add_argument(
        "--chaos", action="store_true", help="lines drop, one stalls, the server is killed once"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")


def run(args: argparse.Namespace) -> int:
    """Rehearse; 0 when nothing was lost, doubled or different on replay, 1 when something was, 2 for bad input."""
    try:
        plan = plan_of(args)
    except Faulty as faulty:
        return complain([f"{fault.path}: {fault.message}" for fault in faulty.faults])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        return complain([str(error)])
    say: Callable[[str], None] = (lambda _: None) if args.json else print
    try:
        with tempfile.TemporaryDirectory(prefix="tenderbell-") as folder:
            summary, reckoning = asyncio.run(rehearse(plan, Path(folder) / "rehearsal.db", say))
    except Faulty as faulty:
        return complain([f"{fault.path}: {fault.message}" for fault in faulty.faults])
    except (Failed, Locked, OSError, Unsound, HTTPException) as error:
        print(f"The rehearsal could not go on: {error}", file=sys.stderr)
        return 1
    print(json.dumps(summary, indent=None if args.json else 2))
    return 0 if reckoning.good else 1


def plan_of(args: argparse.Namespace) -> Plan:
    """Read what is asked for; raises `Faulty`, `OSError` or a decoding error."""
    read = Reading()
    for name, most in (("vendors", 2_000), ("lots", 1_000), ("seconds", 86_400)):
        read.count(f"--{name}", getattr(args, name), 1, most)
    read.finish()
    raw = msgspec.json.decode(args.rules.read_bytes()) if args.rules is not None else None
    if raw is not None:
        rules.parse(raw, "rules")
    tender = _tender(args.tender) if args.tender is not None else None
    return Plan(args.vendors, args.lots, args.seconds, args.seed, raw, tender, args.chaos)


def _tender(path: Path) -> Solicitation:
    """Read a published tender in any form that the import knows, or an event's own file."""
    return read_tender(path.name, path.read_bytes()).solicitation


async def rehearse(
    plan: Plan, database: Path, say: Callable[[str], None]
) -> tuple[dict[str, Any], Reckoning]:
    """Run the whole event; the summary, and what came of it."""
    now = clock()
    staged = await stage(plan, database)
    server = ServerProcess(database)
    await server.start()
    lead = Lead(server.base, staged.event, staged.lead)
    opens = now().replace(microsecond=0) + timedelta(seconds=OPENS_IN_S)
    lots = staged.document.lots
    await lead.publish(
        opens,
        opens + timedelta(seconds=first_close(plan, staged.document.rules, len(lots))),
        Lead(server.base, staged.event, staged.second),
    )
    say(f"{len(staged.vendors)} vendors and {len(lots)} lots at {server.base}")
    crowd = cast(plan, staged, server.base)
    running = asyncio.create_task(crowd.run())
    try:
        if plan.chaos:
            await _chaos(plan, staged, server, lead, crowd, opens, now, say)
        await _until_over(plan, crowd, opens, now)
        await asyncio.sleep(min(SETTLE_S, plan.seconds / 10))
        await _award(staged, lead, Lead(server.base, staged.event, staged.second))
    finally:
        crowd.stop()
        await running
        await server.stop()
    reckoning = reckon(told(crowd), kept(database, staged.event), staged.document)
    return _summary(crowd, reckoning), reckoning


async def _until(at: datetime, now: Callable[[], datetime]) -> None:
    await asyncio.sleep(max(0.0, (at - now()).total_seconds()))


async def _chaos(
    plan: Plan,
    staged: Stage,
    server: ServerProcess,
    lead: Lead,
    crowd: Crowd,
    opens: datetime,
    now: Callable[[], datetime],
    say: Callable[[str], None],
) -> None:
    """A third of the vendors drop and return, one stalls, the server is killed and comes back, and the lead resumes."""
    length = timedelta(seconds=plan.seconds)
    await _until(opens + length * DROP_AT / 100, now)
    say(f"{crowd.drop(3)} vendors lose their lines")
    await _until(opens + length * STALL_AT / 100, now)
    crowd.stall()
    await _until(opens + length * KILL_AT / 100, now)
    server.kill()
    say("the server is killed")
    await asyncio.sleep(max(1, plan.seconds // 20) + 0.5)
    await server.start()
    with suppress(Failed):
        say(await lead.act("resume", lot="", reason=REASON))


async def _until_over(plan: Plan, crowd: Crowd, opens: datetime, now: Callable[[], datetime]) -> None:
    """Wait until every lot is over, and no longer than promised."""
    latest = opens + timedelta(seconds=2 * plan.seconds + 15)
    while now() < latest and not crowd.over():
        await asyncio.sleep(LOOK_EVERY_S)


async def _award(staged: Stage, lead: Lead, second: Lead) -> None:
    """Propose for every closed lot whom the console recommends, and have it confirmed."""
    for lot in staged.document.lots:
        winner = await lead.winner(lot.id)
        if winner is not None:
            await lead.act("propose", lot=lot.id, vendor=winner, reason=REASON)
            await second.confirm(lot.id)


def _summary(crowd: Crowd, reckoning: Reckoning) -> dict[str, Any]:
    tally = crowd.tally
    return {
        "accepted": tally.accepted,
        "refused": tally.refused,
        "refusals": dict(sorted(tally.refusals.items())),
        "ack_ms": {"p50": tally.percentile(50), "p99": tally.percentile(99)},
        "frames_sent": crowd.frames,
        "extensions": reckoning.extensions,
        "lost": reckoning.lost,
        "doubled": reckoning.doubled,
        "journal": {"events": reckoning.events, "replays_identically": reckoning.replays_identically},
        "awards": reckoning.awards,
        "baseline": reckoning.baseline,
        "awarded": reckoning.awarded,
        "savings_percent": reckoning.savings_percent,
    }
