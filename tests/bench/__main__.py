"""`make bench`: every figure with its reference from the same run, alternating, as medians with their ratio."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable, Coroutine
from time import perf_counter
from typing import Any

from tests.bench import kernel
from tests.bench.measuring import (
    Running,
    answers_at,
    bids_a_second,
    echoes_a_second,
    fan_out,
    idle_bytes,
    median,
    pin,
    served,
)

ROUNDS = 3
SECONDS = 4
SEATED, OBSERVERS = 50, 1_000


def syncs_a_second(seconds: int = 1) -> int:
    """How often 300 bytes can be made durable in a second, one after another."""
    with tempfile.TemporaryFile(dir=".") as file:
        count, began = 0, perf_counter()
        while perf_counter() - began < seconds:
            file.write(b"x" * 300)
            file.flush()
            os.fdatasync(file.fileno())
            count += 1
        return round(count / (perf_counter() - began))


def once(kind: str, measure: Callable[[Running], Coroutine[Any, Any, Any]], every_ms: int = 50) -> Any:
    """Measure one figure on a server of its own."""
    with served(kind, SEATED, every_ms) as running:
        return asyncio.run(measure(running))


def row(name: str, figure: Any, against: str, reference: Any, target: str) -> None:
    """Print one line of the table."""
    ratio = f"{figure / reference:.2f}" if isinstance(reference, int) and reference else "—"
    told = f"{figure:,}" if isinstance(figure, int) else str(figure)
    beside = f"{reference:,}" if isinstance(reference, int) else str(reference)
    print(f"| {name} | {told} | {against} | {beside} | {ratio} | {target} |", flush=True)


def main() -> None:
    """Measure everything and print a table."""
    pin(0, 1)
    print("| figure | median | reference, same run | median | ratio | target |\n|---|---|---|---|---|---|")
    bids, crowded, echoes, syncs = [], [], [], []
    for _ in range(ROUNDS):
        echoes.append(once("bare", lambda running: echoes_a_second(running, SEATED, SECONDS)))
        bids.append(once("tenderbell", lambda running: bids_a_second(running, 0, SECONDS)))
        crowded.append(
            once("tenderbell", lambda running: bids_a_second(running, OBSERVERS - SEATED, SECONDS))
        )
        syncs.append(syncs_a_second())
    row("durable bids/s, 50 seated", median(bids), "echo/s, 50 clients", median(echoes), "≥ 0.25")
    row("durable bids/s, 50 seated", median(bids), "fdatasync of 300 bytes/s", median(syncs), "")
    row("the same, 950 observers besides", median(crowded), "echo/s, 50 clients", median(echoes), "")
    answers = once("tenderbell", lambda running: answers_at(running, median(bids) // 2, SECONDS))
    told = f"p50 {answers['p50']:.2f} ms, p99 {answers['p99']:.2f} ms"
    row(
        f"answer at {median(bids) // 2:,} bids/s", told, "one fdatasync", f"{1000 / median(syncs):.2f} ms", ""
    )
    fans, raws = [], []
    for _ in range(ROUNDS):
        fan, size = once("tenderbell", lambda running: fan_out(running, OBSERVERS, SECONDS), every_ms=0)
        fans.append(fan)
        raws.append(once("bare", lambda running, size=size: fan_out(running, OBSERVERS, SECONDS, size))[0])
    row("news frames/s to 1,000 observers", median(fans), "made frames written raw/s", median(raws), "≥ 0.40")
    memory = once("tenderbell", lambda running: idle_bytes(running, OBSERVERS))
    row("memory of an idle connection", f"{memory / 1024:.1f} KiB", "", "", "≤ 32 KiB")
    short, long = zip(*(kernel.decisions() for _ in range(ROUNDS)), strict=True)
    row(
        "decisions/s behind 100,000 bids", median(list(long)), "behind 1,000", median(list(short)), "≥ 20,000"
    )


if __name__ == "__main__":
    main()
